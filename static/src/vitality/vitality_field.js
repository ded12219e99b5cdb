import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COLORS = { alive: "text-success", cooling: "text-warning", cold: "text-danger" };

/** How alive a deal is: one coloured dot, which tells why. */
export class VitalityField extends Component {
    static template = "construction_crm.VitalityField";
    static props = { ...standardFieldProps, showLabel: { type: Boolean, optional: true } };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get color() {
        return COLORS[this.value] || "";
    }

    get label() {
        const option = this.props.record.fields[this.props.name].selection.find(([key]) => key === this.value);
        return option ? option[1] : "";
    }

    get note() {
        return [this.label, this.props.record.data.vitality_note].filter(Boolean).join("\n");
    }
}

export const vitalityField = {
    component: VitalityField,
    displayName: _t("How Alive"),
    supportedTypes: ["selection"],
    extractProps: ({ options }) => ({ showLabel: Boolean(options.show_label) }),
    fieldDependencies: [{ name: "vitality_note", type: "text" }],
};

registry.category("fields").add("construction_vitality", vitalityField);
