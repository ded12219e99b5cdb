import { registry } from "@web/core/registry";
import { openMenu, save } from "./line_steps";

// The salesperson brings in the list of the trade fair with our template.
registry.category("web_tour.tours").add("construction_intake_import", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_construction"),
        { content: "the gear of the screen", trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
        { content: "import", trigger: ".o-dropdown--menu .o_import_menu", run: "click" },
        {
            content: "our template is offered, and taken as the file to bring in",
            trigger: '.o_import_action a[href="/construction_crm/deals/template.xlsx"]:contains("Deals")',
            async run({ anchor, queryFirst }) {
                const response = await fetch(anchor.getAttribute("href"));
                const transfer = new DataTransfer();
                transfer.items.add(
                    new File([await response.blob()], "deals.xlsx", { type: response.headers.get("Content-Type") })
                );
                const input = queryFirst(".o_import_action input[type=file], .o_control_panel input[type=file]");
                input.files = transfer.files;
                input.dispatchEvent(new Event("change"));
            },
        },
        {
            content: "every column has found its field",
            trigger: '.o_import_action:not(:contains("To import, select a field")) span:contains("Site Street")',
        },
        { content: "test first", trigger: '.o_control_panel button:contains("Test")', run: "click" },
        { content: "it is valid", trigger: '.o_import_action .alert:contains("Everything seems valid")' },
        { content: "import", trigger: '.o_control_panel button:contains("Import")', run: "click" },
        { content: "the deal is there", trigger: '.o_view_controller:contains("Bathroom renovation")' },
    ],
});

// The salesperson types a tax id into a new deal: the register fills in the rest, and a known client is offered.
registry.category("web_tour.tours").add("construction_intake_fetch", {
    steps: () => [
        ...openMenu("menu_pipeline", "crm_lead_menu_construction"),
        { content: "the steps are there", trigger: ".o_kanban_view .o_kanban_group" },
        { content: "a new deal", trigger: ".o_control_panel .o-kanban-button-new", run: "click" },
        {
            content: "a wrong number",
            trigger: '.o_kanban_quick_create .o_field_widget[name="vat"] input',
            run: "edit RO14399841",
        },
        { content: "fetch", trigger: ".o_kanban_quick_create .o_construction_tax_fetch button", run: "click" },
        { content: "the reason is clear", trigger: '.modal:contains("is no tax id of Romania")' },
        { content: "close it", trigger: ".modal .modal-footer button", run: "click" },
        {
            content: "nothing is changed",
            trigger: '.o_kanban_quick_create .o_field_widget[name="vat"] input:value("RO14399841")',
            run: "edit RO14399840",
        },
        { content: "fetch again", trigger: ".o_kanban_quick_create .o_construction_tax_fetch button", run: "click" },
        {
            content: "the name of the company is filled in",
            trigger: '.o_kanban_quick_create .o_field_widget[name="partner_name"] input:value("CASA NOUA SRL")',
        },
        {
            content: "somebody works on it already",
            trigger: '.o_kanban_quick_create .alert:contains("Open deal with this tax id: Old roof")',
        },
        {
            content: "what is to be built",
            trigger: '.o_kanban_quick_create .o_field_widget[name="construction_type_id"] input',
            run: "edit Green",
        },
        { trigger: '.o-autocomplete--dropdown-item a:contains("Green roof")', run: "click" },
        { content: "save and open it", trigger: ".o_kanban_quick_create .o_kanban_edit", run: "click" },
        {
            content: "the number is on the deal",
            trigger: '.o_form_view .o_field_widget[name="vat"] input:value("RO14399840")',
        },
        {
            content: "what the register said is in the history",
            trigger: '.o-mail-Message:contains("was looked up in VIES, ANAF")',
        },
        { content: "fetch on the form", trigger: ".o_form_view .o_construction_tax_fetch button", run: "click" },
        { content: "the client is known", trigger: '.o_form_view .alert:contains("Casa Veche")' },
        { content: "take it", trigger: '.o_form_view .alert button:contains("Use this client")', run: "click" },
        {
            content: "it is the client of the deal",
            trigger: '.o_form_view .o_field_widget[name="partner_id"] input:value("Casa Veche")',
        },
        ...save(),
    ],
});
