from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestRecipeVersions(EstimateCommon):
    def make_second(self):
        second = self.recipe.copy()
        second.line_ids[0].quantity = 0.9
        second.line_ids[2].product_id = self.make_product("Better glue", 2.0, 1.0)
        return second

    def test_two_versions_are_compared_component_by_component(self):
        changes = self.make_second()._compare(self.recipe)
        self.assertEqual(
            [(product.name, what) for product, what, _before, _after in changes],
            [("Tiler", "quantity"), ("Better glue", "added"), ("Glue", "removed")],
        )
        self.assertIn("Better glue", self.make_second().version_comparison)
        self.assertFalse(self.recipe.version_comparison)

    def test_any_two_versions_are_compared(self):
        second = self.make_second()
        second.output_quantity = 2.0
        third = second.copy({"line_ids": False})
        wizard = self.env["construction.recipe.compare"].with_user(self.estimator).create({"recipe_id": third.id})
        self.assertEqual(wizard.other_id, second)
        self.assertIn("Removed", wizard.comparison)
        wizard.other_id = self.recipe
        self.assertIn("Version 1", wizard.comparison)
        chosen = {"active_model": "construction.recipe", "active_ids": (second | self.recipe).ids}
        wizard = wizard.with_context(**chosen).create({})
        self.assertEqual((wizard.recipe_id, wizard.other_id), (second, self.recipe))
        self.assertIn("Makes", wizard.comparison)
        self.assertIn("Better glue", wizard.comparison)
        self.assertIn("Difference", wizard.cost_comparison)
        with self.assertRaises(AccessError):
            wizard.with_user(self.surveyor).read(["cost_comparison"])

    def test_versions_that_say_the_same_are_told_so(self):
        second = self.recipe.copy()
        self.assertIn("say the same", second.version_comparison)

    def test_a_version_is_activated_when_its_day_comes(self):
        second = self.make_second()
        second.date_activate = fields.Date.add(fields.Date.today(), days=1)
        self.env["construction.recipe"]._cron_activate()
        self.assertEqual(second.state, "draft")
        second.date_activate = fields.Date.today()
        self.env["construction.recipe"]._cron_activate()
        self.assertEqual((second.state, self.recipe.state), ("active", "archived"))

    def test_a_version_that_cannot_be_activated_does_not_stop_the_others(self):
        today = fields.Date.today()
        empty = self.make_recipe(self.tile, [], date_activate=today)
        second = self.make_second()
        second.date_activate = today
        self.env["construction.recipe"]._cron_activate()
        self.assertEqual((empty.state, second.state), ("draft", "active"))
        self.assertIn("no components", empty.message_ids[0].body)

    def test_the_cost_of_a_component_has_a_history(self):
        history = self.env["construction.component.cost"]
        self.glue.standard_price = 0.6
        history.search([("product_id", "=", self.glue.id)]).sudo().date = fields.Date.subtract(
            fields.Date.today(), days=10
        )
        self.glue.standard_price = 1.6
        day = fields.Date.subtract(fields.Date.today(), days=5)
        self.assertEqual(self.recipe._get_known_costs(day)[self.glue.id], 0.6)
        self.assertEqual(self.recipe._get_known_costs(fields.Date.today())[self.glue.id], 1.6)
        line = self.recipe.line_ids.filtered(lambda line: line.product_id == self.glue)
        self.assertEqual(line.cost_date, fields.Date.today())
        for user in (self.surveyor, self.salesperson, self.project_manager):
            with self.assertRaises(AccessError):
                history.with_user(user).search([])
            with self.assertRaises(AccessError):
                line.with_user(user).read(["cost_date"])

    def test_a_product_of_no_recipe_has_no_history(self):
        lonely = self.make_product("Lonely", 1.0, 1.0)
        lonely.standard_price = 2.0
        self.assertFalse(self.env["construction.component.cost"].search([("product_id", "=", lonely.id)]))

    def update(self, user, **values):
        wizard = self.env["construction.cost.update"].with_user(user).create({"product_ids": self.glue.ids, **values})
        wizard.action_apply()
        return wizard

    def test_costs_are_updated_together_and_the_recipes_shown(self):
        outer = self.make_recipe(self.make_product("House", 1.0, 1.0), [(self.wall, 2.0, 0.0)])
        outer.action_activate()
        before = outer.unit_cost
        wizard = self.update(self.estimator, percent=10)
        self.assertEqual(wizard.recipe_ids, self.recipe | outer)
        self.assertAlmostEqual(self.glue.standard_price, 0.66)
        self.assertAlmostEqual(outer.unit_cost - before, 2 * 3.3 * 0.06)

    def test_costs_are_updated_by_those_who_keep_them(self):
        for user in (self.surveyor, self.salesperson, self.accountant, self.project_manager):
            with self.assertRaises(AccessError):
                self.update(user, percent=10)
        for percent in (0.0, -100.0, 1001.0):
            with self.assertRaises(UserError):
                self.update(self.manager, percent=percent)
        self.assertEqual(self.glue.standard_price, 0.6)
