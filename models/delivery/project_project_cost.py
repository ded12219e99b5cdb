from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ..estimate.construction_recipe_cost import COST_GROUP

SUMS = ("estimate", "committed", "actual", "forecast", "difference")


class ProjectProject(models.Model):
    """What a project was reckoned to cost, and costs."""

    _inherit = "project.project"

    follows_costs = fields.Boolean(
        string="Costs by Chapter",
        compute="_compute_follows_costs",
        groups=COST_GROUP,
        help="Each chapter has an analytic account of its own to book costs on.",
    )
    cost_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_costs",
        groups=COST_GROUP,
        export_string_translation=False,
    )
    cost_estimate = fields.Monetary(
        string="Estimated Cost", compute="_compute_costs", currency_field="cost_currency_id", groups=COST_GROUP
    )
    cost_committed = fields.Monetary(
        string="Committed Cost", compute="_compute_costs", currency_field="cost_currency_id", groups=COST_GROUP
    )
    cost_actual = fields.Monetary(
        string="Actual Cost", compute="_compute_costs", currency_field="cost_currency_id", groups=COST_GROUP
    )
    cost_forecast = fields.Monetary(
        string="Forecast of Cost",
        compute="_compute_costs",
        currency_field="cost_currency_id",
        groups=COST_GROUP,
        help="At completion: what the works have cost and what is still to come.",
    )
    cost_difference = fields.Monetary(
        string="Difference of Cost",
        compute="_compute_costs",
        currency_field="cost_currency_id",
        groups=COST_GROUP,
        help="The estimate less the forecast: below zero the works cost more than was reckoned with.",
    )

    # === COMPUTE === #

    def _compute_follows_costs(self):
        followed = self.env["construction.position"]._read_group(
            [("project_id", "in", self.ids), ("analytic_account_id", "!=", False)], ["project_id"]
        )
        projects = self.browse(project.id for (project,) in followed)
        for project in self:
            project.follows_costs = project._origin in projects

    def _compute_costs(self):
        rows = self.env["construction.cost"]._read_group(
            [("project_id", "in", self.ids)],
            ["project_id", "currency_id"],
            [f"amount_{name}:sum" for name in SUMS],
        )
        totals, today = {}, fields.Date.context_today(self)
        for project, currency, *amounts in rows:
            # A project without a company can be booked on in several.
            company = project.company_id or self.env.company
            if currency != company.currency_id:
                amounts = [currency._convert(amount, company.currency_id, company, today) for amount in amounts]
            before = totals.get(project.id, [0.0] * len(SUMS))
            totals[project.id] = [old + new for old, new in zip(before, amounts, strict=True)]
        for project in self:
            project.cost_currency_id = (project.company_id or self.env.company).currency_id
            for name, amount in zip(SUMS, totals.get(project._origin.id, [0.0] * len(SUMS)), strict=True):
                project[f"cost_{name}"] = amount

    # === ACTION === #

    def action_view_costs(self):
        """Open the costs of this project, chapter by chapter."""
        self.ensure_one()
        self._check_may_see_costs()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_cost_action")
        action["display_name"] = self.env._("Costs of %(project)s", project=self.name)
        action["domain"] = [("project_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_follow_costs(self):
        """Give the project and each of its chapters an analytic account to book costs on. Twice is once."""
        self._check_may_see_costs()
        self.check_access("read")
        for project in self:
            positions = project._get_work_positions()
            if not positions:
                raise UserError(
                    self.env._(
                        "%(project)s has no chapters yet: its deal needs a confirmed order.", project=project.name
                    )
                )
            positions._make_cost_accounts()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Choose the chapter under “Chapters” in the analytic distribution of bills, expenses and purchases."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS === #

    def _check_may_see_costs(self):
        if not self.env.su and not self.env.user.has_group(COST_GROUP):
            raise AccessError(self.env._("The costs of works are not open to you. Ask an estimator."))
