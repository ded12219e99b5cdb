import { registry } from "@web/core/registry";
import { without } from "./line_steps";

const noAmounts = () => ({
    content: "a foreman sees no amounts",
    trigger: ".o_action_manager",
    run() {
        for (const word of ["$", "€", "Amount", "Price"]) {
            if (document.body.innerText.includes(word)) {
                throw new Error(`A foreman sees “${word}”`);
            }
        }
    },
});

// The foreman reports on his phone.
registry.category("web_tour.tours").add("construction_progress_foreman", {
    steps: () => [
        { content: "open the report", trigger: '.o_kanban_record:contains("House on the hill")', run: "click" },
        { trigger: '.o_form_view button[name="action_open_chapters"]', run: "click" },
        { content: "chapters by stage", trigger: '.o_kanban_group:contains("Shell") .o_kanban_record:contains("Wall")' },
        noAmounts(),
        {
            content: "a quarter of the wall",
            trigger: '.o_kanban_record:contains("Wall") button:contains("+25 %")',
            run: "click",
        },
        {
            content: "and ten more",
            trigger: '.o_kanban_record:contains("Wall"):contains("7.50") button:contains("+10 %")',
            run: "click",
        },
        { content: "10.50 of 30", trigger: '.o_kanban_record:contains("Wall"):contains("10.50")' },
        {
            content: "the paint is finished",
            trigger: '.o_kanban_record:contains("Paint") button[name="action_finish"]',
            run: "click",
        },
        { trigger: '.o_kanban_record:contains("Paint"):contains("+100.00 %")' },
        { trigger: 'button[name="action_submit_report"]', run: "click" },
        { content: "it waits for the manager", trigger: '.o_form_view .o_statusbar_status:contains("To Approve")' },
        ...without("button[name='action_approve']"),
        noAmounts(),
    ],
});

// The manager approves.
registry.category("web_tour.tours").add("construction_progress_manager", {
    steps: () => [
        { content: "what was reported", trigger: '.o_field_widget[name="changed_line_ids"] .o_data_row:contains("Wall")' },
        { trigger: 'button[name="action_approve"]', run: "click" },
        { trigger: '.o_arrow_button_current:contains("Approved")' },
    ],
});

// The manager makes the certificate.
registry.category("web_tour.tours").add("construction_certificate_manager", {
    steps: () => [
        { trigger: 'button[name="action_make_certificate"]', run: "click" },
        { trigger: '.o_field_widget[name="line_ids"] .o_data_row:contains("Wall"):contains("10.50")' },
        { trigger: 'button[name="action_approve"]', run: "click" },
        { trigger: '.o_arrow_button_current:contains("To Invoice")' },
    ],
});

// The accountant invoices it.
registry.category("web_tour.tours").add("construction_certificate_accountant", {
    steps: () => [
        { trigger: '.o_data_row:contains("To Invoice") .o_data_cell[name="partner_id"]', run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="amount_net"]' },
        { trigger: 'button[name="action_invoice"]', run: "click" },
        {
            content: "the invoice",
            trigger: '.o_form_view .o_field_widget[name="invoice_line_ids"]',
            timeout: 60000,
        },
    ],
});
