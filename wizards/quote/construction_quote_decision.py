from odoo import fields, models


class ConstructionQuoteDecision(models.TransientModel):
    """Ask the reason for refusing an approval, or for doing without it."""

    _name = "construction.quote.decision"
    _description = "Decide on the Approval of a Quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True, ondelete="cascade")
    decision = fields.Selection([("refuse", "Refuse"), ("override", "Allow Without Approval")], required=True)
    reason = fields.Text(required=True)

    def action_decide(self):
        """Write the decision down on the quote."""
        self.ensure_one()
        if self.decision == "refuse":
            return self.order_id.action_refuse(self.reason)
        return self.order_id.action_override(self.reason)
