import { registry } from "@web/core/registry";
import { inState, openMenu, press, smart, without } from "./line_steps";

const tours = registry.category("web_tour.tours");

function chooseAll() {
    return {
        content: "choose all of the list",
        trigger: ".o_list_view thead .o_list_record_selector input",
        run: "click",
    };
}

function pressOnChosen(name) {
    return {
        content: `press ${name} on what is chosen`,
        trigger: `.o_control_panel button[name="${name}"]:enabled, .o_list_buttons button[name="${name}"]:enabled`,
        run: "click",
    };
}

const noDialog = { content: "the dialog closed", trigger: "body:not(:has(.modal))" };

// The beginning of the accountant's month: what is due is invoiced in one go.
tours.add("construction_month_invoice", {
    steps: () => [
        ...openMenu("menu_contract", "construction_instalment_menu"),
        { content: "three are due", trigger: ".o_list_view .o_data_row:nth-child(3)" },
        chooseAll(),
        pressOnChosen("action_invoice_selected"),
        {
            content: "all three can be invoiced",
            trigger: '.modal .o_field_widget[name="count_ready"]:contains("3")',
        },
        { trigger: '.modal footer button[name="action_confirm"]', run: "click" },
        { content: "they are drafted", trigger: '.modal .o_field_widget[name="count_done"]:contains("3")' },
        { trigger: '.modal footer button[name="action_view_invoices"]', run: "click" },
        {
            content: "the drafts, to be looked through and posted",
            trigger: ".o_list_view .o_data_row:nth-child(3)",
        },
    ],
});

// One bank transfer for three instalments, taken from the open ones.
tours.add("construction_month_collect", {
    steps: () => [
        ...openMenu("menu_contract", "construction_instalment_menu_overdue"),
        { content: "three are overdue", trigger: ".o_list_view .o_data_row:nth-child(3)" },
        chooseAll(),
        pressOnChosen("action_collect"),
        {
            content: "all that is open is proposed, split over the three",
            trigger: '.modal .o_field_widget[name="line_ids"] .o_data_row:nth-child(3)',
        },
        {
            content: "the transfer was for less",
            trigger: '.modal .o_field_widget[name="amount"]:not(td *) input',
            run: "edit 2000 && press Tab",
        },
        {
            content: "the oldest are paid first, the last in part",
            trigger: '.modal .o_field_widget[name="line_ids"] .o_data_row:nth-child(3) td[name="amount"]:contains("68.73")',
        },
        { trigger: '.modal footer button[name="action_collect"]:enabled', run: "click" },
        noDialog,
    ],
});

// What stays open is followed up, and the statement tells the client how the account stands.
tours.add("construction_month_remind", {
    steps: () => [
        ...openMenu("menu_contract", "construction_instalment_menu_overdue"),
        {
            content: "only the rest of the last one is left",
            trigger: '.o_list_view:not(:has(.o_data_row:nth-child(2))) .o_data_row:contains("Settlement")',
        },
        chooseAll(),
        pressOnChosen("action_remind"),
        {
            content: "the text names what is overdue",
            trigger: '.modal .o_field_widget[name="body"]:contains("Total overdue")',
        },
        { trigger: '.modal footer button[name="action_send"]:contains("Send")', run: "click" },
        noDialog,
        ...openMenu("menu_contract", "construction_contract_menu"),
        { trigger: '.o_list_view .o_data_row:contains("Ana Ionescu") td[name="name"]', run: "click" },
        inState("signed"),
        ...smart("action_print_statement"),
        {
            content: "the statement of this contract",
            trigger: '.modal .o_field_widget[name="contract_ids"] .o_tag, .modal .o_field_widget[name="contract_ids"] .badge',
        },
        { trigger: '.modal footer button[name="action_print"]:enabled' },
        { trigger: '.modal footer button[special="cancel"]', run: "click" },
        noDialog,
    ],
});

// The salesperson sees the money, records what the client says, and posts nothing.
tours.add("construction_sales_money", {
    steps: () => [
        ...openMenu("menu_contract", "construction_contract_menu"),
        {
            content: "what is overdue stands in the list",
            trigger: '.o_list_view .o_data_row:contains("Ana Ionescu"):contains("2,575.03") td[name="name"]',
            run: "click",
        },
        inState("signed"),
        ...without('button[name="action_invoice"]', 'button[name="action_release_retention"]'),
        press("action_collect"),
        {
            content: "it is recorded for a confirmation",
            trigger: '.modal .alert:contains("asked to confirm")',
        },
        {
            trigger: '.modal .o_field_widget[name="amount"]:not(td *) input',
            run: "edit 500 && press Tab",
        },
        { trigger: '.modal footer button[name="action_collect"]:contains("Record for Confirmation")', run: "click" },
        noDialog,
        { trigger: '.o_notebook_headers a[name="collections"]', run: "click" },
        {
            content: "it waits",
            trigger: '.o_field_widget[name="collection_ids"] .o_data_row:contains("500.00"):contains("To confirm")',
        },
        ...openMenu("menu_contract", "construction_instalment_menu_overdue"),
        { trigger: ".o_list_view tbody tr:nth-child(1) .o_list_record_selector input", run: "click" },
        pressOnChosen("action_promise"),
        { trigger: '.modal .o_field_widget[name="promised_by"] input', run: "edit Ana" },
        { trigger: '.modal footer button[name="action_record"]', run: "click" },
        {
            content: "the list shows the promise",
            trigger: 'body:not(:has(.modal)) .o_list_view .o_data_row .o_field_widget[name="promise_state"]:contains("Promised")',
        },
    ],
});

// From what a contract still lacks to the place where it is filled in.
tours.add("construction_contract_missing", {
    steps: () => [
        {
            content: "the start date is missing",
            trigger: '.o_construction_missing [data-field="date_start"]',
            run: "click",
        },
        {
            content: "the cursor is in it",
            trigger: '.o_field_widget[name="date_start"]:has(input:focus), .o_field_widget[name="date_start"] input:focus',
        },
        {
            content: "so is the place of signing, on another page",
            trigger: '.o_construction_missing [data-field="place_signed"]',
            run: "click",
        },
        {
            content: "its page opened, the cursor is in it",
            trigger: '.o_notebook_content .o_field_widget[name="place_signed"] input:focus',
            run: "edit Brasov",
        },
    ],
});
