from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..query_count import counting
from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestCollecting(ContractCommon):
    def setUp(self):
        super().setUp()
        self.contract = self._create_contract()
        self.first, self.second, self.last = self.contract.instalment_ids

    def test_collect_pays_the_invoice(self):
        move = self._invoice(self.first)
        payment = self._collect(self.first, 100)
        self.assertRecordValues(
            payment, [{"amount": 100.0, "partner_id": self.partner_a.id, "payment_type": "inbound"}]
        )
        self.assertEqual(payment.reconciled_invoice_ids, move)
        self.assertRecordValues(self.first, [{"state": "partial", "amount_collected": 100.0, "amount_residual": 263.0}])
        self._collect(self.first)
        self.assertRecordValues(self.first, [{"state": "collected", "amount_collected": 363.0, "amount_residual": 0.0}])
        self.assertIn(move.payment_state, ("paid", "in_payment"))
        self.assertFollowsLedger(self.contract)

    def test_collecting_by_rpc_needs_only_the_instalment(self):
        instalment = self._create_contract().instalment_ids[0]
        wizard = self.env["construction.collect"].create({"instalment_id": instalment.id})
        self.assertRecordValues(
            wizard, [{"amount": instalment.amount, "currency_id": instalment.currency_id.id, "is_prepayment": True}]
        )
        self.assertIn(wizard.journal_id.type, ("bank", "cash"))
        wizard.action_collect()
        self.assertEqual(instalment.amount_collected, instalment.amount)

    def test_too_much_or_nothing_is_refused(self):
        self._invoice(self.first)
        for amount in (0, -5):
            with self.assertRaisesRegex(UserError, "Enter the amount"):
                self._collect(self.first, amount)
        wizard = self.env["construction.collect"].create({"instalment_id": self.first.id})
        wizard.write({"amount": 500})
        wizard.line_ids.amount = 363.01
        with self.assertRaisesRegex(UserError, "too much"):
            wizard.action_collect()
        self._collect(self.first)
        with self.assertRaisesRegex(UserError, "already collected"):
            self.first.action_collect()

    def test_a_double_click_is_one_payment(self):
        self._invoice(self.first)
        wizard = (
            self.env["construction.collect"]
            .with_context(default_instalment_id=self.first.id)
            .create({"journal_id": self.company_data["default_journal_bank"].id, "amount": 100})
        )
        payment_id = wizard.action_collect()["res_id"]
        self.assertEqual(wizard.action_collect()["res_id"], payment_id)
        again = wizard.copy({"token": wizard.token})
        self.assertEqual(again.action_collect()["res_id"], payment_id)
        self.assertEqual(self.first.amount_collected, 100)
        self.assertEqual(len(self.first.collection_ids), 1)

    def test_a_prepayment_pays_the_invoice_when_it_is_posted(self):
        payment = self._collect(self.first, 200)
        self.assertFalse(payment.reconciled_invoice_ids)
        self.assertRecordValues(self.first, [{"state": "due", "amount_collected": 200.0, "amount_residual": 163.0}])
        self.assertEqual(self.contract.lead_id.amount_collected, 200)
        self.assertFollowsLedger(self.contract)
        move = self._invoice(self.first)
        self.assertEqual(move.amount_residual, 163.0)
        self.assertEqual(payment.reconciled_invoice_ids, move)
        self.assertRecordValues(self.first, [{"state": "partial", "amount_collected": 200.0}])
        self.assertEqual(self.first.collection_ids.amount_open, 0)
        self.assertFollowsLedger(self.contract)

    def test_an_invoice_back_to_draft_keeps_what_was_received(self):
        self._collect(self.first, 200)
        move = self._invoice(self.first)
        move.button_draft()
        self.assertEqual(self.first.amount_collected, 200)
        move.action_post()
        self.assertEqual(self.first.amount_collected, 200)
        self.assertFollowsLedger(self.contract)

    def test_stock_register_payment_is_seen(self):
        move = self._invoice(self.first)
        payment = self._register_payment(move, amount=63.0, payment_date="2026-01-01")
        self.assertRecordValues(self.first, [{"state": "partial", "amount_collected": 63.0}])
        self.assertFollowsLedger(self.contract)
        payment.action_cancel()
        self.assertRecordValues(self.first, [{"state": "invoiced", "amount_collected": 0.0}])
        self.assertFollowsLedger(self.contract)

    def test_matching_a_journal_entry_by_hand_is_seen_and_so_is_undoing_it(self):
        move = self._invoice(self.first)
        receivable = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create(
                        {"account_id": receivable.account_id.id, "credit": 150, "partner_id": self.partner_a.id}
                    ),
                    Command.create({"account_id": self.company_data["default_account_expense"].id, "debit": 150}),
                ]
            }
        )
        entry.action_post()
        lines = receivable + entry.line_ids.filtered("credit")
        lines.reconcile()
        self.assertRecordValues(self.first, [{"state": "partial", "amount_collected": 150.0}])
        self.assertFollowsLedger(self.contract)
        lines.remove_move_reconcile()
        self.assertRecordValues(self.first, [{"state": "invoiced", "amount_collected": 0.0}])
        self.assertFollowsLedger(self.contract)

    def test_a_bank_statement_line_is_seen(self):
        move = self._invoice(self.first)
        self.pay_with_statement_line(move, self.company_data["default_journal_bank"].id, "2026-01-01", 363.0)
        self.assertRecordValues(self.first, [{"state": "collected", "amount_collected": 363.0}])
        self.assertFollowsLedger(self.contract)

    def test_unmatching_our_payment_leaves_the_money_on_the_instalment(self):
        self._invoice(self.first)
        payment = self._collect(self.first, 100)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertRecordValues(self.first, [{"amount_collected": 100.0}])
        self.assertEqual(self.first.collection_ids.amount_open, 100)
        self.assertFollowsLedger(self.contract)
        payment.action_cancel()
        self.assertRecordValues(self.first, [{"amount_collected": 0.0, "state": "invoiced"}])
        self.assertFollowsLedger(self.contract)

    def test_our_payment_matched_to_another_invoice_counts_there_only(self):
        self._invoice(self.first)
        other = self._invoice(self.second)
        payment = self._collect(self.first, 100)
        line = payment.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        line.remove_move_reconcile()
        (line + other.line_ids.filtered(lambda line: line.display_type == "payment_term")).reconcile()
        self.assertEqual(self.first.amount_collected, 0)
        self.assertEqual(self.second.amount_collected, 100)
        self.assertEqual(self.contract.amount_collected, 100)
        self.assertEqual(self.contract.lead_id.amount_collected, 100)

    def test_a_deleted_payment_leaves_no_trace(self):
        payment = self._collect(self.first, 100)
        payment.action_draft()
        payment.unlink()
        self.assertFalse(self.first.collection_ids)
        self.assertEqual(self.first.amount_collected, 0)
        self.assertFollowsLedger(self.contract)

    def test_a_credit_note_of_a_paid_invoice_and_its_refund(self):
        move = self._invoice(self.first)
        self._collect(self.first)
        refund = move._reverse_moves()
        refund.invoice_line_ids.filtered(lambda line: line.display_type == "product").price_unit = 100
        refund.action_post()
        self.assertRecordValues(
            self.first, [{"amount_invoiced": 242.0, "amount_collected": 363.0, "amount_residual": -121.0}]
        )
        self.assertFollowsLedger(self.contract)
        self._register_payment(refund, payment_date="2026-01-01")
        self.assertRecordValues(
            self.first, [{"amount_invoiced": 242.0, "amount_collected": 242.0, "amount_residual": 0.0}]
        )
        self.assertFollowsLedger(self.contract)

    def test_payment_in_another_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        self._invoice(self.first)
        self._collect(self.first, 90.75, currency_id=currency.id)
        self.assertRecordValues(self.first, [{"amount_collected": 181.5, "amount_residual": 181.5}])
        self._collect(self.first, 90.76, currency_id=currency.id)
        self.assertRecordValues(self.first, [{"amount_collected": 363.0, "amount_residual": 0}])
        self.assertEqual(self.contract.amount_on_account, 0.02)
        self.contract.collection_ids.filtered(lambda row: not row.instalment_id).payment_id.action_cancel()
        self.assertEqual(self.first.amount_collected, 181.5)
        self._collect(self.second, 50, currency_id=currency.id)
        self.assertEqual(self.second.amount_collected, 100)
        self.assertFollowsLedger(self.contract)

    def test_collections_never_exceed_their_payment(self):
        payment = self._collect(self.first, 100)
        values = {"payment_id": payment.id, "contract_id": self.contract.id, "instalment_id": self.second.id}
        with self.assertRaisesRegex(ValidationError, "cannot pay"):
            self.env["construction.collection"].create({**values, "amount": 0.01})

    def test_one_payment_over_two_instalments_is_shared_once(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_a.id,
                "amount": 500,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self.env["construction.collection"].create(
            [
                {"payment_id": payment.id, "contract_id": self.contract.id, "instalment_id": row.id, "amount": amount}
                for row, amount in ((self.first, 363.0), (self.second, 137.0))
            ]
        )
        self.assertEqual(self.contract.amount_collected, 500)
        self._invoice(self.first)
        self.assertEqual((self.first + self.second).mapped("amount_collected"), [363, 137])
        self._invoice(self.second)
        self.assertEqual((self.first + self.second).mapped("amount_collected"), [363, 137])
        self.assertEqual(self.second.state, "partial")
        self.assertEqual(self.contract.lead_id.amount_collected, 500)

    def test_an_invoice_over_two_deals_is_split_by_its_lines(self):
        deals = self._create_deal(), self._create_deal(name="Second")
        orders = self.env["sale.order"].concat(
            self._create_order(deals[0], prices=((1, 33.33),), taxes=self.tax_ugly),
            self._create_order(deals[1], prices=((1, 66.66),), taxes=self.tax_ugly),
        )
        orders._force_lines_to_invoice_policy_order()
        move = orders._create_invoices()
        move.action_post()
        self.assertEqual(len(move), 1)
        self.assertFalse(move.lead_id)
        self.assertEqual(move.lead_ids, deals[0] + deals[1])
        for deal, order in zip(deals, orders, strict=True):
            self.assertAlmostEqual(deal.amount_invoiced, order.amount_total, delta=0.011)
        self.assertAlmostEqual(sum(deal.amount_invoiced for deal in deals), move.amount_total, 2)
        self._register_payment(move, amount=50.01)
        collected = [deal.amount_collected for deal in deals]
        self.assertAlmostEqual(sum(collected), 50.01, 2)
        self.assertAlmostEqual(collected[0], 16.67, 2)
        refund = move._reverse_moves()
        refund.action_post()
        self.assertEqual([deal.amount_invoiced for deal in deals], [0, 0])

    def test_receipt_tells_deal_contract_instalment_and_amount_in_words(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        payment = self._collect(self.first, 101)
        html = self._render("account.action_report_payment_receipt", payment)
        for text in ("House on the hill", self.contract.name, "Advance", "Cent un "):
            self.assertIn(text, html)
        other = self.init_payment(10, post=True)
        self.assertNotIn("in words", self._render("account.action_report_payment_receipt", other))

    def test_payment_plan_prints_every_row(self):
        html = self._render("construction_crm.action_report_construction_plan", self.contract)
        for text in (self.contract.name, "Half way", "363.00", "403.29", "443.71", "33.33\N{NO-BREAK SPACE}%"):
            self.assertIn(text, html)

    def _render(self, report, record):
        report = self.env.ref(report)
        content, _kind = report._render_qweb_html(report.report_name, record.ids)
        return content.decode()

    def test_queries_of_payments_are_constant_a_batch(self):
        counts = []
        for size in (1, 5):
            contracts = [self._create_contract() for _i in range(size)]
            moves = self.env["account.move"].concat(*(self._invoice(c.instalment_ids[0]) for c in contracts))
            lines = moves.line_ids.filtered(lambda line: line.display_type == "payment_term")
            instalments = moves.instalment_id
            with counting(self.env) as queries:
                instalments._compute_money()
                (instalments.contract_id)._compute_money()
                (instalments.lead_id)._compute_money()
            counts.append(queries.count)
            self.assertTrue(lines)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
