from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.estimate import buildup, explosion


class ConstructionEvaluationSolve(models.TransientModel):
    """Type the total or the margin wanted; one markup of the sheet follows."""

    _name = "construction.evaluation.solve"
    _description = "Reach a Total or a Margin"

    evaluation_id = fields.Many2one("construction.evaluation", ondelete="cascade", readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    target = fields.Selection([("total", "Total"), ("margin", "Margin")], default="total", required=True)
    amount = fields.Monetary(string="Total, Tax Excluded", compute="_compute_amount", store=True, readonly=False)
    margin_percent = fields.Float(string="Margin (%)", default=20.0)
    markup_id = fields.Many2one(
        "construction.markup",
        compute="_compute_markup_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('id', 'in', available_markup_ids)]",
        help="The markup that is changed to get there; by default the last one.",
    )
    available_markup_ids = fields.Many2many("construction.markup", compute="_compute_available_markup_ids")
    is_applied = fields.Boolean(readonly=True)
    amount_reached = fields.Monetary(string="Total Now, Tax Excluded", readonly=True)
    difference = fields.Monetary(
        string="Difference That Remains",
        readonly=True,
        help="What the total still lacks of what was typed, because each price is rounded.",
    )

    @api.depends("evaluation_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard._get_document().currency_id

    @api.depends("evaluation_id")
    def _compute_amount(self):
        for wizard in self:
            document = wizard._get_document()
            wizard.amount = document._get_solved_total() if document else 0.0

    @api.depends("evaluation_id")
    def _compute_available_markup_ids(self):
        for wizard in self:
            document = wizard._get_document()
            markups = document._get_markups() if document else self.env["construction.markup"]
            wizard.available_markup_ids = markups.filtered(lambda markup: markup.base != "round")

    @api.depends("available_markup_ids")
    def _compute_markup_id(self):
        for wizard in self:
            wizard.markup_id = wizard.available_markup_ids[-1:]

    def action_apply(self):
        """Change the markup so that the document comes to what was typed, but for rounding of prices."""
        self.ensure_one()
        document = self._get_document()
        document._check_can_solve()
        place = self._get_place(document)
        markups = document._take_own_markups()
        markup = markups.sorted()[place]
        costs = document._get_direct_costs()
        wanted = self._get_target(document, sum(costs.values()))
        target = wanted - document._get_other_amount()
        percent = buildup.solve(costs, markups._to_core(), markup.id, target)
        if percent is None or not -100 < percent <= 1000:
            raise UserError(
                self.env._(
                    "No percentage of %(markup)s makes this total. Check the costs of the items and what was typed.",
                    markup=markup.name,
                )
            )
        markup.percent = percent
        return self._tell_difference(document, wanted)

    def _tell_difference(self, document, wanted):
        """Keep the screen open to say what rounding left over; close it when the total was met."""
        reached = document._get_solved_total()
        difference = self.currency_id.round(wanted - reached)
        if self.currency_id.is_zero(difference):
            return {"type": "ir.actions.act_window_close"}
        self.write({"is_applied": True, "amount_reached": reached, "difference": difference})
        return self._get_records_action(name=self.env._("Reach a Total or a Margin"), target="new")

    def _get_document(self):
        """Give the sheet, or what other rooms solve for."""
        return self.evaluation_id

    def _get_place(self, document):
        """Give the place of the chosen markup; the document may get its own copies of the markups only now."""
        ids = document._get_markups().sorted().ids
        if self.markup_id.id not in ids or self.markup_id.base == "round":
            raise UserError(self.env._("Choose one of the percentages to change."))
        return ids.index(self.markup_id.id)

    def _get_target(self, document, cost):
        if self.target == "total":
            target = self.amount
        elif self.margin_percent >= 100 or not explosion.is_usable_quantity(self.margin_percent):
            raise UserError(self.env._("A margin lies below 100 % of the total."))
        else:
            target = buildup.price_for_margin(cost + document._get_other_cost(), self.margin_percent)
        if target <= 0 or not explosion.is_usable_quantity(target):
            raise UserError(self.env._("The total must lie above zero."))
        return target
