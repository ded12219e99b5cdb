from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import QuoteCommon


class DeclineCommon(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()
        reasons = cls.env["crm.lost.reason"].sudo()
        cls.reason = reasons.create({"name": "Chose a rival", "is_for_clients": True})
        cls.secret = reasons.create({"name": "Cannot pay"})

    def get_activities(self, quote=None):
        kind = self.env.ref("construction_crm.mail_activity_type_declined")
        return (quote or self.quote).activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def ask(self, user, quote=None, **values):
        quote = (quote or self.quote).with_user(user)
        action = quote.action_ask_decline()
        return self.env[action["res_model"]].with_user(user).with_context(**action["context"]).create(values)


@tagged("post_install", "-at_install")
class TestDecline(DeclineCommon):
    """The office cancels a quote that was sent."""

    def test_the_reason_is_kept_and_posted_and_the_deal_stays_open(self):
        self.ask(self.salesperson, reason_id=self.reason.id, note=" 8% lower ").action_decline()
        self.assertRecordValues(
            self.quote, [{"state": "cancel", "decline_reason_id": self.reason.id, "decline_note": "8% lower"}]
        )
        self.assertIn("Chose a rival – 8% lower", self.quote.message_ids[0].preview)
        self.assertEqual(self.lead.won_status, "pending")
        self.assertTrue(self.lead.active)
        # He did it himself.
        self.assertFalse(self.get_activities())

    def test_the_salesperson_is_told_when_somebody_else_cancels(self):
        self.ask(self.manager, reason_id=self.reason.id).action_decline()
        self.assertEqual(self.get_activities().user_id, self.salesperson)

    def test_without_a_reason_nothing_is_cancelled_unless_it_is_said(self):
        wizard = self.ask(self.salesperson)
        with self.assertRaisesRegex(UserError, "Choose the reason"):
            wizard.action_decline()
        self.assertEqual(self.quote.state, "sent")
        wizard.action_skip()
        self.assertRecordValues(self.quote, [{"state": "cancel", "decline_reason_id": False}])

    def test_a_second_click_is_refused(self):
        first, second = self.ask(self.salesperson, reason_id=self.reason.id), self.ask(self.manager)
        first.action_decline()
        second.reason_id = self.secret
        with self.assertRaisesRegex(UserError, "not open any more"):
            second.action_decline()
        with self.assertRaisesRegex(UserError, "not open any more"):
            second.action_skip()
        self.assertEqual(self.quote.decline_reason_id, self.reason)
        self.assertFalse(self.get_activities())

    def test_stock_roads_to_cancel_still_work(self):
        self.quote.with_user(self.salesperson).action_cancel()
        self.assertEqual(self.quote.state, "cancel")
        other = self.make_sent_quote(self.make_final_sheet())
        wizard = self.env["sale.mass.cancel.orders"].with_user(self.salesperson).create({"sale_order_ids": other.ids})
        wizard.action_mass_cancel()
        self.assertEqual(other.state, "cancel")

    def test_the_reason_is_not_written_by_hand(self):
        with self.assertRaises(UserError):
            self.quote.with_user(self.manager).write({"decline_reason_id": self.reason.id})
        with self.assertRaises(UserError):
            self.quote.with_user(self.manager).write({"date_expired": "2026-01-01"})

    def test_a_declined_quote_is_revised_and_the_revision_knows_no_reason(self):
        self.ask(self.salesperson, reason_id=self.reason.id).action_decline()
        self.quote.with_user(self.salesperson).action_revise()
        revision = self.quote.next_revision_ids
        self.assertFalse(revision.decline_reason_id)
        self.assertEqual(self.quote.decline_reason_id, self.reason)

    def test_who_may_not_change_the_quote_may_not_decline_it(self):
        for user in (self.rival, self.surveyor, self.project_manager):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.quote.with_user(user).action_ask_decline()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                wizard = self.env["construction.quote.decline"].with_user(user)
                wizard.create({"order_id": self.quote.id, "reason_id": self.reason.id}).action_decline()
        self.assertEqual(self.quote.state, "sent")
        self.ask(self.accountant, reason_id=self.reason.id).action_decline()
        self.assertEqual(self.quote.state, "cancel")

    def test_who_got_the_job_is_chosen_of_the_competitors_there_are(self):
        wizard = self.ask(self.salesperson)
        self.assertFalse(wizard.has_competitors)
        rival = self.env["res.partner"].create({"name": "Rival", "is_company": True})
        self.lead.competitor_ids = [Command.create({"partner_id": rival.id})]
        wizard.invalidate_recordset(["has_competitors"])
        self.assertTrue(wizard.has_competitors)

    def test_the_report_adds_up_by_reason_and_salesperson(self):
        self.ask(self.salesperson, reason_id=self.reason.id).action_decline()
        self.env.flush_all()
        groups = (
            self.env["sale.report"]
            .with_user(self.salesperson)
            ._read_group(
                [("decline_reason_id", "=", self.reason.id)],
                ["decline_reason_id", "user_id"],
                ["price_subtotal:sum", "order_reference:count_distinct"],
            )
        )
        [(reason, user, amount, count)] = groups
        self.assertEqual((reason, user, count), (self.reason, self.salesperson, 1))
        self.assertAlmostEqual(amount, self.quote.amount_untaxed, 2)
        quotes = self.env["sale.order"]._read_group(
            [("decline_reason_id", "!=", False)], ["decline_reason_id"], ["__count"]
        )
        self.assertIn((self.reason, 1), quotes)


@tagged("post_install", "-at_install")
class TestDeclinePortal(DeclineCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def decline(self, quote, **values):
        page = self.url_open(quote.get_portal_url())
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.post(quote, token, **values)

    def post(self, quote, token, **values):
        response = self.url_open(
            f"/my/orders/{quote.id}/decline?access_token={quote.access_token}", {"csrf_token": token, **values}
        )
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        return response

    def test_the_client_chooses_a_reason_and_a_second_click_changes_nothing(self):
        self.quote._portal_ensure_token()
        page = self.url_open(self.quote.get_portal_url()).text
        self.assertIn("Chose a rival", page)
        self.assertNotIn("Cannot pay", page)
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        values = {"decline_reason": self.reason.id, "decline_message": "<b>8%</b> lower"}
        self.assertIn("You declined this quote", self.post(self.quote, token, **values).text)
        self.assertRecordValues(
            self.quote,
            [{"state": "cancel", "decline_reason_id": self.reason.id, "decline_note": "<b>8%</b> lower"}],
        )
        message = self.quote.message_ids.filtered(lambda message: "Chose a rival" in message.body)
        self.assertEqual(message.author_id, self.client)
        self.assertIn("&lt;b&gt;8%", message.body)
        self.assertEqual(self.get_activities().user_id, self.salesperson)
        self.assertEqual(self.lead.won_status, "pending")
        self.assertTrue(self.lead.active)
        self.post(self.quote, token, **values)
        self.assertEqual(len(self.get_activities()), 1)
        self.assertEqual(len(self.quote.message_ids.filtered(lambda message: "Chose a rival" in message.body)), 1)

    def test_without_a_reason_the_quote_stays_open(self):
        for values in ({"decline_message": "No"}, {"decline_reason": self.secret.id}, {"decline_reason": "x"}):
            self.assertIn("please choose a reason", self.decline(self.quote, **values).text)
            self.assertEqual(self.quote.state, "sent")
        self.assertFalse(self.get_activities())

    def test_where_no_reason_is_offered_words_are_enough(self):
        self.env["crm.lost.reason"].sudo().search([]).is_for_clients = False
        self.decline(self.quote)
        self.assertEqual(self.quote.state, "sent")
        self.decline(self.quote, decline_message="Too late")
        self.assertRecordValues(
            self.quote, [{"state": "cancel", "decline_reason_id": False, "decline_note": "Too late"}]
        )

    def test_an_expired_quote_is_neither_declined_nor_signed(self):
        self.quote._write_life_cycle({"validity_date": "2020-01-01"})
        page = self.url_open(self.quote.get_portal_url()).text
        token = page.split('name="csrf_token" value="')[1].split('"')[0] if "csrf_token" in page else ""
        if token:
            self.post(self.quote, token, decline_reason=self.reason.id)
        answer = self.make_jsonrpc_request(
            f"/my/orders/{self.quote.id}/accept",
            {"access_token": self.quote.access_token, "name": "Ana", "signature": "AAAA"},
        )
        self.assertIn("can no longer be accepted", answer["error"])
        self.env.invalidate_all()
        self.assertEqual(self.quote.state, "sent")

    def test_orders_of_stock_are_declined_as_before(self):
        order = self.make_stock_order(require_signature=True)
        order.action_quotation_sent()
        order._portal_ensure_token()
        page = self.url_open(order.get_portal_url()).text
        self.assertNotIn("decline_reason", page)
        self.decline(order, decline_message="No, thank you")
        self.assertRecordValues(order, [{"state": "cancel", "decline_reason_id": False, "decline_note": False}])
        self.assertTrue(order.message_ids.filtered(lambda message: "No, thank you" in message.body))
