from odoo import models
from odoo.fields import Command


class AccountMove(models.Model):
    """What invoices mean to the payment plan of their contract."""

    _inherit = "account.move"

    # === BUSINESS === #

    def _get_plan_total(self):
        """What this invoice bills of its contract: its total but for rounding to coins, unsigned."""
        self.ensure_one()
        if not self.invoice_cash_rounding_id:
            return self.amount_total
        rounding = self.line_ids.filtered(lambda line: line.display_type == "rounding")
        return self.amount_total - self.direction_sign * sum(rounding.mapped("amount_currency"))

    def _get_recouped_total(self):
        """What this invoice takes back of the advances of its contract, taxes included."""
        self.ensure_one()
        # reason of sudo: sums are the same for everybody, whether or not they may read orders
        lines = self.sudo().line_ids.filtered(
            lambda line: (
                line.display_type == "product" and any(sale_line._is_of_advance() for sale_line in line.sale_line_ids)
            )
        )
        return -sum(lines.mapped("price_total"))

    def _link_plan_lines(self):
        """Make down payments of the lines people added to the down payment invoices of instalments.

        Otherwise the settlement would bill them once more.
        """
        # reason of sudo: orders are stock's, and here only carry what is billed
        for move in self.sudo().filtered(lambda move: move.instalment_id and move.move_type == "out_invoice"):
            lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            linked = lines.filtered("sale_line_ids")
            if lines == linked or not all(line.is_downpayment for line in linked.sale_line_ids):
                continue
            orders = linked.sale_line_ids.order_id or move.instalment_id.contract_id._get_orders_to_invoice()
            for line in lines - linked if orders else ():
                sale_line = orders[0]._create_linked_down_payment(move.instalment_id, line)
                line.write({"sale_line_ids": [Command.link(sale_line.id)], "is_downpayment": True})

    def _absorb_cents(self, amount, count):
        """Bring the total of this draft to `amount` where edited down payments were rounded one by one.

        :param int count: how many times taxes were rounded: no more cents than that are moved
        """
        self.ensure_one()
        currency = self.currency_id
        left = currency.round(amount - self.amount_total)
        taxes = self.line_ids.filtered("tax_repartition_line_id")
        if currency.is_zero(left) or abs(left) > currency.rounding * (count + 0.5) or not taxes:
            return
        line = max(taxes, key=lambda line: abs(line.amount_currency))
        self.write(
            {
                "line_ids": [
                    Command.update(
                        line.id, {"amount_currency": currency.round(line.amount_currency + self.direction_sign * left)}
                    )
                ]
            }
        )

    def _tell_plan_left(self):
        """Say on the contract when an invoice leaves a plan that no longer adds up."""
        # reason of sudo: invoices may be posted by people who may not write on contracts
        for move in self.sudo().filtered("instalment_id"):
            contract = move.contract_id
            left = contract.amount_left
            if contract.currency_id.is_zero(left):
                continue
            if left > 0:
                body = self.env._(
                    "%(invoice)s came to another amount than planned, and no open instalment takes the difference: "
                    "%(left)s of the contract is in no instalment now. Add an instalment for it.",
                    invoice=move._get_html_link(),
                    left=contract.currency_id.format(left),
                )
            else:
                body = self.env._(
                    "%(invoice)s came to another amount than planned, and no open instalment takes the difference: "
                    "the plan asks for %(left)s more than the contract is worth. Lower an instalment, or credit that.",
                    invoice=move._get_html_link(),
                    left=contract.currency_id.format(-left),
                )
            contract.message_post(body=body)
