from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import QuoteCommon

SIGN_BUTTON = 'data-bs-target="#modalaccept"'
# The smallest picture there is.
SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


@tagged("post_install", "-at_install")
class TestQuoteTours(QuoteCommon, HttpCase):
    """A sent quote is revised, approved, sent again and opened by the client's old link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.external_report_layout_id = cls.env.ref("web.external_layout_standard")
        cls.client.email = "ana@example.com"
        cls.quote = cls.generate()
        cls.quote.name = "Q-TOUR"
        cls.quote.with_user(cls.salesperson).action_quotation_sent()
        cls.portal_user = new_test_user(cls.env, login="portal_ana", groups="base.group_portal")

    def test_a_quote_is_revised_approved_and_replaced(self):
        self.env["construction.approval.rule"].create(
            {
                "name": "Low margin",
                "kind": "margin",
                "margin_percent": 95.0,
                "user_ids": [Command.set(self.manager.ids)],
            }
        )
        self.start_tour("/odoo", "construction_quote_revise", login=self.salesperson.login)
        revision = self.quote.next_revision_ids
        self.assertRecordValues(
            revision, [{"state": "draft", "revision_reason": "The client wants it cheaper", "is_approval_asked": True}]
        )
        self.start_tour("/odoo", "construction_quote_approve", login=self.manager.login)
        self.assertEqual(revision.approval_state, "approved")
        self.assertFalse(self.quote.superseded_by_id)
        self.start_tour("/odoo", "construction_quote_send_revision", login=self.salesperson.login)
        self.assertEqual(revision.state, "sent")
        self.assertEqual(self.quote.superseded_by_id, revision)
        self.start_tour(self.quote.get_portal_url(), "construction_quote_old_link")
        self.assertEqual(self.quote.state, "sent")


@tagged("post_install", "-at_install")
class TestQuotePortal(QuoteCommon, HttpCase):
    """What the client's links lead to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()
        cls.portal_user = new_test_user(cls.env, login="portal_ana", groups="base.group_portal")
        cls.portal_user.partner_id.parent_id = cls.client

    def supersede(self):
        self.quote.with_user(self.salesperson).action_revise()
        revision = self.quote.next_revision_ids
        revision.order_line[1].price_unit = 10.0
        revision.with_user(self.salesperson).action_quotation_sent()
        return revision

    def open(self, quote, query=""):
        response = self.url_open(quote.get_portal_url(query_string=query))
        self.assertEqual(response.status_code, 200)
        return response

    def test_the_old_link_holds_until_the_revision_is_sent(self):
        self.quote.with_user(self.salesperson).action_revise()
        response = self.open(self.quote)
        self.assertIn(f"/my/orders/{self.quote.id}", response.url)
        self.assertIn(SIGN_BUTTON, response.text)
        self.assertNotIn("replaced", response.text)

    def test_the_old_link_leads_to_the_new_one(self):
        revision = self.supersede()
        response = self.open(self.quote)
        self.assertIn(f"/my/orders/{revision.id}", response.url)
        self.assertIn('name="replaced"', response.text)
        old = self.open(self.quote, "&replaced=read")
        self.assertIn(f"/my/orders/{self.quote.id}", old.url)
        self.assertIn(f"was replaced by {revision.name}", old.text)
        self.assertNotIn(SIGN_BUTTON, old.text)

    def test_the_document_of_the_old_one_stays_readable(self):
        self.supersede()
        response = self.url_open(self.quote.get_portal_url(report_type="html"))
        self.assertIn(self.quote.name, response.text)
        self.assertIn("was replaced by", response.text)

    def test_a_made_up_origin_shows_nothing_of_others(self):
        stranger = self.make_stock_order(partner_id=self.partner_a.id)
        revision = self.supersede()
        for replaced in (stranger.id, revision.id, "99999999999999999999", "1;drop", "-1"):
            response = self.open(revision, f"&replaced={replaced}")
            self.assertNotIn('name="replaced"', response.text)

    def test_the_list_of_quotes_shows_the_one_that_holds(self):
        revision = self.supersede()
        self.authenticate("portal_ana", "portal_ana")
        text = self.url_open("/my/quotes").text
        self.assertIn(revision.name, text)
        self.assertNotIn(f">{self.quote.name}<", text)

    def test_a_superseded_quote_is_not_signed_through_its_link(self):
        revision = self.supersede()
        url = f"/my/orders/{self.quote.id}/accept?access_token={self.quote._portal_ensure_token()}"
        answer = self.make_jsonrpc_request(url, {"name": "Ana", "signature": SIGNATURE})
        self.assertIn(revision.name, answer["error"])
        self.assertFalse(self.quote.signature)
        self.assertEqual(self.quote.state, "sent")

    def test_signing_a_variant_closes_the_other_and_signing_the_old_one_the_open_revision(self):
        self.quote.with_user(self.salesperson).action_make_variant("Premium", "Economy")
        premium = self.quote._get_variants() - self.quote
        self.quote.with_user(self.salesperson).action_revise()
        revision = self.quote.next_revision_ids
        url = f"/my/orders/{self.quote.id}/accept?access_token={self.quote._portal_ensure_token()}"
        self.make_jsonrpc_request(url, {"name": "Ana", "signature": SIGNATURE})
        self.env.invalidate_all()
        self.assertEqual(self.quote.state, "sale")
        self.assertEqual((premium | revision).mapped("state"), ["cancel", "cancel"])
        self.assertEqual((premium | revision).closed_by_id, self.quote)

    def test_an_unapproved_quote_is_not_shown_to_the_client(self):
        self.env["construction.approval.rule"].create({"name": "All", "kind": "amount", "amount": 0.0})
        draft = self.generate(self.make_final_sheet())
        token = draft._portal_ensure_token()
        url = f"/my/orders/{draft.id}?access_token={token}"
        for login in (None, "portal_ana"):
            self.authenticate(login, login)
            for suffix in ("", "&report_type=html"):
                response = self.url_open(url + suffix)
                self.assertNotIn(draft.name, response.text)
                self.assertNotIn(f"/my/orders/{draft.id}", response.url)
        # The office sees its draft as the client will, and its print says what it is.
        self.authenticate(self.salesperson.login, self.salesperson.login)
        self.assertIn(draft.name, self.url_open(url).text)
        self.assertIn("not approved for sending", self.url_open(f"{url}&report_type=html").text)
