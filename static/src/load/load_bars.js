import { Component } from "@odoo/owl";
import { formatFloat } from "@web/core/utils/numbers";
import { _t } from "@web/core/l10n/translation";

// A bar never fills its cell wholly: what is too much must be seen as such.
const HEADROOM = 1.1;

/** Weeks of crews as bars: capacity as the grey ground, tasks, sold works and quotes stacked on it. */
export class LoadBars extends Component {
    static template = "construction_crm.LoadBars";
    static props = {
        board: Object,
        // Called with (crew, kind, cell) when a part of a bar is clicked.
        onOpen: { type: Function, optional: true },
        onOpenCrew: { type: Function, optional: true },
    };

    get hasRooms() {
        return this.props.board.crews.some((crew) => crew.room);
    }

    /** What is drawn of a week, from the ground up. */
    getParts(cell) {
        return [
            { kind: "task", hours: cell.tasks, name: _t("Tasks") },
            { kind: "order", hours: cell.sold, name: _t("Sold, not started") },
            { kind: "extra", hours: cell.extra, name: _t("This job") },
            { kind: "quote", hours: cell.quotes, name: _t("Quotes by probability") },
        ].filter((part) => part.hours > 0.005);
    }

    getScale(crew) {
        const highest = crew.weeks.map((cell) =>
            Math.max(cell.capacity, cell.tasks + cell.sold + cell.extra + cell.quotes)
        );
        return Math.max(...highest, 1) * HEADROOM;
    }

    getHeight(crew, hours) {
        return `height: ${(100 * hours) / this.getScale(crew)}%`;
    }

    canOpen(part) {
        return Boolean(this.props.onOpen) && part.kind !== "extra";
    }

    formatHours(hours) {
        return formatFloat(hours, { digits: [16, hours < 10 ? 1 : 0], trailingZeros: false });
    }

    formatPercent(cell) {
        if (cell.percent === null) {
            return _t("no people");
        }
        return cell.percent || cell.capacity ? `${Math.round(cell.percent)} %` : "–";
    }

    getState(cell) {
        if (cell.over) {
            return "o_construction_load_over";
        }
        return cell.percent_all === null || cell.percent_all > 100.05 ? "o_construction_load_tight" : "";
    }

    getTitle(crew, cell, index) {
        const lines = [
            `${crew.name}, ${this.props.board.weeks[index].name}`,
            _t("Capacity: %s h", this.formatHours(cell.capacity)),
        ];
        for (const part of this.getParts(cell)) {
            lines.push(_t("%(name)s: %(hours)s h", { name: part.name, hours: this.formatHours(part.hours) }));
        }
        return lines.join("\n");
    }
}
