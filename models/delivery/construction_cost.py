from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..estimate.construction_recipe_cost import COST_GROUP


class ConstructionCost(models.Model):
    """What one chapter of a project was reckoned to cost, what is ordered for it and what it has cost so far.

    A row without a chapter holds what is booked on the project only: with it the rows add up to the project.
    """

    _name = "construction.cost"
    _description = "Costs of a Chapter"
    _auto = False
    _order = "project_id desc, place, sequence, id"
    _depends = {
        "construction.cost.item": ["amount", "kind", "project_id", "position_id", "company_id", "currency_id"],
        "construction.position": ["company_id", "order_id", "percent_done", "sequence", "project_stage_id"],
        "res.company": ["currency_id"],
    }

    project_id = fields.Many2one("project.project", readonly=True)
    position_id = fields.Many2one("construction.position", string="Chapter", readonly=True)
    project_stage_id = fields.Many2one("project.project.stage", string="Stage of Works", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    # Orders one after the other, each with its chapters in order; what has no chapter comes last.
    place = fields.Integer(readonly=True, aggregator=None, export_string_translation=False)
    sequence = fields.Integer(readonly=True, aggregator=None, export_string_translation=False)
    percent_done = fields.Float(string="Done (%)", digits=(7, 2), readonly=True, aggregator=None, groups=COST_GROUP)
    amount_estimate = fields.Monetary(
        string="Estimate",
        readonly=True,
        groups=COST_GROUP,
        help="What the lines of the confirmed orders, variations included, were reckoned to cost when they were "
        "quoted.",
    )
    amount_committed = fields.Monetary(
        string="Committed",
        readonly=True,
        groups=COST_GROUP,
        help="Confirmed purchase orders that are not on a posted bill yet.",
    )
    amount_actual = fields.Monetary(
        string="Actual",
        readonly=True,
        groups=COST_GROUP,
        help="What is booked: bills, expenses, hours, materials from stock.",
    )
    amount_remaining = fields.Monetary(
        string="Still to Come",
        readonly=True,
        groups=COST_GROUP,
        help="The estimate of the works not done yet, or what is committed where that is more.",
    )
    amount_forecast = fields.Monetary(
        string="Forecast",
        readonly=True,
        groups=COST_GROUP,
        help="At completion: what it has cost and what is still to come.",
    )
    amount_difference = fields.Monetary(
        string="Difference",
        readonly=True,
        groups=COST_GROUP,
        help="The estimate less the forecast: below zero the works cost more than was reckoned with.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT cost.*, cost.amount_actual + cost.amount_remaining AS amount_forecast,
                   cost.amount_estimate - cost.amount_actual - cost.amount_remaining AS amount_difference
              FROM (
                       SELECT total.*, position.project_stage_id, position.percent_done,
                              COALESCE(position.order_id, 2147483647) AS place, position.sequence,
                              %(remaining)s AS amount_remaining
                         FROM (%(totals)s) total
                    LEFT JOIN construction_position position ON position.id = total.position_id
                    LEFT JOIN res_currency currency ON currency.id = total.currency_id
                   ) cost
            """,
            remaining=self._get_remaining(),
            totals=self._select_totals(),
        )

    # === COMPUTE === #

    @api.depends("position_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.position_id.display_name or self.env._("Without Chapter")

    # === ACTION === #

    def action_view_estimate(self):
        """Open the lines of the orders the estimate is made of."""
        return self._open_items("estimate")

    def action_view_committed(self):
        """Open what is ordered of vendors and not billed yet."""
        return self._open_items("committed")

    def action_view_actual(self):
        """Open what is booked."""
        return self._open_items("actual")

    def action_view_items(self):
        """Open all that the costs of this row are made of."""
        return self._open_items()

    def _open_items(self, kind=None):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_cost_item_action")
        action["display_name"] = f"{self.project_id.sudo().display_name} · {self.display_name}"  # sudo: its name only
        action["domain"] = list(self._get_items_domain(kind))
        action["context"] = {} if kind else {"search_default_group_kind": True}
        return action

    # === BUSINESS === #

    def _get_items_domain(self, kind=None):
        """Give the domain of the `construction.cost.item` records this row adds up.

        :param kind: a key of `COST_KINDS`; all of them by default
        """
        self.ensure_one()
        domain = Domain("project_id", "=", self.project_id.id) & Domain("position_id", "=", self.position_id.id)
        domain &= Domain("company_id", "=", self.company_id.id)
        return domain & Domain("kind", "=", kind) if kind else domain

    @api.model
    def _select_totals(self):
        """Add the items up, and list the chapters that have none yet."""
        return SQL(
            """
            SELECT (item.company_id::int8 * 1000000000 + COALESCE(item.position_id, item.project_id)) * 2
                       + (item.position_id IS NULL)::int AS id,
                   item.project_id, item.position_id, item.company_id, item.currency_id,
                   COALESCE(SUM(item.amount) FILTER (WHERE item.kind = 'estimate'), 0) AS amount_estimate,
                   COALESCE(SUM(item.amount) FILTER (WHERE item.kind = 'committed'), 0) AS amount_committed,
                   COALESCE(SUM(item.amount) FILTER (WHERE item.kind = 'actual'), 0) AS amount_actual,
                   SUM(COUNT(*) FILTER (WHERE item.kind = 'actual')) OVER (PARTITION BY item.project_id) > 0
                       AS is_booked
              FROM (
                       SELECT kind, project_id, position_id, company_id, currency_id, amount FROM %(items)s item
                    UNION ALL
                       SELECT 'estimate', position.project_id, position.id, position.company_id, company.currency_id, 0
                         FROM construction_position position
                         JOIN res_company company ON company.id = position.company_id
                        WHERE position.project_id IS NOT NULL AND position.is_follower IS NOT TRUE
                   ) item
          GROUP BY item.project_id, item.position_id, item.company_id, item.currency_id
            """,
            items=self.env["construction.cost.item"]._table_sql,
        )

    # === HOOKS === #

    @api.model
    def _get_remaining(self):
        """What is still to come of a row, as SQL over `total` (its sums), `position` and `currency`.

        The estimate of what is not done yet, or what is committed where that is more; without a chapter what is
        committed. While nothing is booked on a project, what is done of it has not been for nothing: it counts as
        estimated. Another firm reckons otherwise: the forecast and the difference follow.
        """
        return SQL(
            """
            GREATEST(
                total.amount_committed,
                ROUND(
                    (
                        total.amount_estimate * (
                            1 - LEAST(GREATEST(COALESCE(position.percent_done, 0), 0), 100) / 100
                                * total.is_booked::int
                        )
                    )::numeric / currency.rounding::numeric
                ) * currency.rounding::numeric
            )
            """
        )
