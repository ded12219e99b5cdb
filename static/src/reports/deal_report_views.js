import { Domain } from "@web/core/domain";
import { registry } from "@web/core/registry";
import { graphView } from "@web/views/graph/graph_view";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";

const CONTACTS = [["kind", "=", "contact"]];
const STEPS = [["kind", "=", "step"]];
const WON = [["won_status", "=", "won"]];
const LOST = [["won_status", "=", "lost"]];
const WON_ROWS = [["kind", "=", "won"]];

/** Which rows of a report a measure counts, where these are not all of them. */
const COUNTED_ROWS = {
    "construction.productivity": {
        contact_count: CONTACTS,
        step_count: STEPS,
        percent_on_time: STEPS,
        days_to_quote: [["kind", "=", "quote"]],
        days_to_signature: [["kind", "=", "signature"]],
        won_count: WON_ROWS,
        amount_won: WON_ROWS,
    },
    "construction.win.rate": {
        won_count: WON,
        amount_won: WON,
        lost_count: LOST,
        amount_lost: LOST,
    },
};

/**
 * What a number opens: the rows it was made of, and no others.
 *
 * @param {string} resModel
 * @param {string} measure
 * @param {Array} domain of the group the number belongs to
 * @returns {Array}
 */
export function narrowToMeasure(resModel, measure, domain) {
    let rows = COUNTED_ROWS[resModel]?.[measure];
    if (resModel === "construction.funnel" && ["lead_id", "amount"].includes(measure)) {
        // Over all stages a deal counts once: by the stage it is in.
        rows = JSON.stringify(domain).includes('"stage_id"') ? undefined : [["is_current", "=", true]];
    }
    return rows ? Domain.and([domain, rows]).toList() : domain;
}

export class DealReportPivotRenderer extends PivotRenderer {
    onOpenView(cell) {
        this.clickedMeasure = cell.measure;
        super.onOpenView(...arguments);
    }

    openView(domain, ...others) {
        super.openView(
            narrowToMeasure(this.model.metaData.resModel, this.clickedMeasure, domain),
            ...others
        );
    }
}

export class DealReportGraphRenderer extends GraphRenderer {
    openView(domain, ...others) {
        const { measure, resModel } = this.model.metaData;
        super.openView(narrowToMeasure(resModel, measure, domain), ...others);
    }
}

registry.category("views").add("construction_deal_pivot", { ...pivotView, Renderer: DealReportPivotRenderer });
registry.category("views").add("construction_deal_graph", { ...graphView, Renderer: DealReportGraphRenderer });
