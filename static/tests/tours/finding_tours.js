import { registry } from "@web/core/registry";
import { openMenu } from "./line_steps";

/** Look for a text with one of the fields the search proposes. */
function lookFor(text, field) {
    return [
        { content: `type ${text}`, trigger: ".o_searchview_input", run: `edit ${text}` },
        {
            content: `as ${field}`,
            trigger: `.o_searchview_autocomplete .o-dropdown-item:contains("${field}")`,
            run: "click",
        },
    ];
}

const forget = { content: "forget it", trigger: ".o_facet_remove", run: "click" };
const ours = '.o_kanban_record:contains("House on the hill")';
const others = '.o_kanban_renderer:not(:has(.o_kanban_record:contains("Barn by the lake")))';

// Somebody calls: the salesperson finds the deal by the number on the display, then by that of the project.
registry.category("web_tour.tours").add("construction_find_deal", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_my_construction"),
        { content: "my deals first", trigger: '.o_searchview_facet:contains("My Deals")' },
        { trigger: ours },
        { trigger: '.o_kanban_record:contains("Barn by the lake")' },
        { content: "what is quoted stands on the column", trigger: '.o_construction_deal_sums [data-sum="amount_quoted"]' },
        { trigger: '.o_construction_deal_sums [data-sum="amount_contract"]:contains("Signed")' },
        { trigger: '.o_construction_deal_sums [data-sum="amount_collected"]' },
        {
            content: "nothing is planned there",
            trigger: '.o_kanban_record:contains("Barn by the lake") [name="no_next_task"]',
        },
        ...lookFor("0722/123-456", "Phone"),
        { trigger: others },
        { trigger: ours },
        { ...forget, trigger: '.o_searchview_facet:contains("Phone") .o_facet_remove' },
        { trigger: '.o_kanban_record:contains("Barn by the lake")' },
        ...lookFor("HILL-77", "Project Number"),
        { trigger: others },
        { content: "open it", trigger: ours, run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="name"] textarea:value("House on the hill"), .o_form_view .o_field_widget[name="name"] input:value("House on the hill")' },
    ],
});

// The manager sees where deals stand, opens the funnel, and goes from a number to a deal.
registry.category("web_tour.tours").add("construction_funnel_drill", {
    steps: () => [
        ...openMenu("menu_pipeline", "construction_overview_menu"),
        {
            content: "two deals nobody does anything about",
            trigger: '.o_construction_overview .o_kanban_record:contains("No Next Task"):contains("2")',
            run: "click",
        },
        { content: "they are listed", trigger: '.o_list_view .o_data_row:contains("Barn by the lake")' },
        { trigger: ".o_menu_sections [data-menu-xmlid='construction_crm.menu_pipeline']", run: "click" },
        {
            content: "the funnel",
            trigger: ".o-dropdown--menu [data-menu-xmlid='construction_crm.construction_funnel_menu']",
            run: "click",
        },
        { trigger: '.o_pivot th:contains("Moved On (%)")' },
        { trigger: '.o_pivot th:contains("Days in Stage")' },
        { content: "a number of the first stage", trigger: ".o_pivot tbody tr:eq(1) .o_pivot_cell_value:first", run: "click" },
        {
            content: "opens what it counts",
            trigger: '.o_list_view .o_data_row:contains("Barn by the lake") .o_data_cell:first',
            run: "click",
        },
        {
            content: "and from there the deal",
            trigger: '.o_form_view .o_field_widget[name="construction_type_id"]',
        },
    ],
});

// The sales manager clicks how many deals were won, and sees those, under the name of the report.
registry.category("web_tour.tours").add("construction_report_numbers", {
    steps: () => [
        { content: "won: one", trigger: ".o_pivot_cell_value:eq(0):contains(1)", run: "click" },
        { trigger: '.o_last_breadcrumb_item:contains("Win Rate")' },
        { trigger: '.o_data_row:contains("Won")' },
        { trigger: ".o_list_renderer:not(:has(.o_data_row:contains('Lost')))" },
    ],
});
