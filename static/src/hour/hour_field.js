import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloatTime } from "@web/views/fields/formatters";
import { useInputField } from "@web/views/fields/input_field_hook";
import { InvalidNumberError } from "@web/views/fields/parsers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The hours of what people type as a time of the day: 9, 9:30, 9.30, 9h30, 930, 9:30 pm. Nothing typed is no time.
 *
 * @param {string} text
 * @returns {number} 9.5 is half past nine
 */
export function parseHour(text) {
    const typed = text.trim().toLowerCase();
    if (!typed) {
        return 0;
    }
    const parts = typed.match(/^(\d{1,2})(?:\s*[:.,h]?\s*(\d{2}))?\s*h?\s*([ap])?\.?(?:m\.?)?$/);
    let hours = parts && parseInt(parts[1]);
    const minutes = parts && parseInt(parts[2] || "0");
    if (parts && parts[3] && hours <= 12) {
        hours = (hours % 12) + (parts[3] === "p" ? 12 : 0);
    }
    if (!parts || hours > 23 || minutes > 59) {
        throw new InvalidNumberError(`"${text}" is not a time of the day`);
    }
    return hours + minutes / 60;
}

/** A time of the day that need not be given: without one the field is empty. */
export class HourField extends Component {
    static template = "construction_crm.HourField";
    static props = { ...standardFieldProps, placeholder: { type: String, optional: true } };

    setup() {
        useInputField({ getValue: () => this.value, parse: parseHour });
    }

    get value() {
        const hours = this.props.record.data[this.props.name];
        return hours ? formatFloatTime(hours) : "";
    }
}

export const hourField = {
    component: HourField,
    displayName: _t("Time of the Day"),
    supportedTypes: ["float"],
    extractProps: ({ placeholder }) => ({ placeholder }),
};

registry.category("fields").add("construction_hour", hourField);
