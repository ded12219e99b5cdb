"""Plain tests of reading workbooks: what each kind of cell, row and tab is taken for."""

from datetime import datetime
from decimal import Decimal

from xlsx_case import XlsxCase, edit_part, make_book

from core.estimate.exchange.draft import DraftError
from core.estimate.xlsx import Options, Reader, read


class TestCells(XlsxCase):
    def quantity(self, value, **options):
        draft = self.items(["A", "Wall", "m2", value, None], **options)
        return draft.items[0].quantity, self.errors(draft)

    def test_numbers_are_taken_as_they_are_shown(self):
        self.assertEqual(self.quantity(0.1 + 0.2), (Decimal("0.3"), []))
        self.assertEqual(self.quantity(12), (Decimal(12), []))
        self.assertEqual(self.quantity(None), (None, []))

    def test_a_number_typed_as_text_is_understood(self):
        self.assertEqual(self.quantity("1.234,56"), (Decimal("1234.56"), []))
        self.assertEqual(self.quantity(" 12,5 "), (Decimal("12.5"), []))
        self.assertEqual(self.quantity("1.234", decimal=","), (Decimal(1234), []))

    def test_what_may_be_two_numbers_is_asked_for(self):
        self.assertEqual(
            self.quantity("1.234"),
            (None, [("Items!D2", "“1.234” can be read as two numbers. Type it as a number.")]),
        )

    def test_what_is_no_number_is_named_with_its_cell(self):
        for value, message in (
            ("twelve", "“twelve” is no number."),
            ("12 m2", "“12 m2” is no number."),
            (-1, "-1 is below zero."),
            (1e30, "This number is too large to be true."),
            (True, "True or false stands where a number belongs."),
            (
                datetime(2026, 5, 1),
                "A date stands where a number belongs. Format the cell as a number and type it again.",
            ),
        ):
            with self.subTest(value):
                self.assertEqual(self.quantity(value), (None, [("Items!D2", message)]))

    def test_an_error_of_the_spreadsheet_is_named(self):
        self.assertEqual(
            self.quantity("#REF!"),
            (None, [("Items!D2", "The cell holds the error #REF!. Correct it in the workbook.")]),
        )

    def test_a_price_may_be_below_zero(self):
        self.assertEqual(self.items(["A", "Discount", "m2", 1, -5]).items[0].price, -5)

    def test_a_formula_without_a_result_is_named(self):
        message = "The cell holds a formula without a result. Open the file in a spreadsheet program and save it."
        self.assertEqual(self.quantity("=2*3"), (None, [("Items!D2", message)]))

    def test_a_formula_counts_with_its_result(self):
        data = make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", "=2*3", None]]})
        cached = edit_part(
            data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<f>2*3</f><v></v>", b"<f>2*3</f><v>6</v>")
        )
        self.assertNotEqual(data, cached)
        self.assertEqual(read(cached).items[0].quantity, 6)

    def test_a_formula_with_an_empty_text_is_empty(self):
        data = make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", "=B9", None]]})
        empty = edit_part(
            data,
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b'<c r="D2"><f>B9</f>', b'<c r="D2" t="str"><f>B9</f>'),
        )
        self.assertNotEqual(data, empty)
        draft = read(empty)
        self.assertEqual((draft.items[0].quantity, self.errors(draft)), (None, []))

    def test_a_code_typed_as_a_number_is_a_text(self):
        self.assertEqual(self.items([101, "Wall", "m2", 1, None]).items[0].code, "101")

    def test_not_a_number_is_refused(self):
        data = make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", 7.5, None]]})
        for text in (b"1E999", b"NaN", b"INF"):
            with self.subTest(text):
                broken = edit_part(
                    data,
                    "xl/worksheets/sheet1.xml",
                    lambda xml, text=text: xml.replace(b"<v>7.5</v>", b"<v>" + text + b"</v>"),
                )
                try:
                    self.assertTrue(self.errors(read(broken)))
                except DraftError as error:
                    self.assertIn("damaged", str(error))


