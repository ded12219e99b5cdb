from odoo import fields, models
from odoo.exceptions import UserError


class ConstructionQuoteDecline(models.TransientModel):
    """Ask why a quote that was sent is cancelled."""

    _name = "construction.quote.decline"
    _description = "Cancel a Sent Quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True, ondelete="cascade")
    reason_id = fields.Many2one("crm.lost.reason", help="Why the client declined the quote.")
    note = fields.Text(help="What the client said about it.")

    def action_decline(self):
        """Cancel the quote and keep the reason.

        :raise UserError: when no reason is given, or the quote is not open any more
        """
        self.ensure_one()
        if not self.reason_id:
            raise UserError(
                self.env._(
                    "Choose the reason why %(quote)s was declined, or cancel it without a reason.",
                    quote=self.order_id.name,
                )
            )
        self.order_id.check_access("write")
        self.order_id._decline(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}

    def action_skip(self):
        """Cancel the quote as stock does, as when it was sent by mistake."""
        self.ensure_one()
        self.order_id.check_access("write")
        self.order_id._check_can_decline()
        self.order_id.action_cancel()
        return {"type": "ir.actions.act_window_close"}
