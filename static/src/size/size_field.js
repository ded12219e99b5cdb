import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";

/** A size of a measured row: an empty one is shown empty, not as 0.00. */
export class SizeField extends FloatField {
    get formattedValue() {
        return this.value ? super.formattedValue : "";
    }

    parse(value) {
        return value.trim() ? super.parse(value) : 0;
    }
}

export const sizeField = {
    ...floatField,
    component: SizeField,
    displayName: _t("Size"),
    supportedTypes: ["float"],
};

registry.category("fields").add("construction_size", sizeField);
