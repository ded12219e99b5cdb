from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestCostToday(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.generate(cls.make_final_sheet([(cls.wall, 10.0)]))

    def see(self, quote=None):
        quote = (quote or self.quote).with_user(self.estimator)
        quote.invalidate_recordset()
        return quote

    def test_a_fresh_quote_has_no_moved_cost(self):
        quote = self.see()
        self.assertEqual(quote.cost_moved_count, 0)
        self.assertAlmostEqual(quote.margin_today_percent, quote.margin_percent * 100, 2)

    def test_a_moved_cost_is_shown_with_the_margin_it_leaves(self):
        self.tile.standard_price = 10.0
        quote = self.see()
        line = quote.cost_moved_line_ids
        self.assertEqual(line.product_id, self.tile)
        self.assertEqual((line.purchase_price, line.cost_today), (7.0, 10.0))
        self.assertAlmostEqual(line.cost_move_percent, 42.9, 1)
        # 8 h × 20 + 10.8 m² × 10 + 33 × 0.6
        self.assertAlmostEqual(quote.cost_today, 287.8)
        self.assertLess(quote.margin_today_percent, quote.margin_percent * 100)

    def test_repricing_a_draft_takes_costs_and_prices_but_not_typed_ones(self):
        self.tile.write({"standard_price": 10.0, "list_price": 20.0})
        self.glue.write({"list_price": 5.0})
        glue = self.quote.order_line.filtered(lambda line: line.product_id == self.glue)
        glue.price_unit = 2.0
        self.quote.with_user(self.estimator).action_reprice()
        tile = self.quote.order_line.filtered(lambda line: line.product_id == self.tile)
        self.assertEqual((tile.purchase_price, tile.price_unit), (10.0, 20.0))
        self.assertEqual(glue.price_unit, 2.0)
        self.assertEqual(self.see().cost_moved_count, 0)
        self.assertIn("Repriced", self.quote.message_ids[0].body)

    def test_repricing_a_sent_quote_makes_a_revision(self):
        self.quote.action_quotation_sent()
        self.tile.write({"standard_price": 10.0, "list_price": 20.0})
        total = self.quote.amount_untaxed
        action = self.quote.with_user(self.estimator).action_reprice()
        revision = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(revision.previous_revision_id, self.quote)
        self.assertEqual(self.quote.amount_untaxed, total, "what was sent stays as sent")
        self.assertGreater(revision.amount_untaxed, total)
        self.assertEqual(self.see(revision).cost_moved_count, 0)

    def test_a_built_up_quote_is_repriced_by_its_markups(self):
        self.env.company.construction_price_source = "buildup"
        self.env["construction.markup"].create({"name": "Overhead", "percent": 50.0, "base": "direct"})
        quote = self.generate(self.make_final_sheet([(self.wall, 10.0)]))
        self.tile.standard_price = 10.0
        quote.with_user(self.estimator).action_reprice()
        tile = quote.order_line.filtered(lambda line: line.product_id == self.tile)
        self.assertEqual(tile.price_unit, 15.0)
        self.assertAlmostEqual(quote.amount_untaxed, 287.8 * 1.5)

    def test_a_percentage_follows_what_it_is_taken_of(self):
        share = self.make_product("Auxiliary means", 0.0, 0.0)
        self.recipe.action_new_version()
        recipe = self.wall.product_tmpl_id.recipe_ids.sorted("version")[-1:]
        recipe.line_ids = [
            fields.Command.create({"product_id": share.id, "kind": "percent", "percent": 10.0, "sequence": 99})
        ]
        recipe.action_activate()
        quote = self.generate(self.make_final_sheet([(self.wall, 10.0)]))
        self.tile.list_price = 20.0
        quote.with_user(self.estimator).action_reprice()
        lines = quote.order_line.filtered(lambda line: not line.display_type)
        percentage = lines.filtered("is_percentage")
        self.assertAlmostEqual(percentage.price_subtotal, sum((lines - percentage).mapped("price_subtotal")) / 10, 2)

    def test_the_share_of_old_costs(self):
        self.env.company.construction_cost_months = 6
        long_ago = fields.Date.today() - timedelta(days=400)
        history = self.env["construction.component.cost"].search([("product_id", "=", self.tiler.id)])
        history.sudo().date = long_ago  # nobody rewrites history by hand
        # 160 of 255.4
        self.assertAlmostEqual(self.see().old_cost_percent, 160 / 255.4 * 100, 1)

    def test_costs_of_today_are_secret_and_confirmed_quotes_stay(self):
        with self.assertRaises(AccessError):
            self.quote.with_user(self.salesperson).read(["cost_today"])
        with self.assertRaises(AccessError):
            self.quote.with_user(self.rival).action_reprice()
        self.quote.action_confirm()
        with self.assertRaises(UserError):
            self.quote.with_user(self.estimator).action_reprice()
