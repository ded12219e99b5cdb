from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..query_count import count_queries
from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestRecipeCosts(EstimateCommon):
    """Dated costs of components: how old they are, of another day, from vendors, and whom a change reaches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.house = cls.make_product("House", 1.0, 0.0)
        cls.outer = cls.make_recipe(cls.house, [(cls.wall, 2.0, 0.0)])
        cls.outer.action_activate()
        cls.history = cls.env["construction.component.cost"]

    def set_date(self, product, days, cost=None):
        """Say that a product has had its cost, or once had another, since some days ago."""
        rows = self.history.search([("product_id", "=", product.id)])
        date = self.today - timedelta(days=days)
        if cost is None:
            rows.sudo().date = date
        else:
            self.history.sudo().create(
                {"product_id": product.id, "company_id": self.env.company.id, "date": date, "cost": cost}
            )
        self.env.invalidate_all()

    def add_vendor_price(self, product, price, **values):
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        return self.env["product.supplierinfo"].create(
            {"partner_id": vendor.id, "product_tmpl_id": product.product_tmpl_id.id, "price": price, **values}
        )

    # === AGE === #

    def test_a_component_begins_its_history_when_it_becomes_one(self):
        rows = self.history.search([("product_id", "in", (self.glue + self.tile + self.tiler).ids)])
        self.assertEqual(sorted(rows.mapped("cost")), [0.6, 7.0, 20.0])
        self.make_recipe(self.make_product("Other", 1.0, 0.0), [(self.glue, 1.0, 0.0)])
        self.assertEqual(self.history.search_count([("product_id", "=", self.glue.id)]), 1, "once is enough")

    def test_recipes_tell_their_oldest_cost_at_any_depth(self):
        self.set_date(self.glue, 400)
        self.assertEqual(self.outer.oldest_cost_date, self.today - timedelta(days=400))
        self.assertTrue(self.outer.has_old_cost)
        line = self.recipe.line_ids.filtered(lambda line: line.product_id == self.glue)
        self.assertTrue(line.has_old_cost)
        found = self.env["construction.recipe"].search([("has_old_cost", "=", True)])
        self.assertEqual(found & (self.recipe | self.outer), self.recipe | self.outer)
        self.assertNotIn(self.outer, self.env["construction.recipe"].search([("has_old_cost", "=", False)]))
        self.glue.standard_price = 0.7
        self.env.invalidate_all()
        self.assertFalse(self.outer.has_old_cost)

    def test_when_costs_are_old_is_the_company_s_to_say(self):
        self.set_date(self.glue, 400)
        for months, is_old in ((0, False), (13, True), (14, False)):
            self.env.company.construction_cost_months = months
            self.env.invalidate_all()
            self.assertEqual(self.outer.has_old_cost, is_old, months)

    # === ANOTHER DAY === #

    def reprice(self, user=None, **values):
        values.setdefault("date", self.today - timedelta(days=30))
        wizard = self.env["construction.reprice"].with_user(user or self.estimator).create(values)
        return wizard.action_show()

    def open(self, action):
        model = self.env[action["res_model"]].with_context(**action["context"]).with_user(self.estimator)
        return model.search(action["domain"] if isinstance(action["domain"], list) else [("state", "=", "active")])

    def test_recipes_are_shown_at_the_costs_of_another_day(self):
        self.set_date(self.glue, 60, cost=0.1)
        recipes = self.open(self.reprice(recipe_ids=[Command.set((self.recipe | self.outer).ids)]))
        for recipe, times in ((self.recipe, 1), (self.outer, 2)):
            recipe = recipes & recipe
            self.assertAlmostEqual(recipe.cost_change, -0.5 * 3.3 * times)
            self.assertAlmostEqual(recipe.cost_then, recipe.unit_cost - 0.5 * 3.3 * times)
            self.assertAlmostEqual(recipe.cost_change_percent, recipe.cost_change / recipe.unit_cost * 100, places=2)
        self.assertEqual(self.glue.standard_price, 0.6, "nothing is changed by looking")
        self.assertIn(self.outer, self.open(self.reprice()))

    def test_a_sheet_is_shown_at_the_costs_of_another_day(self):
        self.set_date(self.glue, 60, cost=0.1)
        sheet = self.make_sheet([(self.wall, 10.0), (self.glue, 2.0)])
        total = sheet.amount_total
        lines = self.open(self.reprice(evaluation_id=sheet.id))
        self.assertEqual(sorted(lines.mapped("cost_change")), [-16.5, -1.0])
        self.assertAlmostEqual(sum(lines.mapped("cost_now")), sheet.amount_cost)
        self.assertEqual(sheet.amount_total, total)

    def test_price_lists_of_vendors_may_be_looked_at(self):
        self.add_vendor_price(self.glue, 1.6, date_start=self.today + timedelta(days=5))
        action = self.reprice(date=self.today + timedelta(days=6), source="vendor", recipe_ids=self.recipe.ids)
        self.assertAlmostEqual(self.open(action).cost_change, 3.3)
        action = self.reprice(date=self.today, source="vendor", recipe_ids=self.recipe.ids)
        self.assertAlmostEqual(self.open(action).cost_change, 0.0)

    def test_a_day_that_makes_no_sense_is_today(self):
        for text in ("nonsense", "2026-99-99 history", "2026-01-01 other", ""):
            recipe = self.recipe.with_context(construction_reprice=text)
            self.assertEqual(recipe.cost_change, 0.0)

    # === USED IN === #

    def test_used_in_tells_what_a_component_makes_of_the_cost(self):
        self.assertEqual(self.glue.product_tmpl_id.recipe_use_count, 2)
        action = self.glue.product_tmpl_id.action_view_recipe_uses()
        recipes = self.env["construction.recipe"].with_context(**action["context"]).search(action["domain"])
        self.assertEqual(recipes, self.recipe | self.outer)
        self.assertAlmostEqual((recipes & self.outer).used_cost, 2 * 3.3 * 0.6)
        self.assertAlmostEqual((recipes & self.recipe).used_percent, 3.3 * 0.6 / self.recipe.unit_cost * 100, places=2)
        action = self.wall.product_tmpl_id.action_view_recipe_uses()
        outer = self.env["construction.recipe"].with_context(**action["context"]).search(action["domain"])
        self.assertEqual((outer, outer.used_percent), (self.outer, 100.0))

    def test_a_recipe_tells_where_it_is_used(self):
        sheet = self.make_sheet([(self.house, 1.0)])
        self.assertEqual((self.recipe.recipe_use_count, self.recipe.evaluation_count), (1, 1))
        action = self.recipe.action_view_evaluations()
        self.assertEqual(self.env["construction.evaluation"].search(action["domain"]), sheet)
        self.assertEqual(self.outer.recipe_use_count, 0)

    # === UPDATE === #

    def update(self, user=None, products=None, **values):
        products = products or self.glue
        return (
            self.env["construction.cost.update"]
            .with_user(user or self.estimator)
            .create({"product_ids": [Command.set(products.ids)], **values})
        )

    def test_the_effect_is_seen_before_it_is_made(self):
        wizard = self.update(percent=10)
        self.assertRecordValues(wizard.line_ids, [{"cost": 0.6, "new_cost": 0.66}])
        self.assertIn("House", wizard.effect)
        self.assertIn(f"{self.outer.unit_cost + 2 * 3.3 * 0.06:.2f}", wizard.effect)
        self.assertEqual(self.glue.standard_price, 0.6)
        wizard.action_apply()
        self.assertAlmostEqual(self.glue.standard_price, 0.66)

    def test_the_update_opens_for_chosen_products(self):
        for record, name in ((self.glue, "products"), (self.glue.product_tmpl_id, "templates")):
            server_action = self.env.ref(f"construction_crm.construction_cost_update_action_{name}")
            context = {"active_model": record._name, "active_ids": record.ids, "active_id": record.id}
            action = server_action.with_user(self.estimator).with_context(**context).run()
            wizard = (
                self.env[action["res_model"]].with_user(self.estimator).with_context(**action["context"]).create({})
            )
            self.assertEqual(wizard.product_ids, self.glue)

    def test_costs_are_taken_from_vendors(self):
        box = self.env["uom.uom"].create(
            {"name": "Box of 10", "relative_factor": 10, "relative_uom_id": self.glue.uom_id.id}
        )
        self.add_vendor_price(self.glue, 8.0, product_uom_id=box.id, discount=10.0)
        self.add_vendor_price(self.tile, 5.0, date_end=self.today - timedelta(days=1))
        wizard = self.update(products=self.glue + self.tile, source="vendor")
        self.assertEqual(wizard.line_ids.product_id, self.glue)
        self.assertAlmostEqual(wizard.line_ids.new_cost, 0.72)
        wizard.action_apply()
        self.assertAlmostEqual(self.glue.standard_price, 0.72)
        self.assertEqual(self.tile.standard_price, 7.0)
        with self.assertRaisesRegex(UserError, "No vendor"):
            self.update(products=self.tile, source="vendor").action_apply()

    def test_vendor_prices_in_another_currency_are_converted(self):
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 4.0)])
        self.add_vendor_price(self.glue, 8.0, currency_id=currency.id)
        self.assertRecordValues(self.update(source="vendor").line_ids, [{"new_cost": 2.0}])

    def test_costs_are_typed_one_by_one(self):
        wizard = self.update(source="typed")
        wizard.line_ids.new_cost = 1.25
        wizard.action_apply()
        self.assertEqual(self.glue.standard_price, 1.25)
        wizard = self.update(source="typed")
        wizard.line_ids.new_cost = -1.0
        with self.assertRaisesRegex(UserError, "zero or more"):
            wizard.action_apply()

    def test_a_cost_that_stays_can_be_confirmed(self):
        self.set_date(self.glue, 400)
        self.update(source="confirm").action_apply()
        self.env.invalidate_all()
        self.assertEqual(self.glue.standard_price, 0.6)
        self.assertFalse(self.recipe.line_ids.filtered(lambda line: line.product_id == self.glue).has_old_cost)

    # === SEARCH, SECRET, SPEED === #

    def test_recipes_are_found_by_their_cost(self):
        recipes = self.env["construction.recipe"].with_user(self.estimator)
        cost = self.outer.unit_cost
        both = self.recipe | self.outer
        self.assertEqual(recipes.search([("unit_cost", ">=", cost)]) & both, self.outer)
        self.assertEqual(recipes.search([("unit_cost", "<", cost)]) & both, self.recipe)

    def test_costs_stay_secret(self):
        self.make_sheet()
        for user in (self.surveyor, self.salesperson, self.project_manager):
            for name in ("oldest_cost_date", "has_old_cost", "cost_then", "cost_change", "used_cost", "used_percent"):
                with self.assertRaises(AccessError):
                    self.recipe.with_user(user).read([name])
            for domain in ([("unit_cost", ">", 1)], [("has_old_cost", "=", True)]):
                with self.assertRaises(AccessError):
                    self.env["construction.recipe"].with_user(user).search(domain)
            with self.assertRaises(AccessError):
                self.reprice(user)
            with self.assertRaises(AccessError):
                self.update(user)
        with self.assertRaises(AccessError):
            self.env["construction.evaluation.line"].with_user(self.surveyor).search([], limit=1).read(["cost_now"])

    def make_library(self, size):
        products = self.env["product.product"].create(
            [{"name": f"Library {size}-{number}", "standard_price": 1.0} for number in range(size)]
        )
        return self.env["construction.recipe"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "line_ids": [
                        Command.create({"product_id": part.id, "quantity": 1.5}) for part in (self.glue, self.wall)
                    ],
                }
                for product in products
            ]
        )

    def count_warm_queries(self, function):
        """Count the queries of a function that was called before: what stays in caches is there."""
        function()
        return count_queries(self.env, function)

    def test_a_library_is_made_in_batches(self):
        self.make_library(2)
        counts = []
        for size in (100, 300):
            products = self.env["product.product"].create(
                [{"name": f"Batch {size}-{number}"} for number in range(size)]
            )
            lines = [Command.create({"product_id": self.glue.id})]
            vals_list = [{"product_tmpl_id": product.product_tmpl_id.id, "line_ids": lines} for product in products]

            def make(vals_list=vals_list):
                self.env["construction.recipe"].create(vals_list).action_activate()

            counts.append(self.count_warm_queries(make))
        # The ORM writes by the hundred.
        self.assertLessEqual(counts[1] - counts[0], 2 * 12, counts)

    def test_a_new_price_reaches_a_library_by_a_few_queries(self):
        counts = []
        for recipes in (self.make_library(20), self.make_library(200)):

            def change(recipes=recipes):
                self.glue.standard_price += 1
                self.assertTrue(all(recipes.mapped("unit_cost")))

            counts.append(self.count_warm_queries(change))
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 16)

    def test_a_list_of_recipes_takes_a_few_queries(self):
        names = ("unit_cost", "oldest_cost_date", "has_old_cost")
        counts = []
        for recipes in (self.make_library(10), self.make_library(80)):
            counts.append(self.count_warm_queries(lambda recipes=recipes: recipes.read(names)))
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[1], 15)
