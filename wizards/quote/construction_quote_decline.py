from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionQuoteDecline(models.TransientModel):
    """Ask why a quote that was sent is cancelled."""

    _name = "construction.quote.decline"
    _description = "Cancel a Sent Quote"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True, ondelete="cascade")
    reason_id = fields.Many2one("crm.lost.reason", help="Why the client declined the quote.")
    note = fields.Text(help="What the client said about it.")
    lead_id = fields.Many2one("crm.lead", compute="_compute_lead_id", compute_sudo=True)
    has_competitors = fields.Boolean(compute="_compute_lead_id", compute_sudo=True, export_string_translation=False)
    is_deal_lost = fields.Boolean(
        string="The Deal Is Lost, Too",
        help="Marks the deal as lost for the same reason. Leave it off where another quote may follow.",
    )
    competitor_id = fields.Many2one(
        "construction.competitor",
        string="Who Got the Job",
        domain="[('lead_id', '=', lead_id)]",
        help="One of the competitors on the deal, if you know.",
    )
    winner_id = fields.Many2one(
        "res.partner",
        string="Another Competitor",
        help="Somebody who does not stand on the deal yet got the job.",
    )

    @api.depends("order_id")
    def _compute_lead_id(self):
        for wizard in self:
            deal = wizard.order_id.opportunity_id
            is_open = deal.construction_type_id and deal.active and deal.won_status == "pending"
            wizard.lead_id = deal if is_open else False
            wizard.has_competitors = bool(wizard.lead_id.competitor_ids)

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
        # sudo: only which deal it is; losing it below is checked as the user
        lead = self.lead_id.sudo(False)
        self.order_id._decline(self.reason_id, self.note)
        if lead and self.is_deal_lost:
            lead.check_access("write")
            winner = self.competitor_id.partner_id or self.winner_id
            if winner:
                lead._set_winner(winner)
            lead.action_set_lost(lost_reason_id=self.reason_id.id)
        return {"type": "ir.actions.act_window_close"}

    def action_skip(self):
        """Cancel the quote as stock does, as when it was sent by mistake."""
        self.ensure_one()
        self.order_id.check_access("write")
        self.order_id._check_can_decline()
        self.order_id.action_cancel()
        return {"type": "ir.actions.act_window_close"}
