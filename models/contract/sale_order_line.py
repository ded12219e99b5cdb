from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _prepare_invoice_line(self, **optional_values):
        """Deduct a partly credited down payment by what is left of it."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.is_downpayment and self._is_partly_credited():
            values["price_unit"] = self._get_net_price_unit()
            values["extra_tax_data"] = False
        return values

    def _is_partly_credited(self):
        """A down payment of a contract whose credit note left something of it.

        Stock counts pieces: one invoiced and one credited leaves none, whatever the two were worth.
        """
        self.ensure_one()
        return bool(
            self.is_downpayment
            and not self.display_type
            and self.order_id.contract_id
            and not self.qty_invoiced
            and not self.currency_id.is_zero(self.untaxed_amount_invoiced)
        )

    def _get_net_price_unit(self):
        """What invoices and credit notes of this down payment come to, in the terms of its price."""
        self.ensure_one()
        return sum(
            line.price_unit * line.quantity * -line.move_id.direction_sign
            for line in self.invoice_lines
            if line.move_id.state == "posted"
        )
