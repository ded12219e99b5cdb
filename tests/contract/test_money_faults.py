from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .collect_common import CollectCommon


@tagged("post_install", "-at_install")
class TestMoneyFaults(CollectCommon):
    """What the money machine found, each told as the shortest story it happens in."""

    def test_an_invoice_credited_twice_is_replaced_by_one_draft(self):
        move = self._invoice(self.first)
        for _time in range(2):
            self._reverse(move)
        self._invoice(self.first, post=False)
        self.first.action_invoice()
        drafts = self.first.invoice_ids.filtered(lambda move: move.state == "draft")
        self.assertEqual(len(drafts), 1)
        self._true()

    def test_a_credited_invoice_does_not_come_back_beside_another(self):
        move = self._invoice(self.first)
        refund = self._reverse(move)
        other = self._invoice(self.first)
        with self.assertRaisesRegex(UserError, "invoiced again by"), self.cr.savepoint():
            refund.button_draft()
        with self.assertRaisesRegex(UserError, "invoiced again by"), self.cr.savepoint():
            refund.button_cancel()
        other.button_draft()
        other.button_cancel()
        self._invoice(self.first, post=False)
        with self.assertRaisesRegex(UserError, "cannot be restored"), self.cr.savepoint():
            other.button_draft()
        self._true()

    def test_a_credit_note_taken_off_its_invoice_pays_no_other(self):
        move = self._invoice(self.first)
        refund = self._reverse(move)
        self._terms(refund).remove_move_reconcile()
        self._invoice(self.second)
        self.assertEqual((self.first.amount_collected, self.second.amount_collected), (0, 0))
        self._true()

    def test_a_moved_day_moves_the_task_to_invoice(self):
        row = self.second
        row.trigger_date = "2026-01-01"
        self.assertEqual((row.state, bool(row.activity_id)), ("due", True))
        row.trigger_date = "2999-01-01"
        self.assertEqual((row.state, bool(row.activity_id)), ("waiting", False))
        row.trigger = "warranty_end"
        self.contract.write({"date_start": "2020-01-01", "date_end": "2020-02-01", "warranty_months": 1})
        self.assertEqual((row.state, bool(row.activity_id)), ("due", True))
        self.contract.warranty_months = 999
        self.assertEqual((row.state, bool(row.activity_id)), ("waiting", False))

    def test_a_row_with_a_payment_to_confirm_is_not_deleted(self):
        row = self.second
        payment = self._record((row, 100), (self.contract, 50)).payment_id
        payment.action_draft()
        with self.assertRaisesRegex(UserError, "waits to be confirmed"), self.cr.savepoint():
            row.unlink()
        payment.action_cancel()
        row.unlink()
        self.assertRecordValues(payment.collection_ids, [{"amount": 150, "instalment_id": False}])
        payment.action_draft()
        payment.action_post()
        self.assertEqual(self.contract.amount_on_account, 150)
        self._true()

    def test_a_credit_note_gives_again_what_a_draft_invoice_took(self):
        self._collect(self.first)
        self._reverse(self._invoice(self.first))
        refund = self._reverse(self._invoice(self.second))
        refund.line_ids.remove_move_reconcile()
        other = self._invoice(self.second)
        lines = self._terms(refund + other).filtered(lambda line: not line.reconciled)
        lines.reconcile()
        self._true()
        other.button_draft()
        self._true()

    def test_a_credit_of_more_than_the_invoice_keeps_nothing_back_below_zero(self):
        self.contract.write({"retention_method": "withheld", "retention_percent": 10})
        move = self._invoice(self.second)
        self.assertEqual(self.second.amount_retained, 40.33)
        for price, retained in ((1.3, 0.0), (0.5, 0.0)):
            refund = move._reverse_moves(cancel=False)
            refund.invoice_line_ids[:1].price_unit *= price
            refund.action_post()
            self.assertEqual(self.second.amount_retained, retained)
        self._true()

    def _reverse(self, move):
        today = fields.Date.context_today(move)
        return move._reverse_moves([{"invoice_date": today, "date": today}], cancel=True)
