import { registry } from "@web/core/registry";
import { inState, noSections, openMenu, press, shows, smart } from "./line_steps";

const tours = registry.category("web_tour.tours");

// 7: the accountant invoices what is due and records what comes in.
tours.add("construction_line_invoicing", {
    steps: () => [
        ...openMenu("menu_contract", "construction_instalment_menu"),
        ...noSections("menu_configuration"),
        {
            content: "the advance is due",
            trigger: '.o_data_row:contains("Advance") button[name="action_invoice"]',
            run: "click",
        },
        inState("draft"),
        press("action_post"),
        inState("posted"),
        press("action_collect", "collect the advance from its invoice"),
        {
            content: "all that is left is proposed",
            trigger: '.modal .o_field_widget[name="amount_residual"]:contains("772.51")',
        },
        { trigger: '.modal footer button[name="action_collect"]:enabled', run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "the payment",
            trigger: '.o_form_view:has(.o_field_widget[name="amount"]:contains("772.51")) .o_field_widget[name="partner_id"]:contains("Ana Ionescu")',
        },
        { content: "its receipt", trigger: '.o_statusbar_buttons button[name="action_print_receipt"]' },
        ...smart("action_view_construction_contracts"),
        inState("signed"),
        {
            content: "the advance is collected",
            trigger: '.o_field_widget[name="instalment_ids"] .o_data_row:contains("Advance"):contains("Collected"):not(:has(button[name="action_collect"]))',
        },
        { trigger: '.o_notebook_headers a[name="collections"]', run: "click" },
        {
            content: "its receipt can be printed",
            trigger: '.o_field_widget[name="collection_ids"] .o_data_row:contains("772.51") button[name="action_print_receipt"]',
        },
    ],
});

// 8: from the deal to its invoices and back, without CRM rights.
tours.add("construction_line_deal_invoices", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_construction"),
        { content: "the deal", trigger: '.o_kanban_record:contains("Ionescu bathroom")', run: "click" },
        { trigger: '.o_notebook_headers a[name="money"]', run: "click" },
        ...["contract", "invoiced", "collected", "overdue", "to_invoice"].map((sum) => shows(`amount_${sum}`)),
        ...smart("action_view_deal_invoices"),
        {
            content: "its invoices",
            trigger: '.o_list_view .o_data_row:contains("Advance"):contains("772.51"):contains("Paid") td[name="name"]',
            run: "click",
        },
        inState("posted"),
        ...smart("action_view_lead"),
        { content: "back at the deal", trigger: '.o_form_view .o_notebook_headers a[name="money"]' },
    ],
});
