from collections import defaultdict

from odoo import models

from .hours import get_hour, to_hours


class SaleOrderLine(models.Model):
    """Whose work the labour of order lines is."""

    _inherit = "sale.order.line"

    def _get_hours_by_trade(self, hour=None, taken_apart=None):
        """Return the hours of labour in these lines by their trade; empty for labour without one.

        :param hour: the unit hour, where it is known
        :param dict taken_apart: what ``_take_works_apart`` gave for these lines, else it is asked
        """
        hour = hour or get_hour(self.env)
        taken_apart = self._take_works_apart() if taken_apart is None else taken_apart
        hours = defaultdict(float)
        for line in self:
            if line in taken_apart:
                for part in taken_apart[line]:
                    if part["nature"] == "labour" and part["percent"] is None:
                        hours[part["product"].trade_id] += to_hours(part["exact_quantity"], part["uom"], hour)
            elif line.cost_nature == "labour" and not line.task_id:
                hours[line.product_id.trade_id] += to_hours(line.product_uom_qty, line.product_uom_id, hour)
        return {trade: value for trade, value in hours.items() if value > 0}

    def _get_main_trade(self, hour=None, taken_apart=None):
        """Return the trade with the most hours of labour in these lines; empty where none is told."""
        hours = self._get_hours_by_trade(hour, taken_apart)
        return max(
            (trade for trade in hours if trade),
            key=lambda trade: (hours[trade], -trade.id),
            default=self.env["construction.trade"],
        )
