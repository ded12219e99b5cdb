from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class AccountMove(models.Model):
    """What invoices mean to the payment plan of their contract."""

    _inherit = "account.move"

    def button_draft(self):
        """An invoice that comes back, or a credit note that goes, must not bill an instalment twice."""
        result = super().button_draft()
        for move in self.filtered("instalment_id"):
            move._check_invoiced_once()
        # a credit note that is taken back leaves its invoice to bill the instalment again
        self.instalment_id._finish_billed()
        return result

    # === BUSINESS === #

    def _check_invoiced_once(self):
        """Refuse this change of state where the instalment has been invoiced again since."""
        self.ensure_one()
        # reason of sudo: whoever changes this invoice need not read the others
        moves = self.sudo().instalment_id.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state != "cancel"
        )
        left = {move: move._get_left_after_credit() for move in moves}
        live = moves.filtered(lambda move: left[move] > 0)
        # what was credited twice may be billed once more
        if len(live) <= 1 + sum(amount < 0 for amount in left.values()):
            return
        # reason of sudo: who posts invoices need not read the plan
        values = {
            "invoice": self.display_name,
            "name": self.sudo().instalment_id.name,
            "other": (live - self)[-1:].display_name,
        }
        if self.move_type == "out_invoice":
            raise UserError(
                self.env._(
                    "%(invoice)s cannot be restored: instalment “%(name)s” is invoiced by %(other)s. "
                    "Cancel that invoice first.",
                    **values,
                )
            )
        raise UserError(
            self.env._(
                "%(invoice)s cannot be taken back: instalment “%(name)s” is invoiced again by %(other)s. "
                "Cancel that invoice first.",
                **values,
            )
        )

    def _get_left_after_credit(self):
        """What is left of this invoice after its posted credit notes."""
        self.ensure_one()
        refunds = self.reversal_move_ids.filtered(lambda refund: refund.state == "posted")
        return self.currency_id.round(self.amount_total - sum(refunds.mapped("amount_total")))

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
