"""Plain tests of writing workbooks: what is written is read back, in every language, and stays text."""

import io
from decimal import Decimal

import openpyxl
from xlsx_case import XlsxCase, edit_book, make_book

from core.estimate.exchange.draft import Draft, DraftError, Item, Measured, Recipe, Resource, Row, Zone
from core.estimate.xlsx import Options, Reader, fill, make_sample, read, write
from core.estimate.xlsx.headings import HEADINGS
from core.estimate.xlsx.layout import FIELDS, make_layout
from core.estimate.xlsx.titles import CHOICES, TABS
from core.estimate.xlsx.words import LANGUAGES

CODES = ("en_US", "ro_RO", "ru_RU", "es_ES", "fr_FR", "de_DE", "zh_CN")


def make_sheet():
    zones = [Zone("1", "01", "House"), Zone("2", "", "Bath", parent="1")]
    rows = [
        Measured("North", Decimal(2), Decimal("3.2"), None, Decimal("2.5"), zone="2"),
        Measured("Door", Decimal(1), Decimal("0.9"), None, Decimal("2.1"), is_deduction=True),
        Measured("So far", kind="subtotal"),
        Measured("By formula", formula="2 * length", length=Decimal(4)),
    ]
    items = [
        Item("0101", "=Wall", "Long\ntext", "m²", Decimal("22.11"), Decimal("10.5"), Decimal("-0.01"), "2", rows, "7"),
        Item("", "+Mirror", "", "Units", Decimal("0.333"), Decimal(180), zone="1", reference="8"),
    ]
    return Draft("sheet", "Sheet of a house", zones=zones, items=items)


class TestWrite(XlsxCase):
    def test_a_sheet_is_read_back_in_every_language(self):
        draft = make_sheet()
        for code in CODES:
            with self.subTest(code):
                again = read(write(draft, language=code), Options(kind="sheet"))
                self.assertEqual(self.errors(again), [])
                self.assertEqual([zone.key for zone in again.zones], ["House", "House / Bath"])
                for item, read_item in zip(draft.items, again.items, strict=True):
                    for name in ("code", "name", "description", "unit", "quantity", "price", "correction", "reference"):
                        self.assertEqual(getattr(read_item, name), getattr(item, name), name)
                rows = again.items[0].measured
                self.assertEqual([row.zone for row in rows], ["House / Bath", "", "", ""])
                for row in rows:
                    row.zone = "2" if row.zone else ""
                self.assertEqual(rows, draft.items[0].measured)

    def test_reading_what_was_written_and_writing_it_again_gives_the_same(self):
        once = read(write(make_sheet()))
        self.assertEqual(read(write(once)), once)

    def test_a_library_is_read_back_in_every_language(self):
        wall = Resource("W", "Wall", "Text", "m2", recipe=Recipe(output_quantity=Decimal(10)), nature="other")
        wall.recipe.parameters = {"thickness": Decimal("12.5"), "spacing": None}
        wall.recipe.rows = [
            Row("B", Decimal(52), "u", waste=Decimal(5), minimum=Decimal(3)),
            Row("M", unit="h", hours=Decimal("0.8")),
            Row("M", unit="h", formula="thickness / 2"),
            Row("X", percent=Decimal(3), base="labour", unit="u"),
            Row("X", percent=Decimal(1), base="code:MO", unit="u"),
        ]
        resources = {
            "W": wall,
            "B": Resource("B", "Brick", unit="u", cost=Decimal("0.4"), nature="material"),
            "M": Resource("M", "Mason", unit="h", cost=Decimal(30), nature="labour"),
            "X": Resource("X", "Means", unit="u", nature="other"),
        }
        draft = Draft("recipes", resources=resources)
        for code in CODES:
            with self.subTest(code):
                again = read(write(draft, language=code))
                self.assertEqual((again.kind, self.errors(again)), ("recipes", []))
                for row in again.resources["W"].recipe.rows:
                    row.where = ""
                for resource in again.resources.values():
                    resource.where = ""
                self.assertEqual(again.resources, resources)

    def test_texts_that_look_like_formulas_stay_texts(self):
        names = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "=cmd|' /C calc'!A0"]
        draft = Draft("sheet", items=[Item(name, name, name, name, Decimal(1)) for name in names])
        sheet = openpyxl.load_workbook(io.BytesIO(write(draft)))["Items"]
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if isinstance(cell.value, str):
                    self.assertEqual(cell.data_type, "s", cell.coordinate)
        self.assertTrue(sheet["D2"].quotePrefix)
        self.assertEqual([item.name for item in read(write(draft)).items], [name.strip() for name in names])

    def test_what_a_workbook_cannot_hold_is_left_out(self):
        draft = Draft("sheet", items=[Item("A", "a\x00b\x0bc" + "x" * 40_000, unit="u", quantity=Decimal(1))])
        self.assertTrue(read(write(draft)).items[0].name.startswith("abcx"))

    def test_columns_of_prices_are_there_only_where_there_are_prices(self):
        draft = Draft("sheet", items=[Item("A", "Wall", unit="u", quantity=Decimal(1))])
        self.assertNotIn("price", self.fields(write(draft)))
        self.assertIn("price", self.fields(write(draft, keep=["price"])))
        draft.items[0].price = Decimal(3)
        draft.currency = "EUR"
        self.assertEqual(read(write(draft)).currency, "EUR")

    def fields(self, data):
        return Reader(data, Options(kind="sheet")).tabs[0].places

    def test_an_edited_workbook_tells_what_was_edited(self):
        def edit(book):
            sheet = book["Items"]
            sheet["A2"], sheet["G2"] = 5, 99
            sheet.delete_rows(3)
            sheet.append([9, "House / Hall", "N", "New one", None, "u", 4])

        edited = read(edit_book(write(make_sheet()), edit))
        self.assertEqual(
            [(i.reference, i.name, i.quantity) for i in edited.items], [("7", "=Wall", 99), ("", "New one", 4)]
        )

    def test_samples_are_read_without_a_remark(self):
        for kind in ("sheet", "recipes", "prices"):
            for code in CODES:
                with self.subTest((kind, code)):
                    draft = read(make_sample(kind, code))
                    self.assertEqual((draft.kind, draft.notes), (kind, []))
            self.assertEqual(read(make_sample(kind, with_prices=False), Options(kind=kind)).kind, kind)


