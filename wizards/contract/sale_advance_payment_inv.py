from odoo import fields, models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    instalment_id = fields.Many2one(
        "construction.instalment",
        readonly=True,
        help="The instalment this down payment is asked for.",
    )

    def _prepare_down_payment_invoice_values(self, order, so_lines):
        values = super()._prepare_down_payment_invoice_values(order, so_lines)
        if self.instalment_id:
            values["instalment_id"] = self.instalment_id.id
        return values

    def _prepare_down_payment_invoice_line_values(self, order, so_line, account):
        values = super()._prepare_down_payment_invoice_line_values(order, so_line, account)
        if self.instalment_id:
            contract = self.instalment_id.contract_id
            values["name"] = f"{self.instalment_id.name} ({contract.name})"
        return values
