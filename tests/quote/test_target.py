from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestTarget(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.make_final_sheet([(cls.wall, 10.0), (cls.tile, 12.0), (cls.glue, 400.0)])
        cls.quote = cls.generate(cls.sheet)
        cls.first, cls.second, cls.third = cls.quote.chapter_ids

    def open(self, quote=None, user=None):
        quote = (quote or self.quote).with_user(user or self.salesperson)
        return self.env["construction.quote.target"].with_user(user or self.salesperson).browse(
            quote.action_reach_target()["res_id"]
        )

    def reach(self, amount, kind="untaxed", locked=(), quote=None, user=None):
        wizard = self.open(quote, user)
        wizard.write({"kind": kind, "amount": amount})
        wizard.line_ids.filtered(lambda line: line.section_id in locked).is_locked = True
        shown = (wizard.amount_untaxed_after, wizard.amount_total_after, wizard.difference)
        chapters = {line.section_id: line.amount_after for line in wizard.line_ids}
        wizard.action_apply()
        quote = quote or self.quote
        self.assertAlmostEqual(quote.amount_untaxed, shown[0], 2)
        self.assertAlmostEqual(quote.amount_total, shown[1], 2)
        for section, amount in chapters.items():
            self.assertAlmostEqual(section.chapter_subtotal, amount, 2)
        return shown[2]

    def test_the_target_is_met_to_the_cent_and_locked_chapters_stay(self):
        before = self.first.chapter_subtotal
        prices = self.first._get_chapter_lines().mapped("price_unit")
        for amount in (999.99, 1000.0, 777.77, 1234.56):
            with self.subTest(amount):
                self.reach(amount, locked=self.first)
                self.assertAlmostEqual(self.quote.amount_untaxed, amount, 2)
                self.assertEqual(self.first.chapter_subtotal, before)
                self.assertEqual(self.first._get_chapter_lines().mapped("price_unit"), prices)
                self.assertAlmostEqual(sum(self.quote.chapter_ids.mapped("chapter_subtotal")), amount, 2)

    def test_the_remainder_stands_in_one_row_and_never_in_two(self):
        for amount in (999.99, 1001.01):
            self.reach(amount)
            rows = self.quote._get_remainder_lines()
            self.assertEqual(len(rows), 1)
            self.assertEqual(rows.chapter_number, "3.2")
            self.assertLess(abs(rows.price_subtotal), 3.0)
        wizard = self.open()
        wizard.amount = 1001.01
        self.assertAlmostEqual(wizard.amount_untaxed_after, 1001.01, 2)

    def test_a_target_with_taxes(self):
        tax = self.env["account.tax"].create({"name": "V", "amount": 19.0})
        other = self.env["account.tax"].create({"name": "R", "amount": 9.0, "price_include_override": "tax_included"})
        lines = self.quote.order_line.filtered("product_id")
        lines.tax_ids = tax
        lines[0].tax_ids = other
        for method in ("round_per_line", "round_globally"):
            self.env.company.tax_calculation_rounding_method = method
            for amount in (1000.0, 1111.11, 876.5):
                with self.subTest(method=method, amount=amount):
                    rest = self.reach(amount, "total", locked=self.second)
                    self.assertAlmostEqual(self.quote.amount_total + rest, amount, 2)
                    self.assertLessEqual(abs(rest), 0.011)

    def test_a_foreign_currency_without_cents_and_discounts(self):
        currency = self.setup_other_currency("JPY", rates=[("2016-01-01", 100.0)], rounding=1.0)
        pricelist = self.env["product.pricelist"].create({"name": "JPY", "currency_id": currency.id})
        quote = self.generate(self.make_final_sheet([(self.wall, 3.0), (self.glue, 7.0)], pricelist_id=pricelist.id))
        quote.order_line.filtered("product_id").discount = 12.5
        self.reach(20001.0, quote=quote)
        self.assertEqual(quote.amount_untaxed, 20001.0)
        parts = quote.order_line.filtered(lambda line: line.product_id) - quote._get_remainder_lines()
        self.assertEqual(set(parts.mapped("discount")), {12.5})

    def test_impossible_targets_are_refused_and_nothing_changes(self):
        before = self.quote.amount_untaxed
        for amount, locked, says in (
            (self.first.chapter_subtotal - 1, self.first, "locked chapters alone"),
            (self.first.chapter_subtotal, self.first, "locked chapters alone"),
            (1000.0, self.first | self.second | self.third, "all chapters are locked"),
            (0.0, self.first.browse(), "above zero"),
            (-5.0, self.first.browse(), "above zero"),
        ):
            with self.subTest(says, amount=amount):
                wizard = self.open()
                wizard.amount = amount
                wizard.line_ids.filtered(lambda line, locked=locked: line.section_id in locked).is_locked = True
                self.assertRegex(wizard.warning, says)
                with self.assertRaisesRegex(UserError, says):
                    wizard.action_apply()
        self.assertEqual(self.quote.amount_untaxed, before)

    def test_a_quote_built_up_from_costs(self):
        self.env["construction.markup"].create({"name": "Profit", "base": "direct", "percent": 50.0})
        quote = self.generate(self.make_final_sheet([(self.wall, 10.0), (self.glue, 9.0)], price_source="buildup"))
        first, second = quote.chapter_ids
        self.reach(500.0, locked=second, quote=quote)
        self.assertAlmostEqual(quote.amount_untaxed, 500.0, 2)
        kept = second.chapter_subtotal
        quote.sudo().markup_ids.percent = 100.0
        self.assertAlmostEqual(first.chapter_subtotal, 500.0 - kept, 2)
        self.assertNotEqual(second.chapter_subtotal, kept)

    def test_options_that_are_not_chosen_stay_as_they_are(self):
        self.second._set_choice("optional")
        price = self.second.chapter_price_unit
        self.reach(800.0)
        self.assertAlmostEqual(self.quote.amount_untaxed, 800.0, 2)
        self.assertEqual(self.second.chapter_price_unit, price)

    def test_the_margin_is_for_those_who_see_costs(self):
        wizard = self.open(user=self.estimator)
        wizard.amount = 2000.0
        cost = sum(line.purchase_price * line.product_uom_qty for line in self.quote.sudo().order_line)
        self.assertAlmostEqual(wizard.margin_percent_after, 100 * (2000.0 - cost) / 2000.0, 2)
        with self.assertRaises(AccessError):
            self.open(user=self.salesperson).read(["margin_percent_after"])

    def test_the_screen_follows_what_is_typed(self):
        with Form(self.open()) as form:
            form.amount = 1500.0
            self.assertAlmostEqual(form.amount_untaxed_after, 1500.0, 2)
            with form.line_ids.edit(0) as line:
                line.is_locked = True
            self.assertAlmostEqual(form.amount_untaxed_after, 1500.0, 2)
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.amount_after, line.amount_before)

    def test_what_was_sent_stays_as_sent(self):
        wizard = self.open()
        wizard.amount = 500.0
        self.quote.with_user(self.salesperson).action_quotation_sent()
        with self.assertRaisesRegex(UserError, "sent"):
            wizard.action_apply()
        with self.assertRaisesRegex(UserError, "no construction deal"):
            self.make_stock_order().action_reach_target()

    def test_regenerating_keeps_the_target_as_work_of_a_person(self):
        self.reach(1000.0)
        action = self.quote.action_regenerate()
        wizard = self.env["construction.quote.regenerate"].browse(action["res_id"])
        wizard.action_apply()
        self.assertAlmostEqual(self.quote.amount_untaxed, 1000.0, 2)


@tagged("post_install", "-at_install")
class TestSolvedDifference(QuoteCommon):
    def test_the_screen_says_what_rounding_leaves_and_spreads_it(self):
        self.env["construction.markup"].create({"name": "Profit", "base": "direct", "percent": 50.0})
        quote = self.generate(self.make_final_sheet([(self.glue, 999.0)], price_source="buildup"))
        wizard = self.env["construction.evaluation.solve"].with_user(self.estimator)
        wizard = wizard.create({"order_id": quote.id, "target": "total", "amount": 1000.0})
        action = wizard.action_apply()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertTrue(wizard.is_applied)
        self.assertAlmostEqual(wizard.amount_reached, quote.amount_untaxed, 2)
        self.assertAlmostEqual(wizard.amount_reached + wizard.difference, 1000.0, 2)
        target = self.env["construction.quote.target"].browse(wizard.action_reach_target()["res_id"])
        target.action_apply()
        self.assertAlmostEqual(quote.amount_untaxed, 1000.0, 2)
