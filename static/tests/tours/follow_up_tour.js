import { registry } from "@web/core/registry";

// The salesperson reminds a client of overdue instalments, then notes what he promised.
registry.category("web_tour.tours").add("construction_follow_up", {
    steps: () => [
        {
            content: "Choose everything that is overdue",
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Remind",
            trigger: ".o_control_panel button[name='action_remind'], .o_list_buttons button[name='action_remind']",
            run: "click",
        },
        {
            content: "The text lists both instalments and can be changed before it goes out",
            trigger: ".modal .o_field_widget[name='body']:contains('Total overdue')",
        },
        {
            content: "Change the subject",
            trigger: ".modal .o_field_widget[name='subject'] input",
            run: "edit Please pay, Ana",
        },
        {
            content: "Send it",
            trigger: ".modal footer button[name='action_send']:contains('Send')",
            run: "click",
        },
        {
            content: "It is sent",
            trigger: "body:not(:has(.modal)) .o_notification:contains('followed up')",
        },
        {
            content: "Choose the first one",
            trigger: ".o_list_view tbody tr:nth-child(1) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "He promised to pay",
            trigger: ".o_control_panel button[name='action_promise'], .o_list_buttons button[name='action_promise']",
            run: "click",
        },
        {
            content: "Say who",
            trigger: ".modal .o_field_widget[name='promised_by'] input",
            run: "edit Ana",
        },
        {
            content: "Record it",
            trigger: ".modal footer button[name='action_record']",
            run: "click",
        },
        {
            content: "The list shows the promise",
            trigger: "body:not(:has(.modal)) .o_list_view .o_data_row .o_field_widget[name='promise_state']:contains('Promised')",
        },
    ],
});
