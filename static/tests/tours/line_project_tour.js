import { registry } from "@web/core/registry";
import { noSections, openMenu, without } from "./line_steps";

// 6: the project manager starts the works.
registry.category("web_tour.tours").add("construction_line_project", {
    steps: () => [
        ...openMenu("menu_delivery", "construction_project_candidate_menu"),
        ...noSections("menu_pipeline", "menu_quote", "menu_configuration"),
        {
            content: "the sold deal waits",
            trigger: '.o_data_row:contains("Ionescu bathroom") button[name="action_start_project"]',
            run: "click",
        },
        {
            content: "the stages that will be made",
            trigger: '.modal .o_field_widget[name="stage_line_ids"] .o_data_row:eq(2)',
        },
        { trigger: '.modal .o_notebook_headers a[name="tasks"]', run: "click" },
        {
            content: "the hours of the chapter",
            trigger: '.modal .o_field_widget[name="task_line_ids"] .o_data_row:contains("Wall tiling"):contains("21:07")',
        },
        { content: "no cost here", trigger: '.modal:not(:contains("77.77"))' },
        { content: "start", trigger: '.modal button[name="action_start"]:enabled', run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { content: "the project", trigger: '.o_form_view .o_field_widget[name="name"]:contains("Ionescu bathroom")' },
        { trigger: '.o_notebook_headers a[name="construction_stages"]', run: "click" },
        {
            content: "its stages",
            trigger: '.o_field_widget[name="milestone_ids"] .o_data_row:contains("Handing over")',
        },
        { content: "no amount of the contract", trigger: '.o_form_view:not(:contains("2,239")):not(:contains("2,575"))' },
        ...without("button[name='action_view_lead']"),
        {
            content: "its tasks",
            trigger: '.oe_stat_button[name="action_view_tasks"], .oe_stat_button:contains("Tasks")',
            run: "click",
        },
        { content: "the task of the chapter", trigger: '.o_kanban_view .o_kanban_record:contains("Wall tiling")' },
    ],
});
