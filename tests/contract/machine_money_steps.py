"""What people do with invoices, payments and the bank."""

from uuid import UUID

from odoo.fields import Command


class MoneySteps:
    MONEY_STEPS = {
        "invoice": 14,
        "invoice_many": 3,
        "post": 20,
        "edit_draft": 5,
        "drop_draft": 3,
        "register_payment": 12,
        "collect": 7,
        "collect_several": 2,
        "collect_contract": 2,
        "collect_as_salesperson": 2,
        "confirm": 2,
        "use_on": 4,
        "statement": 8,
        "assign_outstanding": 6,
        "credit": 7,
        "reverse": 5,
        "change_credit_note": 8,
        "cancel_invoice": 4,
        "restore_invoice": 2,
        "draft_payment": 3,
        "post_payment": 3,
        "cancel_payment": 2,
        "reject_payment": 1,
        "edit_payment": 1,
        "drop_payment": 1,
        "unreconcile": 10,
        "bill_by_hand": 1,
    }

    # === INVOICES === #

    def step_invoice(self):
        due = self.get_rows("due").filtered(lambda row: not row.invoicing_obstacle)
        row = self.pick(due if due and self.rng.random() < 0.8 else self.get_rows())
        row = self.as_somebody(row)
        row.action_invoice()
        row.action_invoice()
        return f"{row.name}: {', '.join(f'{move.amount_total:.2f}' for move in row.invoice_ids)}"

    def step_invoice_many(self):
        rows = self.as_somebody(self.get_rows("due", "waiting"))
        if not rows:
            return None
        action = rows.action_invoice_selected()
        if action["res_model"] == "construction.invoicing":
            run = rows.env["construction.invoicing"].browse(action["res_id"])
            run.action_confirm()
            return f"{run.count_done} of {len(rows)}"
        return rows.name

    def step_post(self):
        move = self.as_somebody(self.pick(self.get_moves("draft")))
        if not move:
            return None
        move.invoice_date = self.pick_day(-80, 0)
        move.action_post()
        return f"{move.name} of {move.instalment_id.name}: {move.amount_total}"

    def step_edit_draft(self):
        move = self.pick(self.get_moves("draft"))
        line = self.pick(move.invoice_line_ids.filtered(lambda line: line.display_type == "product"))
        if not line:
            return None
        what = self.rng.choice(["price", "discount", "tax", "add", "currency", "drop"])
        if what == "price":
            line.price_unit = round(line.price_unit * self.rng.choice([0.5, 0.9, 1.1]), 2)
        elif what == "discount":
            line.discount = self.rng.choice([10, 50])
        elif what == "tax":
            line.tax_ids = [Command.set(self.rng.choice([self.case.tax_21, self.case.tax_ugly]).ids)]
        elif what == "add":
            move.invoice_line_ids = [Command.create({"name": "Extra", "price_unit": 10, "quantity": 1})]
        elif what == "currency":
            move.currency_id = self.rng.choice([self.env.company.currency_id, self.case.euro])
        else:
            line.unlink()
        return f"{what}, {move.instalment_id.name} now {move.amount_total} {move.currency_id.name}"

    def step_drop_draft(self):
        move = self.pick(self.get_moves("draft"))
        if not move:
            return None
        name = move.instalment_id.name
        move.unlink()
        return name

    def step_cancel_invoice(self):
        move = self.pick(self.get_moves("posted", "draft"))
        if not move:
            return None
        if move.state == "posted":
            move.button_draft()
        if self.rng.random() < 0.6:
            move.button_cancel()
        return f"{move.name or 'draft'} of {move.instalment_id.name}: {move.state}"

    def step_restore_invoice(self):
        move = self.pick(self.get_moves("cancel"))
        if not move:
            return None
        move.button_draft()
        if self.rng.random() < 0.5:
            move.action_post()
        return f"{move.name} of {move.instalment_id.name}: {move.state}"

    def step_credit(self):
        """A credit note of part of an invoice."""
        move = self.pick(self.get_moves("posted"))
        if not move:
            return None
        wizard = self._reverse(move)
        wizard.refund_moves()
        refund = wizard.new_move_ids
        line = self.pick(refund.invoice_line_ids.filtered(lambda line: line.price_unit > 0))
        if line:
            line.price_unit = round(line.price_unit * self.rng.choice([0.1, 0.5, 1, 1.3]), 2)
        if self.rng.random() < 0.8:
            refund.action_post()
        return f"{move.name} by {refund.amount_total}, {refund.state}"

    def step_reverse(self):
        """A credit note of the whole invoice, now and then with another one in its place."""
        move = self.pick(self.get_moves("posted"))
        if not move:
            return None
        wizard = self._reverse(move)
        if self.rng.random() < 0.5:
            wizard.modify_moves()
            return f"{move.name}, replaced"
        move._reverse_moves([{"invoice_date": self.today, "date": self.today}], cancel=True)
        return move.name

    def _reverse(self, move):
        wizard = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        return wizard.create({"journal_id": move.journal_id.id, "date": self.today})

    def step_change_credit_note(self):
        refund = self.pick(self.get_moves("draft", "posted", "cancel", kind="out_refund"))
        if not refund:
            return None
        if refund.state == "draft":
            self.rng.choice([refund.action_post, refund.unlink, refund.button_cancel])()
        else:
            refund.button_draft()
        return refund.exists().mapped("state")

    def step_bill_by_hand(self):
        """Stock's own road: refused while the plan invoices the order."""
        order = self.pick(self.contract.order_ids)
        wizard = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
        wizard.create({"advance_payment_method": "percentage", "amount": 10}).create_invoices()
        return order.name

    # === PAYMENTS === #

    def step_register_payment(self):
        move = self.pick(self.get_moves("posted").filtered(lambda move: move.amount_residual > 0))
        if not move:
            return None
        values = {"payment_date": self.pick_day(-40, 0)}
        if self.rng.random() < 0.2:
            values["currency_id"] = self.rng.choice([self.env.company.currency_id.id, self.case.euro.id])
        else:
            values["amount"] = self.pick_part(move.amount_residual)
        payment = self.case._register_payment(move, **values)
        return f"{move.name} with {payment.amount} {payment.currency_id.name}"

    def step_collect(self):
        row = self.pick(self.get_rows())
        return self._ask({"instalment_id": row.id}, row.amount_residual)

    def step_collect_several(self):
        rows = self.get_rows().filtered(lambda row: row.amount_residual > 0)
        if len(rows) < 2:
            return None
        rows = rows[: self.rng.randint(2, len(rows))]
        return self._ask({"instalment_ids": rows.ids}, sum(rows.mapped("amount_residual")))

    def step_collect_contract(self):
        values = {"contract_id": self.contract.id, "is_whole_contract": True}
        return self._ask(values, self.rng.choice([50, self.contract.amount_total * 0.2]))

    def step_collect_as_salesperson(self):
        row = self.pick(self.get_rows())
        return self._ask({"instalment_id": row.id}, row.amount_residual, user=self.case.salesman)

    def _ask(self, values, amount, user=None):
        model = self.env["construction.collect"].with_user(user or self.env.user)
        journal = self.rng.choice([self.case.bank, self.case.cash])
        token = str(UUID(int=self.rng.getrandbits(128)))
        wizard = model.create({**values, "journal_id": journal.id, "token": token})
        if self.rng.random() < 0.3:
            wizard.date = self.pick_day(-60, 0)
        if self.rng.random() < 0.2:
            wizard.currency_id = self.rng.choice([self.env.company.currency_id, self.case.euro])
        elif self.rng.random() < 0.6:
            wizard.amount = self.pick_part(amount)
        wizard.action_collect()
        wizard.action_collect()
        found = self.env["construction.collection"].search([("token", "=", wizard.token)]).payment_id
        parts = ", ".join(f"{row.instalment_id.name or 'on account'} {row.amount}" for row in found.collection_ids)
        return f"{found.amount} {found.currency_id.name} ({found.state}): {parts}"

    def step_confirm(self):
        row = self.pick(self.contract.collection_ids.filtered(lambda row: row.state == "to_confirm"))
        if not row:
            return None
        self.rng.choice([row.action_confirm, row.action_confirm, row.action_refuse])()
        return row.state

    def step_use_on(self):
        collection = self.pick(self.contract.collection_ids.filtered(lambda row: row.amount_open > 0))
        if not collection:
            return None
        row = self.pick(self.get_rows())
        values = {"collection_id": collection.id, "instalment_id": row.id if self.rng.random() < 0.8 else False}
        wizard = self.env["construction.collection.use"].create(values)
        name = collection.instalment_id.name or "on account"
        if self.rng.random() < 0.3:
            wizard.amount = self.pick_part(wizard.amount)
        amount = wizard.amount
        wizard.action_use()
        return f"{amount} from {name} to {wizard.instalment_id.name or 'on account'}"

    def step_statement(self):
        """A line of the bank statement is matched with an invoice."""
        move = self.pick(self.get_moves("posted").filtered(lambda move: move.amount_residual > 0))
        if not move or move.currency_id != self.env.company.currency_id:
            return None
        amount = self.pick_part(move.amount_residual)
        self.case.pay_with_statement_line(move, self.case.bank.id, self.pick_day(-30, 0), amount)
        return f"{move.name} with {amount}"

    def step_assign_outstanding(self):
        move = self.pick(self.get_moves("posted").filtered(lambda move: move.amount_residual > 0))
        lines = self.contract.collection_ids.payment_id.move_id.line_ids | self.get_moves(
            "posted", kind="out_refund"
        ).line_ids
        line = self.pick(
            lines.filtered(
                lambda line: line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and not line.reconciled
            )
        )
        if not move or not line:
            return None
        move.js_assign_outstanding_line(line.id)
        return f"{line.move_id.name} on {move.name}"

    def _pick_payment(self, *states):
        payments = self.contract.collection_ids.payment_id | self.get_moves("posted", "draft").matched_payment_ids
        return self.pick(payments.filtered(lambda payment: payment.state in states).sorted("id"))

    def step_draft_payment(self):
        payment = self._pick_payment("in_process", "paid", "canceled")
        if not payment:
            return None
        payment.action_draft()
        return payment.name

    def step_post_payment(self):
        payment = self._pick_payment("draft")
        if not payment:
            return None
        payment.action_post()
        return payment.name

    def step_cancel_payment(self):
        payment = self._pick_payment("draft", "in_process", "paid")
        if not payment:
            return None
        payment.action_cancel()
        return payment.name

    def step_reject_payment(self):
        payment = self._pick_payment("in_process")
        if not payment:
            return None
        payment.action_reject()
        return payment.name

    def step_edit_payment(self):
        payment = self._pick_payment("draft")
        if not payment:
            return None
        payment.amount = round(payment.amount * self.rng.choice([0.5, 1.3]), 2)
        return payment.amount

    def step_drop_payment(self):
        payment = self._pick_payment("draft")
        if not payment:
            return None
        payment.unlink()
        return "deleted"

    def step_unreconcile(self):
        lines = self.contract.move_ids.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        partial = self.pick((lines.matched_credit_ids | lines.matched_debit_ids).sorted("id"))
        if not partial:
            return None
        amount = partial.amount
        if self.rng.random() < 0.5:
            partial.debit_move_id.move_id.js_remove_outstanding_partial(partial.id)
        else:
            (partial.debit_move_id + partial.credit_move_id).remove_move_reconcile()
        return amount
