from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestSend(QuoteCommon):
    """A quote is sent from its deal, to the person the deal is talked over with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.email = "ana@example.com"
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ion Popescu", "parent_id": cls.client.id, "email": "ion@example.com"}
        )
        cls.quote = cls.generate()

    def press(self, user=None):
        return self.lead.with_user(user or self.salesperson).action_send_quote()

    def compose(self, action, user=None):
        Composer = self.env["mail.compose.message"].with_user(user or self.salesperson)
        return Form(Composer.with_context(**action["context"])).save()

    def get_recipients(self, action):
        """Give whom the mail goes to; stock adds the salesperson."""
        return self.compose(action).partner_ids - self.salesperson.partner_id

    def test_the_deal_sends_its_quote(self):
        action = self.press()
        self.assertEqual(action["context"]["default_res_ids"], self.quote.ids)
        composer = self.compose(action)
        self.assertEqual(composer.partner_ids - self.salesperson.partner_id, self.client)
        composer.action_send_mail()
        self.assertEqual(self.quote.state, "sent")

    def test_the_contact_of_the_deal_gets_the_mail_too(self):
        self.lead.partner_id = self.contact
        self.assertEqual(self.get_recipients(self.press()), self.contact | self.client)
        direct = self.quote.with_user(self.salesperson).action_quotation_send()
        self.assertEqual(self.get_recipients(direct), self.contact | self.client)

    def test_another_clients_person_gets_nothing(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "email": "s@example.com"})
        self.lead.partner_id = stranger
        self.assertEqual(self.get_recipients(self.press()), self.client)

    def test_the_open_revision_is_the_one_to_send(self):
        self.quote.with_user(self.salesperson).action_quotation_sent()
        self.assertEqual(self.press()["context"]["default_res_ids"], self.quote.ids)
        self.quote.with_user(self.salesperson).action_revise()
        revision = self.quote.next_revision_ids
        revision.order_line[1].price_unit = 10.0
        self.assertEqual(self.press()["context"]["default_res_ids"], revision.ids)

    def test_of_several_quotes_one_is_chosen_first(self):
        other = self.generate(self.make_final_sheet())
        action = self.press()
        self.assertEqual(action["res_model"], "sale.order")
        self.assertEqual(self.env["sale.order"].search(action["domain"]), self.quote | other)

    def test_what_cannot_be_sent_says_why(self):
        self.quote.validity_date = fields.Date.today() - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "has expired"):
            self.press()
        self.quote.action_cancel()
        with self.assertRaisesRegex(UserError, "no open quote"):
            self.press()

    def test_orders_of_stock_go_to_their_customer(self):
        deal = self.env["crm.lead"].create(
            {"name": "Shop", "type": "opportunity", "partner_id": self.contact.id, "user_id": self.salesperson.id}
        )
        order = self.make_stock_order(opportunity_id=deal.id, user_id=self.salesperson.id)
        composer = self.compose(order.with_user(self.salesperson).action_quotation_send())
        self.assertEqual(composer.partner_ids - self.salesperson.partner_id, self.client)
