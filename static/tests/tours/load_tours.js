import { registry } from "@web/core/registry";
import { openMenu } from "./line_steps";

const { DateTime } = luxon;

/** A day so many weeks from now, as one types it. */
function dayIn(weeks) {
    return DateTime.now().plus({ weeks }).startOf("week").toFormat("MM/dd/yyyy");
}

// The planner sees that the masons have too much to do, and moves their task.
registry.category("web_tour.tours").add("construction_load_plan", {
    steps: () => [
        ...openMenu("menu_delivery", "construction_load_menu"),
        {
            content: "too much in one week",
            trigger: 'tr[data-crew="Masons"] .o_construction_load_over .o_construction_load_percent:contains("250 %")',
        },
        { content: "the roofers have room at once", trigger: 'tr[data-crew="Roofers"] .o_construction_load_room:contains("Week")' },
        {
            content: "what is in the bar",
            trigger: 'tr[data-crew="Masons"] .o_construction_load_over button.o_construction_load_task',
            run: "click",
        },
        { trigger: '.o_list_view .o_data_row:contains("Walls of the cellar") td[name="name"]', run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="date_work_start"] button', run: "click" },
        {
            content: "later",
            trigger: '.o_form_view .o_field_widget[name="date_work_start"] input',
            async run({ edit }) {
                await edit(dayIn(20));
            },
        },
        { trigger: '.o_form_view .o_field_widget[name="date_work_start"] input', run: "press Tab" },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: '.o_breadcrumb a:contains("Load"), .o_breadcrumb .o_back_button:contains("Load")', run: "click" },
        {
            content: "nothing is too much any more",
            trigger: 'tr[data-crew="Masons"]:not(:has(.o_construction_load_over))',
        },
        { content: "the rows", trigger: ".o_construction_load_list", run: "click" },
        { trigger: '.o_list_view .o_data_row:contains("Masons")' },
    ],
});

// The salesperson asks from when on there is room, and promises an earlier day: a warning, no more.
registry.category("web_tour.tours").add("construction_load_promise", {
    steps: () => [
        { trigger: '.o_form_view button[name="action_check_capacity"]', run: "click" },
        { content: "the answer", trigger: '.modal .o_field_widget[name="earliest"]:contains("Masons")' },
        { content: "as bars", trigger: '.modal tr[data-crew="Masons"] .o_construction_load_extra' },
        { content: "the hours", trigger: '.modal .o_field_widget[name="hours_total"]:contains("100")' },
        { trigger: '.modal .modal-footer button:contains("Close")', run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "promise next week",
            trigger: '.o_form_view .o_field_widget[name="date_start_wanted"] input',
            async run({ edit }) {
                await edit(dayIn(1));
            },
        },
        { trigger: '.o_form_view .o_field_widget[name="date_start_wanted"] input', run: "press Tab" },
        { content: "the warning", trigger: '.modal:contains("No Room on This Day"):contains("Masons")' },
        { trigger: ".modal .modal-footer button.btn-primary", run: "click" },
        { trigger: ".o_form_button_save:enabled", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
