from odoo import api, models


class SaleOrder(models.Model):
    """What an order has to do with the payment plan of its contract."""

    _inherit = "sale.order"

    # === COMPUTE === #

    @api.depends("contract_id.is_one_off")
    def _compute_is_contractable(self):
        """A one-off sale is invoiced as any order."""
        super()._compute_is_contractable()
        for order in self:
            if order.is_invoiced_by_plan and order.contract_id.is_one_off:
                order.is_invoiced_by_plan = False

    # === BUSINESS === #

    def _watch_contract_plan(self):
        """Before a change of these orders: have their contracts tell what it moves in their plans."""
        for contract, orders in self.filtered("contract_id").grouped("contract_id").items():
            contract._watch_plan(self.env._("Order %(orders)s changed", orders=", ".join(orders.mapped("name"))))
