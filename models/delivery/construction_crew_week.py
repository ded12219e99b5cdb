from odoo import api, fields, models

from ...core.delivery import capacity as core
from .construction_crew_load import BOARD_WEEKS


class ConstructionCrewWeek(models.TransientModel):
    """The load of crews as rows, for lists, pivots and exports; made anew for the user who opens them."""

    _name = "construction.crew.week"
    _description = "Load of a Crew in a Week"
    _order = "sequence, crew_id, date_week, id"
    _rec_name = "week_name"

    crew_id = fields.Many2one("construction.crew", required=True, readonly=True, ondelete="cascade", index=True)
    sequence = fields.Integer(readonly=True)
    company_id = fields.Many2one(related="crew_id.company_id", store=True)
    date_week = fields.Date(string="Week From", readonly=True, help="Monday of the week.")
    week_name = fields.Char(string="Week", readonly=True)
    hours_capacity = fields.Float(string="Capacity (h)", digits=(16, 1), readonly=True)
    hours_tasks = fields.Float(string="Tasks (h)", digits=(16, 1), readonly=True)
    hours_sold = fields.Float(
        string="Sold, Not Started (h)",
        digits=(16, 1),
        readonly=True,
        help="Labour of confirmed orders whose project has not started.",
    )
    hours_quotes = fields.Float(
        string="Quotes (h)",
        digits=(16, 1),
        readonly=True,
        help="Labour of open quotes, by the probability of their deals.",
    )
    hours_free = fields.Float(
        string="Free (h)",
        digits=(16, 1),
        readonly=True,
        help="What is left of the capacity after tasks and sold works; below zero is too much.",
    )
    percent = fields.Float(
        string="Load (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Tasks and sold works in percent of the capacity.",
    )
    percent_all = fields.Float(string="With Quotes (%)", digits=(16, 1), readonly=True, aggregator="avg")
    is_over = fields.Boolean(string="Too Much", readonly=True)

    @api.model
    def action_open(self, first=0, weeks=BOARD_WEEKS):
        """Open the load as a list, made of today's tasks and quotes.

        :param int first: how many weeks from this one it begins
        :param int weeks: how many it has
        """
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        self._create_rows(first, weeks)
        return self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_crew_week_action")

    @api.model
    def _create_rows(self, first, weeks):
        Crew = self.env["construction.crew"]
        load = Crew._get_load()
        rows = []
        for sequence, crew in enumerate(load.crews):
            for number in range(first, min(first + weeks, len(load.weeks))):
                week = load.weeks[number]
                rows.append(
                    {
                        "crew_id": crew.id,
                        "sequence": sequence,
                        "date_week": week,
                        "week_name": Crew._get_week_name(week),
                        **self._prepare_hours(load, crew.id, number),
                    }
                )
        return self.create(rows)

    @api.model
    def _prepare_hours(self, load, crew_id, number):
        capacity, firm = load.capacity[crew_id][number], load.firm[crew_id][number]
        sold, quotes = load.sold[crew_id][number], load.tentative[crew_id][number]
        return {
            "hours_capacity": capacity,
            "hours_tasks": firm - sold,
            "hours_sold": sold,
            "hours_quotes": quotes,
            "hours_free": capacity - firm,
            # Work without anybody to do it is more than a hundred percent of nothing.
            "percent": core.percent(firm, capacity) or (999.0 if firm > capacity else 0.0),
            "percent_all": core.percent(firm + quotes, capacity) or (999.0 if firm + quotes > capacity else 0.0),
            "is_over": firm > capacity + core.EPSILON,
        }
