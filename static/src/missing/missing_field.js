import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// An input is drawn after its page was opened.
const PAGE_DELAY = 50;

/** What has to be filled in before a contract is signed: each entry leads to its place on the form. */
export class MissingField extends Component {
    static template = "construction_crm.MissingField";
    static props = { ...standardFieldProps };

    get entries() {
        return this.props.record.data[this.props.name] || [];
    }

    canOpen(entry) {
        return Boolean(entry.field || entry.page);
    }

    open(entry) {
        const form = document.querySelector(".o_form_view");
        if (entry.page) {
            form?.querySelector(`.o_notebook_headers [name='${entry.page}']`)?.click();
        }
        setTimeout(() => this.focus(form, entry), PAGE_DELAY);
    }

    focus(form, { field, page }) {
        const place =
            (field && form?.querySelector(`.o_field_widget[name='${field}']`)) ||
            (page && form?.querySelector(`.o_notebook_headers [name='${page}']`));
        place?.scrollIntoView({ block: "center" });
        const target = "input, textarea, [contenteditable='true'], .o_field_x2many_list_row_add a";
        (place?.matches(target) ? place : place?.querySelector(target))?.focus();
    }
}

export const missingField = {
    component: MissingField,
    displayName: _t("What Is Missing"),
    supportedTypes: ["json"],
};

registry.category("fields").add("construction_missing", missingField);
