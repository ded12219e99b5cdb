import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .exchange_common import BUDGET, ExchangeCommon


@tagged("post_install", "-at_install")
class TestExchangeImport(ExchangeCommon):
    def test_products_have_unit_cost_nature_text_and_the_date_of_their_cost(self):
        self.load()
        bricklayer, wall, brick = self.product_of("MO1"), self.product_of("W1"), self.product_of("MT1")
        self.assertRecordValues(
            bricklayer | wall | brick,
            [
                {"name": "Bricklayer", "cost_nature": "labour", "type": "service", "standard_price": 20.0},
                {"name": "Brick wall", "cost_nature": False, "type": "service", "standard_price": 61.1},
                {"name": "Brick", "cost_nature": "material", "type": "consu", "standard_price": 0.45},
            ],
        )
        self.assertEqual(bricklayer.uom_id, self.hour)
        self.assertEqual(wall.uom_id, self.square_meter)
        self.assertEqual(wall.description_sale, "Brick wall, pointed.")
        history = self.env["construction.component.cost"].search([("product_id", "=", bricklayer.id)])
        self.assertEqual((str(history.date), history.cost), ("2020-04-01", 20.0))

    def test_recipes_are_active_nested_and_count_percentages_by_code(self):
        self.load()
        recipe = self.recipe_of("W1")
        self.assertRecordValues(
            recipe.line_ids,
            [
                {"kind": "quantity", "quantity": 1.5, "percent_base": "all", "percent_code": False},
                {"kind": "quantity", "quantity": 50.0, "percent_base": "all", "percent_code": False},
                {"kind": "percent", "quantity": 1.0, "percent_base": "all", "percent_code": False},
                {"kind": "quantity", "quantity": 0.1, "percent_base": "all", "percent_code": False},
            ],
        )
        self.assertEqual(recipe.line_ids[2].percent, 3.0)
        # 30 + 22.5 + 3 % of both + a tenth of 60, where the file says 61.10.
        self.assertAlmostEqual(recipe.unit_cost, 30 + 22.5 + 52.5 * 0.03 + 6.0, 6)
        self.assertEqual(recipe.stated_cost, 61.1)
        self.assertEqual(self.recipe_of("R1").line_ids.mapped("quantity"), [0.5, 1.0], "a missing yield is 1")

    def test_a_percentage_with_a_mask_counts_what_begins_so_before_it(self):
        text = BUDGET.replace("%MO", "MO%1")
        self.load(text)
        recipe = self.recipe_of("W1")
        row = recipe.line_ids.filtered(lambda line: line.kind == "percent")
        self.assertEqual((row.percent_base, row.percent_code), ("code", "MO"))
        self.assertAlmostEqual(recipe.unit_cost, 30 + 22.5 + 30 * 0.03 + 6.0, 6)
        parts = recipe.explode(2.0)
        counted = next(part for part in parts if part["percent"])
        self.assertEqual([parts[place]["product"].default_code for place in counted["base"]], ["MO1"])

    def test_the_sheet_has_zones_measured_rows_and_the_prices_of_the_file(self):
        sheet = self.load()
        self.assertEqual(sheet.price_source, "given")
        zones = [(zone.code, zone.name, zone.parent_id.code, zone.amount_total) for zone in sheet.zone_ids]
        self.assertEqual(zones, [("01", "Walls", False, 1075.34), ("01.1", "Roof", "01", 306.0)])
        wall, roof = sheet.line_ids
        # 61.10 and 2 % indirect costs make 62.32.
        self.assertEqual((wall.price_given, wall.quantity, wall.price_subtotal), (62.32, 12.345, 769.34))
        self.assertEqual((roof.price_given, roof.quantity, roof.price_subtotal), (30.6, 10.0, 306.0))
        rows = [(row.name, row.kind, row.count, row.length, row.height) for row in wall.measurement_ids]
        self.assertEqual(rows, [("North", "measure", 1.0, 4.115, 3.0), ("Sum", "cumulative", 1.0, 0.0, 0.0)])
        self.assertEqual(sheet.amount_total, 1075.34)

    def test_the_build_up_of_the_file_is_on_the_sheet_and_makes_the_contract_price(self):
        sheet = self.load()
        rows = [(row.role, row.base, row.percent) for row in sheet.markup_ids]
        self.assertEqual(rows, [("indirect", "direct", 2), ("general", "works", 13), ("profit", "works", 6)])
        self.assertEqual(sheet.amount_contract, 1279.65)
        self.assertIn("1,279.65", sheet.buildup_chain)

    def test_prices_can_contain_general_costs_and_profit(self):
        sheet = self.load(with_markups=True)
        wall = sheet.line_ids[0]
        self.assertAlmostEqual(wall.price_given, 62.32 * 1.19, 6)
        self.assertEqual(sheet.amount_contract, sheet.amount_total)

    def test_with_prices_of_ours_the_build_up_makes_them(self):
        self.env.company.construction_price_source = "buildup"
        sheet = self.load(prices="ours")
        self.assertEqual(sheet.price_source, "buildup")
        self.assertTrue(sheet.line_ids.recipe_id)
        self.assertGreater(sheet.amount_total, 0)

    def test_the_report_and_the_file_are_kept_with_the_sheet(self):
        sheet = self.load()
        self.assertEqual(sheet.import_filename, "house.bc3")
        self.assertEqual(base64.b64decode(sheet.import_file), BUDGET.encode("cp1252"))
        self.assertIn("states the price 61.1, its components make", sheet.import_report)
        self.assertIn("chapter “01” Walls states 1075.4", sheet.import_report)

    def test_file_and_report_tell_no_cost_to_whoever_may_not_see_one(self):
        sheet = self.load()
        self.assertFalse({"import_file", "import_report"} & set(sheet.with_user(self.salesperson).fields_get()))
        self.assertFalse(sheet.message_ids.attachment_ids)
        told = " ".join(sheet.message_ids.mapped("body"))
        for cost in ("61.1", "61.17", "components make"):
            self.assertNotIn(cost, told)

    def test_the_preview_says_what_will_be_made(self):
        preview = self.wizard(BUDGET).preview
        for words in ("Small house", "Roof", "1,075.34", "Contract price", "1,279.65", "states the price 61.1"):
            self.assertIn(words, preview)

    def test_the_same_file_twice_makes_nothing_and_says_so(self):
        sheet = self.load()
        before = self.counts()
        wizard = self.wizard(BUDGET, lead_id=self.lead.id)
        self.assertEqual(wizard.existing_sheet_id, sheet)
        action = wizard.action_import()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.counts(), before)
        again = self.load(is_again=True)
        self.assertNotEqual(again, sheet)
        products, recipes, sheets = before
        self.assertEqual(self.counts(), (products, recipes, sheets + 1))

    def test_import_pressed_twice_in_one_dialog_imports_once(self):
        fresh = self.wizard(BUDGET, currency_mode="as_is")
        action = fresh.action_import()
        before = self.counts()
        self.assertEqual(fresh.action_import()["res_id"], action["res_id"])
        self.assertEqual(self.counts(), before)
        sheet = self.env["construction.evaluation"].browse(action["res_id"])
        more = self.wizard(BUDGET, evaluation_id=sheet.id, items_mode="add", currency_mode="as_is")
        more.action_import()
        items = len(sheet.line_ids)
        more.action_import()
        self.assertEqual(len(sheet.line_ids), items)

    def test_the_same_library_twice_makes_nothing_and_says_so(self):
        wizard = self.wizard(BUDGET, target="library")
        wizard.action_import()
        before = self.counts()
        wizard = self.wizard(BUDGET, target="library")
        wizard.action_import()
        self.assertEqual(self.counts(), before)
        self.assertIn("Nothing: all of it is here already.", wizard.result)

    def counts(self):
        names = ("product.product", "construction.recipe", "construction.evaluation")
        return tuple(self.env[name].search_count([]) for name in names)

    def test_a_product_of_ours_is_found_by_code_then_by_name(self):
        by_code = self.make_product("Our brick", 1.0, 0.9, default_code="MT1")
        by_name = self.make_product("Cement", 1.0, 0.3, uom_id=self.quick_ref("uom.product_uom_kgm").id)
        other = self.make_product("Roof tile", 1.0, 0.3, default_code="OTHER", uom_id=self.square_meter.id)
        self.load()
        wall = self.recipe_of("W1")
        self.assertEqual(wall.line_ids[1].product_id, by_code)
        self.assertEqual(by_code.standard_price, 0.9, "ours is kept")
        self.assertEqual(self.recipe_of("AUX").line_ids.product_id, by_name)
        self.assertNotEqual(self.recipe_of("R1").line_ids[1].product_id, other, "another code is another product")

    def test_cost_and_text_of_the_file_are_taken_where_asked_for(self):
        brick = self.make_product("Our brick", 1.0, 0.9, default_code="MT1")
        wall = self.make_product("Our wall", 1.0, 0.0, default_code="W1", uom_id=self.square_meter.id)
        ours = self.make_recipe(wall, [(brick, 10.0, 0.0)])
        ours.action_activate()
        self.load(existing="keep")
        self.assertEqual(ours.state, "active")
        self.load(existing="replace", is_again=True)
        self.assertEqual((ours.state, self.recipe_of("W1").version), ("archived", 2))
        self.assertEqual((brick.standard_price, wall.description_sale), (0.45, "Brick wall, pointed."))

    def test_a_product_counted_otherwise_is_not_taken_for_it(self):
        brick = self.make_product("Our brick", 1.0, 0.9, default_code="MT1", uom_id=self.hour.id)
        sheet = self.load()
        self.assertNotIn(brick, self.recipe_of("W1").line_ids.product_id)
        self.assertIn("another product was made for it", sheet.import_report)
        products = self.env["product.product"].search_count([])
        self.load(is_again=True)
        self.assertEqual(self.env["product.product"].search_count([]), products)

    def test_an_unknown_unit_is_made_or_counted_in_units_and_told(self):
        text = BUDGET.replace("~C|MT1|u|", "~C|MT1|sacks|").replace("~C|MT3|kg|", "~C|MT3|12 of them|")
        sheet = self.load(text)
        self.assertEqual(self.product_of("MT1").uom_id.name, "sacks")
        self.assertEqual(self.product_of("MT3").uom_id, self.quick_ref("uom.product_uom_unit"))
        body = sheet.import_report
        self.assertIn("The unit “sacks” was not known", body)
        self.assertIn("The unit “12 of them” is not known", body)

    def test_the_tax_of_the_file_is_that_of_its_products(self):
        tax = self.env["account.tax"].create({"name": "VAT 21", "amount": 21.0, "type_tax_use": "sale"})
        self.load()
        self.assertEqual(self.product_of("W1").taxes_id, tax)

    def test_pesetas_are_converted_or_taken_as_they_are_but_not_unasked(self):
        self.env.company.currency_id = self.make_foreign("EUR", 1.0)
        lead = self.make_lead(company_id=self.env.company.id)
        text = BUDGET.replace("\\USD\\", "\\PTA\\")
        wizard = self.wizard(text, lead_id=lead.id)
        self.assertTrue(wizard.asks_currency)
        self.assertEqual((wizard.file_currency, wizard.currency_rate), ("ESP", 166.386))
        with self.assertRaisesRegex(UserError, "ESP"):
            wizard.action_import()
        as_is = self.undone(lambda: self.load(text, lead, currency_mode="as_is").amount_total)
        self.assertEqual(as_is, 1075.34)
        sheet = self.load(text, lead, currency_mode="rate", currency_rate=166.386)
        # The sheet is in dollars by its pricelist, the company in euros.
        dollars = self.env.company.currency_id._convert(62.32 / 166.386, sheet.currency_id, round=False)
        self.assertAlmostEqual(sheet.line_ids[0].price_given, dollars, 8)
        self.assertAlmostEqual(self.product_of("MO1").standard_price, 20 / 166.386, 8)

    def test_a_budget_without_a_deal_makes_one(self):
        wizard = self.wizard(BUDGET)
        sheet = self.env["construction.evaluation"].browse(wizard.action_import()["res_id"])
        self.assertEqual(sheet.lead_id.name, "Small house")

    def test_items_are_added_to_a_sheet_or_take_the_place_of_its_own(self):
        sheet = self.make_sheet()
        wizard = self.wizard(BUDGET, evaluation_id=sheet.id, lead_id=self.lead.id)
        self.undone(lambda: self.assertTrue(wizard.action_import()) and self.assertEqual(len(sheet.line_ids), 4))
        wizard.items_mode = "replace"
        wizard.action_import()
        self.assertEqual(len(sheet.line_ids), 2)

    def test_a_final_sheet_takes_nothing(self):
        self.assertEqual(self.sheet.state, "final")
        wizard = self.wizard(BUDGET, evaluation_id=self.sheet.id)
        with self.assertRaisesRegex(UserError, "is final"):
            wizard.action_import()

    def test_only_estimators_and_sales_managers_import(self):
        for user in (self.salesperson, self.surveyor, self.accountant, self.project_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.wizard(BUDGET, user=user)
        self.wizard(BUDGET, user=self.manager, lead_id=self.lead.id).action_import()
