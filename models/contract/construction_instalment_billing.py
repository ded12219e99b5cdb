from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .construction_contract_invoicing import BY_PLAN


class ConstructionInstalment(models.Model):
    """The draft invoice of an instalment: one, over all the orders of its contract.

    Down payments of stock, until the last row settles the orders with their down payments deducted.
    """

    _inherit = "construction.instalment"

    # === BUSINESS === #

    def _create_invoice(self):
        """The draft invoice of this instalment: a down payment, or the settlement of the orders.

        :raises UserError: the contract has no confirmed order, or the settlement does not come to the plan
        """
        self.ensure_one()
        # accounts and journals are those of the contract, whichever company the user works in
        self = self.with_company(self.company_id)
        # reason of sudo: stock keeps its invoicing for salespeople; invoicing rights are checked by the caller
        orders = self.contract_id.sudo()._get_orders_to_invoice()
        if not orders:
            raise UserError(
                self.env._("Contract %(contract)s has no confirmed order to invoice.", contract=self.contract_id.name)
            )
        unsettled = orders.filtered(lambda order: not order._has_regular_invoice())
        if unsettled and not self._get_open_siblings():
            move = self._create_settlement(unsettled, orders - unsettled)
        else:
            move = self._create_down_payment(orders)
        return move.sudo(self.env.su)

    def _create_down_payment(self, orders):
        """One invoice of down payments, each order's share with the taxes of that order."""
        values = self._prepare_down_payment_values(orders, self.amount + self.amount_recouped, self.amount_recouped)
        values |= self._prepare_plan_values(orders[0])
        # reason of sudo: see _create_invoice
        move = self.env["account.move"].sudo().create(values)
        billed = move.line_ids.sale_line_ids.order_id
        move.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": move, "origin": billed},
            subtype_xmlid="mail.mt_note",
        )
        for order in billed:
            order.message_post(
                body=self.env._(
                    "%(invoice)s has been created",
                    invoice=move._get_html_link(title=self.env._("Down payment invoice")),
                )
            )
        return move

    def _prepare_down_payment_values(self, orders, amount, recouped=0.0):
        """Values of an invoice of down payments; the lines of the orders they belong to are made.

        :param float amount: to bill, taxes included, before the advance is taken back
        :param float recouped: to take back of the advance
        """
        values = {}
        lines = []
        for order, share in self._share_over_orders(orders, amount):
            lines.append((order, *order._create_plan_lines(self, share)))
        for order, share in self._share_recoupment(orders, recouped):
            lines.append((order, *order._create_recoupment_lines(self, share)))
        for order, sale_lines, accounts in lines:
            wizard = self.env["sale.advance.payment.inv"].sudo(order.env.su)
            wizard = wizard.create({"sale_order_ids": order.ids, "advance_payment_method": "fixed"})
            wizard = wizard.with_company(order.company_id).with_context(accounts=accounts)
            part = wizard._prepare_down_payment_invoice_values(order, sale_lines)
            if not values:
                values = part
                continue
            values["invoice_line_ids"] += part["invoice_line_ids"]
            values["invoice_origin"] = ", ".join(dict.fromkeys([*values["invoice_origin"].split(", "), order.name]))
        for sequence, command in enumerate(values["invoice_line_ids"], 1):
            command[2]["sequence"] = sequence
        return values

    def _share_over_orders(self, orders, amount):
        """How much of `amount` each order is billed: in proportion to what is still to bill on it.

        :return: list of (order, amount), without those which get nothing
        """
        if len(orders) == 1:
            return [(orders, amount)]
        weights = [max(order.amount_total - order._get_billed_total(), 0.0) for order in orders]
        if self.currency_id.is_zero(sum(weights)):
            weights = [max(order.amount_total, 0.0) for order in orders]
        return self._share(orders, weights, amount)

    def _share_recoupment(self, orders, amount):
        """How much each order takes back: in proportion to what is left of the advance billed on it."""
        if self.currency_id.is_zero(amount):
            return []
        return self._share(orders, [max(order._get_advance_left(), 0.0) for order in orders], amount)

    def _share(self, orders, weights, amount):
        total, running, placed, shares = sum(weights), 0.0, 0.0, []
        for order, weight in zip(orders, weights, strict=True):
            running += weight
            until = self.currency_id.round(amount * running / total) if total else 0.0
            share = self.currency_id.round(until - placed)
            placed = until
            if share:
                shares.append((order, share))
        # no order is worth anything: the first one is billed
        return shares or [(orders[:1], amount)]

    def _create_settlement(self, orders, settled):
        """Invoice whole orders with their down payments deducted; it must come to this instalment.

        :param orders: sale.order records nobody has invoiced but for down payments
        :param settled: the other orders of the contract: what is left to bill on them is added
        """
        orders._force_lines_to_invoice_policy_order()
        # reason of sudo: see _create_invoice
        self.contract_id.sudo().move_ids._link_plan_lines()
        amount = self.amount
        move = orders.with_context(construction_invoice_by_plan=BY_PLAN)._create_invoices(final=True)
        move = move.with_env(orders.env)
        if len(move) == 1:
            move.write(self._prepare_settlement_values(move, orders))
            left = self.currency_id.round(amount - move.amount_total)
            if settled and not self.currency_id.is_zero(left):
                values = self._prepare_down_payment_values(settled, left)
                move.write({"invoice_line_ids": values["invoice_line_ids"]})
            move._absorb_cents(amount, len(orders.order_line.filtered("is_downpayment")) + len(orders))
        if len(move) != 1 or self.currency_id.compare_amounts(move.amount_total, amount):
            raise UserError(
                self.env._(
                    "The last invoice of %(contract)s would come to %(total)s, while the plan says %(amount)s. "
                    "Look for invoices of the order made outside the payment plan: %(others)s.",
                    contract=self.contract_id.name,
                    total=self.currency_id.format(sum(move.mapped("amount_total"))),
                    amount=self.currency_id.format(amount),
                    others=self._describe_stray_invoices() or self.env._("none found"),
                )
            )
        return move

    def _prepare_settlement_values(self, move, orders):
        values = self._prepare_plan_values(orders[0])
        if values.get("invoice_payment_term_id") == move.invoice_payment_term_id.id:
            # written again, the receivable would be made anew
            del values["invoice_payment_term_id"]
        return values

    def _prepare_plan_values(self, order):
        """What every invoice of an instalment carries besides stock's values. Other rooms add theirs."""
        self.ensure_one()
        values = {
            "instalment_id": self.id,
            "narration": self._get_invoice_narration() + (order.note or Markup()),
        }
        term = self.contract_id.payment_term_id
        if term:
            values["invoice_payment_term_id"] = term.id
        return values

    def _get_invoice_narration(self):
        """What the invoice says of its contract, in the language of the client.

        :return: Markup
        """
        self.ensure_one()
        contract = self.contract_id
        lang = contract.order_ids[:1].partner_invoice_id.lang or self.partner_id.lang or self.env.lang
        own = self.with_context(lang=lang)
        # A row that asks for nothing, as that of a certificate which was withdrawn, is no instalment to the client.
        zero = contract.currency_id.is_zero
        rows = contract.instalment_ids.filtered(lambda row: row == self or not zero(row.amount_gross))
        rows = rows.sorted(lambda row: (row.sequence, row.id))
        values = {
            "contract": contract.name,
            "number": rows.ids.index(self.id) + 1,
            "count": len(rows),
            "name": self.name,
        }
        lines = [own.env._("Contract %(contract)s, instalment %(number)s of %(count)s: %(name)s", **values)]
        if contract.date_signed:
            values["date"] = format_date(own.env, contract.date_signed)
            lines[0] = own.env._(
                "Contract %(contract)s of %(date)s, instalment %(number)s of %(count)s: %(name)s", **values
            )
        currency = self.currency_id.with_env(own.env)
        if not currency.is_zero(self.amount_recouped):
            lines.append(
                own.env._(
                    "Work of %(gross)s, advance taken back %(recouped)s",
                    gross=currency.format(self.amount_gross),
                    recouped=currency.format(self.amount_recouped),
                )
            )
        billed = sum((contract.instalment_ids - self).mapped("amount_booked")) + self.amount
        lines.append(
            own.env._(
                "Invoiced with this invoice: %(billed)s of %(total)s",
                billed=currency.format(billed),
                total=currency.format(contract.amount_total),
            )
        )
        return Markup("<p>%s</p>") % Markup("<br/>").join(lines)

    def _describe_stray_invoices(self):
        strays = self.contract_id.move_ids.filtered(lambda move: not move.instalment_id and move.state != "cancel")
        return ", ".join(strays.mapped("display_name"))
