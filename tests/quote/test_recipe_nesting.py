from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..query_count import counting
from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestRecipeNesting(QuoteCommon):
    """Recipes inside recipes, percentages, least quantities, hours and formulas, from recipe to quote."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.aid = cls.env["product.product"].create(
            {"name": "Auxiliary means", "type": "service", "list_price": 0.0, "cost_nature": "other"}
        )
        cls.aid.taxes_id = False
        cls.cement = cls.make_product("Cement", 0.333, 0.1)
        cls.mortar = cls.make_product("Mortar", 5.0, 3.0)
        cls.mixer = cls.make_product("Mixer", 9.99, 4.0, uom_id=cls.hour.id, cost_nature="equipment")
        cls.brick_wall = cls.make_product("Brick wall", 1.0, 1.0, uom_id=cls.square_meter.id)
        cls.mortar_recipe = cls.make_recipe(
            cls.mortar, [(cls.cement, 30.3, 0.0), (cls.tiler, 1.5, 0.0)], output_quantity=10.0
        )
        cls.mortar_recipe.action_activate()
        cls.outer = cls.make_recipe(cls.brick_wall, [(cls.tiler, 0.7, 0.0), (cls.mortar, 0.9, 5.0)])
        cls.outer.line_ids = [
            Command.create({"product_id": cls.aid.id, "kind": "percent", "percent": 3, "sequence": 20})
        ]
        cls.outer.action_activate()

    def assertQuoteEqualsSheet(self, sheet):
        quote = self.generate(sheet)
        self.assertEqual(quote.currency_id.compare_amounts(quote.amount_untaxed, sheet.amount_total), 0)
        return quote

    # === PERCENTAGES === #

    def test_a_percentage_is_one_line_of_what_is_before_it(self):
        sheet = self.make_final_sheet([(self.brick_wall, 10.0)])
        quote = self.assertQuoteEqualsSheet(sheet)
        aid = quote.order_line.filtered(lambda line: line.product_id == self.aid)
        others = quote.order_line.filtered("product_id") - aid
        self.assertEqual(aid.product_uom_qty, 1.0)
        self.assertEqual(aid.price_subtotal, quote.currency_id.round(sum(others.mapped("price_subtotal")) * 0.03))
        cost = sum(line.product_uom_qty * line.purchase_price for line in others)
        self.assertAlmostEqual(aid.purchase_price, cost * 0.03)
        self.assertEqual(aid.cost_nature, "other")
        self.assertEqual(quote.chapter_ids.chapter_subtotal, quote.amount_untaxed)

    def test_a_percentage_of_labour_leaves_the_rest_out(self):
        line = self.outer.line_ids.filtered(lambda line: line.kind == "percent")
        line.write({"percent_base": "labour", "percent": 10})
        quote = self.assertQuoteEqualsSheet(self.make_final_sheet([(self.brick_wall, 10.0)]))
        labour = quote.order_line.filtered(lambda line: line.cost_nature == "labour")
        self.assertEqual(len(labour), 2, "labour inside the mortar counts")
        aid = quote.order_line.filtered(lambda line: line.product_id == self.aid)
        self.assertEqual(aid.price_subtotal, quote.currency_id.round(sum(labour.mapped("price_subtotal")) * 0.1))

    def test_percentages_of_prices_with_taxes_inside_add_up(self):
        tax = self.env["account.tax"].create(
            {"name": "19 incl", "amount": 19.0, "price_include_override": "tax_included"}
        )
        (self.cement + self.tiler + self.aid).taxes_id = tax
        for method in ("round_globally", "round_per_line"):
            self.env.company.tax_calculation_rounding_method = method
            sheet = self.make_final_sheet([(self.brick_wall, 3.37), (self.brick_wall, 7.77), (self.glue, 1.0)])
            quote = self.assertQuoteEqualsSheet(sheet)
            self.assertGreater(quote.amount_tax, 0)

    def test_updating_the_prices_of_a_quote_leaves_the_percentage(self):
        quote = self.generate(self.make_final_sheet([(self.brick_wall, 10.0)]))
        aid = quote.order_line.filtered(lambda line: line.product_id == self.aid)
        price = aid.price_unit
        quote.action_update_prices()
        aid.product_uom_qty = 1.0
        self.env.flush_all()
        self.assertEqual(aid.price_unit, price)
        self.assertGreater(price, 0)

    def test_percentages_that_make_no_sense_are_refused(self):
        line = self.outer.line_ids.filtered(lambda line: line.kind == "percent")
        for percent in (0.0, -3.0, 1001.0, float("nan"), 1e300):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                line.write({"percent": percent})

    # === RECIPES INSIDE RECIPES === #

    def test_a_recipe_inside_is_taken_apart(self):
        parts = self.outer.explode(10.0)
        self.assertEqual(
            [(part["product"], part["quantity"], part["recipe"]) for part in parts],
            [
                (self.tiler, 7.0, self.outer),
                # 9 mortar and 5 % waste, of which 10 take 30.3 cement and 1.5 hours
                (self.cement, 28.63, self.mortar_recipe),
                (self.tiler, 1.42, self.mortar_recipe),
                (self.aid, 1.0, self.outer),
            ],
        )

    def test_a_component_can_be_bought_all_the_same(self):
        self.outer.line_ids[1].use_recipe = False
        self.assertEqual([part["product"] for part in self.outer.explode(10.0)], [self.tiler, self.mortar, self.aid])

    def test_a_recipe_inside_becomes_a_subsection_of_the_chapter(self):
        quote = self.assertQuoteEqualsSheet(self.make_final_sheet([(self.brick_wall, 10.0), (self.glue, 1.0)]))
        self.assertEqual(
            [(line.chapter_number, line.display_type, line.product_id.name) for line in quote.order_line],
            [
                ("1", "line_section", False),
                ("1.1", False, "Tiler"),
                ("1.2", False, "Auxiliary means"),
                ("1.3", "line_subsection", False),
                ("1.3.1", False, "Cement"),
                ("1.3.2", False, "Tiler"),
                ("2", "line_section", False),
                ("2.1", False, "Glue"),
            ],
        )
        subsection = quote.order_line[3]
        self.assertRecordValues(
            subsection, [{"name": "Mortar", "chapter_quantity": 9.45, "chapter_uom_id": self.mortar.uom_id.id}]
        )
        self.assertEqual(len(quote.chapter_ids), 2)
        self.assertEqual(sum(quote.chapter_ids.mapped("chapter_subtotal")), quote.amount_untaxed)

    def test_deeper_recipes_are_flattened_into_the_subsection(self):
        house = self.make_product("House", 1.0, 1.0)
        recipe = self.make_recipe(house, [(self.brick_wall, 2.0, 0.0)])
        recipe.action_activate()
        quote = self.assertQuoteEqualsSheet(self.make_final_sheet([(house, 3.0)]))
        self.assertEqual(quote.order_line.mapped("chapter_number"), ["1", "1.1", "1.1.1", "1.1.2", "1.1.3", "1.1.4"])

    def test_labour_inside_recipes_counts_as_hours_of_the_chapter(self):
        quote = self.generate(self.make_final_sheet([(self.brick_wall, 10.0)]))
        [(_chapter, components)] = quote._get_chapters_of_works()
        self.assertEqual(components._get_labour_hours(), 7.0 + 1.42)

    def test_a_circle_is_refused_and_shown_by_names(self):
        with self.assertRaisesRegex(ValidationError, "Mortar → Brick wall → Mortar"):
            self.mortar_recipe.line_ids = [Command.create({"product_id": self.brick_wall.id})]

    def test_a_circle_is_refused_on_activation(self):
        self.outer.action_draft()
        self.mortar_recipe.line_ids = [Command.create({"product_id": self.brick_wall.id})]
        with self.assertRaisesRegex(ValidationError, "Brick wall → Mortar → Brick wall"):
            self.outer.action_activate()

    def test_recipes_stand_eight_deep_at_most(self):
        inner = self.cement
        for level in range(1, 10):
            product = self.make_product(f"Level {level}", 1.0, 1.0)
            self.make_recipe(product, [(inner, 1.0, 0.0)]).action_activate()
            inner = product
        outer = self.make_product("Level 10", 1.0, 1.0)
        with self.assertRaisesRegex(ValidationError, "8 deep"):
            self.make_recipe(outer, [(inner, 1.0, 0.0)])
        # Nor by what is put at the bottom.
        with self.assertRaisesRegex(ValidationError, "8 deep"):
            self.make_recipe(self.cement, [(self.glue, 1.0, 0.0)]).action_activate()

    def test_a_sheet_keeps_the_versions_inside_its_recipes(self):
        sheet = self.make_sheet([(self.brick_wall, 10.0)])
        before = sheet.amount_total
        second = self.mortar_recipe.copy()
        second.line_ids[1:].unlink()
        second.action_activate()
        sheet.line_ids.quantity = 20.0
        sheet.line_ids.quantity = 10.0
        self.assertEqual(sheet.amount_total, before)
        with self.assertRaisesRegex(UserError, "New Version"):
            self.mortar_recipe.line_ids[0].quantity = 5.0
        sheet.action_update_prices()
        self.assertLess(sheet.amount_total, before)
        self.assertQuoteEqualsSheet(self._finalise(sheet))

    def _finalise(self, sheet):
        sheet.action_finalize()
        return sheet

    # === LEAST QUANTITY, HOURS, FORMULAS === #

    def test_a_least_quantity_holds_for_each_item(self):
        self.outer.line_ids = [Command.create({"product_id": self.mixer.id, "quantity": 0.1, "minimum_quantity": 4.0})]
        line = self.outer.line_ids.filtered(lambda line: line.product_id == self.mixer)
        quantities = [
            part["quantity"]
            for quantity in (2.0, 100.0)
            for part in self.outer.explode(quantity)
            if part["recipe_line"] == line
        ]
        self.assertEqual(quantities, [4.0, 10.0])
        self.assertAlmostEqual(line.subtotal, 0.4)

    def test_hours_per_unit_make_the_quantity(self):
        minute = self.quick_ref("uom.product_uom_minute")
        recipe = self.make_recipe(self.tile, [], output_quantity=2.0)
        recipe.line_ids = [Command.create({"product_id": self.tiler.id, "uom_id": minute.id, "hours_per_unit": 0.25})]
        self.assertAlmostEqual(recipe.line_ids.quantity, 30.0, places=3)
        recipe.output_quantity = 4.0
        self.assertAlmostEqual(recipe.line_ids.quantity, 60.0, places=3)
        with self.assertRaisesRegex(ValidationError, "counted in time"):
            recipe.line_ids = [Command.create({"product_id": self.glue.id, "hours_per_unit": 1.0})]

    def make_screed(self, **parameter):
        screed = self.make_product("Screed", 1.0, 1.0, uom_id=self.square_meter.id)
        recipe = self.make_recipe(screed, [])
        recipe.parameter_ids = [Command.create({"name": "thickness", "default": 5.0, **parameter})]
        recipe.line_ids = [Command.create({"product_id": self.cement.id, "quantity_formula": "thickness * 20 / 100"})]
        recipe.action_activate()
        return screed, recipe

    def test_a_formula_works_the_quantity_out(self):
        screed, recipe = self.make_screed()
        self.assertEqual(recipe.line_ids.quantity, 1.0)
        self.assertEqual(recipe.explode(10.0, {"thickness": 7.5})[0]["quantity"], 15.0)
        sheet = self.make_sheet([(screed, 10.0)])
        self.assertEqual(sheet.line_ids.parameter_values, "thickness = 5")
        self.assertEqual(sheet.amount_total, 3.33)
        sheet.line_ids.parameter_values = "thickness = 7,5"
        self.assertEqual(sheet.amount_total, 5.0)
        quote = self.assertQuoteEqualsSheet(self._finalise(sheet))
        self.assertEqual(quote.order_line[1].product_uom_qty, 15.0)

    def test_a_missing_value_is_named(self):
        screed, recipe = self.make_screed(is_required=True)
        with self.assertRaisesRegex(ValidationError, "“thickness” is missing"):
            recipe.explode(1.0)
        sheet = self.make_sheet([(screed, 10.0)])
        with self.assertRaisesRegex(UserError, "“thickness” is missing"):
            sheet.action_finalize()
        sheet.line_ids.with_user(self.estimator).parameter_values = "thickness = 5"
        sheet.action_finalize()
        self.assertEqual(sheet.amount_total, 3.33)

    def test_formulas_and_values_that_make_no_sense_are_refused(self):
        screed, recipe = self.make_screed()
        for text in ("thickness +", "__import__('os')", "spacing * 2", "thickness.real"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                recipe.line_ids.quantity_formula = text
        for name in ("wall thickness", "max", "2x", "", "if"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                recipe.parameter_ids.name = name
        with self.assertRaisesRegex(ValidationError, "thickness"), self.cr.savepoint():
            recipe.parameter_ids.unlink()
        sheet = self.make_sheet([(screed, 10.0)])
        with self.assertRaisesRegex(ValidationError, "not understood"):
            sheet.line_ids.parameter_values = "thickness twelve"

    # === COSTS === #

    def test_costs_reach_through_all_levels_at_once(self):
        unit = (3.03 * 0.1 + 0.15 * 20) * 0.945 + 0.7 * 20
        self.assertAlmostEqual(self.outer.unit_cost, unit * 1.03)
        self.cement.standard_price = 1.1
        unit = (3.03 * 1.1 + 0.15 * 20) * 0.945 + 0.7 * 20
        self.assertAlmostEqual(self.outer.unit_cost, unit * 1.03)
        self.assertIn("Cement", self.outer.flat_cost)
        self.assertIn("Labour", self.outer.cost_by_nature)

    def test_costs_inside_need_the_cost_group(self):
        for user in (self.surveyor, self.salesperson, self.project_manager):
            for name in ("flat_cost", "cost_by_nature"):
                with self.assertRaises(AccessError):
                    self.outer.with_user(user).read([name])
        self.assertTrue(self.outer.with_user(self.estimator).read(["flat_cost"]))

    def test_parameters_are_kept_by_estimators(self):
        _screed, recipe = self.make_screed()
        for user in (self.surveyor, self.salesperson, self.accountant):
            self.assertTrue(recipe.with_user(user).parameter_ids.name)
            with self.assertRaises(AccessError):
                recipe.with_user(user).parameter_ids.write({"default": 1.0})
        recipe.with_user(self.estimator).parameter_ids.write({"default": 1.0})

    def test_costs_of_a_library_cost_queries_by_level_not_by_recipe(self):
        counts = []
        self.outer.mapped("unit_cost")
        for size in (20, 200):
            recipes = self.make_library(size)
            recipes.mapped("unit_cost")
            with counting(self.env) as queries:
                self.assertTrue(all(recipes.mapped("unit_cost")))
            counts.append(queries.count)
        # Lines and parameters of three levels, and what prefetching asks for.
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 8)

    def make_library(self, size):
        """Make recipes of three levels."""
        products = self.env["product.product"].create(
            [{"name": f"Library {size}-{number}", "standard_price": 1.0} for number in range(size)]
        )
        inner = [self.mortar, self.brick_wall, *products[: size // 2]]
        recipes = self.env["construction.recipe"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "state": "active",
                    "line_ids": [
                        Command.create({"product_id": part.id, "quantity": 1.5})
                        for part in (self.cement, inner[number % 2 if number < size // 2 else number % len(inner)])
                    ],
                }
                for number, product in enumerate(products)
            ]
        )
        return recipes

    def test_where_a_product_is_used(self):
        self.assertEqual(self.mortar.recipe_use_count, 1)
        action = self.mortar.action_view_recipe_uses()
        self.assertEqual(self.env["construction.recipe"].search(action["domain"]), self.outer)
