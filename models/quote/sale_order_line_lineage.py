"""A line stays the same line when its quote is revised or copied."""

from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    lineage = fields.Integer(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="The line of the first issue this line goes back to; empty on that line itself.",
    )

    # === BUSINESS === #

    def _get_lineage(self):
        """Give what this line has in common with its like in other issues of the quote."""
        return self.lineage or self._origin.id or self.id

    # === CRUD === #

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        quotes = self.order_id._get_construction_quotes()
        for line, vals in zip(self, vals_list):
            if line.order_id in quotes:
                vals.setdefault("lineage", line._get_lineage())
        return vals_list
