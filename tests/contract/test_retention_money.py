from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..job_time import job_time
from .ledger_check import assert_money_true
from .retention_common import RetentionCommon


@tagged("post_install", "-at_install")
class TestRetentionMoney(RetentionCommon):
    """What is kept back of invoices, on real accounting."""

    def test_a_progress_invoice_bills_in_full_and_splits_its_receivable(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1])
        self.assertEqual(move.amount_total, 484.0)
        self.assertEqual(
            self._terms(move),
            [(False, 435.6, 435.6), ("handover", 24.2, 24.2), ("warranty", 24.2, 24.2)],
        )
        self.assertEqual(move.amount_retention, 48.4)
        self.assertEqual(move.invoice_date_due, fields.Date.context_today(move))
        self.assertRetention(contract, 48.4)
        self.assertFollowsLedger(contract)

    def test_an_advance_is_paid_in_full(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[0])
        self.assertEqual(self._terms(move), [(False, 242.0, 242.0)])
        self.assertRetention(contract, 0.0)

    def test_the_settlement_keeps_back_of_what_it_asks(self):
        contract = self._create_withheld()
        moves = [self._invoice(row) for row in contract.instalment_ids]
        self.assertEqual([move.amount_retention for move in moves], [0.0, 48.4, 48.4])
        self.assertFollowsLedger(contract)

    def test_a_contract_with_a_row_keeps_nothing_back_of_invoices(self):
        contract = self._create_contract()
        move = self._invoice(contract.instalment_ids[0])
        self.assertEqual(contract.retention_method, "row")
        self.assertEqual(len(self._terms(move)), 1)
        self.assertEqual(move.amount_retention, 0.0)

    def test_register_payment_proposes_what_is_due(self):
        contract = self._create_withheld()
        row = contract.instalment_ids[1]
        move = self._invoice(row)
        payment = self._register(move)
        self.assertEqual(payment.amount, 435.6)
        self.assertEqual([open_amount for _part, _amount, open_amount in self._terms(move)], [0.0, 24.2, 24.2])
        self.assertRecordValues(row, [{"state": "partial", "amount_residual": 48.4, "amount_overdue": 0.0}])
        self.assertRetention(contract, 48.4)
        self.assertFollowsLedger(contract)

    def test_register_payment_of_several_invoices_leaves_the_retentions(self):
        contract = self._create_withheld()
        self._register(self._invoice(contract.instalment_ids[0]))
        moves = self._invoice(contract.instalment_ids[1]) + self._invoice(contract.instalment_ids[2])
        payments = self._register(moves)
        self.assertAlmostEqual(sum(payments.mapped("amount")), 871.2, 2)
        self.assertRetention(contract, 96.8)
        self.assertFollowsLedger(contract)

    def test_collect_proposes_what_is_due_and_then_the_retention(self):
        contract = self._create_withheld()
        row = contract.instalment_ids[1]
        self._invoice(row)
        self.assertEqual(self._collect(row).amount, 435.6)
        self.assertEqual(self._collect(row).amount, 48.4)
        self.assertEqual(row.state, "collected")
        self.assertRetention(contract, 0.0)
        self.assertFollowsLedger(contract)

    def test_a_retention_paid_early_is_no_longer_kept_back(self):
        contract = self._create_withheld()
        row = contract.instalment_ids[1]
        move = self._invoice(row)
        self._register(move)
        self._register(move)
        self.assertRetention(contract, 24.2)
        self._register(move)
        self.assertEqual(row.state, "collected")
        self.assertRetention(contract, 0.0)
        self.assertFollowsLedger(contract)

    def test_what_is_kept_back_is_never_overdue(self):
        contract = self._create_withheld()
        row = contract.instalment_ids[1]
        move = self._invoice(row, invoice_date="2020-01-01", invoice_date_due="2020-01-31")
        self.assertRecordValues(row, [{"state": "overdue", "amount_overdue": 435.6}])
        self._register(move)
        self.assertRecordValues(row, [{"state": "partial", "amount_overdue": 0.0}])
        self.assertEqual(contract.lead_id.amount_overdue, 0.0)
        kept = move.line_ids.filtered("retention_part")
        self.assertTrue(all(line.date_maturity > fields.Date.context_today(move) for line in kept))

    def test_stock_does_not_call_it_overdue_either(self):
        self.partner_a.property_payment_term_id = False
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1], invoice_date="2020-01-01", invoice_date_due="2020-01-31")
        self.assertEqual(move.invoice_date_due, fields.Date.to_date("2020-01-31"))
        today = fields.Date.context_today(move)
        due = move.line_ids.filtered(lambda line: line.display_type == "payment_term" and not line.retention_part)
        payment = self._register(move)
        self.assertGreater(move.invoice_date_due, today)
        self.assertEqual(due.date_maturity, fields.Date.to_date("2020-01-31"))
        self.assertEqual(len(self._terms(move)), 3)
        end = today + timedelta(days=40)
        contract.date_end = end
        self.assertEqual(move.invoice_date_due, end)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(move.invoice_date_due, fields.Date.to_date("2020-01-31"))
        self.assertEqual(contract.amount_overdue, 435.6)
        self.assertEqual(self._terms(move), [(False, 435.6, 435.6), ("handover", 24.2, 24.2), ("warranty", 24.2, 24.2)])

    def test_a_row_of_its_own_kept_back_longer_is_overdue_for_nobody(self):
        contract = self._create_contract_of_row()
        row, lead = contract.instalment_ids[-1], contract.lead_id
        self._invoice(row, invoice_date="2020-01-01", invoice_date_due="2020-01-31")
        today = fields.Date.context_today(row)

        def check(state, overdue, next_check):
            self.env.flush_all()
            for record in (row, contract, lead):
                self.assertEqual((record.amount_overdue, record.date_next_check), (overdue, next_check), record)
            self.assertEqual(row.state, state)
            assert_money_true(contract)

        check("overdue", 121.0, False)
        row.trigger_date = today + timedelta(days=9)
        check("invoiced", 0.0, today + timedelta(days=10))
        self.assertFalse(row.date_overdue)
        row.trigger_date = "2020-01-01"
        check("overdue", 121.0, False)

    def _create_contract_of_row(self):
        lead = self._create_deal(construction_type_id=self.withheld_type.id)
        contract = self._create_contract(lead, sign=False)
        contract.instalment_ids.unlink()
        contract.write({"date_start": "2020-01-01", "retention_method": "row"})
        contract.instalment_ids = [
            Command.create({"name": "Works", "percent": 90, "trigger": "signature"}),
            Command.create(
                {
                    "name": "Guarantee",
                    "kind": "retention",
                    "percent": 10,
                    "trigger": "date",
                    "trigger_date": "2020-01-01",
                }
            ),
        ]
        contract.action_sign()
        self._invoice(contract.instalment_ids[0])
        self._collect(contract.instalment_ids[0])
        return contract

    def test_the_daily_job_moves_a_late_release_ahead(self):
        contract = self._create_withheld(contract_values={"date_signed": "2026-01-02", "date_end": "2026-06-30"})
        move = self._invoice(contract.instalment_ids[1])
        line = move.line_ids.filtered(lambda line: line.retention_part == "handover")
        today = fields.Date.context_today(move)
        line.date_maturity = today - timedelta(days=3)
        with self.enter_registry_test_mode(), job_time(self.registry):
            self.env.ref("construction_crm.ir_cron_update_due").method_direct_trigger()
        line.invalidate_recordset()
        self.assertGreater(line.date_maturity, today)

    def test_the_planned_days_follow_the_contract(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1])
        end = fields.Date.context_today(move) + timedelta(days=100)
        contract.date_end = end
        lines = move.line_ids.filtered("retention_part").sorted("retention_part")
        self.assertEqual(lines.mapped("date_maturity"), [end, contract.date_warranty_end])
        self.assertFalse(move.line_ids.filtered("retention_part").filtered("reconciled"))

    def test_the_cap_holds_over_many_invoices_to_the_cent(self):
        rows = [Command.create({"name": str(i), "percent": 10, "trigger": "signature"}) for i in range(10)]
        self.withheld_type.plan_template_id = self.env["construction.plan.template"].create(
            {"name": "Tenths", "line_ids": rows}
        )
        self.withheld_type.retention_cap_percent = 3.33
        contract = self._create_withheld(prices=((1, 999.99),))
        kept = [self._invoice(row).amount_retention for row in contract.instalment_ids]
        cap = contract.currency_id.round(contract.amount_total * 3.33 / 100)
        self.assertAlmostEqual(sum(kept), cap, 2)
        self.assertEqual(kept[4:], [0.0] * 6)
        self.assertRetention(contract, cap)
        self.assertFollowsLedger(contract)

    def test_drafts_of_one_day_do_not_fill_the_cap_twice(self):
        self.withheld_type.retention_cap_percent = 5
        contract = self._create_withheld()
        first = self._invoice(contract.instalment_ids[1], post=False)
        self._invoice(contract.instalment_ids[0])
        second = self._invoice(contract.instalment_ids[2], post=False)
        for move in (first, second):
            self.assertEqual(move.amount_retention, 48.4)
        for move in (first, second):
            move.invoice_date = fields.Date.context_today(move)
            move.action_post()
        self.assertEqual(first.amount_retention, 48.4)
        self.assertAlmostEqual(second.amount_retention, 60.5 - 48.4, 2)
        self.assertAlmostEqual(sum(amount for _part, amount, _open in self._terms(second)), 484.0, 2)

    def test_the_base_may_leave_taxes_out(self):
        self.withheld_type.retention_base = "untaxed"
        contract = self._create_withheld()
        self.assertEqual(self._invoice(contract.instalment_ids[1]).amount_retention, 40.0)

    def test_an_instalment_may_have_its_own_percentage(self):
        contract = self._create_withheld()
        contract.instalment_ids[1].retention_percent = 5
        self._invoice(contract.instalment_ids[0])
        self.assertEqual(self._invoice(contract.instalment_ids[1]).amount_retention, 24.2)
        self.assertEqual(self._invoice(contract.instalment_ids[2], post=False).amount_retention, 48.4)

    def test_price_included_taxes_keep_back_of_the_total(self):
        tax = self.percent_tax(21.0, price_include_override="tax_included")
        contract = self._create_withheld(prices=((1, 1210.0),), taxes=tax)
        move = self._invoice(contract.instalment_ids[1])
        self.assertEqual((move.amount_total, move.amount_retention), (484.0, 48.4))
        self.assertFollowsLedger(contract)

    def test_payment_terms_lose_the_retention_at_their_end(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1], post=False)
        move.invoice_payment_term_id = self.pay_terms_b
        move.invoice_date = fields.Date.context_today(move)
        move.action_post()
        terms = self._terms(move)
        self.assertEqual([part for part, _amount, _open in terms], [False, False, "handover", "warranty"])
        self.assertAlmostEqual(terms[0][1], 145.2, 2)
        self.assertAlmostEqual(terms[1][1], 338.8 - 48.4, 2)

    def test_a_second_currency_adds_up_in_both(self):
        currency = self.setup_other_currency("GBP", rates=[("2026-01-01", 0.81)])
        pricelist = self.env["product.pricelist"].create({"name": "GBP", "currency_id": currency.id})
        contract = self._create_withheld(pricelist_id=pricelist.id, prices=((1, 1000.01),))
        move = self._invoice(contract.instalment_ids[1])
        self.assertEqual(move.currency_id, currency)
        lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertAlmostEqual(sum(lines.mapped("amount_currency")), move.amount_total, 2)
        self.assertAlmostEqual(sum(lines.mapped("balance")), move.amount_total_signed, 2)
        self.assertAlmostEqual(contract.amount_retained, move.amount_retention, 2)
        kept = lines.filtered("retention_part")
        self.assertAlmostEqual(contract.lead_id.amount_retained, sum(kept.mapped("balance")), 2)

    def test_a_retention_account_of_its_own(self):
        account = self.company_data["default_account_receivable"].copy({"name": "Retentions"})
        self.env.company.retention_account_id = account
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1])
        kept = move.line_ids.filtered("retention_part")
        self.assertEqual(kept.account_id, account)
        due = move.line_ids.filtered(lambda line: line.display_type == "payment_term") - kept
        self.assertEqual(due.account_id, self.partner_a.property_account_receivable_id)
        self.assertEqual(self._register(move).amount, 435.6)
        self.assertFollowsLedger(contract)
        self._register(move)
        self._register(move)
        self.assertEqual(contract.instalment_ids[1].state, "collected")
        self.assertFollowsLedger(contract)

    def test_a_draft_edited_by_hand_follows(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1], post=False)
        move.invoice_line_ids.filtered(lambda line: line.display_type == "product").price_unit = 100
        self.assertAlmostEqual(move.amount_retention, move.amount_total / 10, 2)
        self.assertAlmostEqual(sum(amount for _part, amount, _open in self._terms(move)), move.amount_total, 2)

    def test_back_to_draft_and_posted_again_is_the_same(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1])
        terms = self._terms(move)
        move.button_draft()
        self.assertRetention(contract, 0.0)
        move.action_post()
        self.assertEqual(self._terms(move), terms)
        self.assertRetention(contract, 48.4)

    def test_a_cancelled_invoice_keeps_nothing_back(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1])
        move.button_draft()
        move.button_cancel()
        self.assertRetention(contract, 0.0)

    def _credit(self, move, share=None, cancel=False):
        refund = move._reverse_moves([{"invoice_date": move.invoice_date}], cancel=cancel)
        if share:
            lines = refund.invoice_line_ids.filtered(lambda line: line.display_type == "product")
            lines.price_unit = lines.price_unit * share
        if refund.state == "draft":
            refund.action_post()
        return refund

    def test_a_credit_note_shrinks_the_retention_too(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1])
        refund = self._credit(move, share=0.25)
        self.assertEqual(
            [amount for _part, amount, _open in self._terms(refund)],
            [-108.9, -6.05, -6.05],
        )
        self.assertRetention(contract, 36.3)
        self.assertEqual([open_amount for _part, _amount, open_amount in self._terms(move)], [326.7, 18.15, 18.15])
        self.assertFollowsLedger(contract)

    def test_a_credit_note_after_payment_leaves_the_retention_of_the_rest(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1])
        self._register(move)
        refund = self._credit(move, share=0.25)
        self.assertEqual([open_amount for _part, _amount, open_amount in self._terms(refund)], [-108.9, 0.0, 0.0])
        self.assertRetention(contract, 36.3)
        self.assertFollowsLedger(contract)

    def test_a_full_credit_leaves_nothing(self):
        contract = self._create_withheld()
        move = self._invoice(contract.instalment_ids[1])
        self._credit(move, cancel=True)
        self.assertEqual([open_amount for _part, _amount, open_amount in self._terms(move)], [0.0, 0.0, 0.0])
        self.assertRetention(contract, 0.0)
        self.assertFollowsLedger(contract)

    def test_a_credit_note_gives_room_under_the_cap(self):
        self.withheld_type.retention_cap_percent = 4
        contract = self._create_withheld()
        self._invoice(contract.instalment_ids[0])
        move = self._invoice(contract.instalment_ids[1])
        self.assertEqual(move.amount_retention, 48.4)
        self._credit(move, share=0.5)
        self.assertEqual(contract._get_retention_room(self.env["account.move"].new({"currency_id": 1})), 24.2)

    def test_an_advance_taken_back_does_not_lower_what_is_kept_back(self):
        contract = self._create_withheld(sign=False, contract_values={"advance_recoup": "proportional"})
        contract.instalment_ids[1].percent = 50
        contract.action_sign()
        move = self._invoice(self._invoice(contract.instalment_ids[0]) and contract.instalment_ids[1])
        self.assertEqual((move.amount_total, move.amount_retention), (484.0, 60.5))
        self.assertFollowsLedger(contract)

    def test_several_orders_make_one_retention(self):
        lead = self._create_deal(construction_type_id=self.withheld_type.id)
        first = self._create_order(lead, taxes=self.tax_21)
        first.action_create_contract()
        contract = first.contract_id
        second = self._create_order(lead, prices=((3, 111.11),), taxes=self.tax_ugly)
        contract._join_orders(second)
        contract.date_start = "2026-01-01"
        contract.action_sign()
        moves = [self._invoice(row) for row in contract.instalment_ids]
        for move, row in zip(moves[1:], contract.instalment_ids[1:], strict=True):
            self.assertAlmostEqual(move.amount_retention, contract.currency_id.round(row.amount / 10), 2)
            self.assertAlmostEqual(sum(amount for _part, amount, _open in self._terms(move)), row.amount, 2)
        self.assertRetention(contract, sum(move.amount_retention for move in moves))
        self.assertFollowsLedger(contract)

    def test_stock_invoices_stay_as_they_are(self):
        move = self.init_invoice("out_invoice", products=self.product_a, post=True)
        self.assertEqual(len(self._terms(move)), 1)
        self.assertFalse(move.retention_terms)
