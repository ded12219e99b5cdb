import { registry } from "@web/core/registry";

const message = (text) => `.o-mail-Message:contains("${text}")`;
const pin = (text) => `.o_construction_pins .o_construction_pin:contains("${text}")`;

const pinMessage = (text) => [
    { content: `point at ${text}`, trigger: message(text), run: "hover" },
    { content: `pin ${text}`, trigger: `${message(text)} .o-mail-Message-actions [name='construction-pin']`, run: "click" },
];

// The salesperson pins what must not be forgotten, and takes one of it away again.
registry.category("web_tour.tours").add("construction_pin", {
    steps: () => [
        { content: "nothing is pinned yet", trigger: `.o-mail-Chatter:not(:has(.o_construction_pins)) ${message("Gas pipe")}` },
        ...pinMessage("Gas pipe"),
        { trigger: pin("Gas pipe under the porch") },
        ...pinMessage("white windows"),
        { trigger: pin("white windows") },
        { content: "unpin", trigger: `${pin("Gas pipe")} .o_construction_unpin`, run: "click" },
        { trigger: `.o_construction_pins:not(:has(${pin("Gas pipe")})) .o_construction_pin:contains("white windows")` },
        { content: "the message still stands below", trigger: message("Gas pipe") },
    ],
});

// Those who build read it on the project, without a right on deals.
registry.category("web_tour.tours").add("construction_pin_project", {
    steps: () => [
        { trigger: `${pin("Gas pipe under the porch")}:contains("From the deal"):not(:has(.o_construction_unpin))` },
    ],
});

// The salesperson fills the card of a deal and, in the end, loses it to a competitor.
registry.category("web_tour.tours").add("construction_card", {
    steps: () => [
        { content: "what the amount follows", trigger: '.o_field_widget[name="amount_mode"]' },
        { trigger: '.o_field_widget[name="segment_id"] input', run: "edit Developer" },
        { trigger: ".ui-autocomplete .dropdown-item:contains('Developer')", run: "click" },
        { trigger: '.o_notebook_headers a[name="site"]', run: "click" },
        { trigger: '.o_field_widget[name="site_access"] textarea', run: "edit Gate code 4711" },
        { trigger: '.o_field_widget[name="site_key_holder"] input', run: "edit Mr. Lupu, 0722 000 333" },
        { trigger: '.o_notebook_headers a[name="competitors"]', run: "click" },
        { trigger: '.o_field_widget[name="competitor_ids"] .o_field_x2many_list_row_add a', run: "click" },
        { trigger: '.o_field_widget[name="competitor_ids"] [name="partner_id"] input', run: "edit Alpha Bau" },
        { trigger: ".ui-autocomplete .dropdown-item:contains('Alpha Bau')", run: "click" },
        { trigger: '.o_field_widget[name="competitor_ids"] [name="amount"] input', run: "edit 48000" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: '.o_notebook_headers a[name="site"]', run: "click" },
        { trigger: '.o_field_widget[name="site_map_url"] a[href*="google.com/maps"]:contains("Open in Maps")' },
        { trigger: "button[data-hotkey='l']:contains('Lost')", run: "click" },
        {
            content: "without a reason it is not lost",
            trigger: ".modal button[name='action_lost_reason_apply']",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name='lost_reason_id'].o_field_invalid" },
        { trigger: ".modal .o_field_widget[name='lost_reason_id'] :contains('Too expensive'):last", run: "click" },
        { trigger: ".modal .o_field_widget[name='competitor_id'] label:contains('Alpha Bau')", run: "click" },
        { trigger: ".modal button[name='action_lost_reason_apply']", run: "click" },
        { trigger: "body:not(:has(.modal)) .ribbon:contains('Lost')" },
        { trigger: '.o_notebook_headers a[name="competitors"]', run: "click" },
        {
            content: "who got it",
            trigger: '.o_field_widget[name="competitor_ids"] .o_data_row:contains("Alpha Bau"):contains("Got the Job")',
        },
    ],
});
