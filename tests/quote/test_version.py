from odoo.tests import tagged

from .common import QuoteCommon

ACTIVITY_TYPE = "construction_crm.mail_activity_type_out_of_date"


@tagged("post_install", "-at_install")
class TestVersion(QuoteCommon):
    """A quote tells when the sheet it was made from was opened again."""

    def make_old_quote(self):
        sheet = self.make_sheet()
        sheet.action_finalize()
        sheet.action_generate_quote()
        return sheet.order_ids

    def reopen(self, quote, user=None):
        sheet = quote.evaluation_id.with_user(user or self.env.user)
        return self.env["construction.evaluation"].browse(sheet.action_new_version()["res_id"])

    def get_activities(self, quote):
        return quote.activity_ids.filtered(lambda activity: activity.activity_type_id == self.env.ref(ACTIVITY_TYPE))

    def find(self, value):
        return self.env["sale.order"].search([("is_out_of_date", "=", value)])

    def test_a_quote_of_the_latest_version_is_up_to_date(self):
        quote = self.make_old_quote()
        self.assertFalse(quote.is_out_of_date)
        self.assertNotIn(quote, self.find(True))
        self.assertIn(quote, self.find(False))

    def test_a_newer_version_flags_the_quote_and_tells_its_salesperson(self):
        quote = self.make_old_quote()
        second = self.reopen(quote)
        self.assertTrue(quote.is_out_of_date)
        self.assertEqual(quote.newer_evaluation_id, second)
        self.assertIn(quote, self.find(True))
        self.assertNotIn(quote, self.find(False))
        self.assertRecordValues(self.get_activities(quote), [{"user_id": self.salesperson.id}])
        self.assertIn("opened again", quote.message_ids[0].body)

    def test_opening_the_version_again_tells_nobody_twice(self):
        quote = self.make_old_quote()
        self.reopen(quote)
        messages = quote.message_ids
        self.reopen(quote)
        self.assertEqual(len(self.get_activities(quote)), 1)
        self.assertEqual(quote.message_ids, messages)

    def test_whoever_reopens_need_not_see_the_quote(self):
        quote = self.make_old_quote()
        sheet = quote.evaluation_id
        sheet.lead_id.user_id = self.rival
        self.reopen(quote, self.rival)
        self.assertTrue(quote.is_out_of_date)

    def test_a_sent_quote_stays_as_sent_and_is_flagged(self):
        quote = self.make_old_quote()
        quote.action_quotation_sent()
        self.reopen(quote)
        self.assertTrue(quote.is_out_of_date)
        self.assertEqual(quote.state, "sent")

    def test_cancelled_and_confirmed_quotes_are_not_live(self):
        quote = self.make_old_quote()
        quote.action_confirm()
        self.reopen(quote)
        self.assertFalse(quote.is_out_of_date)
        self.assertFalse(self.get_activities(quote))
        self.assertNotIn(quote, self.find(True))

    def test_cancelling_the_newer_version_takes_it_back(self):
        quote = self.make_old_quote()
        second = self.reopen(quote)
        second.action_cancel()
        self.assertFalse(quote.is_out_of_date)
        self.assertFalse(self.get_activities(quote))
        self.assertNotIn(quote, self.find(True))
        second.action_reset()
        self.assertTrue(quote.is_out_of_date)
        self.assertEqual(len(self.get_activities(quote)), 1)
        second.unlink()
        self.assertFalse(quote.is_out_of_date)
        self.assertFalse(self.get_activities(quote))

    def test_the_quote_of_the_newer_version_ends_the_activity(self):
        quote = self.make_old_quote()
        second = self.reopen(quote)
        second.action_finalize()
        second.action_generate_quote()
        self.assertFalse(second.order_ids.is_out_of_date)
        self.assertTrue(quote.is_out_of_date)
        self.assertFalse(self.get_activities(quote))

    def test_the_sheet_says_which_quote_was_made_from_which_version(self):
        quote = self.make_old_quote()
        second = self.reopen(quote)
        second.action_finalize()
        second.action_generate_quote()
        for sheet in quote.evaluation_id + second:
            self.assertEqual(sheet.version_order_ids, quote + second.order_ids)
        self.assertEqual(quote.evaluation_id.version, 1)

    def test_stock_quotes_are_never_out_of_date(self):
        order = self.env["sale.order"].create({"partner_id": self.client.id})
        self.env.flush_all()
        order.mapped("evaluation_id")
        with self.assertQueryCount(0):
            self.assertFalse(order.is_out_of_date)

    def test_a_quote_made_again_from_the_newer_version_is_up_to_date(self):
        quote = self.make_old_quote()
        second = self.reopen(quote)
        second.action_finalize()
        quote.evaluation_id = second
        self.assertFalse(quote.is_out_of_date)
        self.assertFalse(self.get_activities(quote))

    def test_a_quote_of_several_sheets_is_out_of_date_by_any(self):
        quote = self.make_old_quote()
        other = self.make_final_sheet()
        quote.extra_evaluation_ids = other
        self.assertFalse(quote.is_out_of_date)
        second = other.browse(other.action_new_version()["res_id"])
        self.assertTrue(quote.is_out_of_date)
        self.assertEqual(quote.newer_evaluation_id, second)
        self.assertIn(quote, self.find(True))
        self.assertEqual(len(self.get_activities(quote)), 1)
        self.assertEqual(other.version_order_ids, quote)
