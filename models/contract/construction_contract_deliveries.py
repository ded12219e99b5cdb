from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ConstructionContract(models.Model):
    """The delivery plan of a contract, filled from its orders."""

    _inherit = "construction.contract"

    delivery_late_count = fields.Integer(compute="_compute_delivery_late_count", compute_sudo=True)

    # === COMPUTE === #

    @api.depends("delivery_ids.date_planned", "delivery_ids.state")
    def _compute_delivery_late_count(self):
        for contract in self:
            contract.delivery_late_count = len(contract.delivery_ids.filtered("is_late"))

    # === ACTION === #

    def action_fill_deliveries(self):
        """Plan the goods of the orders that no delivery covers yet, a row each.

        :raises UserError: there is nothing left to plan
        """
        self.ensure_one()
        self.check_access("write")
        values = self._prepare_deliveries_values()
        if not values:
            raise UserError(
                self.env._(
                    "The orders of contract %(contract)s have no goods left to plan. Add other deliveries by hand.",
                    contract=self.name,
                )
            )
        self.delivery_ids = [Command.create(row) for row in values]
        return True

    # === BUSINESS === #

    def _prepare_deliveries_values(self):
        """Values of a delivery for each order line with goods, of the quantity no row plans yet."""
        self.ensure_one()
        lines = self.order_ids.order_line.filtered(lambda line: line._is_goods_to_deliver())
        planned = {}
        for delivery in self.delivery_ids:
            planned[delivery.sale_line_id] = planned.get(delivery.sale_line_id, 0.0) + delivery.quantity
        today = fields.Date.context_today(self)
        values = []
        for line in lines:
            quantity = line.product_uom_id.round(line.product_uom_qty - planned.get(line, 0.0))
            if quantity > 0:
                day = line.order_id.commitment_date
                values.append(
                    {
                        "name": line.product_id.display_name,
                        "sale_line_id": line.id,
                        "product_id": line.product_id.id,
                        "quantity": quantity,
                        "date_planned": day.date() if day else self.date_start or today,
                    }
                )
        return values
