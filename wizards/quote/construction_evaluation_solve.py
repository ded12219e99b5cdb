from odoo import api, fields, models


class ConstructionEvaluationSolve(models.TransientModel):
    _inherit = "construction.evaluation.solve"

    order_id = fields.Many2one("sale.order", string="Quote", ondelete="cascade", readonly=True)

    @api.depends("order_id")
    def _compute_currency_id(self):  # pylint: disable=missing-return
        super()._compute_currency_id()

    @api.depends("order_id")
    def _compute_amount(self):  # pylint: disable=missing-return
        super()._compute_amount()

    @api.depends("order_id")
    def _compute_available_markup_ids(self):  # pylint: disable=missing-return
        super()._compute_available_markup_ids()

    def _get_document(self):
        return self.order_id or super()._get_document()

    def action_reach_target(self):
        """Go on to bring the quote to the very total: prices scaled, what is left over in a row of its own."""
        self.ensure_one()
        action = self.order_id.action_reach_target()
        self.env["construction.quote.target"].browse(action["res_id"]).amount = self.amount_reached + self.difference
        return action
