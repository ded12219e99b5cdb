import { registry } from "@web/core/registry";
import { openMenu, press, smart } from "./line_steps";

const DIALOG = ".modal .o_form_view";

/** Write down a contact in the small dialog. */
function writeContact(text, next) {
    return [
        { content: "what was said", trigger: `${DIALOG} .o_field_widget[name="summary"] textarea`, run: `edit ${text}` },
        { content: "who is filled in", trigger: `${DIALOG} .o_field_widget[name="user_id"]` },
        ...(next
            ? [
                  {
                      content: "and when next",
                      trigger: `${DIALOG} .o_field_widget[name="date_next"] input, ${DIALOG} .o_field_widget[name="date_next"] button`,
                      run: "click",
                  },
                  { content: "choose today", trigger: ".o_datetime_picker .o_today", run: "click" },
                  { trigger: `${DIALOG} .o_field_widget[name="channel_next"]` },
              ]
            : []),
        { content: "save", trigger: ".modal .o_form_button_save:enabled", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

// The salesperson writes down a call, and finds it in the history of the deal.
registry.category("web_tour.tours").add("construction_contact_from_deal", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_construction"),
        { content: "the deal", trigger: '.o_kanban_record:contains("House on the hill")', run: "click" },
        press("action_add_contact"),
        ...writeContact("Wants oak floors", true),
        {
            content: "the next contact is planned in the chatter",
            trigger: '.o-mail-Activity:contains("Call")',
        },
        ...smart("action_view_contacts"),
        { content: "the history", trigger: '.o_list_view .o_data_row:contains("Wants oak floors")' },
        {
            content: "one more from here",
            trigger: '.o_control_panel button[name="action_add_contact"], .o_list_buttons button[name="action_add_contact"]',
            run: "click",
        },
        ...writeContact("Asked for two colours"),
        { trigger: '.o_list_view .o_data_row:contains("two colours")' },
        { content: "open one", trigger: '.o_data_row:contains("oak") .o_data_cell[name="summary"]', run: "click" },
        { content: "it opens in the dialog", trigger: `${DIALOG} .o_field_widget[name="summary"] textarea:value("oak")` },
        { trigger: ".modal .btn-close, .modal .o_form_button_cancel", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...openMenu("menu_pipeline", "construction_contact_record_menu"),
        { content: "among all contacts", trigger: '.o_list_view .o_data_row:contains("two colours")' },
    ],
});

// The project manager looks where the works stand in the morning, and calls a client.
registry.category("web_tour.tours").add("construction_project_overview", {
    steps: () => [
        ...openMenu("menu_delivery", "project_project_menu"),
        {
            content: "the job with its figures",
            trigger: '.o_data_row:contains("House on the hill"):contains("30"):contains("Half way")',
        },
        { content: "it is late", trigger: '.o_data_row td[name="days_late"].text-danger:contains("4")' },
        { content: "call the client from the row", trigger: '.o_data_row button[name="action_add_contact"]', run: "click" },
        ...writeContact("Keys are with the neighbour"),
        { content: "the last contact", trigger: '.o_data_row td[name="last_contact_date"]:contains("Today")' },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { content: "only what is late", trigger: '.o_filter_menu .o_menu_item:contains("Late")', run: "click" },
        { trigger: '.o_searchview_facet:contains("Late")' },
        { trigger: '.o_data_row:contains("House on the hill")' },
        { content: "as cards", trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: '.o_kanban_record:contains("House on the hill"):contains("4 days late")' },
        { content: "the calendar", trigger: ".o_switch_view.o_calendar", run: "click" },
        { trigger: ".o_calendar_view" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot_view" },
        { trigger: ".o_switch_view.o_graph", run: "click" },
        { trigger: ".o_graph_view" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { content: "open the project", trigger: '.o_data_row:contains("House on the hill") td[name="name"]', run: "click" },
        ...smart("action_view_contacts"),
        { trigger: '.o_list_view .o_data_row:contains("Keys are with the neighbour")' },
    ],
});

// Stock's dashboard of the project, with our figures.
registry.category("web_tour.tours").add("construction_project_dashboard", {
    steps: () => [
        { content: "done", trigger: '.o_rightpanel [data-name="progress_percent"]' },
        { content: "invoiced", trigger: '.o_rightpanel [data-name="percent_invoiced"]:contains("30")' },
        { content: "what comes next", trigger: '.o_rightpanel [data-name="next_stage_milestone_id"] .text-danger:contains("Dig")' },
        { content: "and its money", trigger: '.o_rightpanel [data-name="next_instalment_name"]:contains("Half way")' },
        { content: "stock's own part", trigger: '.o_rightpanel .o_add_milestone' },
    ],
});
