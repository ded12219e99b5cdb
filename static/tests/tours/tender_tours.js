import { registry } from "@web/core/registry";
import { choose, openMenu, press, smart } from "./line_steps";

const tours = registry.category("web_tour.tours");
const DONE = { content: "the dialog is closed", trigger: "body:not(:has(.modal))" };

const SAVE = [
    { content: "save", trigger: ".o_form_button_save:enabled", run: "click" },
    // A row opened before it is saved would be opened as a new one.
    { content: "saved", trigger: ".o_form_view .o_form_saved" },
];

/** Type into a cell of the row that is being edited. */
function cell(list, field, text, tag = "input") {
    return {
        content: `${field}: ${text}`,
        trigger: `.o_field_widget[name="${list}"] .o_selected_row [name="${field}"] ${tag}`,
        run: `edit ${text}`,
    };
}

/** Add a row to a list of the form. */
function addRow(list) {
    return {
        content: `add a row to ${list}`,
        trigger: `.o_field_widget[name="${list}"] .o_field_x2many_list_row_add a`,
        run: "click",
    };
}

// A salesperson sets the deadline, asks a question, and has a bond issued and returned.
tours.add("construction_tender", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_construction"),
        { content: "the deal", trigger: '.o_kanban_record:contains("House on plot 7")', run: "click" },
        {
            content: "the deadline",
            trigger: '.o_form_view .o_field_widget[name="date_tender"] input, .o_form_view .o_field_widget[name="date_tender"] button',
            run: "click",
        },
        { trigger: ".o_datetime_picker .o_next", run: "click" },
        { trigger: '.o_datetime_picker .o_date_item_cell:not(.o_out_of_range):contains("15")', run: "click" },
        ...SAVE,
        { content: "the reminder stands in the chatter", trigger: '.o-mail-Activity:contains("Hand in the offer")' },
        ...smart("action_view_tender"),
        addRow("clarification_ids"),
        cell("clarification_ids", "question", "Which tiles?", "textarea"),
        cell("clarification_ids", "answer", "White ones", "textarea"),
        ...SAVE,
        {
            content: "numbered and answered",
            trigger: '.o_field_widget[name="clarification_ids"] .o_data_row:contains("1"):contains("Answered")',
        },
        { content: "the bonds", trigger: '.o_notebook_headers a[name="bonds"]', run: "click" },
        addRow("bond_ids"),
        ...choose("issuer_id", "Timber Bank", '.o_field_widget[name="bond_ids"] .o_selected_row'),
        cell("bond_ids", "number", "BB-77"),
        cell("bond_ids", "amount", "1200"),
        ...SAVE,
        {
            content: "open it",
            trigger: '.o_field_widget[name="bond_ids"] .o_data_row:not(.o_selected_row):contains("BB-77") .o_list_record_open_form_view button',
            run: "click",
        },
        { content: "the bond", trigger: '.o_last_breadcrumb_item:contains("Bid Bond BB-77")' },
        { trigger: '.o_form_view .o_field_widget[name="number"] input:value("BB-77")' },
        press("action_activate"),
        { content: "the dates are missing", trigger: '.modal:contains("Issued On, Valid Until")' },
        { trigger: ".modal .modal-footer button", run: "click" },
        DONE,
        {
            content: "issued",
            trigger: '.o_form_view .o_field_widget[name="date_issued"] input, .o_form_view .o_field_widget[name="date_issued"] button',
            run: "click",
        },
        { trigger: ".o_datetime_picker .o_today", run: "click" },
        {
            content: "valid until",
            trigger: '.o_form_view .o_field_widget[name="date_expiry"] input, .o_form_view .o_field_widget[name="date_expiry"] button',
            run: "click",
        },
        { trigger: ".o_datetime_picker .o_next", run: "click" },
        { trigger: '.o_datetime_picker .o_date_item_cell:not(.o_out_of_range):contains("28")', run: "click" },
        press("action_activate"),
        { content: "active", trigger: '.o_arrow_button_current:contains("Active")' },
        press("action_return"),
        {
            content: "when",
            trigger: '.modal .o_field_widget[name="date_returned"]',
        },
        {
            trigger: '.modal .o_field_widget[name="note"] input',
            run: "edit By courier",
        },
        { trigger: '.modal button[name="action_apply"]:visible', run: "click" },
        DONE,
        { content: "returned", trigger: '.o_arrow_button_current:contains("Returned")' },
        { content: "and it is in the history", trigger: '.o-mail-Message:contains("By courier")' },
        ...openMenu("menu_pipeline", "crm_lead_menu_tenders"),
        { content: "among the tenders", trigger: '.o_list_view .o_data_row:contains("House on plot 7")' },
        ...openMenu("menu_pipeline", "construction_clarification_menu"),
        { content: "among all questions", trigger: '.o_list_view .o_data_row:contains("Which tiles?")' },
    ],
});

// An accountant looks what the banks stand for, and changes nothing.
tours.add("construction_bonds_read", {
    steps: () => [
        ...openMenu("menu_pipeline", "construction_bond_menu"),
        { content: "no new one", trigger: ".o_control_panel:not(:has(.o_list_button_add))" },
        { content: "the bond", trigger: '.o_data_row:contains("BB-1") [name="number"]', run: "click" },
        { content: "its amount", trigger: '.o_form_view .o_field_widget[name="amount"]:contains("1,200.00")' },
        { content: "and no button", trigger: ".o_statusbar_status" },
        {
            content: "none at all",
            trigger: '.o_form_view:not(:has(button[name="action_return"])):not(:has(button[name="action_extend"]))',
        },
        { content: "back", trigger: ".o_back_button, .breadcrumb-item.o_back_button a", run: "click" },
        { content: "by bank and kind", trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: '.o_pivot:contains("Timber Bank")' },
    ],
});
