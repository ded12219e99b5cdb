import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The questions of an evaluation sheet, each with what answers it with one tap. */
export class QuestionsField extends Component {
    static template = "construction_crm.QuestionsField";
    static props = { ...standardFieldProps };

    get questions() {
        return this.props.record.data[this.props.name].records;
    }

    /** The buttons of a question; none where the answer is typed. */
    getButtons({ data }) {
        if (data.kind === "yes_no") {
            return [
                { value: "yes", label: _t("Yes") },
                { value: "no", label: _t("No") },
            ];
        }
        if (data.kind === "choice") {
            const choices = (data.choices || "").split("\n").map((choice) => choice.trim());
            return choices.filter(Boolean).map((choice) => ({ value: choice, label: choice }));
        }
        return [];
    }

    isMissing({ data }) {
        return data.is_mandatory && !data.value;
    }

    /** Take the answer; a second tap on the same button takes it back. */
    press(question, value) {
        return this.answer(question, question.data.value === value ? false : value);
    }

    answer(question, value) {
        return question.update({ value: value || false });
    }
}

export const questionsField = {
    component: QuestionsField,
    displayName: _t("Questions"),
    supportedTypes: ["one2many"],
    // None is readonly: a new sheet sends the questions of its template along.
    relatedFields: [
        { name: "sequence", type: "integer", readonly: false },
        { name: "name", type: "char", readonly: false },
        { name: "kind", type: "char", readonly: false },
        { name: "choices", type: "text", readonly: false },
        { name: "is_mandatory", type: "boolean", readonly: false },
        { name: "value", type: "char", readonly: false },
    ],
};

registry.category("fields").add("construction_questions", questionsField);
