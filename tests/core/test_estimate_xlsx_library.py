"""Plain tests of reading workbooks of recipes and prices, and files that are no workbook at all."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
from xlsx_case import XlsxCase, make_book

from core.estimate.exchange.draft import DraftError
from core.estimate.xlsx import Options, read


class TestRecipes(XlsxCase):
    RECIPES = ["Code", "Name", "Unit", "Makes", "Parameters"]
    COMPONENTS = [
        "Recipe",
        "Code",
        "Name",
        "Unit",
        "Kind",
        "Quantity",
        "Waste",
        "Percentage",
        "Of",
        "Hours",
        "At least",
        "Formula",
        "Nature",
        "Cost",
    ]

    def library(self, recipes, components):
        tabs = {"Recipes": [self.RECIPES, *recipes], "Components": [self.COMPONENTS, *components]}
        return read(make_book(tabs), Options(kind="recipes"))

    def test_components_of_every_kind_are_read(self):
        draft = self.library(
            [["W", "Wall", "m2", 10, "thickness = 12; spacing"]],
            [
                ["W", "B", "Brick", "u", None, 52, 5, None, None, None, None, None, "Material", 0.4],
                ["W", "M", "Mason", "h", "Quantity", None, None, None, None, 0.8, 2, None, "Labour", 30],
                ["W", "G", "Grout", "kg", None, None, None, None, None, None, None, "thickness * 2", None, None],
                ["W", "X", "Means", "u", "Percentage", None, None, 3, "Labour", None, None, None, None, None],
            ],
        )
        self.assertEqual(self.errors(draft), [])
        recipe = draft.resources["W"].recipe
        self.assertEqual((recipe.output_quantity, recipe.parameters), (10, {"thickness": 12, "spacing": None}))
        brick, mason, grout, means = recipe.rows
        self.assertEqual((brick.quantity, brick.waste), (52, 5))
        self.assertEqual((mason.hours, mason.minimum, mason.quantity), (Decimal("0.8"), 2, None))
        self.assertEqual(grout.formula, "thickness * 2")
        self.assertEqual((means.percent, means.base), (3, "labour"))
        self.assertEqual((draft.resources["B"].cost, draft.resources["B"].nature), (Decimal("0.4"), "material"))

    def test_a_percentage_cell_counts_hundredfold(self):
        def format_cell(book):
            book["Components"]["G2"].number_format = "0%"

        tabs = {
            "Recipes": [self.RECIPES, ["W", "Wall", "m2"]],
            "Components": [self.COMPONENTS, ["W", "B", "Brick", "u", None, 5, 0.08]],
        }
        draft = read(make_book(tabs, format_cell), Options(kind="recipes"))
        self.assertEqual(draft.resources["W"].recipe.rows[0].waste, 8)

    def test_what_is_wrong_is_named_with_its_cell(self):
        draft = self.library(
            [["W", "Wall", "m2", 0, "2x = 1"], ["W", "Wall again"], [None, None, "m2", 1]],
            [
                ["Z", "B", "Brick", "u", None, 5],
                ["W", None, None, "u", None, 5],
                ["W", "B", "Brick", "u", None, None],
                ["W", "B", "Brick", "u", "Dozen", 5],
                ["W", "B", "Brick", "u", None, None, None, None, None, None, None, "import os"],
                ["W", "X", "Means", "u", "Percentage", None, None, 5000],
            ],
        )
        self.assertEqual(
            [where for where, _message in self.errors(draft)],
            [
                "Recipes!E2",
                "Recipes!D2",
                "Recipes!A3",
                "Recipes!B4",
                "Components!A2",
                "Components!B3",
                "Components!F4",
                "Components!E5",
                "Components!L6",
                "Components!H7",
            ],
        )


class TestPrices(XlsxCase):
    HEADING = ["Code", "Name", "Unit", "Cost", "Valid From", "Vendor", "Sales Price"]

    def prices(self, *rows):
        return read(make_book({"Price List": [self.HEADING, *rows]}), Options(kind="prices"))

    def test_costs_dates_and_vendors_are_read(self):
        draft = self.prices(
            ["A", "Sand", "t", 12.5, date(2026, 3, 1), "Quarry", 20], ["B", "Lime", "t", "3,5", "2026-04-01"]
        )
        sand, lime = draft.resources.values()
        self.assertEqual(
            (sand.cost, sand.date, sand.vendor, sand.sales_price),
            (Decimal("12.5"), date(2026, 3, 1), "Quarry", 20),
        )
        self.assertEqual((lime.cost, lime.date), (Decimal("3.5"), date(2026, 4, 1)))

    def test_two_prices_of_one_thing_are_an_error(self):
        draft = self.prices(["A", "Sand", "t", 12.5], ["A", "Sand", "t", 13])
        self.assertEqual(self.errors(draft)[0][0], "Price List!A3")

    def test_a_date_that_may_be_two_is_an_error(self):
        draft = self.prices(["A", "Sand", "t", 12.5, "1/2/2026"])
        self.assertEqual(self.errors(draft), [("Price List!E2", "“1/2/2026” is no date. Type it as 2026-01-31.")])


class TestFiles(XlsxCase):
    def refused(self, data):
        with self.assertRaises(DraftError) as caught:
            read(data)
        return str(caught.exception)

    def test_other_files_are_told_what_to_do(self):
        self.assertIn(".xls)", self.refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))
        encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
        self.assertIn("password", self.refused(encrypted))
        self.assertIn("empty", self.refused(b""))
        self.assertIn("no .xlsx workbook", self.refused(b"%PDF-1.4 whatever"))
        self.assertIn("no table", self.refused(make_book({"Sheet1": []})))

    def test_a_simple_csv_file_is_read(self):
        data = "Code;Item;Unit;Quantity\nA;Țiglă;m2;1.234,5\n".encode("utf-8-sig")
        item = read(data).items[0]
        self.assertEqual((item.code, item.name, item.quantity, item.where), ("A", "Țiglă", Decimal("1234.5"), "CSV!B2"))

    def test_headings_alone_are_no_sheet(self):
        self.assertEqual(
            self.errors(read(make_book({"Items": [self.ITEMS]}))), [("Items", "There is no item beneath the headings.")]
        )

    def test_macros_and_links_are_left_alone(self):
        book = openpyxl.Workbook()
        book.active.title = "Items"
        for row in (self.ITEMS, ["A", "Wall", "m2", "='[1]Other'!A1", None]):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        self.assertIn("without a result", self.errors(read(stream.getvalue()))[0][1])
