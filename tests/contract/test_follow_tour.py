from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .line_common import LineCommon


@tagged("post_install", "-at_install")
class TestFollowTour(LineCommon):
    def test_the_salesperson_reminds_a_client_and_notes_his_promise(self):
        contract = self.make_contract()
        today = fields.Date.today()
        rows = contract.instalment_ids[:2]
        rows[1].trigger_date = today
        for row, late in zip(rows, (20, 10), strict=True):
            row.action_invoice()
            day = today - timedelta(days=late)
            row.invoice_ids.write({"invoice_date": day, "invoice_payment_term_id": False, "invoice_date_due": day})
            row.invoice_ids.action_post()
        self.start_tour("/odoo/construction-overdue", "construction_follow_up", login=self.salesperson.login)
        reminder = rows.reminder_line_ids.reminder_id.filtered(lambda one: one.kind == "mail")
        self.assertRecordValues(
            reminder,
            [{"name": "Please pay, Ana", "user_id": self.salesperson.id, "recipient_id": self.client.id}],
        )
        self.assertEqual(reminder.line_ids.instalment_id, rows)
        self.assertEqual((rows[0].promise_state, rows[0].promised_by), ("open", "Ana"))
        self.assertFalse(rows[1].promise_state)
