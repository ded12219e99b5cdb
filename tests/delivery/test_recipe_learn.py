from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestRecipeLearn(CostCommon):
    """What works took becomes a draft of their recipe, when the estimator says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.mason = cls._create_product(name="Mason", type="service", uom_id=cls.hour.id, cost_nature="labour")
        cls.mortar = cls._create_product(name="Mortar", cost_nature="material")
        cls.item = cls._create_product(name="Brick wall", type="service", taxes_id=cls.tax_21)
        cls.recipe = cls.env["construction.recipe"].create(
            {
                "product_tmpl_id": cls.item.product_tmpl_id.id,
                "line_ids": [
                    Command.create({"product_id": cls.brick.id, "quantity": 50, "waste_percent": 10}),
                    Command.create({"product_id": cls.mortar.id, "quantity": 2}),
                    Command.create({"product_id": cls.mason.id, "hours_per_unit": 0.5}),
                ],
            }
        )
        cls.recipe.action_activate()
        cls.bricks, cls.mortars, cls.hours = cls.recipe.line_ids

    def _build(self, quantity, done, bricks=0.0, hours=0.0):
        """A project with a wall of so much; what was done of it, and what that took."""
        parts = [(self.brick, 55 * quantity), (self.mortar, 2 * quantity), (self.mason, 0.5 * quantity)]
        section = {
            "display_type": "line_section",
            "name": "Brick wall",
            "chapter_number": "1",
            "chapter_product_id": self.item.id,
            "chapter_quantity": quantity,
            "chapter_uom_id": self.unit.id,
            "recipe_id": self.recipe.id,
        }
        lines = [Command.create(section)] + [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": amount,
                    "price_unit": 1,
                    "cost_nature": product.cost_nature,
                }
            )
            for product, amount in parts
        ]
        project = self._start_project(self._make_contract(lines))
        project.with_user(self.estimator).action_follow_costs()
        position = project.position_ids
        if done:
            self._report({position: done}, project=project)
        if bricks:
            self.env["construction.material"]._refresh(project)
            rows = self.env["construction.material"].search([("project_id", "=", project.id)])
            rows.filtered(lambda row: row.product_id == self.brick).with_user(self.manager).quantity_used = bricks
        if hours:
            self.env["account.analytic.line"].create(
                {
                    "name": "Laid",
                    "unit_amount": hours,
                    "product_uom_id": self.hour.id,
                    "amount": -20 * hours,
                    self.plan._column_name(): position.analytic_account_id.id,
                }
            )
        return project

    def _learn(self, record=None):
        action = (record or self.recipe).with_user(self.estimator).action_learn()
        return self.env["construction.recipe.learn"].with_user(self.estimator).browse(action["res_id"])

    def test_used_materials_and_hours_are_compared_with_the_recipe(self):
        self._build(100, 50, bricks=50 * 55 * 1.2, hours=50 * 0.5 * 0.9)
        self._build(10, 10, bricks=10 * 55 * 1.0)
        lines = self._learn().line_ids
        self.assertEqual(lines.product_id, self.brick | self.mason, "nothing is known of mortar")
        bricks, hours = lines
        self.assertRecordValues(bricks, [{"project_count": 2, "quantity_now": 50, "quantity_made": 60}])
        self.assertAlmostEqual(bricks.ratio, (60 + 10) / 60, 4)
        self.assertAlmostEqual(bricks.quantity_measured, 50 * 70 / 60, 4)
        self.assertAlmostEqual(bricks.quantity_low, 50)
        self.assertAlmostEqual(bricks.quantity_high, 60)
        self.assertAlmostEqual(bricks.spread_percent, 100 * 0.1 / 1.1, 1)
        self.assertAlmostEqual(hours.change_percent, -10)
        self.assertEqual((hours.project_count, hours.spread_percent), (1, 0))

    def test_a_draft_is_made_of_what_was_picked_and_never_activated(self):
        project = self._build(100, 100, bricks=6600, hours=45)
        learning = self._learn(project)
        self.assertAlmostEqual(learning.line_ids[0].quantity_here, 60)
        with self.assertRaisesRegex(UserError, "Pick the coefficients"):
            learning.action_make_drafts()
        learning.line_ids.is_picked = True
        action = learning.action_make_drafts()
        draft = self.env["construction.recipe"].browse(action["res_id"])
        self.assertRecordValues(draft, [{"state": "draft", "version": 2}])
        self.assertEqual(self.recipe.state, "active")
        self.assertEqual(draft.line_ids.mapped("waste_percent"), [10, 0, 0])
        self.assertAlmostEqual(draft.line_ids[0].quantity, 60)
        self.assertAlmostEqual(draft.line_ids[1].quantity, 2)
        self.assertAlmostEqual(draft.line_ids[2].hours_per_unit, 0.45)
        self.assertAlmostEqual(draft.line_ids[2].quantity, 0.45)
        self.assertEqual(self.bricks.quantity, 50)
        self.assertIn("+20&nbsp;%", draft.message_ids[0].body)

    def test_drafts_are_made_once(self):
        self._build(10, 10, bricks=600)
        learning = self._learn()
        learning.line_ids[0].is_picked = True
        self.assertEqual(learning.action_make_drafts()["res_id"], learning.action_make_drafts()["res_id"])
        self.assertEqual(self.env["construction.recipe"].search_count([("state", "=", "draft")]), 1)

    def test_a_formula_is_kept_and_multiplied(self):
        draft = self.recipe.copy()
        draft.parameter_ids = [Command.create({"name": "thickness", "default": 25})]
        draft.line_ids[0].quantity_formula = "thickness * 2"
        draft.action_activate()
        self._build(10, 10, bricks=10 * 55 * 1.5)
        learning = self._learn()
        self.assertEqual(learning.line_ids.recipe_id, draft, "the version in use is compared")
        learning.line_ids[0].is_picked = True
        made = self.env["construction.recipe"].browse(learning.action_make_drafts()["res_id"])
        self.assertEqual(made.line_ids[0].quantity_formula, "(thickness * 2) * 1.5")
        self.assertAlmostEqual(made.line_ids[0].quantity, 75)

    def test_chapters_that_share_a_material_share_what_was_used(self):
        other = self.recipe.copy({"product_tmpl_id": self.items[1].product_tmpl_id.id})
        other.line_ids[0].write({"quantity": 100, "waste_percent": 0})
        other.action_activate()
        lines = []
        for recipe, quantity in ((self.recipe, 10), (other, 10)):
            section = {
                "display_type": "line_section",
                "name": recipe.product_tmpl_id.name,
                "chapter_product_id": recipe.product_tmpl_id.product_variant_id.id,
                "chapter_quantity": quantity,
                "chapter_uom_id": self.unit.id,
                "recipe_id": recipe.id,
            }
            component = {"product_id": self.brick.id, "product_uom_qty": 1, "price_unit": 1, "cost_nature": "material"}
            lines += [Command.create(section), Command.create(component)]
        project = self._start_project(self._make_contract(lines))
        self._report(dict.fromkeys(project.position_ids, 10), project=project)
        self.env["construction.material"]._refresh(project)
        rows = self.env["construction.material"].search([("project_id", "=", project.id)])
        rows.quantity_used = 10 * 55 + 10 * 100
        self.assertEqual(len(rows), 1)
        lines = self._learn(project).line_ids
        self.assertEqual(lines.mapped("quantity_measured"), [50, 100])

    def test_what_nobody_recorded_teaches_nothing(self):
        self._build(10, 10)
        with self.assertRaisesRegex(UserError, "nothing to learn from yet"):
            self._learn()

    def test_works_not_done_teach_nothing(self):
        self._build(10, 0, bricks=600)
        with self.assertRaisesRegex(UserError, "nothing to learn from yet"):
            self._learn()

    def test_hours_of_others_count_to_all_labour(self):
        project = self._build(10, 10, hours=4)
        position = project.position_ids
        self.env["account.analytic.line"].create(
            {
                "name": "Mason's bill",
                "unit_amount": 2,
                "product_id": self.mason.id,
                "product_uom_id": self.hour.id,
                "amount": -90,
                self.plan._column_name(): position.analytic_account_id.id,
            }
        )
        self.assertAlmostEqual(self._learn().line_ids.ratio, 6 / 5)

    def test_only_estimators_learn(self):
        project = self._build(10, 10, bricks=600)
        for user in (self.manager, self.project_admin, self.salesman, self.accountant):
            with self.assertRaises(AccessError):
                project.with_user(user).action_learn()

    def test_no_figure_of_money_is_shown(self):
        self._build(10, 10, bricks=600, hours=6)
        learning = self._learn()
        self.assertNotIn("monetary", {field.type for field in learning.line_ids._fields.values()})
