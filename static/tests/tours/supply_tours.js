import { registry } from "@web/core/registry";
import { choose, inState, press, without } from "./line_steps";

// The project manager puts what is left of the stage on a work order and hands it over.
registry.category("web_tour.tours").add("construction_supply_issue", {
    steps: () => [
        {
            content: "the project",
            trigger: '.o_data_row:contains("Ionescu bathroom") td[name="name"]',
            run: "click",
        },
        {
            content: "a new work order",
            trigger: '.o_form_view button[name="action_make_work_order"]:enabled',
            run: "click",
        },
        {
            content: "all that is left of the chapter is proposed",
            trigger: '.modal .o_field_widget[name="line_ids"] .o_data_row:contains("Wall tiling"):contains("23.47")',
        },
        ...choose("crew_id", "Tilers", ".modal"),
        {
            content: "the foreman of the crew",
            trigger: '.modal .o_field_widget[name="user_id"] input:value("Frank Foreman")',
        },
        {
            content: "only ten square metres now",
            trigger: '.modal .o_data_row:contains("Wall tiling") td[name="quantity"]',
            run: "click",
        },
        { trigger: '.modal .o_selected_row .o_field_widget[name="quantity"] input', run: "edit 10" },
        { content: "make it", trigger: '.modal footer button[name="action_make"]:enabled', run: "click" },
        { trigger: "body:not(:has(.modal))" },
        inState("draft"),
        {
            content: "ten square metres, and their hours",
            trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("Wall tiling"):contains("10.00")',
        },
        { content: "no price and no cost", trigger: '.o_form_view:not(:contains("77.77")):not(:contains("24.37"))' },
        press("action_issue"),
        inState("issued"),
        ...without('button[name="action_issue"]'),
        {
            content: "it can be printed",
            trigger: '.o_form_view .o_statusbar_buttons button[name="action_print"]:enabled',
        },
        {
            content: "it can be corrected",
            trigger: '.o_form_view .o_statusbar_buttons button[name="action_correct"]:enabled',
        },
    ],
});

// The foreman has it on the phone, reads it and reports it done.
registry.category("web_tour.tours").add("construction_supply_done", {
    steps: () => [
        {
            content: "the order waits",
            trigger: '.o_kanban_record:contains("Ionescu bathroom")',
            run: "click",
        },
        {
            content: "what and how much",
            trigger: '.o_field_widget[name="line_ids"] .o_kanban_record:contains("Wall tiling"):contains("10.00")',
        },
        {
            content: "with what",
            trigger: '.o_field_widget[name="line_ids"] .o_kanban_record:contains("Tile adhesive: 45.0")',
        },
        ...without('button[name="action_correct"]', 'button[name="action_cancel"]'),
        { content: "done", trigger: '.o_form_view button[name="action_done"]:enabled', run: "click" },
        { content: "reported", trigger: '.o_form_view .o_field_widget[name="date_done"]' },
        ...without('button[name="action_done"]'),
    ],
});
