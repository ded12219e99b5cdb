import { registry } from "@web/core/registry";
import { openMenu } from "./line_steps";

const save = [
    { content: "save", trigger: ".o_form_button_save", run: "click" },
    { content: "saved", trigger: ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_dirty))" },
];

// A consultant sets up a new kind of works, with the usual stages, one check more and another weight.
registry.category("web_tour.tours").add("construction_stage_consultant", {
    steps: () => [
        ...openMenu("menu_configuration", "construction_type_menu"),
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="name"] input', run: "edit Attic conversion" },
        { content: "six stages at once", trigger: 'button[name="action_add_usual_stages"]', run: "click" },
        { content: "design first", trigger: '.o_field_widget[name="stage_ids"] .o_tag:contains("Design")' },
        { content: "handover last", trigger: '.o_field_widget[name="stage_ids"] .o_tag:contains("Handover")' },
        { content: "and their settings", trigger: 'button[name="action_view_stages"]', run: "click" },
        {
            content: "open the finishing",
            trigger: '.o_list_view .o_data_row:contains("Finishing") .o_list_record_open_form_view button',
            run: "click",
        },
        { trigger: '.o_field_widget[name="check_template_ids"] .o_data_row:contains("Site cleaned")' },
        { trigger: '.o_field_widget[name="check_template_ids"] .o_field_x2many_list_row_add a', run: "click" },
        {
            trigger: '.o_field_widget[name="check_template_ids"] .o_selected_row [name="name"] input',
            run: "edit Roof windows adjusted",
        },
        ...save,
        { content: "kept", trigger: '.o_data_row:contains("Roof windows adjusted")' },
    ],
});

// A foreman ticks the checklist on his phone and asks for the approval.
registry.category("web_tour.tours").add("construction_stage_foreman", {
    steps: () => [
        {
            content: "open the stage",
            trigger: '.o_kanban_view .o_kanban_record:contains("Strip-out") .fw-bold',
            run: "click",
        },
        {
            content: "tick the first check",
            trigger:
                '.o_field_widget[name="check_ids"] .o_kanban_record:contains("Photos taken") button[name="action_toggle_done"]',
            run: "click",
        },
        {
            content: "who ticked it",
            trigger: '.o_field_widget[name="check_ids"] .o_kanban_record:contains("Photos taken"):contains("Frank Works")',
        },
        {
            content: "ask",
            trigger: '.o_statusbar_buttons button[name="action_ask_approval"]',
            run: "click",
        },
        {
            content: "it is asked",
            trigger: '.o_form_view .alert:contains("asked for approval")',
        },
    ],
});

// From the project on his phone a foreman comes to the checklist of a stage; what he needs first stands first.
registry.category("web_tour.tours").add("construction_stage_from_project", {
    steps: () => [
        {
            content: "the one button in view is his",
            trigger:
                '.o_statusbar_buttons:not(:has(button[name="action_view_handoff"])) button[name="action_report_progress"]',
        },
        {
            content: "open the stage",
            trigger: '.o_field_widget[name="milestone_ids"] .o_kanban_record:contains("Strip-out") .fw-bold',
            run: "click",
        },
        { content: "ask", trigger: '.o_statusbar_buttons button[name="action_ask_approval"]' },
        {
            content: "the checklist stands before the dates",
            trigger: '.o_field_widget[name="check_ids"]:contains("Photos taken") ~ .o_group .o_field_widget[name="deadline"]',
        },
    ],
});

// The manager moves the dates, then approves: nothing is left to ask.
registry.category("web_tour.tours").add("construction_stage_manager", {
    steps: () => [
        ...openMenu("menu_delivery", "project_milestone_menu_stages"),
        { trigger: '.o_data_row:contains("Strip-out") td[name="name"]', run: "click" },
        { content: "who asked", trigger: '.o_form_view .alert:contains("Frank Works")' },
        { trigger: 'button[name="action_move_dates"]', run: "click" },
        { trigger: '.modal .o_field_widget[name="days"] input', run: "edit 3" },
        { trigger: '.modal .o_field_widget[name="reason"] input', run: "edit Rain" },
        { content: "later stages move too", trigger: '.modal table:contains("Handing over")' },
        { trigger: '.modal button[name="action_move"]:enabled', run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "approve", trigger: 'button[name="action_ask_reach"]:contains("Approve and Reach")', run: "click" },
        { content: "one check is open", trigger: '.modal .alert:contains("“Skip emptied” is not ticked")' },
        { trigger: '.modal .o_field_widget[name="reason"] textarea', run: "edit The skip leaves tomorrow" },
        { trigger: '.modal button[name="action_reach"]:enabled', run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "reached", trigger: '.o_form_view .ribbon:contains("Reached")' },
        { content: "why", trigger: '.o_form_view .o_field_widget[name="reach_reason"]:contains("skip leaves tomorrow")' },
    ],
});
