from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestRecipe(EstimateCommon):
    def test_explode_gives_components_in_their_unit_with_waste(self):
        parts = self.recipe.explode(2.5)
        self.assertEqual(
            [(part["product"], part["quantity"], part["uom"]) for part in parts],
            [
                (self.tiler, 2.0, self.hour),
                (self.tile, 2.7, self.square_meter),
                (self.glue, 8.25, self.uom_unit),
            ],
        )
        self.assertEqual([part["nature"] for part in parts], ["labour", "material", "material"])

    def test_explode_refuses_what_is_not_a_quantity(self):
        for quantity in (0, -1, float("nan"), float("inf"), 1e300):
            with self.assertRaisesRegex(ValidationError, "Tiled wall"):
                self.recipe.explode(quantity)

    def test_output_quantity_divides_the_consumption(self):
        recipe = self.make_recipe(self.tile, [(self.glue, 10.0, 0.0)], output_quantity=4.0)
        self.assertEqual(recipe.explode(2.0)[0]["quantity"], 5.0)
        self.assertEqual(recipe.unit_cost, 1.5)

    def test_cost_follows_the_cost_of_the_components(self):
        self.assertAlmostEqual(self.recipe.unit_cost, 0.8 * 20 + 1.08 * 7 + 3.3 * 0.6)
        self.glue.standard_price = 1.6
        self.assertAlmostEqual(self.recipe.unit_cost, 0.8 * 20 + 1.08 * 7 + 3.3 * 1.6)

    def test_cost_is_converted_to_the_unit_of_the_component(self):
        self.recipe.line_ids[0].uom_id = self.quick_ref("uom.product_uom_minute")
        self.assertAlmostEqual(self.recipe.line_ids[0].unit_cost, 20 / 60, places=4)

    def test_activating_a_version_archives_the_one_before(self):
        action = self.recipe.action_new_version()
        second = self.env["construction.recipe"].browse(action["res_id"])
        self.assertRecordValues(second, [{"version": 2, "state": "draft"}])
        self.assertEqual(len(second.line_ids), 3)
        second.action_activate()
        self.assertEqual((second.state, self.recipe.state), ("active", "archived"))

    def test_new_version_pressed_twice_opens_the_same_draft(self):
        action = self.recipe.action_new_version()
        self.assertEqual(self.recipe.action_new_version()["res_id"], action["res_id"])
        draft = self.env["construction.recipe"].browse(action["res_id"])
        draft.date_activate = "2099-01-01"
        self.assertNotEqual(self.recipe.action_new_version()["res_id"], draft.id, "that one waits for its day")

    def test_a_recipe_not_saved_yet_names_no_version(self):
        recipe = self.env["construction.recipe"].new({})
        self.assertEqual(recipe.display_name, "New")
        recipe.product_tmpl_id = self.wall.product_tmpl_id
        self.assertEqual(recipe.display_name, self.wall.product_tmpl_id.display_name)
        self.assertIn("(version 1)", self.recipe.display_name)

    def test_two_active_versions_are_impossible(self):
        second = self.recipe.copy()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            second.write({"state": "active"})
            self.env.flush_all()

    def test_each_company_has_its_own_active_version(self):
        other = self.env["res.company"].create({"name": "Other builder"})
        self.env.user.company_ids += other
        recipe = self.make_recipe(self.wall, [(self.glue, 1.0, 0.0)], company_id=other.id)
        recipe.action_activate()
        self.assertEqual((recipe.version, self.recipe.state), (1, "active"))
        found = self.env["construction.recipe"]._get_active_by_product(self.wall, other)
        self.assertEqual(found, {self.wall.id: recipe})

    def test_versions_made_at_once_are_numbered_apart(self):
        values = {"product_tmpl_id": self.tile.product_tmpl_id.id}
        recipes = self.env["construction.recipe"].create([values, dict(values)])
        self.assertEqual(recipes.mapped("version"), [1, 2])

    def test_a_recipe_without_components_cannot_be_activated(self):
        recipe = self.make_recipe(self.tile, [])
        with self.assertRaisesRegex(UserError, "no components"):
            recipe.action_activate()

    def test_a_product_is_no_component_of_itself(self):
        with self.assertRaisesRegex(ValidationError, "its own recipe"):
            self.recipe.line_ids = [Command.create({"product_id": self.wall.id, "quantity": 1})]
        recipe = self.make_recipe(self.tile, [(self.glue, 1.0, 0.0)])
        with self.assertRaisesRegex(ValidationError, "its own recipe"):
            recipe.product_tmpl_id = self.glue.product_tmpl_id

    def test_units_of_another_kind_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Choose a unit of the same kind"):
            self.recipe.line_ids[0].uom_id = self.square_meter
        with self.assertRaisesRegex(ValidationError, "Choose a unit of the same kind"):
            self.recipe.uom_id = self.hour

    def test_quantities_that_make_no_sense_are_refused(self):
        for quantity in (0.0, -1.0, float("nan"), 1e300):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.recipe.line_ids[0].write({"quantity": quantity})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.recipe.line_ids[0].waste_percent = -5
        for quantity in (0.0, -1.0, 1e300):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.recipe.output_quantity = quantity

    def test_a_used_version_cannot_be_changed_by_any_command(self):
        self.make_sheet()
        line = self.recipe.line_ids[0]
        attempts = [
            lambda: self.recipe.write({"output_quantity": 2}),
            lambda: self.recipe.write({"line_ids": [Command.clear()]}),
            lambda: self.recipe.write({"line_ids": [Command.delete(line.id)]}),
            lambda: self.recipe.write({"line_ids": [Command.update(line.id, {"quantity": 9})]}),
            lambda: line.write({"quantity": 9}),
            lambda: line.unlink(),
            lambda: line.copy(),
            lambda: self.env["construction.recipe.line"].create(
                {"recipe_id": self.recipe.id, "product_id": self.glue.id}
            ),
            lambda: self.recipe.unlink(),
        ]
        for attempt in attempts:
            with self.assertRaisesRegex(UserError, "New Version"), self.cr.savepoint():
                attempt()
        self.recipe.action_archive_version()
        self.assertEqual(self.recipe.state, "archived")

    def test_only_estimators_and_managers_keep_recipes(self):
        for user in (self.surveyor, self.salesperson, self.accountant, self.project_manager):
            recipe = self.recipe.with_user(user)
            self.assertTrue(recipe.display_name)
            with self.assertRaises(AccessError):
                recipe.write({"output_quantity": 2})
            with self.assertRaises(AccessError):
                recipe.action_archive_version()
        for user in (self.estimator, self.manager):
            self.recipe.with_user(user).write({"output_quantity": 2})

    def test_costs_of_a_recipe_need_the_cost_group(self):
        for user in (self.surveyor, self.salesperson, self.project_manager):
            recipe = self.recipe.with_user(user)
            for records, name in ((recipe, "unit_cost"), (recipe.line_ids, "subtotal")):
                with self.assertRaises(AccessError):
                    records.read([name])
                with self.assertRaises(AccessError):
                    records.export_data([name])
            self.assertNotIn("unit_cost", recipe.fields_get())
        for user in (self.estimator, self.manager, self.accountant):
            self.assertTrue(self.recipe.with_user(user).read(["unit_cost"])[0]["unit_cost"])

    def test_estimator_writes_a_recipe_in_the_form(self):
        form = Form(self.env["construction.recipe"].with_user(self.estimator))
        form.product_tmpl_id = self.tile.product_tmpl_id
        with form.line_ids.new() as line:
            line.product_id = self.tiler
            self.assertEqual((line.uom_id, line.cost_nature), (self.hour, "labour"))
            line.quantity = 0.25
        recipe = form.save()
        self.assertEqual((recipe.uom_id, recipe.version), (self.square_meter, 1))
        self.assertEqual(self.tile.recipe_count, 1)
        action = self.tile.product_tmpl_id.with_user(self.estimator).action_view_recipes()
        self.assertEqual(action["res_id"], recipe.id)

    def test_recipes_of_another_company_are_hidden(self):
        other = self.env["res.company"].create({"name": "Other builder"})
        stranger = self.make_user(
            "stranger",
            "construction_crm.group_estimator",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        found = self.env["construction.recipe"].with_user(stranger).search([])
        self.assertFalse(found & self.recipe)
