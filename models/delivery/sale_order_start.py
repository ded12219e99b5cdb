from odoo import models


class SaleOrder(models.Model):
    """The client's yes asks for the start of the project, by whichever road it comes."""

    _inherit = "sale.order"

    def _action_confirm(self):
        # Here the roads meet: the button, and the client's signature or payment in the portal.
        result = super()._action_confirm()
        self._get_construction_quotes().opportunity_id._ask_to_start()
        return result

    def _action_cancel(self):
        # sudo: whoever cancels an order may not see its deal
        leads = self._get_construction_quotes().sudo().opportunity_id
        result = super()._action_cancel()
        unsold = leads.filtered(lambda lead: not lead.construction_project_id and not lead._get_confirmed_orders())
        unsold._stop_asking_to_start()
        return result
