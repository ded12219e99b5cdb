import { registry } from "@web/core/registry";
import { inState, openMenu, press, smart, without } from "./line_steps";

const tours = registry.category("web_tour.tours");

const openQuote = (number) => [
    ...openMenu("menu_quote", "sale_order_menu_construction"),
    {
        content: `open the quote ${number}`,
        trigger: `.o_data_row td[name="name"]:contains("${number}")`,
        run: "click",
    },
];

// The salesperson revises what he sent, changes a price, asks for the approval and looks at the differences.
tours.add("construction_quote_revise", {
    steps: () => [
        ...openQuote("Q-TOUR"),
        inState("sent"),
        press("action_ask_revise"),
        {
            content: "the reason",
            trigger: '.modal .o_field_widget[name="reason"] textarea',
            run: "edit The client wants it cheaper",
        },
        { content: "revise", trigger: '.modal button[name="action_confirm"]', run: "click" },
        {
            content: "the revision has the same number",
            trigger: '.o_form_view .o_field_widget[name="name"]:contains("Q-TOUR-R1")',
        },
        inState("draft"),
        {
            content: "change the first price",
            trigger: '.o_field_widget[name="order_line"] .o_data_row:eq(1) td[name="price_unit"]',
            run: "click",
        },
        {
            trigger: '.o_field_widget[name="order_line"] .o_selected_row div[name="price_unit"] input',
            run: "edit 21.5 && press Tab",
        },
        { content: "save", trigger: ".o_form_button_save:enabled", run: "click" },
        {
            content: "the quote needs an approval, and the matter is named",
            trigger: '.alert:contains("needs an approval"):contains("Low margin")',
        },
        ...without('button[name="action_approve"]:visible', '.alert:contains("%")'),
        press("action_request_approval"),
        { content: "it waits", trigger: '.alert:contains("waits for its approval")' },
        ...smart("action_compare"),
        {
            content: "the price before and now",
            trigger: '.o_field_widget[name="content"] tr:contains("Tiler"):contains("31.37"):contains("21.50")',
        },
        ...without('.o_field_widget[name="shows_costs"]'),
    ],
});

// The manager approves what waits for him and sees costs in the comparison.
tours.add("construction_quote_approve", {
    steps: () => [
        ...openQuote("Q-TOUR-R1"),
        { trigger: '.alert:contains("waits for its approval")' },
        press("action_approve"),
        { content: "nothing is left to approve", trigger: '.o_form_view:not(:has(button[name="action_approve"]))' },
        ...smart("action_compare"),
        { content: "with costs", trigger: '.o_field_widget[name="shows_costs"] input', run: "click" },
        { trigger: '.o_field_widget[name="content"] th:contains("Cost Now")' },
    ],
});

// The salesperson sends it: now the old one is superseded.
tours.add("construction_quote_send_revision", {
    steps: () => [
        ...openQuote("Q-TOUR-R1"),
        press("action_quotation_send"),
        { content: "send", trigger: ".modal .o_mail_send:enabled", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        inState("sent"),
        ...smart("action_view_issues"),
        { content: "two issues", trigger: ".o_list_view .o_data_row:eq(1)" },
    ],
});

// The client opens the old link, lands on the new quote, reads the old one and comes back to sign.
tours.add("construction_quote_old_link", {
    steps: () => [
        { content: "the new quote, and why", trigger: '.alert[name="replaced"]:contains("Q-TOUR-R1")' },
        { content: "it can be signed", trigger: '.o_portal_sale_sidebar a:contains("Sign")' },
        { content: "no cost", trigger: '#portal_sale_content:not(:contains("20.0 cost"))' },
        {
            content: "read the old one",
            trigger: '.alert[name="replaced"] a',
            run: "click",
            expectUnloadPage: true,
        },
        { content: "it says it was replaced", trigger: '.alert[name="superseded"]:contains("was replaced by Q-TOUR-R1")' },
        { content: "it cannot be signed", trigger: '.o_portal_sale_sidebar:not(:has(a[data-bs-target="#modalaccept"]))' },
        {
            content: "back to the new one",
            trigger: '.alert[name="superseded"] a',
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: '.o_portal_sale_sidebar a:contains("Sign")' },
    ],
});

// The client opens the link of a replaced quote, takes an option of the new one and signs it.
tours.add("construction_quote_customer", {
    steps: () => [
        { content: "the old link leads to the new quote", trigger: '.alert[name="replaced"]:contains("Q-CLIENT-R1")' },
        { content: "no cost", trigger: '#portal_sale_content:not(:contains("Margin"))' },
        {
            content: "the option is priced, and not in the total",
            trigger: 'div[name="chapter_choice"]:contains("not in the total: "):contains("147.96")',
        },
        {
            content: "take the option",
            trigger: 'div[name="chapter_choice"] button:contains("Choose")',
            run: "click",
            expectUnloadPage: true,
        },
        { content: "now it counts", trigger: 'div[name="chapter_choice"]:contains("chosen, in the total")' },
        { content: "it can be left out again", trigger: 'div[name="chapter_choice"] button:contains("Leave out")' },
        { content: "sign", trigger: '.o_portal_sale_sidebar a:contains("Sign")', run: "click" },
        {
            content: "the name",
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "edit Ana Popescu",
        },
        { trigger: ".modal .o_web_sign_name_and_signature input:value(Ana Popescu)" },
        { content: "the signature", trigger: ".modal canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        {
            content: "accept",
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "thank you", trigger: '#quote_content:contains("Thank You")' },
        { content: "nothing is left to choose", trigger: "#portal_sale_content:not(:has(form))" },
    ],
});
