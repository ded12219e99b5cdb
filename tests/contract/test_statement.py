from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .follow_common import FollowCommon


@tagged("post_install", "-at_install")
class TestStatement(FollowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year_start = fields.Date.start_of(cls.today, "year")

    def _make(self, user=None, **values):
        return (
            self.env["construction.statement"]
            .with_user(user or self.accountant)
            .create({"partner_id": self.partner_a.id, "date_from": self.today - timedelta(days=400), **values})
        )

    def _ledger_balance(self, currency, until=None):
        """What the receivable accounts of the client say, read by SQL."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(line.amount_currency), 0)
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE line.parent_state = 'posted' AND account.account_type = 'asset_receivable'
               AND line.partner_id = %s AND line.company_id = %s AND line.currency_id = %s AND line.date <= %s
            """,
            [self.partner_a.id, self.env.company.id, currency.id, until or self.today],
        )
        return self.env.cr.fetchone()[0]

    def _assert_equals_ledger(self):
        statement = self._make()
        for account in statement._get_accounts():
            self.assertAlmostEqual(account["closing"], float(self._ledger_balance(account["currency"])), 2)
            self.assertAlmostEqual(account["opening"] + account["debit"] - account["credit"], account["closing"], 2)
            self.assertAlmostEqual(account["open_total"], account["closing"], 2)

    def test_it_equals_the_ledger_after_every_kind_of_event(self):
        self._assert_equals_ledger()
        self._collect(self.advance, 100)
        self._assert_equals_ledger()
        half = self._bill(self.half, late=20)
        self._collect(self.half, 50)
        self._assert_equals_ledger()
        self._collect(self.rest, 33)  # before its invoice
        self._assert_equals_ledger()
        reversal = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=half.ids)
        reversal.create({"journal_id": half.journal_id.id}).reverse_moves()
        half.reversal_move_ids.action_post()
        self._assert_equals_ledger()

    def test_the_opening_balance_is_what_was_before(self):
        self._bill(self.half, late=60)
        statement = self._make(date_from=self.today - timedelta(days=30))
        account = statement._get_accounts()[0]
        self.assertAlmostEqual(account["opening"], self.half.amount, 2)
        self.assertEqual([entry["amount"] for entry in account["entries"]], [363.0])
        self.assertEqual([line["days"] for line in account["open_lines"]], [60, 10])

    def test_as_of_an_earlier_day_later_payments_are_not_there(self):
        self._collect(self.advance)
        statement = self._make(date_to=self.today - timedelta(days=1))
        account = statement._get_accounts()[0]
        self.assertEqual((account["closing"], account["open_total"]), (363.0, 363.0))
        self.assertEqual(self._make()._get_accounts()[0]["closing"], 0.0)

    def test_a_payment_in_another_currency_settles_the_claim_in_its_own(self):
        other = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self._collect(self.advance, 200, currency_id=other.id)
        accounts = {account["currency"]: account for account in self._make()._get_accounts()}
        self.assertAlmostEqual(accounts[self.env.company.currency_id]["closing"], 263.0, 2)
        self.assertAlmostEqual(accounts[other]["closing"], 0.0, 2)

    def test_salespeople_see_the_part_of_their_own_contracts(self):
        lead = self._create_deal(user_id=self.other_salesman.id, name="Barn")
        other = self._create_contract(lead=lead)
        other.user_id = self.other_salesman
        self._bill(other.instalment_ids[0], late=5)
        self._collect(self.advance, 63)
        self._collect(self.rest, 30)
        account = self._make(self.salesman)._get_accounts()[0]
        self.assertEqual(account["closing"], 270.0, "300 are open, 30 wait for an invoice")
        self.assertNotIn(other.name, str(account))
        with self.assertRaises(AccessError):
            self._make(self.salesman, contract_ids=other.ids)._get_accounts()
        self.assertEqual(self._make(self.sale_manager)._get_accounts()[0]["closing"], 633.0)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRaisesRegex(AccessError, "no contract"):
            self._make(self.salesman, partner_id=stranger.id)._get_accounts()
        for user in (self.project_user, self.surveyor):
            with self.assertRaises(AccessError):
                self._make(user)

    def test_other_companies_are_left_out(self):
        other = self.setup_other_company()["company"]
        self.accountant.company_ids += other
        statement = self._make(company_id=other.id)
        self.assertEqual(statement._get_accounts()[0]["closing"], 0.0)

    def test_it_prints_in_the_language_of_the_client_and_in_words(self):
        for user in (self.accountant, self.salesman, self.auditor):
            statement = self._make(user)
            action = statement.action_print()
            html = (
                self.env["ir.actions.report"]
                .with_user(user)
                ._render_qweb_html(action["report_name"], statement.ids)[0]
                .decode()
            )
            self.assertIn("Three hundred", html)
            self.assertIn(self.advance.name, html)

    def test_a_period_ends_after_it_starts(self):
        with self.assertRaisesRegex(UserError, "ends before it starts"):
            self._make(date_from=self.today, date_to=self.today - timedelta(days=1)).action_print()

    def test_contract_and_deal_lead_to_it(self):
        for record in (self.contract, self.lead):
            action = record.with_user(self.salesman).action_print_statement()
            statement = self.env["construction.statement"].with_user(self.salesman)
            statement = statement.with_context(**action["context"]).create({})
            self.assertEqual(statement.contract_ids, self.contract)
            self.assertEqual(statement._get_accounts()[0]["closing"], 363.0)
