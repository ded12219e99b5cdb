import { registry } from "@web/core/registry";
import { choose, press, without } from "./line_steps";

// The project manager proposes, and sees quantities only.
registry.category("web_tour.tours").add("construction_variation_propose", {
    steps: () => [
        press("action_propose_variation"),
        {
            content: "the chapters of the contract",
            trigger: '.modal .o_field_widget[name="line_ids"] .o_data_row:contains("Wall tiling"):contains("23.47")',
        },
        { content: "no price here", trigger: '.modal:not(:contains("61.0")):not(:contains("77.77"))' },
        {
            content: "how much less",
            trigger: '.modal .o_data_row:contains("Wall tiling") td[name="change"]',
            run: "click",
        },
        { trigger: '.modal .o_data_row td[name="change"] input', run: "edit -3.47 && press Tab" },
        {
            content: "what it comes to",
            trigger: '.modal .o_data_row:contains("Wall tiling") td[name="quantity_new"] input:value(20)',
        },
        { trigger: '.modal .o_field_widget[name="days"] input', run: "edit 5" },
        { trigger: '.modal .o_notebook_headers a[name="items"]', run: "click" },
        { trigger: '.modal .o_field_widget[name="item_ids"] .o_field_x2many_list_row_add a', run: "click" },
        ...choose("product_id", "Tile adhesive", '.modal .o_field_widget[name="item_ids"]'),
        { content: "propose", trigger: '.modal button[name="action_apply"]:enabled', run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "the variation", trigger: '.o_form_view .o_field_widget[name="number"]:contains("V1")' },
        { content: "what it takes out", trigger: '.o_field_widget[name="content"]:contains("-3.47")' },
        { content: "what is new", trigger: '.o_field_widget[name="content"]:contains("New Item")' },
        ...without('.o_field_widget[name="amount_total"]', 'button[name="action_open_quote"]'),
    ],
});

// The client signs it in the portal.
registry.category("web_tour.tours").add("construction_variation_signature", {
    steps: () => [
        { content: "what it is", trigger: '#portal_sale_content:contains("Variation V1 to Contract")' },
        { content: "the new value", trigger: '#portal_sale_content [name="variation_summary"]:contains("New contract value")' },
        { content: "new items are marked", trigger: '#portal_sale_content [name="new_item"]' },
        { content: "he sees no cost", trigger: '#portal_sale_content:not(:contains("77.77"))' },
        { trigger: '.o_portal_sale_sidebar a:contains("Sign")', run: "click" },
        { trigger: ".modal .o_web_sign_name_and_signature input", run: "edit Ana Ionescu" },
        { trigger: ".modal .o_web_sign_name_and_signature input:value(Ana Ionescu)" },
        { trigger: ".modal canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        { trigger: ".modal .o_portal_sign_submit:enabled", run: "click", expectUnloadPage: true },
        { content: "thank you", trigger: '#quote_content:contains("Thank You")' },
    ],
});

// The salesperson undoes it: the contract is what it was.
registry.category("web_tour.tours").add("construction_variation_undo", {
    steps: () => [
        { content: "it is applied", trigger: '.o_field_widget[name="variation_state"]:contains("Applied")' },
        press("action_undo_variation"),
        { trigger: ".modal .modal-footer .btn-primary", run: "click" },
        { content: "the contract", trigger: '.o_form_view .o_field_widget[name="amount_approved"]' },
        { content: "no variation is part of it", trigger: '.o_form_view:not(:has(.o_field_widget[name="amount_original"]))' },
    ],
});
