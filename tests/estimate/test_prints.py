import io

from lxml import html
from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..query_count import counting
from .common import EstimateCommon

REPORTS = {
    "analysis": "construction_crm.action_report_evaluation_analysis",
    "resources": "construction_crm.action_report_evaluation_resources",
    "sheet": "construction_crm.action_report_evaluation",
}


class PrintCommon(EstimateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mason = cls.make_product("Mason", 40.0, 21.37, type="service", uom_id=cls.hour.id)
        cls.aid = cls.make_product("Auxiliary means", 0.0, 0.0, type="service", cost_nature="other")
        cls.mortar = cls.make_product("Mortar", 8.0, 5.0)
        cls.cement = cls.make_product("Cement", 0.4, 0.13, uom_id=cls.quick_ref("uom.product_uom_kgm").id)
        cls.make_recipe(cls.mortar, [(cls.cement, 3.33, 0.0), (cls.mason, 0.07, 0.0)]).action_activate()
        cls.brickwork = cls.make_product("Brickwork", 120.0, 0.0, uom_id=cls.square_meter.id)
        recipe = cls.make_recipe(cls.brickwork, [(cls.mason, 0.35, 0.0), (cls.mortar, 0.4, 5.0), (cls.glue, 0.1, 0.0)])
        recipe.line_ids = [
            Command.create(
                {"product_id": cls.aid.id, "kind": "percent", "percent": 3.0, "percent_base": "labour", "sequence": 90}
            )
        ]
        recipe.action_activate()
        cls.brick_recipe = recipe
        cls.env["construction.markup"].create(
            [{"name": "Overhead", "percent": 8.0, "base": "direct"}, {"name": "Profit", "percent": 6.5}]
        )
        cls.sheet = cls.make_sheet([(cls.brickwork, 7.35), (cls.wall, 2.5), (cls.glue, 7.0), (cls.brickwork, 1.11)])

    def render(self, kind, records, user=None, **context):
        reports = self.env["ir.actions.report"].with_user(user or self.estimator).with_context(**context)
        return reports._render_qweb_html(REPORTS.get(kind, kind), records.ids)[0].decode()


@tagged("post_install", "-at_install")
class TestResources(PrintCommon):
    def get_rows(self, resources):
        return {row["product"].name: row for group in resources["groups"] for row in group["rows"]}

    def test_each_product_stands_once_with_all_that_is_needed(self):
        resources = self.sheet.with_user(self.estimator)._get_resources()
        rows = self.get_rows(resources)
        self.assertEqual(len(rows), sum(len(group["rows"]) for group in resources["groups"]))
        self.assertNotIn("Mortar", rows, "a recipe inside is taken apart")
        area = 7.35 + 1.11
        self.assertAlmostEqual(rows["Cement"]["quantity"], area * 0.4 * 1.05 * 3.33)
        self.assertAlmostEqual(rows["Mason"]["quantity"], area * (0.35 + 0.4 * 1.05 * 0.07))
        self.assertAlmostEqual(rows["Glue"]["quantity"], area * 0.1 + 2.5 * 3.3 + 7.0)
        self.assertEqual([group["nature"] for group in resources["groups"]], ["material", "labour"])

    def test_the_sums_make_the_direct_cost_to_the_cent(self):
        sheet = self.sheet.with_user(self.estimator)
        resources = sheet._get_resources()
        amounts = [row["amount"] for group in resources["groups"] for row in group["rows"]]
        percentages = [row["amount"] for row in resources["percentages"]]
        for group in resources["groups"]:
            self.assertAlmostEqual(group["subtotal"], sum(row["amount"] for row in group["rows"]), 9)
        self.assertEqual(resources["total"], sheet.amount_cost)
        total = sum(amounts) + sum(percentages) + resources["rounding"]
        self.assertAlmostEqual(total, sheet.amount_cost, 9)

    def test_percentages_are_listed_apart(self):
        resources = self.sheet.with_user(self.estimator)._get_resources()
        [row] = resources["percentages"]
        self.assertEqual((row["product"], row["percent"], row["base"]), (self.aid, 3.0, "Labour"))
        self.assertTrue(row["amount"])

    def test_packs_are_rounded_up_beside_the_exact_quantity(self):
        bag = self.env["uom.uom"].create(
            {"name": "Bag 25 kg", "relative_factor": 25, "relative_uom_id": self.cement.uom_id.id}
        )
        self.cement.uom_ids = bag
        row = self.get_rows(self.sheet.with_user(self.estimator)._get_resources())["Cement"]
        self.assertEqual((row["packs"], row["pack_uom"]), (1, bag))
        self.assertAlmostEqual(row["quantity"], 8.46 * 0.42 * 3.33)
        self.cement.seller_ids = [
            Command.create({"partner_id": self.client.id, "product_uom_id": bag.id, "min_qty": 4, "price": 99.0})
        ]
        row = self.get_rows(self.sheet.with_user(self.surveyor)._get_resources())["Cement"]
        self.assertEqual(row["packs"], 4, "no less than the vendor sells")

    def test_without_the_group_there_is_no_cost(self):
        for user in (self.surveyor, self.salesperson, self.project_manager):
            self.env.invalidate_all()
            resources = self.sheet.with_user(user)._get_resources()
            self.assertFalse(resources["has_costs"])
            self.assertNotIn("total", resources)
            for row in self.get_rows(resources).values():
                self.assertFalse({"unit_cost", "amount"} & set(row))
            rows = self.env["construction.resource"].with_user(user)._make(self.sheet.with_user(user))
            self.assertFalse(any(rows.sudo().mapped("amount")) or any(rows.sudo().mapped("unit_cost")))
            self.assertNotIn("unit_cost", rows.read()[0])

    def test_the_screen_shows_the_list_to_its_user_only(self):
        action = self.sheet.with_user(self.estimator).action_view_resources()
        rows = self.env["construction.resource"].with_user(self.estimator).search(action["domain"])
        self.assertAlmostEqual(sum(rows.mapped("amount")), self.sheet.amount_cost, 9)
        self.assertFalse(self.env["construction.resource"].with_user(self.manager).search(action["domain"]))
        with self.assertRaises(AccessError):
            self.sheet.with_user(self.rival).action_view_resources()


@tagged("post_install", "-at_install")
class TestAnalysis(PrintCommon):
    def assert_reconciles(self, analysis):
        """Check that the rows of each item lead to its price, as they are printed."""
        digits = analysis["digits"]
        for item in analysis["items"]:
            for group in item["groups"]:
                self.assertAlmostEqual(sum(row["amount"] for row in group["rows"]), group["subtotal"], digits)
            self.assertAlmostEqual(sum(group["subtotal"] for group in item["groups"]), item["direct"], digits)
            steps = sum(amount for _name, _percent, amount in item["steps"])
            self.assertAlmostEqual(item["direct"] + steps, item["price"], digits)

    def test_the_rows_of_a_sheet_lead_to_the_price_of_each_item(self):
        for source in ("catalogue", "buildup"):
            self.sheet.price_source = source
            analysis = self.sheet.with_user(self.estimator)._get_analysis()
            self.assert_reconciles(analysis)
            for item, line in zip(analysis["items"], self.sheet.line_ids, strict=True):
                self.assertAlmostEqual(item["price"], line.price_unit, 2)
                self.assertEqual(item["subtotal"], line.price_subtotal)

    def test_the_markups_are_shown_one_by_one(self):
        self.sheet.price_source = "buildup"
        item = self.sheet.with_user(self.estimator)._get_analysis()["items"][0]
        self.assertEqual([step[0] for step in item["steps"]][:2], ["Overhead", "Profit"])
        self.assertLess(abs(sum(step[2] for step in item["steps"][2:])), 0.1)

    def test_waste_stands_beside_the_net_consumption(self):
        item = self.sheet.with_user(self.estimator)._get_analysis()["items"][1]
        [tile] = [row for group in item["groups"] for row in group["rows"] if row["name"] == "Tile"]
        self.assertAlmostEqual(tile["consumption"], 1.0)
        self.assertEqual((tile["waste"], tile["amount"]), (8.0, 7.56))

    def test_a_recipe_is_analysed_at_the_markups_of_its_company(self):
        self.env.company.construction_price_source = "buildup"
        analysis = self.brick_recipe.with_user(self.estimator)._get_analysis()
        self.assert_reconciles(analysis)
        item = analysis["items"][0]
        self.assertAlmostEqual(item["direct"], self.brick_recipe.unit_cost, 1)
        self.assertAlmostEqual(item["price"], item["direct"] * 1.08 * 1.065, 1)

    def test_an_item_without_quantity_is_analysed_for_one_unit(self):
        sheet = self.make_sheet([(self.brickwork, 0.0)])
        self.assert_reconciles(sheet.with_user(self.estimator)._get_analysis())

    def test_only_who_sees_costs_gets_the_analysis(self):
        for user in (self.surveyor, self.salesperson, self.project_manager):
            for report, record in (
                ("construction_crm.action_report_evaluation_analysis", self.sheet),
                ("construction_crm.action_report_recipe_analysis", self.brick_recipe),
            ):
                for sudo in (False, True):
                    with self.assertRaises(AccessError):
                        self.env["ir.actions.report"].with_user(user).sudo(sudo)._render_qweb_html(report, record.ids)


@tagged("post_install", "-at_install")
class TestPrints(PrintCommon):
    def test_every_print_renders_with_its_figures(self):
        page = self.render("analysis", self.sheet)
        self.assertIn("Brickwork", page)
        self.assertIn("Direct cost", page)
        page = self.render("resources", self.sheet)
        self.assertIn("Auxiliary means", page)
        self.assertIn(f"{self.sheet.amount_cost:,.2f}", page)

    def test_the_resource_list_of_a_surveyor_has_quantities_only(self):
        page = self.render("resources", self.sheet, self.surveyor)
        self.assertIn("Cement", page)
        self.assertNotIn("Unit cost", page)
        self.assertNotIn(self.sheet.currency_id.symbol, html.fromstring(page).xpath("string(//table)"))

    def test_zones_have_subtotals_that_make_the_total(self):
        self.sheet.line_ids[0].zone = "Ground floor / Kitchen"
        self.sheet.line_ids[1].zone = "Ground floor"
        sections = self.sheet._get_report_sections(True)
        self.assertEqual([section["name"] for section in sections], ["", "Ground floor", "Kitchen"])
        total = sum(section["subtotal"] for section in sections if not section["level"])
        values = self.sheet._get_report_values()
        self.assertAlmostEqual(total + values["rounding"], values["amount_total"], 9)
        self.assertEqual(sum(len(section["lines"]) for section in sections), len(self.sheet.line_ids))
        self.assertIn("Kitchen", self.render("sheet", self.sheet))
        self.assertNotIn("subtotal", self.sheet._get_report_sections(False)[0])

    def test_prints_speak_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.company.partner_id.lang = "fr_FR"
        self.tile.with_context(lang="fr_FR").name = "Carrelage"
        self.assertIn("Carrelage", self.render("resources", self.sheet, lang="en_US"))
        self.assertIn("Carrelage", self.render("analysis", self.sheet, lang="en_US"))

    def test_prints_cost_no_query_a_row(self):
        sizes = (20, 200)
        items = [self.brickwork, self.wall, self.glue]
        sheets = [self.make_sheet([(items[number % 3], 1.0 + number % 7) for number in range(size)]) for size in sizes]
        for kind, budget in (("analysis", 60), ("resources", 60), ("sheet", 45)):
            counts = []
            for sheet in sheets:
                for _warm in range(2):
                    with counting(self.env) as queries:
                        self.render(kind, sheet)
                    count = queries.count
                counts.append(count)
            with self.subTest(kind=kind):
                self.assertEqual(counts[0], counts[1], f"queries at {sizes}")
                self.assertLessEqual(counts[1], budget)

    def test_a_large_analysis_goes_to_the_printer_in_pieces(self):
        sheet = self.make_sheet([(self.glue, 1.0)] * 160)
        page = html.fromstring(self.render("analysis", sheet))
        pieces = [node for node in page.iter("div") if "article" in (node.get("class") or "").split()]
        self.assertEqual(len(pieces), 2)
        self.assertEqual(len(page.xpath("//table[@name='analysis']")), 160)


@tagged("post_install", "-at_install")
class TestResourceDownload(PrintCommon, HttpCase):
    def download(self, user, record):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/construction_crm/resources/{record._name}/{record.id}")

    def test_the_spreadsheet_says_what_the_list_says(self):
        response = self.download(self.estimator, self.sheet)
        [sheet] = load_workbook(io.BytesIO(response.content), data_only=True).worksheets
        rows = [row for row in sheet.iter_rows(values_only=True) if row[0]]
        self.assertEqual(rows[-1][0], "Direct cost")
        self.assertEqual(rows[-1][-1], self.sheet.amount_cost)
        self.assertIn("Cement", [row[2] for row in rows])

    def test_it_has_no_cost_for_others_and_is_closed_to_strangers(self):
        response = self.download(self.surveyor, self.sheet)
        [sheet] = load_workbook(io.BytesIO(response.content)).worksheets
        titles = [cell.value for cell in sheet[3]]
        self.assertNotIn("Unit cost", titles)
        self.assertNotIn("Amount", titles)
        with mute_logger("odoo.http"):
            self.assertNotEqual(self.download(self.rival, self.sheet).status_code, 200)
        self.assertEqual(self.download(self.estimator, self.client).status_code, 404)
