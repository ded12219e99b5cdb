import { crmKanbanView } from "@crm/views/crm_kanban/crm_kanban_view";
import { extractAttributes } from "@web/core/utils/xml";
import { registry } from "@web/core/registry";
import { AnimatedNumber } from "@web/views/view_components/animated_number";
import { useFirstFilledColumn } from "../phone/first_filled_column";

const CrmKanbanHeader = crmKanbanView.Renderer.components.KanbanHeader;

/**
 * The kanban of deals: under the bar of each column stand more sums than the one stock shows. They come with the
 * groups and follow a card that is dragged, as stock's own sum does.
 *
 * <progressbar sum_field="expected_revenue" more_sum_fields="amount_quoted,amount_contract"/>
 */
export class DealKanbanArchParser extends crmKanbanView.ArchParser {
    parseProgressBar(progressBar, fields) {
        const result = super.parseProgressBar(...arguments);
        const { more_sum_fields } = extractAttributes(progressBar, ["more_sum_fields"]);
        result.moreSumFields = (more_sum_fields || "")
            .split(",")
            .map((name) => fields[name.trim()])
            .filter(Boolean)
            .map((field) => ({ ...field, string: this.getLabel(progressBar, field) }));
        return result;
    }

    /** The label the view gives a field, else its own. */
    getLabel(progressBar, field) {
        const nodes = [...progressBar.closest("kanban").children];
        const node = nodes.find((node) => node.tagName === "field" && node.getAttribute("name") === field.name);
        return node?.getAttribute("string") || field.string;
    }
}

export class DealKanbanController extends crmKanbanView.Controller {
    setup() {
        super.setup();
        useFirstFilledColumn(this);
    }

    /** Without what only columns show: their sums come from the server, so no card has to read it. */
    get modelParams() {
        const params = super.modelParams;
        const { progressAttributes, templateDocs } = this.props.archInfo;
        const cards = Object.values(templateDocs);
        for (const { name } of progressAttributes?.moreSumFields || []) {
            if (!cards.some((card) => card.querySelector(`[name="${name}"]`) || card.outerHTML.includes(`record.${name}`))) {
                delete params.config.activeFields[name];
            }
        }
        return params;
    }

    get progressBarAggregateFields() {
        const more = this.props.archInfo.progressAttributes?.moreSumFields || [];
        return [...super.progressBarAggregateFields, ...more];
    }
}

export class DealKanbanHeader extends CrmKanbanHeader {
    static template = "construction_crm.DealKanbanHeader";
    static components = { ...CrmKanbanHeader.components, AnimatedNumber };

    get moreSums() {
        const { group, progressBarState } = this.props;
        const { moreSumFields } = progressBarState.progressAttributes;
        return moreSumFields.map((field) => ({
            name: field.name,
            label: field.string,
            ...progressBarState.getAggregateValue(group, field),
        }));
    }
}

export class DealKanbanRenderer extends crmKanbanView.Renderer {
    static components = { ...crmKanbanView.Renderer.components, KanbanHeader: DealKanbanHeader };
}

export const dealKanbanView = {
    ...crmKanbanView,
    ArchParser: DealKanbanArchParser,
    Controller: DealKanbanController,
    Renderer: DealKanbanRenderer,
};

registry.category("views").add("construction_deal_kanban", dealKanbanView);
