import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

const LINE_MODEL = "construction.evaluation.line";
const ANSWER_MODEL = "construction.evaluation.answer";

/** What is to settle on an evaluation sheet: a badge, and a list that opens each item. */
export class CheckListField extends Component {
    static template = "construction_crm.CheckListField";
    static props = { ...standardFieldProps };

    setup() {
        this.dialog = useService("dialog");
        this.state = useState({ isOpen: false });
    }

    get faults() {
        return this.props.record.data[this.props.name] || [];
    }

    count(severity) {
        return this.faults.filter((fault) => fault.severity === severity).length;
    }

    getIcon({ severity }) {
        return {
            error: "fa-times-circle text-danger",
            warning: "fa-exclamation-triangle text-warning",
            hint: "fa-info-circle text-info",
        }[severity];
    }

    canOpen(fault) {
        return [LINE_MODEL, ANSWER_MODEL].includes(fault.model);
    }

    /** Go to what is wrong; what was typed on the sheet is kept first. */
    async open(fault) {
        if (fault.model === ANSWER_MODEL) {
            return this.showQuestion(fault.id);
        }
        const sheet = this.props.record;
        if (!(await sheet.save())) {
            return;
        }
        this.dialog.add(FormViewDialog, {
            resModel: fault.model,
            resId: fault.id,
            title: _t("Item"),
            canExpand: false,
            context: sheet.context,
            onRecordSaved: () => sheet.load(),
        });
    }

    showQuestion(id) {
        document.querySelector(".o_form_view .o_notebook_headers [name='questions']")?.click();
        // The page is drawn after the click.
        setTimeout(() => {
            const question = document.querySelector(`.o_construction_question[data-answer="${id}"]`);
            question?.scrollIntoView({ block: "center" });
            question?.querySelector("input, textarea, button")?.focus();
        }, 50);
    }
}

export const checkListField = {
    component: CheckListField,
    displayName: _t("Check List"),
    supportedTypes: ["json"],
};

registry.category("fields").add("construction_check_list", checkListField);
