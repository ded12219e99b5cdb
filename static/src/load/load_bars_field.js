import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { LoadBars } from "./load_bars";

/** The load of crews inside of a form: what was worked out on the server, as bars. */
export class LoadBarsField extends Component {
    static template = "construction_crm.LoadBarsField";
    static components = { LoadBars };
    static props = { ...standardFieldProps };

    get board() {
        const board = this.props.record.data[this.props.name];
        return board && board.crews?.length ? board : null;
    }
}

registry.category("fields").add("construction_load_bars", {
    component: LoadBarsField,
    displayName: _t("Load of Crews"),
    supportedTypes: ["json"],
});
