import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { LoadBars } from "./load_bars";

const WEEKS = 12;
const STEP = 4;
const LATEST = 60;

/** The load of all crews, week by week; every bar opens what makes it. */
export class LoadBoard extends Component {
    static template = "construction_crm.LoadBoard";
    static components = { Layout, LoadBars };
    static props = { ...standardActionServiceProps };
    static path = "construction-load";
    static displayName = _t("Load");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ board: null, first: 0, hours: 40 });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.board = await this.orm.call("construction.crew", "get_load_board", [], {
            first: this.state.first,
            weeks: WEEKS,
            hours: this.state.hours,
        });
    }

    getHomelessWarning(rest) {
        return _t(
            "No crew has the trade “%(trade)s”: %(hours)s hours of quotes and orders are not in these bars. Give the trade to a crew.",
            { trade: rest.trade, hours: Math.round(rest.hours) }
        );
    }

    get isLatest() {
        return this.state.first >= LATEST;
    }

    move(direction) {
        this.state.first = Math.min(Math.max(this.state.first + direction * STEP, 0), LATEST);
        return this.load();
    }

    changeHours(event) {
        this.state.hours = Math.max(Number(event.target.value) || 0, 0);
        return this.load();
    }

    async open(crew, kind, cell) {
        const action = await this.orm.call("construction.crew", "action_open_load", [crew.id, kind, cell.number]);
        return this.action.doAction(action);
    }

    openCrew(crew) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "construction.crew",
            res_id: crew.id,
            views: [[false, "form"]],
        });
    }

    async openList() {
        const action = await this.orm.call("construction.crew.week", "action_open", [], {
            first: this.state.first,
            weeks: WEEKS,
        });
        return this.action.doAction(action);
    }
}

registry.category("actions").add("construction_load_board", LoadBoard);
