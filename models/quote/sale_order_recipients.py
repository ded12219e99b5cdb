from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === HOOKS === #

    def _message_add_default_recipients(self):
        # The person the deal is talked over with and the parties that get quotes, beside the client it is made out to.
        result = super()._message_add_default_recipients()
        for order in self._get_construction_quotes():
            # sudo: who may send the quote need not see its deal.
            lead = order.sudo().opportunity_id
            contact = lead.partner_id
            partners = result[order.id]["partners"]
            same_client = contact.commercial_partner_id == order.partner_id.commercial_partner_id
            first = contact if contact.email and same_client and contact not in partners else contact.browse()
            parties = lead.party_ids._get_recipients("quote") - partners
            if first or parties:
                recipients = (first | partners.filtered("email") | parties).sudo(self.env.su)
                result[order.id] = {**result[order.id], "partners": recipients}
        return result
