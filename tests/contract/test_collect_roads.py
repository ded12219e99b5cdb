from odoo.fields import Command
from odoo.tests import tagged

from .collect_common import CollectCommon


@tagged("post_install", "-at_install")
class TestStockRoads(CollectCommon):
    """Whatever is done in the accounting itself is seen at once by instalment, contract and deal."""

    def _entry(self, account, amount, counterpart=None):
        """A posted entry that credits a receivable account by `amount`."""
        counterpart = counterpart or self.company_data["default_account_expense"]
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create({"account_id": account.id, "credit": amount, "partner_id": self.partner_a.id}),
                    Command.create({"account_id": counterpart.id, "debit": amount}),
                ]
            }
        )
        entry.action_post()
        return entry

    def test_a_payment_back_in_draft_is_not_collected_and_posted_again_it_is(self):
        """Stock keeps the match of a draft, so the invoice still looks paid: the ledger says it is not."""
        move = self._invoice(self.first, invoice_date="2020-01-01")
        payment = self._register_payment(move, amount=100.0)
        self.assertEqual(self.first.amount_collected, 100)
        payment.action_draft()
        self.assertRecordValues(self.first, [{"amount_collected": 0, "amount_residual": 363, "amount_overdue": 363}])
        self.assertEqual(self.contract.lead_id.amount_collected, 0)
        self._true()
        payment.action_post()
        self.assertRecordValues(self.first, [{"amount_collected": 100, "amount_overdue": 263}])
        self._true()
        payment.action_draft()
        payment.action_cancel()
        self.assertEqual(self.first.amount_collected, 0)
        self._true()

    def test_a_collection_back_in_draft_cancelled_and_posted_again(self):
        self._invoice(self.first)
        payment = self._collect(self.first)
        for _round in range(2):
            payment.action_draft()
            self.assertRecordValues(self.first, [{"state": "invoiced", "amount_collected": 0}])
            self.assertEqual(payment.collection_ids.state, "to_confirm")
            self._true()
            payment.action_post()
            self.assertRecordValues(self.first, [{"state": "collected", "amount_collected": 363}])
            self._true()
        payment.action_cancel()
        self.assertRecordValues(self.first, [{"state": "invoiced", "amount_collected": 0}])
        self.assertEqual(payment.collection_ids.state, "cancelled")
        self._true()
        payment.action_draft()
        payment.action_post()
        self.assertEqual(self.first.state, "collected", "matched again by itself")
        self._true()

    def test_a_bounced_payment_opens_the_invoice(self):
        self._invoice(self.first)
        payment = self._collect(self.first)
        payment.state = "in_process"
        payment.action_reject()
        self.assertRecordValues(self.first, [{"state": "invoiced", "amount_collected": 0}])
        self.assertEqual(payment.collection_ids.state, "bounced")
        self._true()

    def test_a_bounced_stock_payment_opens_the_invoice(self):
        payment = self._register_payment(self._invoice(self.first))
        payment.state = "in_process"
        payment.action_reject()
        self.assertEqual(self.first.amount_collected, 0)
        self._true()

    def test_a_write_off_in_register_payment_settles_the_instalment(self):
        self._register_payment(
            self._invoice(self.first),
            amount=360.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertRecordValues(self.first, [{"state": "collected", "amount_collected": 363, "amount_residual": 0}])
        self._true()

    def test_an_early_payment_discount_settles_the_instalment(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "included",
            }
        )
        move = self._invoice(self.first, invoice_payment_term_id=term.id)
        payment = self._register_payment(move, payment_date=move.invoice_date)
        self.assertAlmostEqual(payment.amount, 355.74)
        self.assertRecordValues(self.first, [{"state": "collected", "amount_collected": 363}])
        self._true()

    def test_stock_batch_over_several_clients(self):
        other = self._create_contract(self._create_deal(partner_id=self.partner_b.id), partner_id=self.partner_b.id)
        moves = self._invoice(self.first) + self._invoice(other.instalment_ids[0]) + self._invoice(self.second)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"group_payment": True})
        )
        wizard._create_payments()
        self.assertEqual(moves.instalment_id.mapped("state"), ["collected"] * 3)
        self._true(self.contract, other)

    def test_the_bank_statement_and_its_undoing(self):
        move = self._invoice(self.first)
        self.pay_with_statement_line(move, self.bank.id, "2026-01-01", 363.0)
        self.assertEqual(self.first.state, "collected")
        self._true()
        move.line_ids.matched_credit_ids.credit_move_id.statement_line_id.action_undo_reconciliation()
        self.assertEqual(self.first.amount_collected, 0)
        self._true()

    def test_an_entry_matched_by_hand_and_taken_back_to_draft(self):
        terms = self._terms(self._invoice(self.first))
        entry = self._entry(terms.account_id, 150)
        (terms + entry.line_ids.filtered("credit")).reconcile()
        self.assertEqual(self.first.amount_collected, 150)
        self._true()
        entry.button_draft()
        self.assertEqual(self.first.amount_collected, 0)
        self._true()
        entry.action_post()
        self.assertEqual(self.first.amount_collected, 150)
        self._true()

    def test_money_returned_to_the_client_leaves_the_account(self):
        payment = self._record((self.first, 100), (self.contract, 50)).payment_id
        refund = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "amount": 50,
                "journal_id": self.bank.id,
            }
        )
        refund.action_post()
        lines = (payment.move_id + refund.move_id).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()
        self.assertRecordValues(self.contract, [{"amount_collected": 100, "amount_on_account": 0}])
        self._true()
        refund.action_draft()
        self.assertRecordValues(self.contract, [{"amount_collected": 150, "amount_on_account": 50}])
        self._true()
        refund.action_post()
        self.assertEqual(self.contract.amount_collected, 100)
        refund.action_cancel()
        self.assertEqual(self.contract.amount_collected, 150)
        self._true()

    def test_outstanding_credits_used_by_hand_on_the_invoice(self):
        self.contract.on_account_use = "ask"
        payment = self._record((self.second, 100), (self.contract, 50)).payment_id
        move = self._invoice(self.first)
        move.js_assign_outstanding_line(payment._get_receivable_line().id)
        self.assertEqual(self.contract.amount_collected, 150)
        self.assertEqual(self.first.amount_collected, 150)
        self._true()
        move.js_remove_outstanding_partial(move.line_ids.matched_credit_ids.id)
        self.assertEqual(self.contract.instalment_ids.mapped("amount_collected"), [0, 100, 0])
        self._true()

    def test_an_invoice_in_draft_keeps_the_money_of_a_shared_payment(self):
        move = self._invoice(self.first)
        self._record((self.first, 363), (self.contract, 40))
        move.button_draft()
        self.assertEqual(self.contract.amount_collected, 403)
        self._true()
        move.button_cancel()
        self.assertEqual(self.contract.amount_collected, 403)
        self._true()
        self._invoice(self.first)
        self.assertEqual(self.first.state, "collected")
        self._true()

    def test_a_payment_on_a_draft_invoice_counts_when_the_invoice_does(self):
        move = self._invoice(self.first, post=False)
        move.invoice_date = "2026-01-01"
        self._register_payment(move, amount=63.0)
        self._true()
        move.action_post()
        self.assertEqual(self.first.amount_collected, 63)
        self._true()
