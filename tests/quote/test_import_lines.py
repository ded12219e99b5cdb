import base64
import io

from openpyxl import Workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.quote.quote_workbook import write_quote
from ..query_count import counting
from .test_by_hand import ByHandCommon

HEADS = ("No.", "Code", "Description", "Unit", "Quantity", "Unit Price")


@tagged("post_install", "-at_install")
class TestImportLines(ByHandCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.glue.default_code = "GLUE"

    def make_file(self, rows, heads=HEADS):
        book = Workbook()
        for row in [heads, *rows]:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def open(self, data, quote=None, user=None, **values):
        return (
            self.env["construction.workbook"]
            .with_user(user or self.salesperson)
            .create(
                {
                    "kind": "quote",
                    "order_id": (quote or self.quote).id,
                    "file": base64.b64encode(data),
                    "filename": "lines.xlsx",
                    **values,
                }
            )
        )

    def load(self, data, quote=None, **values):
        wizard = self.open(data, quote, **values)
        self.assertFalse(wizard.has_errors, wizard.preview)
        wizard.action_import()
        return wizard

    def write_book(self, quote):
        stream = io.BytesIO()
        write_quote(stream, quote)
        return stream.getvalue()

    def get_figures(self, quote):
        lines = quote.order_line.sorted(lambda line: (line.sequence, line.id))
        return [
            (
                line.chapter_number,
                line.display_type,
                line.name,
                line.product_id.id,
                line.product_uom_qty,
                line.product_uom_id.id,
                line.price_unit,
                line.discount,
                line.chapter_quantity,
                line.chapter_uom_id.id,
                line.price_subtotal,
            )
            for line in lines
        ]

    # === NEW LINES === #

    def test_chapters_by_the_depth_of_their_numbers(self):
        rows = [
            ["1", None, "Bathroom", "m²", 12.5, None],
            ["1.1", "GLUE", "Glue of the best", "Units", 10, 2.5],
            ["1.2", None, "Walls", None, None, None],
            ["1.2.1", None, "Tile", "m²", 4, None],
            ["1.3", None, "Tile", "m²", 1, 20],
            ["2", None, "Tiler", "Hours", 3, 40],
        ]
        self.load(self.make_file(rows))
        # What a chapter takes directly comes before its parts, as on generated quotes.
        self.assertEqual(
            self.get_rows(),
            [
                ("1", "Bathroom"),
                ("1.1", "Glue of the best"),
                ("1.2", "Tile"),
                ("1.3", "Walls"),
                ("1.3.1", "Tile"),
                ("2", "Tiler"),
                ("2.1", "Tiler"),
            ],
        )
        bathroom, tiler = self.quote.chapter_ids
        self.assertRecordValues(
            bathroom + tiler,
            [
                {"chapter_quantity": 12.5, "chapter_uom_id": self.square_meter.id, "chapter_subtotal": 94.32},
                {"chapter_quantity": 3.0, "chapter_uom_id": self.hour.id, "chapter_subtotal": 120.0},
            ],
        )
        lines = self.quote.order_line.filtered("product_id").sorted("sequence")
        self.assertEqual(lines.mapped("price_unit"), [2.5, 20.0, 12.33, 40.0])
        self.assertEqual(lines.sudo().mapped("purchase_price"), [0.6, 7.0, 7.0, 20.0])

    def test_chapters_by_rows_without_figures_where_nothing_is_numbered(self):
        rows = [
            ["GLUE", "Loose glue", "Units", 1, 5],
            [None, "Kitchen", None, None, None],
            ["GLUE", "Glue", "Units", 2, 5],
            [None, "Total", None, None, 15],
            [None, "Hall", None, None, None],
            ["GLUE", "Glue", "Units", 3, 5],
        ]
        rows = [row for row in rows if row[1] != "Total"]
        self.load(self.make_file(rows, HEADS[1:]))
        self.assertEqual(
            [number for number, _name in self.get_rows()],
            ["1", "1.1", "2", "2.1", "3", "3.1"],
        )
        self.assertEqual(self.quote.amount_untaxed, 30.0)

    def test_lines_are_appended_to_what_is_there(self):
        self.add(self.wall, 2.0)
        before = self.get_figures(self.quote)
        self.load(self.make_file([["1", "GLUE", "Glue", "Units", 1, 5]]))
        after = self.get_figures(self.quote)
        self.assertEqual(after[: len(before)], before)
        self.assertEqual([row[0] for row in after[len(before) :]], ["2", "2.1"])

    # === ROUND TRIP === #

    def test_our_own_spreadsheet_is_read_back(self):
        source = self.generate(self.make_final_sheet([(self.wall, 10.0), (self.glue, 7.0), (self.tile, 3.5)]))
        source.order_line.filtered("product_id")[0].write({"price_unit": 33.333, "discount": 7.5})
        for lang in ("en_US", "de_DE", "fr_FR", "zh_CN"):
            self.env["res.lang"]._activate_lang(lang)
            self.client.lang = lang
            target = self.make_hand_quote()
            self.load(self.write_book(source), target)
            self.assertEqual(self.get_figures(target), self.get_figures(source), lang)
            self.assertEqual(target.amount_untaxed, source.amount_untaxed)
            self.client.lang = "en_US"

    def test_reading_it_back_into_the_same_quote_changes_nothing(self):
        quote = self.generate(self.make_final_sheet([(self.wall, 10.0), (self.glue, 7.0)]))
        before = self.get_figures(quote)
        wizard = self.load(self.write_book(quote), quote, import_mode="update")
        self.assertEqual(self.get_figures(quote), before)
        self.assertIn("Unchanged: 6", wizard.preview)

    # === CHANGES === #

    def test_rows_with_a_known_number_change_quantity_and_price(self):
        self.add(self.wall, 10.0)
        self.add(self.glue, 7.0)
        rows = [
            ["1", None, "Tiled wall", "m²", 10, None],
            ["1.1", None, "Tiler", "Hours", 9, 30],
            ["1.4", "GLUE", "More glue", "Units", 2, 1],
            ["2", None, "Glue", "Units", 14, None],
        ]
        wizard = self.load(self.make_file(rows), import_mode="update")
        self.assertIn("Not in the workbook and kept: 3", wizard.preview)
        lines = {line.chapter_number: line for line in self.quote.order_line}
        self.assertRecordValues(lines["1.1"], [{"product_uom_qty": 9.0, "price_unit": 30.0}])
        self.assertRecordValues(lines["1.2"], [{"product_uom_qty": 10.8, "price_unit": 12.33}])
        self.assertRecordValues(lines["1.4"], [{"name": "More glue", "product_uom_qty": 2.0, "price_unit": 1.0}])
        # Of a chapter that is one row in the workbook everything goes along.
        self.assertRecordValues(lines["2.1"], [{"product_uom_qty": 14.0, "price_unit": 1.17}])

    # === FAULTS === #

    def assertStops(self, data, says, **values):
        wizard = self.open(data, **values)
        self.assertTrue(wizard.has_errors)
        self.assertIn(says, wizard.preview)
        before = self.get_figures(self.quote)
        with self.assertRaisesRegex(UserError, says):
            wizard.action_import()
        self.assertEqual(self.get_figures(self.quote), before)

    def test_faults_are_named_with_their_cell_and_nothing_is_done(self):
        good = ["1", "GLUE", "Glue", "Units", 1, 5]
        for row, says in (
            (["2", "NONE", "Unheard of", "Units", 1, 5], "Sheet!C3"),
            (["2", "GLUE", "Glue", "furlong", 1, 5], "furlong"),
            (["2", "GLUE", "Glue", "Hours", 1, 5], "does not convert"),
            (["2", "GLUE", "Glue", "Units", 0, 5], "no quantity"),
            (["2", "GLUE", "Glue", "Units", "much", 5], "no number"),
            (["1", "GLUE", "Glue", "Units", 1, 5], "stands in"),
        ):
            with self.subTest(says):
                self.assertStops(self.make_file([good, row]), says)

    def test_a_damaged_file_and_one_without_columns(self):
        data = self.make_file([["1", "GLUE", "Glue", "Units", 1, 5]])
        self.assertStops(data[: len(data) // 2], "damaged")
        self.assertStops(b"PK\x03\x04 nonsense", "damaged")
        self.assertStops(self.make_file([[1, 2]], ["Foo", "Bar"]), "No column is headed")

    def test_unknown_columns_are_reported(self):
        data = self.make_file([["1", "GLUE", "Glue", "Units", 1, 5, "x"]], (*HEADS, "Colour"))
        wizard = self.load(data)
        self.assertIn("Colour", wizard.preview)

    def test_unknown_products_are_left_aside_or_made(self):
        rows = [["1", "GLUE", "Glue", "Units", 1, 5], ["2", "NEW-1", "New thing", "m²", 2, 9]]
        self.load(self.make_file(rows), missing="skip")
        self.assertEqual(len(self.quote.chapter_ids), 1)
        with self.assertRaises(AccessError):
            self.load(self.make_file(rows), missing="make")
        other = self.make_hand_quote()
        self.load(self.make_file(rows), other, missing="make", user=self.manager)
        made = other.order_line[-1].product_id
        self.assertRecordValues(made, [{"default_code": "NEW-1", "uom_id": self.square_meter.id}])
        self.assertEqual(other.amount_untaxed, 23.0)

    def test_another_unit_than_that_of_the_line_is_refused(self):
        self.add(self.wall, 10.0)
        self.assertStops(self.make_file([["1.1", None, "Tiler", "m²", 9, 30]]), "on the quote", import_mode="update")

    # === WHO AND WHEN === #

    def test_pressing_twice_imports_once(self):
        wizard = self.load(self.make_file([["1", "GLUE", "Glue", "Units", 1, 5]]))
        wizard.action_import()
        self.assertEqual(len(self.quote.chapter_ids), 1)

    def test_only_into_drafts_and_never_by_a_surveyor(self):
        data = self.make_file([["1", "GLUE", "Glue", "Units", 1, 5]])
        self.load(data)
        wizard = self.open(data)
        self.quote.with_user(self.salesperson).action_quotation_sent()
        with self.assertRaisesRegex(UserError, "sent"):
            wizard.action_import()
        self.assertFalse(self.open(data).can_import)
        with self.assertRaises(AccessError):
            self.open(data, user=self.surveyor).action_import()
        with self.assertRaises(AccessError):
            self.open(data, user=self.rival).action_import()
        order = self.make_stock_order()
        with self.assertRaisesRegex(UserError, "construction deals"):
            self.open(data, order, user=self.manager).action_import()

    def test_the_sample_can_be_imported(self):
        wizard = self.open(b"", user=self.manager)
        wizard.action_sample()
        data = base64.b64decode(wizard.export_file)
        wizard = self.load(data, missing="make", user=self.manager)
        self.assertEqual(len(self.quote.chapter_ids), 1)
        self.assertEqual(len(self.quote.order_line), 5)
        self.assertTrue(self.quote.amount_untaxed)

    def test_queries_do_not_grow_with_the_rows(self):
        counts = []
        for size in (20, 200):
            quote = self.make_hand_quote()
            rows = [["1", None, "All", "m²", 1, None]]
            rows += [[f"1.{place}", "GLUE", "Glue", "Units", place, 5] for place in range(1, size)]
            wizard = self.open(self.make_file(rows), quote)
            with counting(self.env) as queries:
                wizard.action_import()
            counts.append(queries.count)
        self.assertLess(counts[1], counts[0] + 120, counts)
