import base64
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..query_count import counting
from .workbook_common import WorkbookCommon


@tagged("post_install", "-at_install")
class TestWorkbookPrices(WorkbookCommon):
    HEADING = ["Code", "Name", "Unit", "Cost", "Valid From", "Vendor", "Sales Price"]

    def prices(self, *rows, user=None, heading=None, **values):
        data = self.make_book(Price_List=[heading or self.HEADING, *rows])
        return self.load(data, user=user, kind="prices", **values)

    def history(self, product):
        rows = self.env["construction.component.cost"].search([("product_id", "=", product.id)], order="date, id")
        return [(row.date, row.cost) for row in rows]

    def test_costs_change_from_their_day_on(self):
        day = fields.Date.today() - timedelta(days=3)
        # Their history began with the recipe, today.
        self.env["construction.component.cost"].sudo().search([("product_id", "=", self.tile.id)]).unlink()
        wizard = self.prices(["TILE", "Tile", "m²", 8.0, day], [None, "Tiler", None, 22.0, None])
        self.assertIn("+14.3\N{NO-BREAK SPACE}%", wizard.preview)
        wizard.action_import()
        self.assertEqual((self.tile.standard_price, self.tiler.standard_price), (8.0, 22.0))
        self.assertIn((day, 8.0), self.history(self.tile))
        self.assertIn((fields.Date.today(), 22.0), self.history(self.tiler))
        self.assertEqual(self.recipe.line_ids[1].with_user(self.estimator).cost_date, day)

    def test_recipes_cost_what_the_list_says(self):
        before = self.recipe.unit_cost
        self.prices(["TILE", "Tile", None, 14.0]).action_import()
        self.assertAlmostEqual(self.recipe.unit_cost - before, 7.0 * 1.08)

    def test_importing_twice_notes_it_once(self):
        for _once in range(2):
            self.prices(["TILE", "Tile", None, 8.0]).action_import()
        self.assertEqual(self.history(self.tile).count((fields.Date.today(), 8.0)), 1)

    def test_a_newer_cost_stays(self):
        self.prices(["TILE", "Tile", None, 8.0]).action_import()
        day = fields.Date.today() - timedelta(days=30)
        wizard = self.prices(["TILE", "Tile", None, 6.0, day])
        self.assertIn("A newer cost is known", wizard.preview)
        wizard.action_import()
        self.assertEqual(self.tile.standard_price, 8.0)
        self.assertIn((day, 6.0), self.history(self.tile))

    def test_suspicious_changes_are_pointed_out_and_do_not_block(self):
        wizard = self.prices(["TILE", "Tile", None, 70.0])
        self.assertIn("The cost changes by +900 %.", wizard.preview)
        self.assertFalse(wizard.has_errors)

    def test_a_day_to_come_is_an_error(self):
        wizard = self.prices(["TILE", "Tile", None, 8.0, date(2099, 1, 1)])
        with self.assertRaisesRegex(UserError, "still to come"):
            wizard.action_import()
        self.assertEqual(self.tile.standard_price, 7.0)

    def test_another_currency_is_an_error(self):
        wizard = self.prices(["TILE", "Tile", None, 8.0], heading=["Code", "Name", "Unit", "Cost (XAU)"])
        with self.assertRaisesRegex(UserError, "XAU"):
            wizard.action_import()

    def test_a_cost_of_another_unit_is_converted(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.prices(["GLUE", "Glue", dozen.name, 12.0]).action_import()
        self.assertEqual(self.glue.standard_price, 1.0)
        wizard = self.prices(["TILE", "Tile", dozen.name, 12.0])
        with self.assertRaisesRegex(UserError, "does not convert"):
            wizard.action_import()

    def test_unknown_products_are_left_aside_or_made(self):
        row = ["NEW", "New sand", "t", 12.5]
        wizard = self.prices(row)
        self.assertIn("is not in the catalogue", wizard.preview)
        wizard.action_import()
        self.assertFalse(self.env["product.product"].search([("default_code", "=", "NEW")]))
        for _once in range(2):
            self.prices(row, is_making=True).action_import()
            product = self.env["product.product"].search([("default_code", "=", "NEW")])
            self.assertRecordValues(product, [{"name": "New sand", "standard_price": 12.5}])

    def test_costs_of_each_company_are_its_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.estimator.company_ids += other
        self.prices(["TILE", "Tile", None, 8.0], company_id=other.id).action_import()
        self.assertEqual(self.tile.standard_price, 7.0)
        self.assertEqual(self.tile.with_company(other).standard_price, 8.0)

    def test_who_keeps_no_costs_neither_sees_nor_imports_them(self):
        for user in (self.salesperson, self.surveyor, self.project_manager):
            data = self.export(user=user, kind="prices", product_ids=self.tile.ids)
            resource = self.read_book(data, "prices").resources["TILE"]
            self.assertIsNone(resource.cost)
            with self.assertRaises(AccessError):
                self.prices(["TILE", "Tile", None, 8.0], user=user).action_import()
        self.assertEqual(self.tile.standard_price, 7.0)

    def test_nobody_learns_a_cost_from_the_preview(self):
        wizard = self.prices(["TILE", "Tile", None, 8.0], user=self.salesperson)
        self.assertNotIn("7.00", wizard.preview or "")

    def test_what_was_exported_changes_nothing(self):
        wizard = self.workbook("prices")
        wizard.action_export()
        again = self.load(base64.b64decode(wizard.export_file), kind="prices")
        self.assertIn("Changed: 0", again.preview)

    def test_a_list_of_5000_costs_few_queries(self):
        counts = []
        for size in (500, 2500):
            products = self.env["product.product"].create(
                [{"name": f"P{size}-{n}", "default_code": f"P{size}-{n}", "standard_price": 5} for n in range(size)]
            )
            wizard = self.prices(*[[product.default_code, None, None, 6.0] for product in products])
            with counting(self.env) as queries:
                wizard.action_import()
            counts.append(queries.count)
            self.assertEqual(set(products.mapped("standard_price")), {6.0})
        self.assertLessEqual((counts[1] - counts[0]) / 2, 60, counts)


@tagged("post_install", "-at_install")
class TestWorkbookRecipes(WorkbookCommon):
    def export_recipes(self, user=None):
        return self.export(user=user, kind="recipes", recipe_ids=self.recipe.ids)

    def test_a_recipe_goes_out_and_comes_back_the_same(self):
        data = self.export_recipes()
        recipes = self.env["construction.recipe"].search_count([])
        self.load(data, kind="recipes", existing="replace").action_import()
        self.assertEqual(self.env["construction.recipe"].search_count([]), recipes)
        self.assertEqual(self.recipe.state, "active")

    def test_an_edited_recipe_is_the_next_version_where_wanted(self):
        def change(book):
            rows = book["Components"]
            rows.cell(2, self.place(rows, "Quantity")).value = 0.9

        data = self.edit(self.export_recipes(), change)
        self.load(data, kind="recipes").action_import()
        self.assertEqual(self.recipe.state, "active")
        self.load(data, kind="recipes", existing="replace").action_import()
        self.assertEqual(self.recipe.state, "archived")
        new = self.wall.product_tmpl_id.recipe_ids.filtered(lambda recipe: recipe.state == "active")
        self.assertEqual(new.line_ids[0].quantity, 0.9)
        self.assertEqual(new.line_ids.product_id, self.recipe.line_ids.product_id)

    def test_new_recipes_make_their_products(self):
        data = self.make_book(
            Recipes=[["Code", "Name", "Unit"], ["NEW", "New wall", "m2"]],
            Components=[
                ["Recipe", "Code", "Name", "Unit", "Quantity", "Cost", "Nature"],
                ["NEW", "TILE", "Tile", "m2", 1.1, None, None],
                ["NEW", "MORTAR", "Mortar", "kg", 4, 0.3, "Material"],
                ["NEW", None, "Tiler", "h", 0.5, None, "Labour"],
            ],
        )
        self.load(data, kind="recipes").action_import()
        product = self.env["product.product"].search([("default_code", "=", "NEW")])
        self.assertEqual(
            product.recipe_ids.line_ids.mapped(lambda line: (line.product_id.name, line.quantity)),
            [("Tile", 1.1), ("Mortar", 4.0), ("Tiler", 0.5)],
        )
        self.assertEqual(product.recipe_ids.line_ids[2].product_id, self.tiler)
        self.assertEqual(product.recipe_ids.line_ids[1].product_id.standard_price, 0.3)

    def test_nothing_of_a_wrong_file_is_imported(self):
        count = self.env["product.product"].search_count([])
        data = self.make_book(
            Recipes=[["Code", "Name", "Unit"], ["NEW", "New wall", "m2"]],
            Components=[["Recipe", "Code", "Quantity"], ["NEW", "X", "?"]],
        )
        with self.assertRaisesRegex(UserError, "Components!C2"):
            self.load(data, kind="recipes").action_import()
        self.assertEqual(self.env["product.product"].search_count([]), count)

    def test_costs_are_for_who_sees_them(self):
        for user in (self.salesperson, self.surveyor, self.project_manager):
            draft = self.read_book(self.export_recipes(user), "recipes")
            self.assertTrue(all(resource.cost is None for resource in draft.resources.values()))
            self.assertIsNone(draft.resources["WALL"].recipe.stated_cost)
            with self.assertRaises(AccessError):
                self.load(self.export_recipes(user), user=user, kind="recipes").action_import()
        self.assertIsNotNone(self.read_book(self.export_recipes(), "recipes").resources["TILE"].cost)

    def test_samples_are_imported_without_an_error(self):
        (self.tile | self.glue | self.wall).default_code = False
        sheet = self.make_sheet([])
        for kind, values in (("sheet", {"evaluation_id": sheet.id}), ("recipes", {}), ("prices", {"is_making": True})):
            wizard = self.workbook(kind)
            wizard.action_sample()
            again = self.load(base64.b64decode(wizard.export_file), kind=kind, **values)
            self.assertFalse(again.has_errors, again.preview)
            again.action_import()
