from collections import defaultdict

from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_main_trade(self):
        """Return the trade with the most hours of labour among these components; empty where none is told."""
        hours = defaultdict(float)
        for line in self:
            if line.cost_nature == "labour" and line.product_id.trade_id:
                hours[line.product_id.trade_id] += line._get_labour_hours() or 0.0
        return max(hours, key=lambda trade: (hours[trade], -trade.id), default=self.env["construction.trade"])
