from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestBuildup(QuoteCommon):
    """Prices built up from costs by ordered markups, from sheet to quote to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.construction_price_source = "buildup"
        cls.env["construction.markup"].create(
            [
                {"sequence": 1, "name": "Site overhead", "base": "direct", "percent": 10},
                {"sequence": 2, "name": "Tools", "base": "nature", "cost_nature": "labour", "percent": 5},
                {"sequence": 3, "name": "Profit", "base": "running", "percent": 20},
            ]
        )
        cls.built = cls.make_sheet([(cls.wall, 2.5), (cls.glue, 7.0)])

    def test_each_component_is_sold_at_its_cost_and_markups(self):
        # labour 1.38, material 1.32: 2.00 h × 27.60 + 2.70 × 9.24 + 8.25 × 0.79; 7 × 0.79
        self.assertRecordValues(self.built.line_ids, [{"price_subtotal": 86.67}, {"price_subtotal": 5.53}])
        self.assertEqual(self.built.amount_total, 92.20)

    def test_the_quote_comes_to_the_sheet_and_keeps_its_prices(self):
        self.built.action_finalize()
        quote = self.generate(self.built)
        self.assertEqual(quote.amount_untaxed, 92.20)
        line = quote.order_line.filtered(lambda line: line.product_id == self.tiler)
        self.assertRecordValues(line, [{"price_unit": 27.6, "purchase_price": 20.0, "has_sheet_price": True}])
        quote.action_update_prices()
        self.assertEqual(quote.amount_untaxed, 92.20)

    def test_a_percentage_is_built_up_from_its_cost(self):
        aid = self.env["product.product"].create(
            {"name": "Auxiliary means", "type": "service", "list_price": 0.0, "cost_nature": "other"}
        )
        aid.taxes_id = False
        second = self.recipe.copy()
        second.line_ids = [Command.create({"product_id": aid.id, "kind": "percent", "percent": 10, "sequence": 99})]
        second.action_activate()
        sheet = self.make_final_sheet([(self.wall, 2.5)])
        quote = self.generate(sheet)
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)
        line = quote.order_line.filtered(lambda line: line.product_id == aid)
        cost = 2.0 * 20 + 2.7 * 7 + 8.25 * 0.6
        self.assertAlmostEqual(line.purchase_price, cost * 0.1)
        self.assertEqual(line.price_unit, quote.currency_id.round(cost * 0.1 * 1.32))

    def test_prices_with_taxes_inside_come_to_the_same(self):
        tax = self.env["account.tax"].create(
            {"name": "19 incl", "amount": 19.0, "price_include_override": "tax_included"}
        )
        (self.tiler + self.tile + self.glue).taxes_id = tax
        sheet = self.make_final_sheet([(self.wall, 3.37), (self.glue, 1.45)])
        quote = self.generate(sheet)
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)
        self.assertGreater(quote.amount_tax, 0)

    def test_the_sheet_may_choose_the_catalogue(self):
        self.built.price_source = "catalogue"
        self.assertEqual(self.built.amount_total, 113.87)

    def test_markups_of_the_type_and_of_the_sheet_replace_the_others(self):
        self.env["construction.markup"].create(
            {"name": "All in", "percent": 50, "construction_type_id": self.construction_type.id}
        )
        self.built.action_update_prices()
        # 2.00 × 30 + 2.70 × 10.50 + 8.25 × 0.90 + 7 × 0.90
        self.assertEqual(self.built.amount_total, 102.08)
        self.built.action_own_markups()
        self.built.markup_ids.percent = 0
        self.assertEqual(self.built.amount_total, 68.05)

    def test_the_chain_is_shown_with_cost_and_margin(self):
        self.assertEqual(self.built.amount_cost, 68.05)
        self.assertAlmostEqual(self.built.margin_percent, (92.20 - 68.05) / 92.20 * 100, places=2)
        for text in ("Site overhead", "Tools", "Profit", "Rounding", "92.20"):
            self.assertIn(text, self.built.buildup_chain)

    def solve(self, user=None, **values):
        wizard = self.env["construction.evaluation.solve"].with_user(user or self.estimator)
        return wizard.create({"evaluation_id": self.built.id, **values}).action_apply()

    def test_a_total_or_a_margin_can_be_typed(self):
        self.solve(target="total", amount=120.0)
        self.assertAlmostEqual(self.built.amount_total, 120.0, delta=0.15)
        self.assertEqual(len(self.built.markup_ids), 3)
        self.solve(target="margin", margin_percent=30.0)
        self.assertAlmostEqual(self.built.margin_percent, 30.0, delta=0.15)
        for values in ({"amount": -1.0}, {"amount": 1e9}, {"target": "margin", "margin_percent": 100.0}):
            with self.assertRaises(UserError):
                self.solve(**values)

    def test_a_final_sheet_keeps_its_markups(self):
        self.built.action_own_markups()
        self.built.action_finalize()
        for attempt in (
            lambda: self.built.markup_ids[0].write({"percent": 1}),
            lambda: self.built.markup_ids.unlink(),
            lambda: self.solve(amount=100.0),
            lambda: self.built.write({"price_source": "catalogue"}),
        ):
            with self.assertRaisesRegex(UserError, "final"), self.cr.savepoint():
                attempt()

    def test_markups_that_make_no_sense_are_refused(self):
        for values in ({"percent": -100}, {"percent": 1001}, {"base": "nature", "percent": 5}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.env["construction.markup"].create({"name": "Odd", **values})

    def test_cost_and_markups_stay_secret(self):
        for user in (self.surveyor, self.salesperson, self.project_manager):
            for name in ("markup_ids", "amount_cost", "margin_percent", "buildup_chain"):
                with self.assertRaises(AccessError):
                    self.built.with_user(user).read([name])
            with self.assertRaises(AccessError):
                self.env["construction.markup"].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.solve(user=user, amount=100.0)
        # They price all the same.
        self.built.with_user(self.salesperson).action_check()
        self.assertEqual(self.built.amount_total, 92.20)
        for user in (self.estimator, self.manager):
            self.assertTrue(self.built.with_user(user).read(["buildup_chain"]))
