from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.estimate import buildup, explosion


class ConstructionEvaluationSolve(models.TransientModel):
    """Type the total or the margin wanted; one markup of the sheet follows."""

    _name = "construction.evaluation.solve"
    _description = "Reach a Total or a Margin"

    evaluation_id = fields.Many2one("construction.evaluation", required=True, ondelete="cascade", readonly=True)
    currency_id = fields.Many2one(related="evaluation_id.currency_id")
    target = fields.Selection([("total", "Total"), ("margin", "Margin")], default="total", required=True)
    amount = fields.Monetary(string="Total, Tax Excluded", compute="_compute_amount", store=True, readonly=False)
    margin_percent = fields.Float(string="Margin (%)", default=20.0)
    markup_name = fields.Char(
        string="Markup",
        compute="_compute_markup_name",
        store=True,
        readonly=False,
        help="The markup that is changed to get there; by default the last one.",
    )

    @api.depends("evaluation_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.evaluation_id.amount_total

    @api.depends("evaluation_id")
    def _compute_markup_name(self):
        for wizard in self:
            sheet = wizard.evaluation_id
            wizard.markup_name = sheet._get_markups()[-1:].name if sheet else False

    def action_apply(self):
        """Change the markup so that the sheet comes to what was typed, but for rounding of prices."""
        self.ensure_one()
        sheet = self.evaluation_id
        sheet._check_can_check()
        sheet._check_not_locked()
        if sheet.price_source != "buildup":
            raise UserError(
                self.env._(
                    "The prices of %(sheet)s come from the catalogue. Set “Prices From” to cost and markups first.",
                    sheet=sheet.display_name,
                )
            )
        markups = sheet._take_own_markups()
        markup = markups.filtered(lambda markup: markup.name == self.markup_name)[-1:]
        if not markup:
            raise UserError(self.env._("Choose one of the markups of the sheet to change."))
        costs = sheet._get_direct_costs()
        percent = buildup.solve(costs, markups._to_core(), markup.id, self._get_target(sum(costs.values())))
        if percent is None or not -100 < percent <= 1000:
            raise UserError(
                self.env._(
                    "No percentage of %(markup)s makes this total. Check the costs of the items and what was typed.",
                    markup=markup.name,
                )
            )
        markup.percent = percent
        return True

    def _get_target(self, cost):
        if self.target == "total":
            target = self.amount
        elif self.margin_percent >= 100 or not explosion.is_usable_quantity(self.margin_percent):
            raise UserError(self.env._("A margin lies below 100 % of the total."))
        else:
            target = buildup.price_for_margin(cost, self.margin_percent)
        if target <= 0 or not explosion.is_usable_quantity(target):
            raise UserError(self.env._("The total must lie above zero."))
        return target
