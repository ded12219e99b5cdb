import { registry } from "@web/core/registry";
import { choose, inState, press } from "./line_steps";

const PIXEL =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** A picture as the camera of a phone would hand it over. */
function takePhoto(input, name) {
    const bytes = Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([bytes], name, { type: "image/png" }));
    input.files = files.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

// The foreman, on a phone: the page of the day.
registry.category("web_tour.tours").add("construction_site_diary", {
    steps: () => [
        { trigger: ".o_kanban_view, .o_list_view, .o_view_nocontent" },
        { content: "a new page", trigger: ".o-kanban-button-new, .o_list_button_add", run: "click" },
        {
            content: "the last site is proposed",
            trigger: '.o_form_view .o_field_widget[name="project_id"] input:value("House on the hill")',
        },
        {
            content: "and who was there yesterday",
            trigger: '.o_field_widget[name="presence_ids"] .o_kanban_record:contains("Tilers")',
        },
        {
            content: "rain in the morning",
            trigger: '.o_field_widget[name="weather_morning"] input, .o_field_widget[name="weather_morning"] select',
            run({ anchor }) {
                if (anchor.tagName === "SELECT") {
                    anchor.value = [...anchor.options].find((option) => option.text === "Rain").value;
                    anchor.dispatchEvent(new Event("change", { bubbles: true }));
                } else {
                    anchor.click();
                }
            },
        },
        {
            trigger: ".o_form_view, .o_select_menu_item",
            run({ queryAll, click }) {
                const item = queryAll(".o_select_menu_item").find((node) => node.textContent.includes("Rain"));
                if (item) {
                    return click(item);
                }
            },
        },
        {
            trigger: '.o_field_widget[name="work_done"] textarea',
            run: "edit Tiles of the shower laid",
        },
        {
            content: "a photo",
            trigger: '.o_field_widget[name="attachment_ids"] .o_attach',
            run({ queryFirst }) {
                takePhoto(queryFirst('.o_field_widget[name="attachment_ids"] input[type="file"]'), "shower.png");
            },
        },
        { trigger: '.o_field_widget[name="attachment_ids"] img.o_preview_image' },
        { content: "save", trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { content: "confirming is not his", trigger: '.o_form_view:not(:has(button[name="action_confirm"]))' },
    ],
});

// The foreman, on a phone: what is not as it should be.
registry.category("web_tour.tours").add("construction_site_snag", {
    steps: () => [
        { trigger: ".o_kanban_view" },
        { trigger: ".o-kanban-button-new", run: "click" },
        {
            content: "the photo comes first",
            trigger: '.o_kanban_quick_create .o_field_widget[name="photo_before"]',
            run({ queryFirst }) {
                takePhoto(
                    queryFirst('.o_kanban_quick_create .o_field_widget[name="photo_before"] input[type="file"]'),
                    "crack.png"
                );
            },
        },
        { trigger: '.o_kanban_quick_create .o_field_widget[name="photo_before"] img[data-src^="data:"], .o_kanban_quick_create .o_field_widget[name="photo_before"] img[src^="data:"]' },
        {
            trigger: '.o_kanban_quick_create .o_field_widget[name="name"] input',
            run: "edit Tile cracked",
        },
        {
            content: "major",
            trigger: '.o_kanban_quick_create .o_field_widget[name="severity"] .o_radio_item:contains("Major") input',
            run: "click",
        },
        { trigger: ".o_kanban_quick_create .o_kanban_add", run: "click" },
        { content: "it is on the list", trigger: '.o_kanban_record:contains("1. Tile cracked"):contains("Holds up retention")' },
        { content: "close the quick form", trigger: ".o_kanban_quick_create .o_kanban_cancel", run: "click" },
        { trigger: '.o_kanban_record:contains("1. Tile cracked")', run: "click" },
        press("action_fix", "it is put right"),
        { content: "fixed", trigger: '.o_form_view .o_field_widget[name="fixed_by_id"]' },
        { content: "verifying is not his", trigger: '.o_form_view:not(:has(button[name="action_verify"]))' },
    ],
});

// The manager verifies, on the desk.
registry.category("web_tour.tours").add("construction_site_verify", {
    steps: () => [
        { trigger: '.o_kanban_record:contains("1. Tile cracked")', run: "click" },
        press("action_verify"),
        inState("verified"),
    ],
});

/** Sign in the dialog of stock's signature field. */
function sign(field) {
    return [
        {
            content: `open the signature ${field}`,
            trigger: `.o_field_widget[name="${field}"] .o_signature`,
            run: "click",
        },
        { trigger: ".modal .o_web_sign_auto_button, .modal .o_web_sign_signature" },
        {
            content: "the name is written as a signature",
            trigger: ".modal .o_web_sign_auto_button",
            run: "click",
        },
        { content: "take it", trigger: ".modal .modal-footer .btn-primary:enabled", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "it is on the act", trigger: `.o_field_widget[name="${field}"] img` },
    ];
}

// The manager hands the works over.
registry.category("web_tour.tours").add("construction_site_handover", {
    steps: () => [
        { content: "a new act", trigger: ".o_list_button_add, .o_form_button_create", run: "click" },
        ...choose("project_id", "House on the hill"),
        { content: "who takes part is proposed", trigger: '.o_field_widget[name="participant_ids"] .o_data_row' },
        { trigger: '.o_notebook_headers a[name="documents"]', run: "click" },
        {
            content: "the keys are handed over",
            trigger: '.o_field_widget[name="document_ids"] .o_data_row:contains("Keys") .o_field_boolean_toggle input',
            run: "click",
        },
        { content: "save", trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: ".o_form_saved" },
        press("action_ready"),
        inState("ready"),
        { trigger: '.o_notebook_headers a[name="signatures"]', run: "click" },
        ...sign("signature_own"),
        ...sign("signature_client"),
        press("action_sign", "complete the handover"),
        { content: "it says what happens", trigger: '.modal:contains("the warranty starts") .btn-primary', run: "click" },
        inState("signed"),
        { content: "the contract", trigger: 'button.oe_stat_button[name="action_view_contract"]', run: "click" },
        inState("completed"),
    ],
});
