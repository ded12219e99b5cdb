from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestGenerate(QuoteCommon):
    def test_an_item_becomes_a_chapter_with_its_components(self):
        quote = self.generate()
        self.assertRecordValues(
            quote.order_line,
            [
                {"chapter_number": "1", "display_type": "line_section", "product_id": False},
                {"chapter_number": "1.1", "display_type": False, "product_id": self.tiler.id},
                {"chapter_number": "1.2", "display_type": False, "product_id": self.tile.id},
                {"chapter_number": "1.3", "display_type": False, "product_id": self.glue.id},
                {"chapter_number": "2", "display_type": "line_section", "product_id": False},
                {"chapter_number": "2.1", "display_type": False, "product_id": self.glue.id},
            ],
        )
        self.assertRecordValues(
            quote.chapter_ids,
            [
                {
                    "chapter_product_id": self.wall.id,
                    "chapter_quantity": 2.5,
                    "chapter_uom_id": self.square_meter.id,
                },
                {
                    "chapter_product_id": self.glue.id,
                    "chapter_quantity": 7.0,
                    "chapter_uom_id": self.glue.uom_id.id,
                },
            ],
        )
        self.assertEqual(quote.order_line[1].product_uom_qty, 2.0)
        self.assertEqual(quote.order_line[2].product_uom_qty, 2.7)
        self.assertEqual(quote.order_line[1].cost_nature, "labour")
        self.assertEqual(quote.order_line[1].recipe_id, self.recipe)
        self.assertEqual(quote.order_line[1].purchase_price, 20.0)

    def test_the_quote_carries_what_the_deal_knows(self):
        quote = self.generate()
        self.assertRecordValues(
            quote,
            [
                {
                    "partner_id": self.client.id,
                    "partner_shipping_id": self.site.id,
                    "opportunity_id": self.lead.id,
                    "evaluation_id": self.sheet.id,
                    "user_id": self.salesperson.id,
                    "team_id": self.lead.team_id.id,
                    "company_id": self.sheet.company_id.id,
                    "presentation": "full",
                    "state": "draft",
                    "revision": 0,
                }
            ],
        )
        self.assertEqual(quote.amount_untaxed, self.sheet.amount_total)
        self.assertEqual(self.sheet.order_count, 1)

    def test_generating_twice_opens_the_same_quote(self):
        quote = self.generate()
        self.assertEqual(self.generate(user=self.estimator), quote)
        quote.action_quotation_sent()
        self.assertEqual(self.generate(), quote)
        self.assertEqual(self.sheet.order_ids, quote)

    def test_a_cancelled_quote_makes_room_for_a_new_one(self):
        quote = self.generate()
        quote.action_cancel()
        again = self.generate()
        self.assertNotEqual(again, quote)
        self.assertEqual(self.sheet.order_ids, quote | again)

    def test_a_copy_of_a_quote_does_not_take_its_place(self):
        quote = self.generate()
        copy = quote.copy()
        self.assertEqual(copy.evaluation_id, self.sheet)
        self.assertEqual(copy.amount_total, quote.amount_total)
        self.assertEqual(self.generate(), quote)

    def test_only_a_final_sheet_is_quoted(self):
        sheet = self.make_sheet()
        with self.assertRaisesRegex(UserError, "Finalise"):
            self.generate(sheet)
        self.assertFalse(sheet.order_ids)

    def test_a_deal_without_a_customer_is_not_quoted(self):
        lead = self.make_lead(partner_id=False, site_id=False)
        sheet = self.make_final_sheet(lead_id=lead.id)
        with self.assertRaisesRegex(UserError, "no client"):
            self.generate(sheet)

    def test_who_may_not_quote_is_refused(self):
        for user in (self.surveyor, self.rival, self.project_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.generate(user=user)
        self.assertFalse(self.sheet.order_ids)

    def test_the_salesperson_and_the_estimator_may_quote(self):
        self.assertEqual(self.generate(user=self.salesperson).create_uid, self.salesperson)
        sheet = self.make_final_sheet()
        self.assertEqual(self.generate(sheet, user=self.estimator).create_uid, self.estimator)

    def test_a_catalogue_that_moved_since_is_told(self):
        self.tile.list_price = 99.0
        quote = self.generate()
        self.assertNotEqual(quote.amount_untaxed, self.sheet.amount_total)
        self.assertIn("catalogue has changed", quote.message_ids[0].body)

    def test_a_recipe_that_was_quoted_cannot_change(self):
        self.generate()
        self.sheet.sudo().line_ids.filtered("recipe_id")._write({"recipe_id": None})
        with self.assertRaises(UserError):
            self.recipe.line_ids[0].quantity = 5.0

    def test_chapter_figures_follow_their_components(self):
        quote = self.generate()
        chapter = quote.chapter_ids[0]
        components = quote.order_line[1:4]
        self.assertEqual(chapter.chapter_subtotal, sum(components.mapped("price_subtotal")))
        self.assertAlmostEqual(chapter.chapter_price_unit, chapter.chapter_subtotal / 2.5)
        components[0].price_unit = 100.0
        self.assertEqual(chapter.chapter_subtotal, sum(components.mapped("price_subtotal")))
        self.assertEqual(quote.amount_untaxed, sum(quote.chapter_ids.mapped("chapter_subtotal")))
