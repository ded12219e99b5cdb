from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestEvaluationPrice(EstimateCommon):
    def assertEqualsStock(self, sheet):
        """The sheet comes to what stock makes of an order with the same lines."""
        order = self.make_order(sheet)
        self.assertEqual(sheet.currency_id, order.currency_id)
        self.assertEqual(sheet.currency_id.compare_amounts(sheet.amount_total, order.amount_untaxed), 0)
        lines = iter(order.order_line)
        for item, parts in sheet.line_ids._explode().items():
            subtotal = sum(next(lines).price_subtotal for _part in parts)
            self.assertEqual(sheet.currency_id.compare_amounts(item.price_subtotal, subtotal), 0)
        return order

    def make_pricelist(self, currency=None, **rule):
        group = self.quick_ref("product.group_product_pricelist")
        self.env.user.group_ids += group
        self.quick_ref("base.group_user").implied_ids += group
        return self.env["product.pricelist"].create(
            {
                "name": "Special",
                "currency_id": (currency or self.env.company.currency_id).id,
                "item_ids": [Command.create(rule)] if rule else [],
            }
        )

    def make_included_tax(self, amount=19.0):
        return self.env["account.tax"].create(
            {"name": f"{amount}% incl", "amount": amount, "price_include_override": "tax_included"}
        )

    def test_an_item_costs_what_its_components_cost(self):
        sheet = self.make_sheet()
        # 2.00 h × 31.37 + 2.70 m² × 12.33 + 8.25 × 1.17, each rounded: 62.74 + 33.29 + 9.65
        self.assertRecordValues(
            sheet.line_ids,
            [
                {"price_subtotal": 105.68, "recipe_id": self.recipe.id},
                {"price_subtotal": 8.19, "recipe_id": False},
            ],
        )
        self.assertAlmostEqual(sheet.line_ids[0].price_unit, 42.272)
        self.assertEqual(sheet.amount_total, 113.87)
        self.assertEqualsStock(sheet)

    def test_the_total_rounds_as_the_company_rounds(self):
        items = [(self.glue, 1.45)] * 3
        for method, total in (("round_globally", 5.09), ("round_per_line", 5.10)):
            self.env.company.tax_calculation_rounding_method = method
            sheet = self.make_sheet(items)
            self.assertEqual(sheet.amount_total, total)
            self.assertEqualsStock(sheet)

    def test_price_included_taxes_are_taken_out(self):
        tax = self.make_included_tax()
        (self.glue + self.tile + self.tiler).taxes_id = tax
        for method in ("round_globally", "round_per_line"):
            self.env.company.tax_calculation_rounding_method = method
            sheet = self.make_sheet([(self.wall, 3.37), (self.glue, 1.45), (self.tile, 7.77)] * 3)
            order = self.assertEqualsStock(sheet)
            self.assertGreater(order.amount_tax, 0)

    def test_price_included_and_excluded_taxes_mix(self):
        self.glue.taxes_id = self.make_included_tax()
        self.tile.taxes_id = self.tax_sale_a
        self.assertEqualsStock(self.make_sheet([(self.wall, 3.37), (self.glue, 1.45)] * 3))

    def test_the_fiscal_position_of_the_client_maps_taxes(self):
        included = self.make_included_tax(20.0)
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        mapped = self.make_included_tax(5.0)
        mapped.write({"fiscal_position_ids": position.ids, "original_tax_ids": included.ids})
        self.client.property_account_position_id = position
        self.glue.taxes_id = included
        sheet = self.make_sheet([(self.glue, 10.0)], site_id=False)
        self.assertEqual(sheet.fiscal_position_id, position)
        self.assertEqualsStock(sheet)

    def test_a_foreign_pricelist_sets_currency_and_prices(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.9)])
        self.client.property_product_pricelist = self.make_pricelist(euro)
        sheet = self.make_sheet()
        self.assertEqual(sheet.currency_id, euro)
        order = self.assertEqualsStock(sheet)
        self.assertEqual(order.currency_id, euro)
        self.assertNotEqual(sheet.amount_total, 113.87)

    def test_rules_by_quantity_and_shown_discounts_follow_the_pricelist(self):
        pricelist = self.make_pricelist(compute_price="percentage", percent_price=12.345, min_quantity=5)
        self.client.property_product_pricelist = pricelist
        self.assertEqualsStock(self.make_sheet([(self.glue, 4.0), (self.glue, 5.0)]))
        discount_group = self.quick_ref("sale.group_discount_per_so_line")
        self.quick_ref("base.group_user").implied_ids += discount_group
        sheet = self.make_sheet([(self.glue, 4.37), (self.glue, 57.77), (self.wall, 13.13)])
        order = self.assertEqualsStock(sheet)
        self.assertTrue(any(order.order_line.mapped("discount")))

    def test_a_chained_pricelist_is_followed(self):
        base = self.make_pricelist(compute_price="fixed", fixed_price=3.33)
        pricelist = self.make_pricelist(
            compute_price="formula", base="pricelist", base_pricelist_id=base.id, price_discount=7
        )
        self.client.property_product_pricelist = pricelist
        self.assertEqualsStock(self.make_sheet())

    def test_changing_the_pricelist_reprices_the_sheet(self):
        sheet = self.make_sheet([(self.glue, 10.0)])
        sheet.pricelist_id = self.make_pricelist(compute_price="fixed", fixed_price=2.0)
        self.assertEqual(sheet.amount_total, 20.0)

    def test_an_item_in_another_unit_is_converted(self):
        dozen = self.uom_dozen
        sheet = self.make_sheet([(self.glue, 1.0)])
        sheet.line_ids.uom_id = dozen
        self.assertEqual(sheet.amount_total, 14.04)
        self.assertEqualsStock(sheet)

    def test_a_recipe_in_another_unit_is_converted(self):
        recipe = self.make_recipe(
            self.tiler, [(self.glue, 1.0, 0.0)], uom_id=self.quick_ref("uom.product_uom_minute").id
        )
        recipe.action_activate()
        sheet = self.make_sheet([(self.tiler, 2.0)])
        self.assertEqual(sheet.line_ids._explode()[sheet.line_ids][0]["quantity"], 120.0)

    def test_archived_products_keep_their_price(self):
        sheet = self.make_sheet()
        (self.wall + self.glue).action_archive()
        sheet.line_ids[0].quantity = 5.0
        self.assertEqual(sheet.line_ids[0].price_subtotal, 211.37)
        sheet.action_finalize()
        self.assertEqual(sheet.state, "final")

    def test_the_recipe_stays_until_prices_are_updated(self):
        sheet = self.make_sheet()
        second = self.recipe.copy()
        second.line_ids[1:].unlink()
        second.action_activate()
        sheet.line_ids[0].quantity = 1.0
        self.assertEqual(sheet.line_ids[0].recipe_id, self.recipe)
        sheet.action_update_prices()
        self.assertRecordValues(sheet.line_ids[0], [{"recipe_id": second.id, "price_subtotal": 25.10}])

    def test_a_final_sheet_keeps_its_prices(self):
        sheet = self.make_sheet()
        sheet.action_finalize()
        self.glue.list_price = 99.0
        self.recipe.copy().action_activate()
        self.client.property_product_pricelist = self.make_pricelist(compute_price="fixed", fixed_price=2.0)
        self.lead.partner_id = self.env["res.partner"].create({"name": "Heir"})
        self.env.flush_all()
        self.assertEqual(sheet.amount_total, 113.87)
        self.assertEqual(sheet.line_ids[0].recipe_id, self.recipe)

    def test_an_item_without_quantity_shows_the_price_of_one(self):
        sheet = self.make_sheet([(self.wall, 0.0)])
        self.assertAlmostEqual(sheet.line_ids.price_unit, 0.8 * 31.37 + 1.08 * 12.33 + 3.3 * 1.17)
        self.assertEqual(sheet.amount_total, 0.0)

    def test_prices_cannot_be_typed(self):
        sheet = self.make_sheet()
        with self.assertRaisesRegex(UserError, "catalogue"):
            sheet.line_ids[0].price_unit = 1.0
        with self.assertRaisesRegex(UserError, "catalogue"):
            sheet.write({"line_ids": [Command.create({"product_id": self.glue.id, "price_unit": 1})]})
        with self.assertRaisesRegex(UserError, "catalogue"):
            sheet.amount_total = 1.0

    def test_quantities_that_make_no_sense_are_refused(self):
        sheet = self.make_sheet()
        for quantity in (-1.0, float("nan"), float("inf"), 1e300):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                sheet.line_ids[0].write({"quantity": quantity})
        sheet.line_ids[0].quantity = 1e9
        self.assertGreater(sheet.amount_total, 1e10)

    def test_units_of_another_kind_are_refused(self):
        sheet = self.make_sheet()
        with self.assertRaisesRegex(ValidationError, "Tiled wall .* Choose a unit of the same kind"):
            sheet.line_ids[0].uom_id = self.hour

    def test_the_form_shows_prices_while_typing(self):
        form = Form(self.env["construction.evaluation"].with_context(default_lead_id=self.lead.id))
        self.assertEqual(form.site_id, self.site)
        with form.line_ids.new() as line:
            line.product_id = self.wall
            line.quantity = 2.5
            self.assertEqual(line.price_subtotal, 105.68)
        self.assertEqual(form.amount_total, 105.68)
        self.assertEqual(form.save().amount_total, 105.68)
