from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === HOOKS === #

    def _action_confirm(self):
        # Here both roads meet: the button and the customer's signature or payment in the portal.
        result = super()._action_confirm()
        self._get_construction_quotes().opportunity_id._win_by_order()
        return result

    def _action_cancel(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        leads = confirmed._get_construction_quotes().opportunity_id
        result = super()._action_cancel()
        leads._restore_stage_before_won()
        return result
