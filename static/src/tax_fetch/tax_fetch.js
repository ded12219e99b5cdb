import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillUpdateProps, reactive, toRaw, useState } from "@odoo/owl";

// What was found outlives the widget: filling a form may draw it anew.
const found = new WeakMap();

function stateOf(record) {
    const key = toRaw(record);
    if (!found.has(key)) {
        found.set(key, reactive({ isBusy: false, known: [], warnings: [] }));
    }
    return found.get(key);
}

/** The button beside a tax id: fills the form from a public register, and says who is known by that number. */
export class TaxFetch extends Component {
    static template = "construction_crm.TaxFetch";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState(stateOf(this.props.record));
        onWillUpdateProps((props) => {
            if (toRaw(props.record) !== toRaw(this.props.record)) {
                Object.assign(this.state, { known: [], warnings: [] });
            }
        });
    }

    get record() {
        return this.props.record;
    }

    get canUseClient() {
        return this.record.resModel === "crm.lead" && "partner_id" in this.record.activeFields;
    }

    async fetchCompany() {
        // What is typed and not yet left counts.
        await this.record.isDirty();
        Object.assign(this.state, { isBusy: true, known: [], warnings: [] });
        try {
            const { vat, country_id: country } = this.record.data;
            const ids = this.record.resId ? [this.record.resId] : [];
            const answer = await this.orm.call(this.record.resModel, "fetch_company", [
                ids,
                vat || "",
                country ? country.id : false,
            ]);
            this.state.known = answer.known;
            this.state.warnings = answer.warnings;
            await this.fillForm(answer);
        } finally {
            this.state.isBusy = false;
        }
    }

    async fillForm({ values, defaults }) {
        const changes = {};
        for (const [name, value] of Object.entries(defaults)) {
            if (!this.record.data[name]) {
                changes[name] = value;
            }
        }
        Object.assign(changes, values);
        const shown = Object.entries(changes).filter(([name]) => name in this.record.activeFields);
        await this.record.update(Object.fromEntries(shown));
    }

    openKnown({ model, id }) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
            target: "current",
        });
    }

    async useClient({ id, name }) {
        await this.record.update({ partner_id: { id, display_name: name } });
        this.state.known = this.state.known.filter((document) => document.model !== "res.partner");
    }
}

registry.category("view_widgets").add("construction_tax_fetch", {
    component: TaxFetch,
    fieldDependencies: [{ name: "vat", type: "char" }],
});
