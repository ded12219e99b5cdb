from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestVariants(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.economy = cls.generate()
        cls.premium = cls.vary(cls.economy, "Premium", "Economy")
        cls.premium.order_line[1].price_unit = 60.0

    @classmethod
    def vary(cls, quote, name, own_name=None, user=None):
        action = quote.with_user(user or cls.salesperson).action_make_variant(name, own_name)
        return cls.env["sale.order"].browse(action["res_id"])

    def send(self, *quotes):
        for quote in quotes:
            quote.with_user(self.salesperson).action_quotation_sent()

    def test_a_variant_is_a_quote_of_its_own_beside_the_first(self):
        self.assertRecordValues(
            self.premium,
            [
                {
                    "variant_name": "Premium",
                    "variant_of_id": self.economy.id,
                    "state": "draft",
                    "revision": 0,
                    "opportunity_id": self.lead.id,
                    "previous_revision_id": False,
                }
            ],
        )
        self.assertEqual(self.economy.variant_name, "Economy")
        self.assertNotIn(self.economy.name, self.premium.name)
        self.assertEqual((self.economy | self.premium).mapped("variant_count"), [2, 2])
        self.assertEqual(self.economy._get_variants(), self.economy | self.premium)

    def test_the_wizard_asks_both_names(self):
        quote = self.premium.with_user(self.salesperson)
        action = quote.action_ask_variant()
        wizard = self.env[action["res_model"]].with_user(self.salesperson).with_context(**action["context"])
        opened = wizard.create({"name": "Deluxe"}).action_make()
        deluxe = self.env["sale.order"].browse(opened["res_id"])
        self.assertRecordValues(deluxe, [{"variant_name": "Deluxe", "variant_of_id": self.economy.id}])
        self.assertEqual(self.economy.variant_count, 3)

    def test_names_tell_variants_apart(self):
        for name, own_name in (("", "Economy"), ("Economy", None), ("Premium", None)):
            with self.subTest(name=name), self.assertRaises(UserError):
                self.vary(self.economy, name, own_name)
        plain = self.generate(self.make_final_sheet())
        with self.assertRaisesRegex(UserError, "both variants a name"):
            self.vary(plain, "Other")

    def test_choosing_one_closes_the_others_and_cancelling_opens_them_again(self):
        deluxe = self.vary(self.premium, "Deluxe")
        self.send(self.economy, self.premium)
        self.premium.with_user(self.salesperson).action_confirm()
        closed = self.economy | deluxe
        self.assertEqual(closed.mapped("state"), ["cancel", "cancel"])
        self.assertEqual(closed.closed_by_id, self.premium)
        self.assertIn("another variant was chosen", self.economy.message_ids[0].body)
        self.premium.with_user(self.manager)._action_cancel()
        self.assertEqual(closed.mapped("state"), ["sent", "draft"])
        self.assertFalse(closed.closed_by_id)
        self.assertTrue(self.economy.date_sent)
        self.economy.with_user(self.salesperson).action_confirm()
        self.assertEqual(deluxe.state, "cancel")

    def test_a_variant_cancelled_by_hand_stays_cancelled(self):
        self.send(self.economy, self.premium)
        self.economy.with_user(self.salesperson).action_cancel()
        self.premium.action_confirm()
        self.premium._action_cancel()
        self.assertEqual(self.economy.state, "cancel")

    def test_revisions_of_a_variant_stay_within_it(self):
        self.send(self.economy, self.premium)
        self.premium.with_user(self.salesperson).action_revise()
        revision = self.premium.next_revision_ids
        self.assertRecordValues(revision, [{"variant_name": "Premium", "variant_of_id": self.economy.id}])
        self.assertEqual(revision.original_id, self.premium)
        revision.order_line[1].price_unit = 61.0
        self.send(revision)
        self.assertEqual(self.economy._get_variants(), self.economy | revision)
        self.economy.action_confirm()
        self.assertRecordValues(revision, [{"state": "cancel"}])
        self.assertEqual(self.premium.superseded_by_id, revision, "closing a revision does not bring back the old one")
        self.assertEqual(self.premium.state, "sent")
        self.economy._action_cancel()
        self.assertEqual(revision.state, "sent")
        revision.action_confirm()
        self.assertEqual(self.economy.state, "cancel")

    def test_a_revision_of_the_first_stays_among_its_variants(self):
        self.send(self.economy)
        self.economy.with_user(self.salesperson).action_revise()
        revision = self.economy.next_revision_ids
        revision.order_line[1].price_unit = 20.0
        self.send(revision)
        revision.with_user(self.salesperson).action_confirm()
        self.assertEqual(self.premium.state, "cancel")
        self.assertEqual(self.economy.state, "sent")

    def test_only_one_is_confirmed(self):
        with self.assertRaisesRegex(UserError, "only one of them"):
            (self.economy | self.premium).action_confirm()
        self.economy.action_confirm()
        late = self.premium.copy()
        late._write_life_cycle({"variant_of_id": self.economy.id})
        with self.assertRaisesRegex(UserError, "only one of them"):
            late.action_confirm()
        with self.assertRaisesRegex(UserError, "nothing left to choose"):
            self.vary(self.economy, "Later")

    def test_the_deal_counts_one_of_them(self):
        self.send(self.economy, self.premium)
        self.assertFalse(self.lead.sale_amount_total)
        self.premium.with_user(self.salesperson).action_confirm()
        self.assertEqual(self.lead.sale_amount_total, self.premium.amount_untaxed)
        self.assertEqual(self.lead.amount_contract, self.premium.amount_total)
        self.assertEqual(self.lead.expected_revenue, self.premium.amount_untaxed)
        self.assertEqual(self.lead.quotation_count, 0)

    def test_replaced_quotes_are_not_counted_on_the_deal(self):
        self.send(self.economy)
        self.premium.with_user(self.salesperson).action_cancel()
        self.assertEqual(self.lead.quotation_count, 1)
        self.economy.with_user(self.salesperson).action_revise()
        self.economy.next_revision_ids.order_line[1].price_unit = 20.0
        self.send(self.economy.next_revision_ids)
        self.lead.invalidate_recordset(["quotation_count"])
        self.assertEqual(self.lead.quotation_count, 1)

    def test_a_copy_is_no_variant(self):
        copy = self.premium.copy()
        self.assertFalse(copy.variant_of_id or copy.variant_name)
        copy.action_confirm()
        self.assertEqual(self.premium.state, "draft")

    def test_quotes_of_stock_have_no_variants(self):
        order = self.make_stock_order(user_id=self.salesperson.id)
        with self.assertRaisesRegex(UserError, "duplicate it"):
            self.vary(order, "B", "A")
        with self.assertQueryCount(0):
            self.assertFalse(order.variant_count)

    def test_who_may_not_write_the_quote_makes_no_variant(self):
        for user in (self.rival, self.surveyor, self.accountant):
            with self.subTest(user.login), self.assertRaises(UserError):
                self.vary(self.economy, "Other", user=user)

    def test_a_variant_of_a_colleague_is_closed_too(self):
        self.premium.user_id = self.rival
        self.economy.with_user(self.salesperson).action_confirm()
        self.assertEqual(self.premium.state, "cancel")
