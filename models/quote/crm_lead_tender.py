from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_offer_date(self):
        # sudo: what was sent counts, whoever may read it
        sent = [order.date_sent for order in self.sudo().order_ids if order.date_sent]
        return max(sent) if sent else super()._get_offer_date()


class SaleOrder(models.Model):
    """A quote that is sent is the offer of its tender."""

    _inherit = "sale.order"

    def _write_life_cycle(self, vals):
        result = super()._write_life_cycle(vals)
        if vals.get("date_sent"):
            # sudo: whoever sends the quote need not be allowed to change the deal
            self.sudo().opportunity_id._hand_in_tenders(vals["date_sent"])
        return result

    def _action_confirm(self):
        result = super()._action_confirm()
        # reason of sudo: as above; what the client ordered was handed in, if not by mail
        self._get_construction_quotes().sudo().opportunity_id._hand_in_tenders(fields.Datetime.now())
        return result
