import { registry } from "@web/core/registry";
import { choose, inState, openMenu, press, save, shows, smart, without } from "./line_steps";

const tours = registry.category("web_tour.tours");

function addItem(row, product, zone) {
    return [
        {
            content: "add an item",
            trigger: '.o_field_widget[name="line_ids"] .o_field_x2many_list_row_add a',
            run: "click",
        },
        {
            content: "the new row is ready",
            trigger: `.o_field_widget[name="line_ids"] .o_data_row.o_selected_row:nth-child(${row})`,
        },
        ...choose("product_id", product, ".o_selected_row"),
        {
            content: "say where it is",
            trigger: '.o_selected_row .o_field_widget[name="zone"] input',
            run: `edit ${zone}`,
        },
        {
            content: "the unit follows the product",
            trigger: '.o_selected_row .o_field_widget[name="uom_id"]:not(:empty)',
        },
    ];
}

// 1 and 2: the salesperson opens a deal and asks for a visit.
tours.add("construction_line_deal", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_construction"),
        { content: "the steps are there", trigger: ".o_kanban_view .o_kanban_group" },
        { content: "new deal", trigger: ".o_control_panel .o-kanban-button-new", run: "click" },
        ...choose("partner_id", "Ana Ionescu", ".o_kanban_quick_create"),
        {
            content: "name it",
            trigger: '.o_kanban_quick_create .o_field_widget[name="name"] input',
            run: "edit Ionescu bathroom",
        },
        ...choose("construction_type_id", "Bathroom renovation", ".o_kanban_quick_create"),
        { content: "open the deal", trigger: ".o_kanban_quick_create .o_kanban_edit", run: "click" },
        {
            trigger: '.o_form_sheet_bg .o_field_widget[name="construction_type_id"] input:value("Bathroom renovation")',
        },
        ...choose("site_id", "Flat on Lake Street", ".o_form_sheet_bg"),
        ...save(),
        press("action_create_evaluation"),
        {
            content: "the sheet knows its deal",
            trigger: '.o_form_view .o_field_widget[name="lead_id"] input:value("Ionescu bathroom")',
        },
        shows("client_name"),
        ...choose("user_id", "Marc Measures"),
        ...addItem(1, "Wall tiling", "Bathroom"),
        ...addItem(2, "Shower cabin", "Bathroom"),
        { content: "both items are there", trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("Wall tiling")' },
        ...save(),
        inState("planned"),
        ...without("button[name='action_generate_quote']"),
    ],
});

// 2 and 4: he checks what was measured, makes the quote and sends it.
tours.add("construction_line_quote", {
    steps: () => [
        ...openMenu("menu_estimate", "construction_evaluation_menu"),
        {
            content: "open the measured sheet",
            trigger: '.o_data_row:has(.o_field_badge:contains("Measured")) td[name="display_name"]',
            run: "click",
        },
        inState("measured"),
        press("action_check"),
        inState("checked"),
        press("action_finalize"),
        inState("final"),
        ...without(".o_field_x2many_list_row_add"),
        press("action_generate_quote"),
        { content: "the quote opens", trigger: '.o_form_view .o_field_widget[name="order_line"] .o_is_line_section' },
        ...smart("action_view_evaluation"),
        inState("final"),
        {
            content: "once more opens the same quote",
            trigger: '.o_statusbar_buttons button[name="action_generate_quote"]:contains("Open Quote")',
            run: "click",
        },
        { trigger: '.o_form_view .o_field_widget[name="order_line"] .o_is_line_section' },
        press("action_quotation_send"),
        {
            content: "the quote is attached as a PDF",
            trigger: '.modal .o_field_widget[name="attachment_ids"] li:contains(".pdf"), .modal .o_field_widget[name="attachment_ids"] li:contains(".html")',
        },
        { content: "send", trigger: ".modal .o_mail_send:enabled", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        inState("sent"),
        ...without(".o_field_widget[name='order_line'] .o_field_x2many_list_row_add"),
        {
            content: "what was sent is kept",
            trigger: '.o_notebook_headers a[name="as_sent"]',
            run: "click",
        },
        shows("sent_attachment_ids"),
    ],
});

// 5 and 8: after the customer signed, the contract.
tours.add("construction_line_contract", {
    steps: () => [
        ...openMenu("menu_quote", "sale_order_menu_construction"),
        {
            content: "open the order",
            trigger: '.o_data_row:contains("Ana Ionescu") td[name="name"]',
            run: "click",
        },
        inState("sale"),
        press("action_create_contract"),
        inState("draft"),
        {
            content: "three instalments",
            trigger: '.o_field_widget[name="instalment_ids"]:has(.o_data_row:eq(2)):not(:has(.o_data_row:eq(3)))',
        },
        {
            content: "which add up to the contract",
            trigger: '.o_form_view .oe_subtotal_footer .o_field_widget[name="amount_left"]:contains("$ 0.00")',
        },
        { content: "nothing is missing", trigger: ".o_form_view:not(:has(.alert))" },
        press("action_sign"),
        inState("signed"),
        {
            content: "the advance is due",
            trigger: '.o_field_widget[name="instalment_ids"] .o_data_row:contains("Advance"):contains("To invoice")',
        },
        ...without("button[name='action_invoice']"),
        ...smart("action_view_lead"),
        { content: "the money of the deal", trigger: '.o_notebook_headers a[name="money"]', run: "click" },
        ...["contract", "invoiced", "collected", "overdue", "to_invoice"].map((sum) => shows(`amount_${sum}`)),
        ...without(
            "button[name='action_invoice']",
            "button[name='action_start_project']"
        ),
    ],
});