class TestRows(XlsxCase):
    def test_empty_rows_and_rows_of_totals_are_left_out(self):
        draft = self.items(
            ["A", "Wall", "m2", 2, 10],
            [None, None, None, None, None],
            ["B", "Floor", "m2", 3, 10],
            [None, "Total", None, None, 50],
            [None, None, None, None, None],
        )
        self.assertEqual([item.code for item in draft.items], ["A", "B"])
        self.assertEqual(self.errors(draft), [])
        self.assertEqual([where for where, _message in self.warnings(draft)], ["Items!B5"])

    def test_a_sum_without_a_word_is_a_row_of_totals(self):
        data = make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", 2, 10], [None, None, None, "=SUM(D2:D2)", None]]})
        data = edit_part(data, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</f><v></v>", b"</f><v>2</v>"))
        draft = read(data, Options(kind="sheet"))
        self.assertEqual((len(draft.items), self.errors(draft)), (1, []))

    def test_figures_without_a_name_are_an_error(self):
        draft = self.items([None, None, None, 5, None])
        self.assertEqual(self.errors(draft), [("Items!B2", "The item has neither a name nor a code.")])

    def test_hidden_rows_are_read_and_told(self):
        def hide(book):
            book["Items"].row_dimensions[2].hidden = True

        draft = self.items(["A", "Wall", "m2", 2, 10], prepare=hide)
        self.assertEqual(len(draft.items), 1)
        self.assertEqual(self.warnings(draft), [("Items", "Hidden rows were read like all others: 1.")])

    def test_a_zone_merged_over_rows_holds_for_each(self):
        heading = ["Zone", "Code", "Item", "Unit", "Quantity"]
        draft = self.items(
            ["House / Bath", "A", "Wall", "m2", 2],
            [None, "B", "Floor", "m2", 3],
            ["House / Hall", "C", "Door", "u", 1],
            heading=heading,
            prepare=lambda book: book["Items"].merge_cells("A2:A3"),
        )
        self.assertEqual([item.zone for item in draft.items], ["House / Bath", "House / Bath", "House / Hall"])
        self.assertEqual(
            [(zone.key, zone.name, zone.parent) for zone in draft.zones],
            [("House", "House", ""), ("House / Bath", "Bath", "House"), ("House / Hall", "Hall", "House")],
        )

    def test_rows_of_words_are_chapters_where_no_column_tells_the_zone(self):
        draft = self.items(
            ["01", "Earthworks", None, None, None],
            ["A", "Digging", "m3", 2, 10],
            ["02", "Walls", None, None, None],
            ["B", "Bricks", "m2", 2, 10],
        )
        self.assertEqual(
            [(item.name, item.zone) for item in draft.items], [("Digging", "Earthworks"), ("Bricks", "Walls")]
        )
        self.assertEqual([zone.code for zone in draft.zones], ["01", "02"])

    def test_a_copied_key_makes_a_new_item(self):
        draft = self.items(
            ["A", "Wall", "m2", 2, "7"],
            ["A", "Wall", "m2", 3, "7"],
            heading=["Code", "Item", "Unit", "Quantity", "#key"],
        )
        self.assertEqual([item.reference for item in draft.items], ["7", ""])
        self.assertEqual(len(self.warnings(draft)), 1)


class TestMeasurements(XlsxCase):
    HEADING = ["Item No.", "Comment", "Count", "Length", "Width", "Height", "Deduction", "Formula"]

    def measured(self, *rows, items=(["1", "A", "Wall", "m2"], ["2", "B", "Floor", "m2"])):
        return read(
            make_book({"Items": [["No.", "Code", "Item", "Unit"], *items], "Measurements": [self.HEADING, *rows]}),
            Options(kind="sheet"),
        )

    def test_rows_belong_to_their_item_by_number_code_or_name(self):
        draft = self.measured(
            [1, "North", 2, 3, None, 2.5, None, None],
            ["B", "Hall", None, 4, 5, None, None, None],
            ["wall", "Door", 1, 0.9, None, 2.1, "Yes", None],
            [2, "By formula", None, None, None, None, None, "2 * 3"],
        )
        self.assertEqual(self.errors(draft), [])
        wall, floor = draft.items
        self.assertEqual([row.name for row in wall.measured], ["North", "Door"])
        self.assertEqual([row.is_deduction for row in wall.measured], [False, True])
        self.assertEqual(
            [(row.length, row.width, row.formula) for row in floor.measured], [(4, 5, ""), (None, None, "2 * 3")]
        )

    def test_an_item_may_have_nothing_but_measured_rows(self):
        draft = self.measured([1, "North", 2, 3], items=(["1", None, "Wall", None],))
        self.assertEqual((self.errors(draft), len(draft.items[0].measured)), ([], 1))

    def test_a_row_without_an_item_is_an_error(self):
        draft = self.measured([9, "?", 1, 1, 1, 1, None, None], [None, "?", 1, 1, 1, 1, None, None])
        self.assertEqual(
            self.errors(draft),
            [
                ("Measurements!A2", "There is no item “9”."),
                ("Measurements!A3", "The measured row does not say which item it belongs to."),
            ],
        )

    def test_a_name_of_two_items_is_an_error(self):
        items = (["1", "A", "Wall", "m2"], ["2", "B", "Wall", "m2"])
        draft = self.measured(["Wall", "?", 1, 1, 1, 1, None, None], items=items)
        self.assertEqual(self.errors(draft), [("Measurements!A2", "“Wall” may be one of 2 items.")])

    def test_neither_yes_nor_no_is_an_error(self):
        draft = self.measured([1, "?", 1, 1, 1, 1, "perhaps", None])
        self.assertEqual(self.errors(draft), [("Measurements!G2", "“perhaps” is neither yes nor no.")])

    def test_the_rows_hold_and_not_the_quantity(self):
        data = make_book(
            {
                "Items": [["No.", "Item", "Unit", "Quantity"], [1, "Wall", "m2", 10]],
                "Measurements": [self.HEADING, [1, "North", 2, 3, None, None, None, None]],
            }
        )
        draft = read(data)
        self.assertEqual(
            self.warnings(draft), [("Items!D2", "The quantity is 10, but its measured rows come to 6, which holds.")]
        )

    def test_rows_that_cannot_be_worked_out_are_an_error(self):
        draft = self.measured(
            [1, "?", 1, None, None, None, None, "2 / 0"],
            [2, "Door", 1, 1, 1, 1, "x", None],
        )
        self.assertEqual(
            self.errors(draft),
            [
                ("Measurements!H2", "The measured row cannot be worked out. Check its figures and its formula."),
                ("Items!3", "The measured rows come to less than nothing."),
            ],
        )


class TestLayout(XlsxCase):
    def test_headings_of_all_languages_are_understood(self):
        for heading in (
            ["Cod", "Denumire", "U.M.", "Cantitate", "Preț unitar"],
            ["Шифр", "Наименование работ", "Ед. изм.", "Кол-во", "Цена"],
            ["Código", "Resumen", "Ud", "Cantidad", "Precio (EUR)"],
            ["Référence", "Désignation", "U", "Qté", "PU"],
            ["Kurzzeichen", "Kurztext", "ME", "Menge", "EP"],
            ["项目编码", "项目名称", "单位", "工程量", "综合单价"],
        ):
            with self.subTest(heading):
                item = self.items(["A", "Wall", "m2", 2, 10], heading=heading).items[0]
                self.assertEqual(
                    (item.code, item.name, item.unit, item.quantity, item.price), ("A", "Wall", "m2", 2, 10)
                )

    def test_headings_may_stand_below_a_title(self):
        rows = [["Offer of works"], [], ["Client", "Smith"], self.ITEMS, ["A", "Wall", "m2", 2, 10]]
        self.assertEqual(read(make_book({"Sheet1": rows})).items[0].where, "Sheet1!B5")

    def test_an_unknown_heading_can_be_chosen(self):
        data = make_book({"Tab": [["Ref", "Concept xyz", "Zzz"], ["A", "Wall", 2]]})
        reader = Reader(data, Options(kind="sheet"))
        self.assertTrue(reader.draft.notes[0].is_error)
        self.assertEqual(
            [(c.letter, c.heading, c.field) for c in reader.tabs[0].columns][1:],
            [("B", "Concept xyz", ""), ("C", "Zzz", "")],
        )
        chosen = {"Tab": {"B": "name", "C": "quantity"}}
        draft = read(data, Options(kind="sheet", columns=chosen))
        self.assertEqual([(item.code, item.name, item.quantity) for item in draft.items], [("A", "Wall", 2)])

    def test_a_recognised_column_can_be_left_out(self):
        data = make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", 2, 10]]})
        self.assertIsNone(read(data, Options(kind="sheet", columns={"Items": {"E": ""}})).items[0].price)

    def test_the_kind_is_found_out(self):
        prices = make_book({"Sheet1": [["Code", "Name", "Unit", "Cost"], ["A", "Sand", "t", 3]]})
        self.assertEqual(read(prices).kind, "prices")
        recipes = make_book(
            {
                "Recipes": [["Code", "Name", "Unit"], ["W", "Wall", "m2"]],
                "Components": [["Recipe", "Code", "Quantity"], ["W", "B", 3]],
            }
        )
        self.assertEqual(read(recipes).kind, "recipes")

    def test_other_tabs_are_told(self):
        data = make_book({"Items": [self.ITEMS, ["A", "Wall", "m2", 2, 10]], "Notes": [["Read me"]]})
        self.assertEqual(self.warnings(read(data)), [("Notes", "This tab was not read.")])
