import { registry } from "@web/core/registry";

// The project manager, asked to start: looks at what was promised, starts, returns the job transfer, then takes it.
registry.category("web_tour.tours").add("construction_start", {
    steps: () => [
        { content: "what is missing", trigger: '.o_form_view .o_field_widget[name="checks"]:contains("Contract signed")' },
        {
            content: "what was promised",
            trigger: '.o_field_widget[name="promise_ids"] .o_data_row:contains("Sockets in the garage")',
        },
        { content: "start", trigger: 'button[name="action_start_project"]:enabled', run: "click" },
        {
            content: "stages in working days",
            trigger: '.modal .o_field_widget[name="stage_line_ids"] .o_data_row:contains("Works"):contains("Mar 16")',
        },
        {
            content: "another start",
            trigger: '.modal .o_field_widget[name="date_start"] button, .modal .o_field_widget[name="date_start"] input',
            run: "click",
        },
        {
            trigger: '.modal .o_field_widget[name="date_start"] input',
            run: "edit 03/09/2026",
        },
        { trigger: ".modal .modal-title", run: "click" },
        {
            content: "moves every stage by as many working days",
            trigger: '.modal .o_field_widget[name="stage_line_ids"] .o_data_row:contains("Works"):contains("Mar 23")',
        },
        { trigger: '.modal .o_notebook_headers a[name="tasks"]', run: "click" },
        {
            content: "and the tasks in them",
            trigger: '.modal .o_field_widget[name="task_line_ids"] .o_data_row:contains("Brick wall"):contains("Mar 23")',
        },
        { content: "promises go along", trigger: '.modal p:contains("Promises to the Client")' },
        { trigger: '.modal button[name="action_start"]:enabled', run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "the project", trigger: '.o_form_view .o_field_widget[name="name"]:contains("Ionescu house")' },
        { trigger: '.o_form_statusbar button[name="action_view_handoff"]:enabled', run: "click" },
        { trigger: 'button[name="action_ask_return"]:enabled', run: "click" },
        {
            trigger: '.modal .o_field_widget[name="return_reason"] textarea',
            run: "edit Where are the drawings?",
        },
        { trigger: '.modal button[name="action_return"]:enabled', run: "click" },
        { trigger: '.o_form_view .alert:contains("Where are the drawings?")' },
        { content: "found them after all", trigger: 'button[name="action_accept"]:enabled', run: "click" },
        {
            trigger: '.o_field_widget[name="promise_ids"] .o_data_row:contains("Promise: Sockets in the garage")',
        },
        { trigger: '.o_arrow_button_current:contains("Accepted")' },
    ],
});
