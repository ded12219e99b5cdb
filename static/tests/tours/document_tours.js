import { registry } from "@web/core/registry";
import { choose } from "./line_steps";

const section = (name) => `.o_construction_document_section[data-name="${name}"]`;
const openTab = { content: "open the tab", trigger: '.o_notebook_headers a[name="documents"]', run: "click" };
const isOpen = { content: "the tab is still open", trigger: '.o_notebook_headers a.active[name="documents"]' };
const back = { content: "back to the deal", trigger: ".o_breadcrumb .o_back_button", run: "click" };

// The salesperson looks what was made from a deal, opens some of it and comes back to the same tab.
registry.category("web_tour.tours").add("construction_deal_documents", {
    steps: () => [
        { content: "not read before it is opened", trigger: ".o_form_view:not(:has(.o_construction_documents))" },
        openTab,
        { trigger: `${section("sheets")} h3:contains("Evaluation Sheets")` },
        { trigger: `${section("quotes")} th[scope="col"]:contains("Valid Until")` },
        { content: "the amount as it is written here", trigger: `${section("quotes")} td:contains("$ 1,234.50")` },
        {
            content: "open the quote by its button",
            trigger: `${section("quotes")} .o_construction_document_open`,
            run: "click",
        },
        { trigger: '.o_form_view .o_field_widget[name="order_line"]' },
        back,
        isOpen,
        {
            content: "open the sheet by its row",
            trigger: `${section("sheets")} .o_data_row td[data-name="state"]`,
            run: "click",
        },
        { trigger: '.o_form_view .o_field_widget[name="line_ids"]' },
        back,
        isOpen,
        {
            content: "what is typed is kept when something is opened",
            trigger: '.o_field_widget[name="name"] textarea, .o_field_widget[name="name"] input',
            run: "edit Ionescu bathroom and kitchen",
        },
        { trigger: `${section("contacts")} .o_construction_document_new:contains("Add Contact")`, run: "click" },
        { trigger: '.modal .o_field_widget[name="summary"] textarea', run: "edit Wants oak floors" },
        { trigger: '.modal footer button[name="action_save"], .modal .o_form_button_save', run: "click" },
        { content: "it is read again", trigger: `${section("contacts")} td:contains("Wants oak floors")` },
        { trigger: `${section("files")} td a[href*="download=true"][aria-label="Download Plan.pdf"]` },
        { content: "all files", trigger: `${section("files")} .o_construction_document_all`, run: "click" },
        { trigger: '.o_list_view .o_data_row:contains("Plan.pdf")' },
        back,
        isOpen,
        {
            content: "a quote made from here",
            trigger: `${section("quotes")} .o_construction_document_new`,
            run: "click",
        },
        { trigger: '.o_form_view .o_field_widget[name="partner_id"] input:value("Ana Ionescu")' },
        { content: "is left", trigger: ".o_form_button_cancel", run: "click" },
        isOpen,
        { content: "a new deal has none", trigger: ".o_form_button_create", run: "click" },
        { trigger: '.o_last_breadcrumb_item:contains("New")' },
        ...choose("construction_type_id", "Bathroom renovation"),
        openTab,
        { trigger: '.o_construction_documents:contains("Save the deal first")' },
        { trigger: ".o_form_button_cancel", run: "click" },
        { trigger: ".o_form_saved, .o_kanban_view, .o_list_view" },
    ],
});

// On a phone each document is a card.
registry.category("web_tour.tours").add("construction_deal_documents_phone", {
    steps: () => [
        openTab,
        { trigger: `${section("quotes")} li:contains("$ 1,234.50")` },
        { trigger: ".o_construction_documents:not(:has(table))" },
        { trigger: `${section("quotes")} li`, run: "click" },
        { trigger: '.o_form_view .o_field_widget[name="order_line"]' },
    ],
});
