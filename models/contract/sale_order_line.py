from odoo import fields, models
from odoo.fields import Command


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    instalment_id = fields.Many2one(
        "construction.instalment",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The instalment this down payment was made for.",
    )
    is_recoupment = fields.Boolean(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="A negative down payment: it takes an advance back.",
    )

    # === COMPUTE === #

    def _get_downpayment_description(self):
        name = super()._get_downpayment_description()
        if self.is_recoupment and not self.display_type:
            return self.env._("Advance taken back: %(name)s", name=name)
        return name

    # === BUSINESS === #

    def _prepare_invoice_line(self, **optional_values):
        """Deduct a down payment of a contract by what its invoices come to, edited and credited as they are."""
        values = super()._prepare_invoice_line(**optional_values)
        if self.display_type or not self.order_id.contract_id:
            return values
        if self.is_downpayment:
            if optional_values.get("quantity") == -1.0 and self._get_billed_lines() and not self._is_billed_as_made():
                values |= self._prepare_deduction_values()
        elif len(self.order_id.contract_id.order_ids) > 1:
            # taxes of each order are rounded as on the order, though one invoice bills them all
            extra = dict(values.get("extra_tax_data") or {})
            values["extra_tax_data"] = {"computation_key": f"order,{self.order_id.id}"} | extra
        return values

    def _prepare_deduction_values(self):
        lines = self._get_billed_lines()
        return {
            "price_unit": self._get_billed_price(),
            "discount": 0.0,
            "tax_ids": [Command.set((lines.tax_ids or self.tax_ids).ids)],
            "extra_tax_data": {"computation_key": (self.extra_tax_data or {}).get("computation_key") or f"line,{self.id}"},
        }

    def _get_billed_lines(self):
        """Invoice lines that bill this line: a draft credit note is an intention."""
        self.ensure_one()
        return self.invoice_lines.filtered(
            lambda line: (
                line.parent_state == "posted"
                or (line.parent_state == "draft" and line.move_id.move_type == "out_invoice")
            )
        )

    def _is_billed_as_made(self):
        """Whether invoices bill this down payment just as it was made, so that stock's way deducts it to the cent."""
        self.ensure_one()
        lines = self._get_billed_lines()
        return (
            not self.currency_id.compare_amounts(self._get_billed_price(), self.price_unit)
            and not any(line.discount for line in lines)
            and sum(line.quantity * -line.move_id.direction_sign for line in lines) == 1
            and lines.tax_ids == self.tax_ids
        )

    def _get_billed_price(self):
        """What invoices and credit notes of this line come to, in the terms of its price."""
        self.ensure_one()
        return sum(
            line.price_unit * (1 - line.discount / 100) * line.quantity * -line.move_id.direction_sign
            for line in self._get_billed_lines()
        )

    def _get_billed_total(self):
        """What invoices and credit notes of this line come to, taxes included, in the currency of the order."""
        self.ensure_one()
        total = 0.0
        for line in self._get_billed_lines():
            amount = line.price_total * -line.move_id.direction_sign
            if line.currency_id != self.currency_id:
                date = line.move_id.invoice_date or line.move_id.date
                amount = line.currency_id._convert(amount, self.currency_id, self.company_id, date)
            total += amount
        return total

    def _is_of_advance(self):
        """Whether this is a down payment of an advance, or takes one back."""
        self.ensure_one()
        if not self.is_downpayment or self.display_type:
            return False
        return self.is_recoupment or self.instalment_id.kind == "advance"
