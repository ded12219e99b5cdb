from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .follow_common import FollowCommon

BUCKETS = ["amount_not_due", "amount_30", "amount_60", "amount_90", "amount_more", "amount_retained"]


@tagged("post_install", "-at_install")
class TestAgeing(FollowCommon):
    def _read(self, day=None, user=None, domain=()):
        self.env.flush_all()
        self.env.invalidate_all()
        model = self.env["construction.ageing"].with_user(user or self.accountant)
        if day:
            model = model.with_context(construction_as_of=fields.Date.to_string(day))
        return model.search(list(domain))

    def _assert_equals_ledger(self, day=None):
        """The ageing comes to the receivables of construction invoices, read by SQL."""
        day = day or self.today + timedelta(days=4000)
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(
                       line.balance
                     - COALESCE((SELECT SUM(amount) FROM account_partial_reconcile
                                  WHERE debit_move_id = line.id AND max_date <= %(day)s), 0)
                     + COALESCE((SELECT SUM(amount) FROM account_partial_reconcile
                                  WHERE credit_move_id = line.id AND max_date <= %(day)s), 0)
                   ), 0)
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
             WHERE move.state = 'posted' AND account.account_type = 'asset_receivable' AND line.date <= %(day)s
               AND move.move_type IN ('out_invoice', 'out_refund') AND move.contract_id IS NOT NULL
            """,
            {"day": day},
        )
        ledger = self.env.cr.fetchone()[0]
        rows = self._read(day if day <= self.today else None)
        self.assertAlmostEqual(sum(rows.mapped("amount")), float(ledger), 2)
        for row in rows:
            self.assertAlmostEqual(sum(row[name] for name in BUCKETS), row.amount, 2)
        return rows

    def test_it_equals_the_ledger_after_every_kind_of_event(self):
        self._assert_equals_ledger()
        self._collect(self.advance, 100)
        self._assert_equals_ledger()
        half = self._bill(self.half, late=70)
        self._assert_equals_ledger()
        reversal = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=half.ids)
        reversal.create({"journal_id": half.journal_id.id}).reverse_moves()
        half.reversal_move_ids.action_post()
        self._assert_equals_ledger()
        self._collect(self.advance)
        self.assertEqual(sum(self._assert_equals_ledger().mapped("amount")), 0.0)

    def test_each_part_is_in_its_own_bucket(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "In four",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 25, "nb_days": days}) for days in (1, 40, 80, 150)
                ],
            }
        )
        self._bill(self.half, late=100, invoice_payment_term_id=term.id)
        rows = self._read(domain=[("instalment_id", "=", self.half.id)])
        self.assertEqual(rows.mapped("days_late"), [99, 60, 20, 0])
        filled = [[name for name in BUCKETS if row[name]] for row in rows]
        self.assertEqual(filled, [["amount_more"], ["amount_60"], ["amount_30"], ["amount_not_due"]])

    def test_a_retention_has_a_column_of_its_own_until_it_is_released(self):
        self.half.kind = "retention"
        self._bill(self.half, late=30)
        self.half.trigger_date = self.today + timedelta(days=300)
        row = self._read(domain=[("instalment_id", "=", self.half.id)])
        self.assertEqual((row.amount_retained, row.days_late), (row.amount, 0))
        self.half.trigger_date = self.today - timedelta(days=1)
        row = self._read(domain=[("instalment_id", "=", self.half.id)])
        self.assertEqual((row.amount_retained, row.amount_30), (0.0, row.amount))

    def test_what_is_kept_back_of_an_invoice_is_retained_until_released(self):
        contract = self._create_contract(lead=self._create_deal(), sign=False)
        contract.write({"retention_method": "withheld", "retention_percent": 10, "warranty_months": 0})
        contract.action_sign()
        self._bill(contract.instalment_ids[1], late=50)
        rows = self._read(domain=[("contract_id", "=", contract.id)])
        kept = contract.instalment_ids[1].amount_retained
        self.assertTrue(kept)
        self.assertAlmostEqual(sum(rows.mapped("amount_retained")), kept, 2)
        self.assertAlmostEqual(sum(rows.mapped("amount_60")), contract.instalment_ids[1].amount - kept, 2)
        self._assert_equals_ledger()
        contract._release_retention(["handover"], self.today, self.today - timedelta(days=2))
        rows = self._read(domain=[("contract_id", "=", contract.id)])
        self.assertAlmostEqual(sum(rows.mapped("amount_30")), kept, 2)

    def test_as_of_a_day_the_ledger_of_that_day_is_read(self):
        self._collect(self.advance, 100)
        for days in (0, 1, 9, 10, 11):
            self._assert_equals_ledger(self.today - timedelta(days=days))
        row = self._read(self.today - timedelta(days=3))
        self.assertEqual((row.amount, row.days_late), (363.0, 7))
        self.assertFalse(self._read(self.today - timedelta(days=11)))
        wizard = (
            self.env["construction.ageing.date"]
            .with_user(self.accountant)
            .create({"date": self.today - timedelta(days=3)})
        )
        action = wizard.action_show()
        self.assertEqual(self._read().with_context(**action["context"]).search([]).amount, 363.0)

    def test_it_tells_promises_and_disputes(self):
        self.advance._record_promise(self.today + timedelta(days=2))
        self.advance._record_dispute("Cracks")
        row = self._read()
        self.assertEqual((row.date_promised, row.is_disputed), (self.today + timedelta(days=2), True))

    def test_other_currencies_come_in_the_money_of_the_company(self):
        other = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": other.id})
        contract = self._create_contract(lead=self._create_deal(), pricelist_id=pricelist.id)
        self._bill(contract.instalment_ids[0], late=5)
        row = self._read(domain=[("contract_id", "=", contract.id)])
        self.assertEqual((row.amount_currency, row.amount), (363.0, 181.5))
        self._assert_equals_ledger()

    def test_each_sees_what_is_his(self):
        self.assertTrue(self._read(user=self.salesman))
        self.assertFalse(self._read(user=self.other_salesman))
        for user in (self.accountant, self.auditor, self.sale_manager):
            row = self._read(user=user)
            self.assertEqual(row.amount, 363.0)
            self.assertEqual(row.action_open()["res_id"], self.advance.id)
        for user in (self.surveyor, self.project_user):
            with self.assertRaises(AccessError):
                self._read(user=user)
        other = self.setup_other_company()["company"]
        self.accountant.company_ids += other
        model = self.env["construction.ageing"].with_user(self.accountant)
        self.assertFalse(model.with_context(allowed_company_ids=other.ids).search([]))

    def test_invoices_of_no_construction_deal_stay_out(self):
        self.init_invoice("out_invoice", products=self.works, post=True)
        self.assertEqual(self._read().instalment_id, self.advance)

    def test_the_queries_do_not_grow_with_the_rows(self):
        groups = ["partner_id", "contract_id", "user_id"]
        totals = [f"{name}:sum" for name in [*BUCKETS, "amount"]]
        model = self.env["construction.ageing"].with_user(self.accountant)
        for _size in range(2):
            self.env.flush_all()
            model._read_group([], groups, totals)
            with self.assertQueryCount(1):
                model._read_group([], groups, totals)
            other = self._create_contract(lead=self._create_deal())
            self._bill(other.instalment_ids[0], late=5)