class TestFill(XlsxCase):
    def test_only_the_cells_that_are_named_are_written(self):
        data = make_book({"A": [["x", "=1+1"], [None, 5]], "B": [["y"]]}, lambda book: book["A"].merge_cells("A2:A3"))
        filled = fill(data, {"A": {"C2": 4.5, "A3": 9}})
        book = openpyxl.load_workbook(io.BytesIO(filled))
        self.assertEqual([[cell.value for cell in row] for row in book["A"]][:2], [["x", "=1+1", None], [None, 5, 4.5]])
        self.assertEqual(book["B"]["A1"].value, "y")

    def test_what_is_no_workbook_is_refused(self):
        for data in (b"a;b\n1;2\n", make_sample("sheet")[:-40], b""):
            with self.assertRaises(DraftError):
                fill(data, {"Items": {"A1": 1}})
        with self.assertRaises(DraftError):
            fill(make_sample("sheet"), {"No such tab": {"A1": 1}})


class TestWords(XlsxCase):
    def test_every_heading_and_choice_has_every_language(self):
        for table in (HEADINGS, TABS, CHOICES):
            for key, languages in table.items():
                self.assertEqual(set(languages), set(LANGUAGES), key)
        fields = {name for names in FIELDS.values() for name in names}
        self.assertEqual(fields - {"key"}, set(HEADINGS))

    def test_no_heading_that_is_written_is_taken_for_another(self):
        from core.estimate.xlsx.book import Cell, Tab
        from core.estimate.xlsx.words import heading

        for kind, names in FIELDS.items():
            for code in LANGUAGES:
                texts = [name if name == "key" else heading(name, code) for name in names]
                cells = {n: Cell("", "text", "#key" if text == "key" else text) for n, text in enumerate(texts)}
                places = make_layout(Tab("x", [(1, cells)]), kind).places
                self.assertEqual(places, {name: n for n, name in enumerate(names)}, (kind, code))
