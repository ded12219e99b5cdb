import { Component, useState } from "@odoo/owl";
import { FileInput } from "@web/core/file_input/file_input";
import { _t } from "@web/core/l10n/translation";
import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { user } from "@web/core/user";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatDate, formatMonetary } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** All that was made from a deal: read when its tab is opened, so that the form itself asks for none of it. */
export class DealDocuments extends Component {
    static template = "construction_crm.DealDocuments";
    static components = { FileInput };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ sections: null, isBusy: false });
        this.keepLast = new KeepLast();
        // The data are new after each load and each save of the form, not while somebody types.
        useRecordObserver((record) => {
            this.read(record.resId, record.data);
        });
    }

    get record() {
        return this.props.record;
    }

    async read(resId) {
        if (resId !== this.readId) {
            this.state.sections = null;
            this.readId = resId;
        }
        if (!resId) {
            return;
        }
        const sections = this.orm.call("crm.lead", "get_deal_documents", [[resId]]);
        this.state.sections = await this.keepLast.add(sections);
    }

    // === WHAT IS SHOWN === //

    isNumber(column) {
        return column.type === "monetary";
    }

    format(column, cell) {
        switch (column.type) {
            case "monetary":
                return formatMonetary(cell.amount, { currencyId: cell.currency_id });
            case "date":
                return cell ? formatDate(deserializeDate(cell)) : "";
            case "datetime":
                return cell ? formatDate(deserializeDateTime(cell)) : "";
            case "badge":
                return cell.text;
        }
        return cell;
    }

    /** On a phone a row is a card: its name, its amount and state at the side, the rest in a line below. */
    getCard(section, row) {
        const [first, ...others] = section.columns;
        const [aside, below] = [[], []];
        let hasDate = false;
        for (const column of others) {
            const text = this.format(column, row.cells[column.name]);
            if (!text) {
                continue;
            }
            if (this.isNumber(column) || column.type === "badge") {
                aside.push({ column, text });
                continue;
            }
            // a second date says which it is
            const isDate = column.type.startsWith("date");
            below.push({ label: isDate && hasDate ? column.label : "", text });
            hasDate = hasDate || isDate;
        }
        return { title: this.format(first, row.cells[first.name]), aside, below };
    }

    getMore(section) {
        return _t("and %s more", section.total - section.rows.length);
    }

    // === WHAT IS OPENED === //

    /** Changes of the form are kept before it is left, as its own buttons do. */
    async run(open) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            if (!(await this.record.isDirty()) || (await this.record.save())) {
                await open();
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    /** Press a button of a record: what the method answers is opened; a closed dialog reads the deal again. */
    press(resModel, resId, name, options) {
        return this.action.doActionButton(
            { type: "object", name, resModel, resId, context: user.context, onClose: () => this.record.load() },
            options
        );
    }

    openRow(section, row, ev) {
        if (row.open.url) {
            return;
        }
        const { model = section.model, id = row.id, method } = row.open;
        const options = { newWindow: Boolean(ev.ctrlKey || ev.metaKey) };
        return this.run(() =>
            method
                ? this.press(model, id, method, options)
                : this.action.doAction(
                      { type: "ir.actions.act_window", res_model: model, res_id: id, views: [[false, "form"]] },
                      options
                  )
        );
    }

    openList(section) {
        return this.run(() => this.press("crm.lead", this.record.resId, section.show));
    }

    addNew(section) {
        const { method, model = "crm.lead", id = this.record.resId } = section.new;
        return this.run(() => this.press(model, id, method));
    }

    /** The chatter counts the new file, too. */
    async onUploaded(files) {
        const failed = files.find((file) => file.error);
        if (failed) {
            throw new Error(failed.error);
        }
        await this.record.load();
    }
}

registry.category("view_widgets").add("construction_deal_documents", { component: DealDocuments });
