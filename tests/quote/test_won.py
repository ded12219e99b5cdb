from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from .common import QuoteCommon

SIGNATURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestWon(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()
        cls.stage = cls.lead.stage_id

    def test_confirming_wins_the_deal_and_cancelling_restores_its_stage(self):
        self.quote.with_user(self.salesperson).action_confirm()
        self.assertTrue(self.lead.stage_id.is_won)
        self.assertEqual(self.lead.won_status, "won")
        self.quote.with_user(self.salesperson).action_cancel()
        self.assertEqual(self.lead.stage_id, self.stage)
        self.assertEqual(self.lead.won_status, "pending")

    def test_another_confirmed_order_keeps_the_deal_won(self):
        other = self.generate(self.make_final_sheet())
        (self.quote | other).action_confirm()
        self.quote.action_cancel()
        self.assertTrue(self.lead.stage_id.is_won)
        other.action_cancel()
        self.assertEqual(self.lead.stage_id, self.stage)

    def test_a_lost_deal_is_restored_as_won(self):
        self.lead.action_set_lost(lost_reason_id=self.env.ref("crm.lost_reason_1").id)
        self.quote.action_confirm()
        self.assertTrue(self.lead.active)
        self.assertEqual(self.lead.won_status, "won")

    def test_a_deal_won_by_hand_stays_won(self):
        self.lead.action_set_won()
        self.quote.action_confirm()
        self.quote.action_cancel()
        self.assertTrue(self.lead.stage_id.is_won)

    def test_a_deal_won_by_hand_without_an_order_is_found(self):
        search = self.env["ir.ui.view"].get_view(self.env.ref("construction_crm.crm_lead_view_search_construction").id)
        domain = literal_eval(etree.fromstring(search["arch"]).xpath("//filter[@name='won_without_order']/@domain")[0])
        deals = self.env["crm.lead"].with_user(self.salesperson)
        self.assertNotIn(self.lead, deals.search(domain))
        self.lead.action_set_won()
        self.assertIn(self.lead, deals.search(domain))
        self.quote.action_confirm()
        self.assertNotIn(self.lead, deals.search(domain))

    def test_a_deal_somebody_moved_since_stays_where_it_is(self):
        self.quote.action_confirm()
        others = self.env["crm.stage"].search([("is_won", "=", False)])
        moved = (others - self.stage)[0]
        self.lead.stage_id = moved
        self.quote.action_cancel()
        self.assertEqual(self.lead.stage_id, moved)

    def test_an_accountant_who_confirms_wins_the_deal_which_he_may_only_read(self):
        accountant = new_test_user(self.env, "won_accountant", "account.group_account_invoice")
        self.quote.with_user(accountant).action_confirm()
        self.assertTrue(self.lead.stage_id.is_won)
        self.assertEqual(self.lead.won_status, "won")
        with self.assertRaises(AccessError):
            self.lead.with_user(accountant).action_set_lost()
        self.quote.with_user(accountant).action_cancel()
        self.assertEqual(self.lead.stage_id, self.stage)

    def test_deals_of_stock_stay_untouched(self):
        deal = self.env["crm.lead"].create({"name": "Shop", "type": "opportunity"})
        stage = deal.stage_id
        order = self.make_stock_order(opportunity_id=deal.id)
        order.action_confirm()
        self.assertEqual(deal.stage_id, stage)


@tagged("post_install", "-at_install")
class TestPortal(QuoteCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_sent_quote()
        cls.quote._portal_ensure_token()

    def sign(self, quote):
        return self.make_jsonrpc_request(
            f"/my/orders/{quote.id}/accept",
            {"access_token": quote.access_token, "name": "Ana", "signature": SIGNATURE},
        )

    def test_the_signature_of_the_customer_wins_the_deal(self):
        self.authenticate(None, None)
        self.assertNotIn("error", self.sign(self.quote))
        self.env.invalidate_all()
        self.assertEqual(self.quote.state, "sale")
        self.assertEqual(self.quote.signed_by, "Ana")
        self.assertTrue(self.lead.stage_id.is_won)

    def make_sent_revision(self):
        """Send another offer in the place of the quote."""
        revision = self.env["sale.order"].browse(self.quote.action_revise()["res_id"])
        revision.order_line[-1].price_unit += 1
        revision.action_quotation_sent()
        self.assertEqual(self.quote.superseded_by_id, revision)
        return revision

    def test_a_superseded_quote_says_so_and_is_not_signed(self):
        revision = self.make_sent_revision()
        self.authenticate(None, None)
        answer = self.sign(self.quote)
        self.assertIn(f"replaced by {revision.name}", answer["error"])
        page = self.url_open(self.quote.get_portal_url()).text
        self.assertIn(revision.name, page, "the old link leads to the new quote")
        self.assertEqual(self.quote.state, "sent")

    def test_a_superseded_quote_is_not_paid(self):
        self.make_sent_revision()
        self.authenticate(None, None)
        with (
            mute_logger("odoo.http"),
            self.assertRaisesRegex(JsonRpcException, "ValidationError"),
        ):
            self.make_jsonrpc_request(
                f"/my/orders/{self.quote.id}/transaction",
                {"access_token": self.quote.access_token},
            )
        self.assertFalse(self.quote.sudo().transaction_ids)

    def test_the_customer_sees_chapters_and_no_cost(self):
        self.authenticate(None, None)
        page = self.url_open(self.quote.get_portal_url()).text
        self.assertIn("td_chapter_quantity", page)
        self.assertIn("1.2", page)
        self.assertNotIn("purchase_price", page)

    def test_the_customer_takes_an_optional_chapter(self):
        quote = self.generate(self.make_final_sheet())
        option = quote.chapter_ids[1]
        option.is_optional = True
        quote.action_quotation_sent()
        quote._portal_ensure_token()
        line = quote.order_line[-1]
        self.authenticate(None, None)
        request = {"access_token": quote.access_token, "input_quantity": 3}
        url = f"/my/orders/{quote.id}/update_line_dict"
        self.make_jsonrpc_request(url, {**request, "line_id": line.id})
        fixed = quote.order_line[1]
        quantity = fixed.product_uom_qty
        self.make_jsonrpc_request(url, {**request, "line_id": fixed.id})
        self.env.invalidate_all()
        self.assertEqual(line.product_uom_qty, 3.0)
        self.assertEqual(fixed.product_uom_qty, quantity)
