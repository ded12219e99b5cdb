from odoo import fields, models


class ConstructionQuoteRevise(models.TransientModel):
    """Ask why a quote is revised, then make its revision."""

    _name = "construction.quote.revise"
    _description = "Revise a Quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True, ondelete="cascade")
    reason = fields.Text(required=True, help="Kept on the revision and told in the history of both.")

    def action_revise(self):
        """Make the revision and open it."""
        self.ensure_one()
        return self.order_id.action_revise(reason=self.reason)
