from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .line_common import LineCommon


@tagged("post_install", "-at_install")
class TestLineMoneyTours(LineCommon):
    """The money of one contract in the browser, by the accountant and by the salesperson."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.today = fields.Date.today()
        cls.contract.instalment_ids[1:].trigger_date = cls.today

    def _post_overdue(self):
        """Post all invoices, so long ago that they are overdue."""
        rows = self.contract.instalment_ids.with_user(self.accountant)
        for row, late in zip(rows, (30, 20, 10), strict=True):
            if not row.invoice_ids:
                row.action_invoice()
            day = self.today - timedelta(days=late)
            row.invoice_ids.write({"invoice_date": day, "invoice_payment_term_id": False, "invoice_date_due": day})
            row.invoice_ids.action_post()
        return self.contract.instalment_ids

    def test_the_accountant_goes_through_the_month(self):
        self.start_tour("/odoo", "construction_month_invoice", login=self.accountant.login)
        rows = self.contract.instalment_ids
        self.assertEqual([len(row.invoice_ids) for row in rows], [1, 1, 1])
        self.assertEqual(rows.invoice_ids.mapped("state"), ["draft"] * 3)
        self._post_overdue()
        self.start_tour("/odoo", "construction_month_collect", login=self.accountant.login)
        self.assertRecordValues(
            rows,
            [
                {"state": "collected", "amount_collected": 772.51, "amount_residual": 0.0},
                {"state": "collected", "amount_collected": 1158.76, "amount_residual": 0.0},
                {"state": "overdue", "amount_collected": 68.73, "amount_residual": 575.03},
            ],
        )
        self.assertEqual(len(self.contract.collection_ids.payment_id), 1, "one transfer is one payment")
        self.start_tour("/odoo", "construction_month_remind", login=self.accountant.login)
        reminder = rows.reminder_line_ids.reminder_id
        self.assertRecordValues(reminder, [{"user_id": self.accountant.id, "recipient_id": self.client.id}])
        self.assertEqual(reminder.line_ids.mapped("amount"), [575.03])
        self.assertEqual(reminder.body.count("575.03"), 2, "in its row and as the total")
        wizard = self.contract.with_user(self.accountant).action_print_statement()
        statements = self.env[wizard["res_model"]].with_user(self.accountant)
        statement = statements.with_context(**wizard["context"]).create({})
        report = statement.action_print()
        self.assertEqual(report["type"], "ir.actions.report")

    def test_the_salesperson_sees_the_money_and_posts_nothing(self):
        rows = self._post_overdue()
        self.start_tour("/odoo", "construction_sales_money", login=self.salesperson.login)
        collection = self.contract.collection_ids
        self.assertEqual(collection.mapped("state"), ["to_confirm"] * len(collection))
        self.assertAlmostEqual(sum(collection.mapped("amount")), 500.0, 2)
        self.assertEqual(collection.payment_id.state, "draft")
        self.assertEqual(self.contract.amount_collected, 0.0)
        self.assertEqual((rows[0].promise_state, rows[0].promised_by), ("open", "Ana"))
        self.assert_refused(self.salesperson, rows[0], "action_invoice", says="invoic")
        self.assert_refused(self.salesperson, self.contract, "action_release_retention")
        self.assert_refused(self.salesperson, collection, "action_confirm")

    def test_the_missing_list_leads_to_the_fields(self):
        order = self.make_order().with_user(self.salesperson)
        order.action_create_contract()
        contract = order.contract_id
        contract.write({"date_start": False, "body": "<p>Agreed in {contract_place}.</p>"})
        url = f"/odoo/construction-contracts/{contract.id}"
        self.start_tour(url, "construction_contract_missing", login=self.salesperson.login)
