from odoo import fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    stage_before_won_id = fields.Many2one(
        "crm.stage",
        readonly=True,
        copy=False,
        ondelete="set null",
        export_string_translation=False,
    )

    # === ACTION === #

    def action_send_quote(self):
        """Write the mail with the current quote of this deal; of several variants, choose first.

        :return: the action that opens the mail, or the list of the quotes
        :raise UserError: when there is no quote to be sent, or it has expired
        """
        self.ensure_one()
        quotes = self.order_ids.filtered(
            lambda order: order.state in ("draft", "sent") and not order.superseded_by_id and not order.open_revision_id
        )
        if not quotes:
            raise UserError(self.env._("%(deal)s has no open quote: generate one from its sheet.", deal=self.name))
        if len(quotes) > 1:
            action = quotes._get_records_action(name=self.env._("Choose the Quote to Send"))
            return {**action, "context": {**self.env.context, "create": False}}
        if quotes.is_expired:
            raise UserError(
                self.env._(
                    "%(quote)s has expired. Open it and reprice it, or give it a new date, before it is sent.",
                    quote=quotes.name,
                )
            )
        return quotes.action_quotation_send()

    # === HOOKS === #

    def _get_lead_quotation_domain(self):
        # A quote that was replaced counts in the one that replaced it.
        return [*super()._get_lead_quotation_domain(), ("superseded_by_id", "=", False)]

    # === BUSINESS === #

    def _merge_dependences(self, opportunities):
        """Carry the quotes of merged deals over to the one that remains, also those of colleagues."""
        result = super()._merge_dependences(opportunities)
        deals = opportunities.filtered("construction_type_id")
        if deals:
            # sudo: stock moves only the quotes which the user may see; the others would be left without a deal.
            # Searched: what the user sees of them is cached already.
            orders = self.env["sale.order"].sudo().search([("opportunity_id", "in", deals.ids)])
            orders.opportunity_id = self
        return result

    def _win_by_order(self):
        """Mark construction deals won by a confirmed order, and remember where they stood.

        A lost deal is restored: the customer has decided otherwise.
        """
        # A deal stands won by its stage; a lost one is archived, whatever its stage.
        # sudo: winning follows from the order; whoever may confirm that need not have a right on deals
        deals = self.sudo().filtered(
            lambda lead: lead.construction_type_id and not (lead.active and lead.stage_id.is_won)
        )
        for stage, leads in deals.grouped("stage_id").items():
            if not stage.is_won:
                leads.stage_before_won_id = stage
        if deals:
            deals.action_set_won()

    def _restore_stage_before_won(self):
        """Take deals back to where they stood when no confirmed order is left on them."""
        # sudo: as winning does, this follows from the order; and orders of colleagues keep a deal won, too
        for stage, leads in self.sudo().filtered("stage_before_won_id").grouped("stage_before_won_id").items():
            leads = leads.filtered(lambda lead: not any(order.state == "sale" for order in lead.order_ids))
            won = leads.filtered("stage_id.is_won")
            leads.stage_before_won_id = False
            # Somebody may have moved the deal since: then it stays where it was put.
            won.write({"stage_id": stage.id})

    # === LOSING === #

    def _log_declined(self, order):
        """Write on the client that a quote of this deal was declined, and why. No amount is told."""
        for lead in self.filtered(lambda lead: lead.construction_type_id and lead.partner_id):
            reason = order.decline_reason_id.name or order.decline_note or ""
            lead._post_on_client(
                self.env._(
                    "Declined the quote %(quote)s of the deal %(deal)s: %(reason)s",
                    quote=order._get_html_link(),
                    deal=lead._get_html_link(),
                    reason=reason,
                )
            )
