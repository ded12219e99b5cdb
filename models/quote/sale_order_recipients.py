from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === HOOKS === #

    def _message_add_default_recipients(self):
        # The person the deal is talked over with, beside the client the quote is made out to.
        result = super()._message_add_default_recipients()
        for order in self._get_construction_quotes():
            # sudo: who may send the quote need not see its deal.
            contact = order.sudo().opportunity_id.partner_id
            same_client = contact.commercial_partner_id == order.partner_id.commercial_partner_id
            if contact.email and same_client and contact not in result[order.id]["partners"]:
                recipients = contact.sudo(self.env.su) | result[order.id]["partners"].filtered("email")
                result[order.id] = {**result[order.id], "partners": recipients}
        return result
