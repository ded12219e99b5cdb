import { registry } from "@web/core/registry";
import { choose, openMenu, press } from "./line_steps";

const POPUP = ".analytic_distribution_popup";

// The accountant books a vendor bill on a chapter; the project comes by itself.
registry.category("web_tour.tours").add("construction_cost_bill", {
    steps: () => [
        {
            content: "a new vendor bill",
            trigger: ".o_list_button_add:enabled",
            run: "click",
        },
        ...choose("partner_id", "Tile trade"),
        {
            content: "the day of the bill",
            trigger: '.o_field_widget[name="invoice_date"] [data-field="invoice_date"]',
            run: "click",
        },
        { trigger: '.o_field_widget[name="invoice_date"] input[data-field="invoice_date"]', run: "edit 01/15/2026" },
        {
            content: "a row for it",
            trigger: '.o_field_widget[name="invoice_line_ids"] .o_field_x2many_list_row_add a:contains("Add a line")',
            run: "click",
        },
        {
            content: "what it costs",
            trigger: '.o_selected_row .o_field_widget[name="price_unit"] input',
            run: "edit 432.10",
        },
        {
            content: "open the analytic distribution",
            trigger: '.o_selected_row .o_field_widget[name="analytic_distribution"] .o_input_dropdown',
            run: "click",
        },
        {
            content: "a few letters of the chapter are enough",
            trigger: `${POPUP} .o_field_widget[name^="x_plan"] input`,
            async run({ edit }) {
                await edit("tiling");
                await new Promise((resolve) => setTimeout(resolve, 350));
            },
        },
        {
            content: "the chapter of the project",
            trigger: '.o-autocomplete--dropdown-item a:contains("Wall tiling")',
            run: "click",
        },
        { content: "leave it by going on", trigger: ".o_form_sheet h1", run: "click" },
        { trigger: `body:not(:has(${POPUP}))` },
        press("action_post", "confirm the bill"),
        {
            content: "it is booked, on the project too",
            trigger:
                '.o_form_view:has(.o_arrow_button_current:contains("Posted")) .o_field_widget[name="analytic_distribution"]:contains("Wall tiling"):contains("Ionescu bathroom")',
        },
    ],
});

// The estimator finds the cost in its chapter and opens what it is made of.
registry.category("web_tour.tours").add("construction_cost_view", {
    steps: () => [
        ...openMenu("menu_delivery", "construction_cost_menu"),
        {
            content: "open the project",
            trigger: '.o_list_view .o_group_header:contains("Ionescu bathroom"):contains("432.10")',
            run: "click",
        },
        {
            content: "the chapter has cost that much; look what it is",
            trigger: '.o_data_row:contains("Wall tiling"):contains("432.10") button[name="action_view_actual"]',
            run: "click",
        },
        {
            content: "one row, the bill",
            trigger: '.o_list_view .o_data_row:contains("Tile trade"):contains("432.10")',
        },
        {
            content: "and nothing else: the sum is the figure it was opened by",
            trigger: '.o_list_view:not(:has(.o_data_row + .o_data_row)) tfoot:contains("432.10")',
        },
        { content: "back to the chapters", trigger: '.o_breadcrumb .o_back_button, .breadcrumb-item a:contains("Costs")', run: "click" },
        { trigger: '.o_list_view .o_group_header:contains("Ionescu bathroom")' },
    ],
});
