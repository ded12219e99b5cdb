"""Editing a line of a long quote: what stock looks for once a line, from line to line, is looked for once."""

from odoo import api, models

# Set while lines are gone through that are known not to be linked to each other.
NO_LINKED_LINES = "construction_no_linked_lines"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.onchange("order_line")
    def _onchange_order_line(self):
        if self._is_construction_quote() and not self.order_line._has_links():
            self = self.with_context(**{NO_LINKED_LINES: True})
        return super(SaleOrder, self)._onchange_order_line()


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _has_links(self):
        """Tell whether one of these lines belongs to another one, as what is chosen for a combo does."""
        return any(line.linked_line_id or line.linked_virtual_id or line.selected_combo_items for line in self)

    def _get_linked_lines(self):
        # Stock goes through all lines of the order for each of them.
        if self.env.context.get(NO_LINKED_LINES):
            return self.browse()
        return super()._get_linked_lines()
