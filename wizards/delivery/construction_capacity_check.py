from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...models.delivery.construction_crew_load import BOARD_WEEKS
from ...models.delivery.room_search import Need, RoomSearch


class ConstructionCapacityCheck(models.TransientModel):
    """From which week on the crews have room for the works of a deal, and what happens on the day one promises."""

    _name = "construction.capacity.check"
    _description = "Earliest Start"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, readonly=True, ondelete="cascade")
    order_id = fields.Many2one("sale.order", string="Quote", readonly=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date_wanted = fields.Date(
        string="Wanted Start", help="The day you are about to promise. The bars show the works from it on."
    )
    line_ids = fields.One2many("construction.capacity.check.line", "check_id", string="Hours")
    hours_total = fields.Float(string="Hours of Labour", compute="_compute_answer")
    date_earliest = fields.Date(compute="_compute_answer", export_string_translation=False)
    earliest = fields.Char(string="Earliest Start", compute="_compute_answer")
    earliest_all = fields.Char(
        string="If Every Open Quote Is Won",
        compute="_compute_answer",
        help="The earliest start when all other open quotes are won, too, each from its own wanted start on.",
    )
    warning = fields.Text(compute="_compute_answer")
    load_preview = fields.Json(compute="_compute_answer", export_string_translation=False)

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("date_wanted", "line_ids.trade_id", "line_ids.crew_id", "line_ids.hours")
    def _compute_answer(self):
        for check in self:
            search = check._get_room_search()
            room = search.find_start()
            check.hours_total = search.hours
            check.date_earliest = room[1] and max(room[1], search.load.today)
            check.earliest = check._get_answer(search, *room)
            check.earliest_all = check._get_answer(search, *search.find_start(with_quotes=True))
            check.warning = check._get_warning(search, room[1])
            check.load_preview = check._get_board(search)

    # ------------------------------------------------------------
    # ACTION
    # ------------------------------------------------------------

    @api.model
    def _open(self, lead, order=None):
        """Return the action that shows the earliest start of a deal, or of one of its quotes.

        :raises UserError: the deal is no construction deal
        """
        if not lead.construction_type_id:
            raise UserError(self.env._("Choose the construction type of the deal first: then its hours are known."))
        lead.check_access("read")
        check = self.create(self._prepare_values(lead, order))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Earliest Start"),
            "res_model": self._name,
            "res_id": check.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_values(self, lead, order):
        hours = {}
        for work in lead._get_quoted_work(order):
            key = work.trade_id, work.stage_crew_id
            hours[key] = hours.get(key, 0.0) + work.hours
        company = (order or lead).company_id or self.env.company
        crews = self.env["construction.crew"].search([("company_id", "=", company.id)])
        return {
            "lead_id": lead.id,
            "order_id": order and order.id,
            "company_id": company.id,
            "date_wanted": lead.date_start_wanted,
            "line_ids": [
                Command.create(
                    {
                        "trade_id": trade_id,
                        # The usual crew of the stage, where nobody does the trade.
                        "crew_id": crew_id if crew_id in crews.ids and trade_id not in crews.trade_ids.ids else False,
                        "hours": value,
                    }
                )
                for (trade_id, crew_id), value in sorted(hours.items())
            ],
        }

    def action_promise(self):
        """Set the wanted start of the deal to the day asked for."""
        self.ensure_one()
        if not self.date_wanted:
            raise UserError(self.env._("Enter the day you promise first."))
        self.lead_id.date_start_wanted = self.date_wanted
        return {"type": "ir.actions.act_window_close"}

    def action_promise_earliest(self):
        """Set the wanted start of the deal to the first day of the earliest week with room."""
        self.ensure_one()
        if not self.date_earliest:
            raise UserError(self.env._("The crews have no room within a year: enter a day yourself."))
        self.lead_id.date_start_wanted = self.date_earliest
        return {"type": "ir.actions.act_window_close"}

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_room_search(self):
        self.ensure_one()
        order = self.order_id._origin
        # sudo: variants of the quote are left out whoever made them
        skipped = {"skip_orders": order.sudo()._get_family().ids} if order else {"skip_leads": self.lead_id.ids}
        load = self.env["construction.crew"]._get_load(companies=self.company_id, **skipped)
        needs = [
            Need(self.company_id.id, line.trade_id.id or 0, line.hours, crew_id=line.crew_id.id or 0)
            for line in self.line_ids
        ]
        return RoomSearch(load, needs, load.today)

    def _get_answer(self, search, crew, week):
        if not search.groups:
            return (
                self.env._("Not known: no crew for these hours") if search.hours else self.env._("No hours of labour")
            )
        if not week:
            return self.env._("No room within a year")
        return self.env._(
            "%(week)s, from %(day)s (%(crew)s)",
            week=self.env["construction.crew"]._get_week_name(week),
            day=format_date(self.env, max(week, search.load.today)),
            crew=crew.name,
        )

    def _get_warning(self, search, week):
        sentences = []
        for need in search.homeless:
            sentences.append(self._get_homeless_warning(need.trade_id, round(need.hours)))
        if search.groups and self.date_wanted and (not week or self.date_wanted < week):
            sentences.append(self.env._("The crews have no room on the wanted start. You can promise it all the same."))
        return "\n".join(sentences)

    def _get_homeless_warning(self, trade_id, hours):
        if not trade_id:
            return self.env._("%(hours)s hours of labour without a trade are left out.", hours=hours)
        trade = self.env["construction.trade"].browse(trade_id).name
        return self.env._("No crew has the trade “%(trade)s”: %(hours)s hours are left out.", trade=trade, hours=hours)

    def _get_board(self, search):
        load, Crew = search.load, self.env["construction.crew"]
        wanted = RoomSearch(load, search.needs, self.date_wanted or self.date_earliest or load.today)
        extra = wanted.get_extra()
        if not extra:
            return False
        first = max(load.get_index(wanted.start) - 1, 0)
        shown = range(first, min(first + BOARD_WEEKS, len(load.weeks)))
        return {
            "weeks": Crew._get_board_weeks([load.weeks[number] for number in shown]),
            "crews": [
                Crew._get_board_crew(load, crew, shown, dict(enumerate(extra[crew.id])))
                for crew in load.crews
                if crew.id in extra
            ],
            "companies": 1,
        }


class ConstructionCapacityCheckLine(models.TransientModel):
    _name = "construction.capacity.check.line"
    _description = "Hours by Trade of a Proposed Start"

    check_id = fields.Many2one("construction.capacity.check", required=True, index=True, ondelete="cascade")
    trade_id = fields.Many2one("construction.trade", ondelete="cascade")
    crew_id = fields.Many2one(
        "construction.crew",
        ondelete="cascade",
        domain="[('company_id', '=', parent.company_id)]",
        help="Empty: any crew that does the trade.",
    )
    hours = fields.Float(help="Hours of labour, as quoted. Change them to see what if.")
    earliest = fields.Char(string="Room From", compute="_compute_earliest")

    @api.depends("trade_id", "crew_id", "hours", "check_id.line_ids.hours", "check_id.line_ids.crew_id")
    def _compute_earliest(self):
        Crew = self.env["construction.crew"]
        for check, lines in self.grouped("check_id").items():
            search = check._get_room_search() if check.company_id else None
            for line in lines:
                if not search or line.hours <= 0:
                    line.earliest = False
                    continue
                need = Need(check.company_id.id, line.trade_id.id or 0, line.hours, crew_id=line.crew_id.id or 0)
                crew, week = search.find(need)
                if week:
                    line.earliest = f"{Crew._get_week_name(week)} ({crew.name})"
                elif search.get_crews(need):
                    line.earliest = self.env._("None in a year")
                else:
                    line.earliest = self.env._("No crew")
