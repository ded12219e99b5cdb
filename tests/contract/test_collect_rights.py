from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .collect_common import CollectCommon


@tagged("post_install", "-at_install")
class TestCollectRights(CollectCommon):
    """People without invoicing rights record what they were given; the accounting confirms it or not."""

    def setUp(self):
        super().setUp()
        self.contract.user_invoicing_id = self.accountant

    def _record_as_salesman(self, amount=100):
        wizard = self._ask(self.salesman, instalment_id=self.first.id, amount=amount)
        self.assertFalse(wizard.may_post)
        action = wizard.action_collect()
        self.assertEqual(action["tag"], "display_notification")
        wizard.action_collect()
        return self.contract.collection_ids

    def test_a_salesperson_records_a_draft_and_an_accountant_is_asked(self):
        self._invoice(self.first)
        row = self._record_as_salesman()
        self.assertRecordValues(row, [{"state": "to_confirm", "amount": 100, "amount_open": 0}])
        self.assertEqual(row.payment_id.state, "draft")
        self.assertRecordValues(self.first, [{"state": "invoiced", "amount_collected": 0}])
        activity = row.payment_id.activity_ids
        self.assertEqual(activity.user_id, self.accountant)
        self.assertIn(self.contract.name, activity.summary)
        self._true()
        row.with_user(self.accountant).action_confirm()
        self.assertRecordValues(self.first, [{"state": "partial", "amount_collected": 100}])
        self.assertEqual(row.state, "received")
        self.assertFalse(activity.active)
        self._true()

    def test_the_screen_knows_who_may_post(self):
        context = self.contract.action_collect()["context"]
        for user, may_post in ((self.salesman, False), (self.accountant, True)):
            screen = Form(self.env["construction.collect"].with_user(user).with_context(**context))
            self.assertEqual(screen.may_post, may_post)

    def test_posting_the_payment_itself_confirms_it_too(self):
        row = self._record_as_salesman()
        row.payment_id.with_user(self.accountant).action_post()
        self.assertEqual(self.first.amount_collected, 100)
        self._invoice(self.first)
        self.assertEqual(self.first.state, "partial")
        self._true()

    def test_refusing_tells_whoever_recorded_it(self):
        row = self._record_as_salesman()
        before = self.contract.message_ids
        row.with_user(self.accountant).action_refuse()
        self.assertEqual(row.state, "cancelled")
        self.assertFalse(row.payment_id.activity_ids)
        message = self.contract.message_ids - before
        self.assertEqual(message.notified_partner_ids, self.salesman.partner_id)
        self.assertIn("not confirmed", message.body)
        self.assertEqual(self.first.amount_collected, 0)

    def test_deleting_the_draft_tells_it_as_well(self):
        row = self._record_as_salesman()
        before = self.contract.message_ids
        row.payment_id.with_user(self.accountant).unlink()
        self.assertEqual((self.contract.message_ids - before).notified_partner_ids, self.salesman.partner_id)
        self.assertFalse(self.contract.collection_ids)

    def test_the_screen_warns_of_what_already_waits(self):
        self._record_as_salesman()
        wizard = self._ask(self.accountant, instalment_id=self.first.id)
        self.assertEqual(wizard.amount_to_confirm, 100)
        action = wizard.action_view_to_confirm()
        self.assertEqual(action["res_id"], self.contract.collection_ids.id)

    def test_without_an_invoicing_person_some_accountant_is_asked(self):
        self.contract.user_invoicing_id = False
        user = self._record_as_salesman().payment_id.activity_ids.user_id
        self.assertTrue(user.has_group("account.group_account_invoice"))

    def test_a_salesperson_neither_posts_nor_uses_nor_touches_the_payment(self):
        row = self._record_as_salesman().with_user(self.salesman)
        for method in (row.action_confirm, row.action_refuse, row.action_use):
            with self.assertRaises(AccessError):
                method()
        with self.assertRaises(AccessError):
            row.payment_id.amount = 1
        with self.assertRaises(AccessError):
            row.amount = 1
        self.assertEqual(row.state, "to_confirm")

    def test_other_peoples_deals_are_closed(self):
        with self.assertRaises(AccessError):
            self.first.with_user(self.other_salesman).action_collect()
        with self.assertRaises(AccessError):
            self.contract.with_user(self.other_salesman).action_collect()
        with self.assertRaises(AccessError):
            self._ask(self.other_salesman, instalment_id=self.first.id, amount=5).action_collect()
        for user in (self.auditor, self.project_user):
            with self.assertRaisesRegex(AccessError, "invoicing rights"):
                self.first.with_user(user).action_collect()
            with self.assertRaises(AccessError):
                self.first.with_user(user)._collect("x", self.bank, 1, self.first.currency_id, "2026-01-01")
        with self.assertRaises(AccessError):
            self.first.with_user(self.surveyor).action_collect()
        self.assertFalse(self.contract.collection_ids)

    def test_a_salesperson_opens_the_list_of_own_collections(self):
        self._record_as_salesman()
        rows = self.env["construction.collection"].with_user(self.salesman).search([])
        self.assertEqual(rows, self.contract.collection_ids)
        rows.web_read({name: {} for name in ("date", "amount", "state", "memo", "journal_id", "payment_id")})
        rows.formatted_read_group([], ["journal_id"], ["amount:sum"])
        self.assertFalse(self.env["construction.collection"].with_user(self.other_salesman).search([]))

    def test_a_salesperson_sees_what_the_invoice_asks_without_reading_it(self):
        self._invoice(self.first)
        wizard = self._ask(self.salesman, instalment_id=self.first.id)
        self.assertEqual(wizard.amount, 363)
        self.assertFalse(wizard.is_prepayment)
        with self.assertRaisesRegex(UserError, "Enter the amount"):
            wizard.amount = 0
            wizard.action_collect()

    def test_another_company_is_closed(self):
        other = self.setup_other_company()["company"]
        accountant = self.accountant
        accountant.company_ids += other
        rows = self.contract.with_user(accountant).with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            rows.action_collect()
