from odoo import models


class SaleAdvancePaymentInv(models.TransientModel):
    _inherit = "sale.advance.payment.inv"

    def _create_invoices(self, sale_orders):
        """Orders of contracts are invoiced by their payment plan."""
        (sale_orders | self.sale_order_ids)._check_not_invoiced_by_plan()
        return super()._create_invoices(sale_orders)

    def _prepare_down_payment_invoice_line_values(self, order, so_line, account):
        values = super()._prepare_down_payment_invoice_line_values(order, so_line, account)
        instalment = so_line.instalment_id
        if instalment:
            instalment = instalment.with_context(lang=order._get_lang())
            contract = instalment.contract_id
            source = contract.name if len(contract.order_ids) == 1 else f"{contract.name}, {order.name}"
            name = instalment.env._("Advance taken back") if so_line.is_recoupment else instalment.name
            values["name"] = f"{name} ({source})"
        return values
