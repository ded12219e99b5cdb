from odoo import fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    """How a deal ends: what becomes of the competitors, and why it was lost."""

    _inherit = "crm.lead"

    competitor_ids = fields.One2many(
        "construction.competitor",
        "lead_id",
        string="Competitors",
        help="Who else bids for this job.",
    )

    # === ACTION === #

    def action_set_lost(self, **additional_values):
        # Stock archives first: a deal with a probability of 0 is lost by that already, and must have its reason.
        deals = self.filtered("construction_type_id")
        deals.check_access("write")
        if deals and additional_values.get("lost_reason_id"):
            deals.lost_reason_id = additional_values["lost_reason_id"]
        deals._check_lost_reason()
        return super().action_set_lost(**additional_values)

    # === BUSINESS === #

    def _get_winner(self):
        """The competitor who got this deal, as a contact; empty where nobody did or nobody knows."""
        self.ensure_one()
        return self.competitor_ids.filtered(lambda rival: rival.outcome == "won").partner_id

    def _set_winner(self, partner):
        """Note the competitor who got these deals; one who did not stand on a deal is added to it."""
        for lead in self:
            rival = lead.competitor_ids.filtered(lambda rival: rival.partner_id == partner)
            (lead.competitor_ids - rival).filtered(lambda rival: rival.outcome == "won").outcome = "open"
            if rival:
                rival._settle("won")
            else:
                values = {"partner_id": partner.id, "outcome": "won", "is_outcome_of_deal": True}
                lead.competitor_ids = [fields.Command.create(values)]

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """All roads to the end of a deal meet here: buttons, lists, imports, remote calls, and the way back."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        deals = self.filtered("construction_type_id")
        if not deals:
            return result

        def entered(key):
            return deals.filtered(
                lambda lead: (
                    new_status_by_lead.get(lead.id, {}).get(key) and not old_status_by_lead.get(lead.id, {}).get(key)
                )
            )

        def left(key):
            return deals.filtered(
                lambda lead: (
                    old_status_by_lead.get(lead.id, {}).get(key) and not new_status_by_lead.get(lead.id, {}).get(key)
                )
            )

        lost = entered("is_lost")
        lost._check_lost_reason()
        # sudo: how a deal ended is told of every competitor, whoever ends it
        (left("is_won") | left("is_lost")).sudo().competitor_ids._reopen()
        won = entered("is_won").sudo()
        won.competitor_ids.filtered(lambda rival: rival.outcome != "lost")._settle("lost")
        for lead in lost.sudo():
            if lead._get_winner():
                lead.competitor_ids.filtered(lambda rival: rival.outcome == "open")._settle("lost")
        lost._log_refusal()
        return result

    def _check_lost_reason(self):
        """Refuse to lose a construction deal without a reason, whatever the road."""
        for lead in self:
            if not lead.lost_reason_id:
                raise UserError(
                    self.env._(
                        "Say why the deal %(deal)s was lost: press Lost and choose a reason.",
                        deal=lead.name,
                    )
                )

    def _log_refusal(self):
        """Write on the client that these deals were lost, why, and who got them.

        No amount is told: whoever sees the client need not see what a deal was worth.
        """
        for lead in self.filtered("partner_id"):
            # sudo: whoever loses a deal may not write on its client, and need not see who got it
            lead = lead.sudo()
            winner = lead._get_winner()
            values = {"deal": lead._get_html_link(), "reason": lead.lost_reason_id.name or ""}
            if winner:
                body = self.env._(
                    "Lost the deal %(deal)s: %(reason)s. %(competitor)s got it.",
                    competitor=winner._get_html_link(),
                    **values,
                )
            else:
                body = self.env._("Lost the deal %(deal)s: %(reason)s.", **values)
            lead._post_on_client(body)

    def _post_on_client(self, body):
        """Leave a note in the history of the client."""
        self.ensure_one()
        self.partner_id.message_post(
            body=body, subtype_xmlid="mail.mt_note", author_id=self.env.user.partner_id.id
        )

    # === HOOKS === #

    def _merge_dependences(self, opportunities):
        """Carry the competitors of merged deals over to the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every competitor.
        opportunities.sudo().competitor_ids._relink_lead(self.sudo())
        return result
