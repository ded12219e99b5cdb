from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestBuildupQuote(QuoteCommon):
    """Rounded unit prices, and the markups of one quote."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.construction_price_source = "buildup"
        cls.env["construction.markup"].create(
            [
                {"sequence": 1, "name": "Site overhead", "base": "direct", "percent": 10},
                {"sequence": 2, "name": "Profit", "base": "running", "percent": 20},
            ]
        )

    def add_rounding(self, step, **values):
        return self.env["construction.markup"].create(
            {"name": "Rounding", "base": "round", "round_to": step, "sequence": 99, **values}
        )

    def make_quote(self, items=None):
        sheet = self.make_final_sheet(items or [(self.wall, 2.5), (self.glue, 7.0)])
        return sheet, self.generate(sheet)

    def assertQuoteAddsUp(self, quote):
        lines = quote.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual(
            quote.currency_id.compare_amounts(
                sum(lines.mapped("price_subtotal")) + quote.rounding_difference, quote.amount_untaxed
            ),
            0,
        )
        self.assertEqual(
            quote.currency_id.compare_amounts(
                sum(quote.chapter_ids.mapped("chapter_subtotal")), sum(lines.mapped("price_subtotal"))
            ),
            0,
        )

    # === ROUNDING === #

    def test_the_unit_price_of_each_item_is_rounded(self):
        for step in (0.05, 0.25, 1.0):
            rounding = self.add_rounding(step)
            sheet, quote = self.make_quote()
            for line in sheet.line_ids:
                self.assertAlmostEqual(line.price_unit / step, round(line.price_unit / step), places=6)
                self.assertAlmostEqual(line.price_subtotal, line.price_unit * line.quantity, places=2)
            self.assertEqual(quote.amount_untaxed, sheet.amount_total)
            self.assertQuoteAddsUp(quote)
            self.assertIn("Rounding", sheet.buildup_chain)
            rounding.unlink()

    def test_an_item_without_quantity_shows_its_rounded_price(self):
        self.add_rounding(1.0)
        sheet = self.make_sheet([(self.wall, 0.0)])
        self.assertEqual(sheet.line_ids.price_unit, 34.0)

    def test_rounding_costs_nothing_and_carries_the_taxes_of_the_item(self):
        tax = self.env["account.tax"].create(
            {"name": "19 incl", "amount": 19.0, "price_include_override": "tax_included"}
        )
        (self.tiler + self.tile + self.glue).taxes_id = tax
        self.add_rounding(1.0)
        sheet, quote = self.make_quote([(self.wall, 3.37), (self.glue, 1.45)])
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)
        row = quote._get_rounding_lines()
        self.assertEqual(row.tax_ids, tax)
        self.assertEqual(row.purchase_price, 0.0)
        self.assertQuoteAddsUp(quote)

    def test_a_surveyor_lists_what_a_rounded_sheet_takes(self):
        self.add_rounding(1.0)
        sheet = self.make_sheet(user_id=self.surveyor.id)
        products = [part["product"] for part in sheet.with_user(self.surveyor)._get_resource_parts(False)]
        self.assertNotIn(self.env["product.product"]._get_rounding_product(), products)
        self.assertIn(self.tiler, products)

    def test_the_chain_tells_when_costs_have_changed(self):
        sheet = self.make_sheet()
        self.assertNotIn("Changed since", sheet.buildup_chain)
        self.tiler.standard_price = 30.0
        self.env.invalidate_all()
        self.assertIn("Changed since", sheet.buildup_chain)
        sheet.action_update_prices()
        self.env.invalidate_all()
        self.assertNotIn("Changed since", sheet.buildup_chain)

    def test_the_catalogue_is_not_rounded(self):
        self.add_rounding(10.0)
        sheet = self.make_sheet()
        sheet.price_source = "catalogue"
        self.assertEqual(sheet.amount_total, 113.87)

    def test_a_rounding_needs_a_step(self):
        for step in (0.0, -1.0, 1e9):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.add_rounding(step)

    # === MARKUPS OF A QUOTE === #

    def test_the_quote_keeps_the_markups_it_was_made_with(self):
        sheet, quote = self.make_quote()
        self.assertEqual(quote.markup_ids.mapped("name"), ["Site overhead", "Profit"])
        self.env["construction.markup"].search(quote.markup_ids._get_general_domain()).write({"percent": 0})
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)
        self.assertEqual(quote.markup_ids.mapped("percent"), [10, 20])
        self.assertIn("Site overhead", quote.buildup_chain)

    def test_a_change_prices_the_components_anew(self):
        _sheet, quote = self.make_quote()
        quote.with_user(self.estimator).write({"markup_ids": [Command.update(quote.markup_ids[1].id, {"percent": 50})]})
        tiler = quote.order_line.filtered(lambda line: line.product_id == self.tiler)
        self.assertEqual(tiler.price_unit, 33.0)
        self.assertQuoteAddsUp(quote)
        self.assertIn(f"{quote.amount_untaxed:.2f}", quote.buildup_chain)

    def test_the_same_markups_change_nothing(self):
        self.add_rounding(0.05)
        sheet, quote = self.make_quote([(self.wall, 2.5), (self.glue, 7.0), (self.wall, 0.37)])
        before = quote.order_line.mapped("price_unit")
        quote._price_by_markups()
        self.assertEqual(quote.order_line.mapped("price_unit"), before)
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)

    def test_rounding_can_be_added_to_a_quote_and_taken_out(self):
        sheet, quote = self.make_quote()
        rounding = self.add_rounding(10.0, order_id=quote.id)
        self.assertEqual(quote.chapter_ids[0].chapter_price_unit % 10, 0)
        self.assertEqual(quote.order_line.filtered(lambda line: line.product_id == self.glue)[-1].price_unit % 10, 0)
        self.assertQuoteAddsUp(quote)
        rounding.unlink()
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)
        self.assertFalse(quote._get_rounding_lines())

    def test_a_price_typed_by_hand_stays(self):
        _sheet, quote = self.make_quote()
        tiler = quote.order_line.filtered(lambda line: line.product_id == self.tiler)
        tiler.price_unit = 44.44
        quote.markup_ids[1].percent = 50
        self.assertEqual(tiler.price_unit, 44.44)
        self.assertIn("typed by hand", quote.buildup_chain)

    def test_what_was_sent_keeps_its_markups(self):
        _sheet, quote = self.make_quote()
        quote.action_quotation_sent()
        for attempt in (
            lambda: quote.markup_ids[0].write({"percent": 1}),
            lambda: quote.markup_ids.unlink(),
            lambda: self.add_rounding(1.0, order_id=quote.id),
            lambda: self.solve(quote, amount=500.0),
        ):
            with self.assertRaisesRegex(UserError, "no draft"), self.cr.savepoint():
                attempt()

    def test_a_revision_keeps_the_markups(self):
        _sheet, quote = self.make_quote()
        quote.markup_ids[1].percent = 30
        quote.action_quotation_sent()
        revision = self.env["sale.order"].browse(quote.with_user(self.salesperson).action_revise()["res_id"])
        self.assertEqual(revision.markup_ids.mapped("percent"), [10, 30])
        self.assertEqual(revision.amount_untaxed, quote.amount_untaxed)
        revision.markup_ids[1].percent = 0
        self.assertLess(revision.amount_untaxed, quote.amount_untaxed)

    def solve(self, quote, user=None, **values):
        wizard = self.env["construction.evaluation.solve"].with_user(user or self.estimator)
        return wizard.create({"order_id": quote.id, **values}).action_apply()

    def test_a_total_or_a_margin_can_be_typed_on_the_quote(self):
        _sheet, quote = self.make_quote()
        self.solve(quote, target="total", amount=120.0)
        self.assertAlmostEqual(quote.amount_untaxed, 120.0, delta=0.15)
        self.solve(quote, target="margin", margin_percent=30.0)
        self.assertAlmostEqual(quote.margin_percent, 0.30, delta=0.002)
        with self.assertRaises(UserError):
            self.solve(quote, amount=-1.0)

    def test_a_quote_in_another_currency_is_built_up_too(self):
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 3.0)])
        pricelist = self.env["product.pricelist"].create({"name": "HRK", "currency_id": currency.id})
        sheet = self.make_sheet([(self.wall, 2.5)], pricelist_id=pricelist.id)
        sheet.action_finalize()
        quote = self.generate(sheet)
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)
        quote._price_by_markups()
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)

    def test_markups_of_a_quote_stay_secret(self):
        _sheet, quote = self.make_quote()
        for user in (self.salesperson, self.project_manager, self.surveyor):
            for name in ("markup_ids", "buildup_chain", "is_built_up"):
                with self.assertRaises(AccessError):
                    quote.with_user(user).read([name])
            with self.assertRaises(AccessError):
                self.solve(quote, user=user, amount=100.0)
        self.assertTrue(quote.with_user(self.manager).read(["buildup_chain"]))

    def test_a_salesperson_generates_the_quote_without_seeing_how(self):
        sheet = self.make_final_sheet([(self.wall, 2.5)])
        action = sheet.with_user(self.salesperson).action_generate_quote()
        self.assertTrue(self.env["sale.order"].browse(action["res_id"]).markup_ids)
