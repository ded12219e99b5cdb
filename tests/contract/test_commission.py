from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .follow_common import FollowCommon


@tagged("post_install", "-at_install")
class TestCommission(FollowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates = cls.env["construction.commission.rate"]
        cls.rates.create({"percent": 2})
        cls.env.company.construction_commission_basis = "collected"

    def _read(self, user=None, domain=()):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["construction.commission"].with_user(user or self.accountant).search(list(domain))

    def _sum(self, name, **kwargs):
        return round(sum(self._read(**kwargs).mapped(name)), 2)

    def test_invoiced_and_collected_are_without_taxes_each_on_its_day(self):
        self._collect(self.advance, 121, date=self.today - timedelta(days=2))
        invoiced = self._read(domain=[("kind", "=", "invoiced")])
        collected = self._read(domain=[("kind", "=", "collected")])
        self.assertEqual((sum(invoiced.mapped("amount_invoiced")), invoiced.date), (300.0, self.advance.date_overdue))
        self.assertEqual((collected.amount_collected, collected.date), (100.0, self.today - timedelta(days=2)))
        self.assertEqual(self._sum("commission"), 2.0)
        self.env.company.construction_commission_basis = "invoiced"
        self.assertEqual(self._sum("commission"), 6.0)

    def test_what_is_collected_is_spread_over_the_lines_to_the_cent(self):
        order = self._create_order(
            self._create_deal(name="Ugly"), prices=((3, 33.33), (1, 0.01), (7, 14.29)), taxes=self.tax_ugly
        )
        order._force_lines_to_invoice_policy_order()
        move = order._create_invoices()
        move.invoice_date = self.today
        move.action_post()
        domain = [("move_id", "=", move.id)]
        total = move.amount_untaxed
        paid = 0.0
        while move.amount_residual:
            amount = min(17.37, move.amount_residual)
            register = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            )
            register.create({"amount": amount, "payment_date": self.today})._create_payments()
            paid += amount
            expected = move.currency_id.round(total * (move.amount_total - move.amount_residual) / move.amount_total)
            self.assertAlmostEqual(self._sum("amount_collected", domain=domain), expected, 2)
        rows = self._read(domain=domain)
        for line in move.invoice_line_ids:
            mine = rows.filtered(lambda row, line=line: row.id // 2 // 4194304 == line.id and row.kind == "collected")
            self.assertAlmostEqual(sum(mine.mapped("amount_collected")), line.price_subtotal, 2)

    def test_a_deal_tells_what_its_quotes_would_bring_the_salesperson(self):
        deal = self._create_deal(name="On offer", user_id=self.salesman.id)
        self._create_order(deal, prices=((1, 100.0), (2, 50.05)))
        deal = deal.with_user(self.sale_manager)
        self.assertEqual(deal.amount_commission_expected, 4.0)
        rate = self.rates.create({"percent": 10, "user_id": self.salesman.id})
        self.env.invalidate_all()
        self.assertEqual(deal.amount_commission_expected, 20.01)
        self.rates.create({"percent": 5, "construction_type_id": deal.construction_type_id.id})
        self.env.invalidate_all()
        self.assertEqual(deal.amount_commission_expected, 20.01, "The salesperson's own rate goes first.")
        rate.unlink()
        self.env.invalidate_all()
        self.assertEqual(deal.amount_commission_expected, 10.01)
        with self.assertRaises(AccessError):
            deal.with_user(self.salesman).read(["amount_commission_expected"])

    def test_a_rate_goes_with_its_salesperson(self):
        leaver = self.env["res.users"].create({"name": "Leaver", "login": "commission_leaver"})
        rate = self.rates.create({"percent": 50, "user_id": leaver.id})
        leaver.unlink()
        self.assertFalse(rate.exists(), "It would be the rate of everybody.")

    def test_a_credit_note_counts_negative(self):
        move = self.advance.invoice_ids
        reversal = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=move.ids)
        reversal.create({"journal_id": move.journal_id.id}).reverse_moves()
        note = move.reversal_move_ids
        note.action_post()
        self.assertEqual(self._sum("amount_invoiced"), 0.0)
        self.assertEqual(self._sum("amount_collected"), 0.0)

    def test_the_most_particular_rate_holds(self):
        self._collect(self.advance)
        self.assertEqual(self._sum("commission"), 6.0)
        self.rates.create({"construction_type_id": self.construction_type.id, "percent": 3})
        self.assertEqual(self._sum("commission"), 9.0)
        self.rates.create({"user_id": self.salesman.id, "percent": 4})
        self.assertEqual(self._sum("commission"), 12.0)
        self.rates.create(
            {"user_id": self.salesman.id, "construction_type_id": self.construction_type.id, "percent": 5}
        )
        self.assertEqual(self._sum("commission"), 15.0)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.rates.create({"user_id": self.salesman.id, "percent": 9})

    def test_another_currency_comes_in_the_money_of_the_company(self):
        other = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": other.id})
        contract = self._create_contract(lead=self._create_deal(), pricelist_id=pricelist.id)
        self._bill(contract.instalment_ids[0], late=5)
        self._collect(contract.instalment_ids[0])
        domain = [("contract_id", "=", contract.id)]
        self.assertEqual(self._sum("amount_invoiced", domain=domain), 150.0)
        self.assertEqual(self._sum("amount_collected", domain=domain), 150.0)

    def test_salespeople_see_their_own_rows_accountants_and_managers_all(self):
        colleagues = self._create_contract(lead=self._create_deal(user_id=self.other_salesman.id, name="Barn"))
        colleagues.user_id = self.other_salesman
        self._bill(colleagues.instalment_ids[0], late=5)
        for user in (self.salesman, self.other_salesman):
            rows = self._read(user=user)
            self.assertEqual(rows.user_id, user)
            self.assertIn(rows[0].action_open()["res_model"], ("account.move", "construction.contract"))
        for user in (self.accountant, self.auditor, self.sale_manager):
            self.assertEqual(self._read(user=user).user_id, self.salesman | self.other_salesman)
        estimator = self._new_user("estimator", "construction_crm.group_estimator")
        self.assertFalse(self._read(user=estimator))
        for user in (self.surveyor, self.project_user):
            with self.assertRaises(AccessError):
                self._read(user=user)
        with self.assertRaises(AccessError):
            self.rates.with_user(self.salesman).search([])
        other = self.setup_other_company()["company"]
        self.accountant.company_ids += other
        model = self.env["construction.commission"].with_user(self.accountant)
        self.assertFalse(model.with_context(allowed_company_ids=other.ids).search([]))
