import base64
import io
import zipfile

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..query_count import counting
from .workbook_common import WorkbookCommon


@tagged("post_install", "-at_install")
class TestWorkbookSheet(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.make_sheet([(cls.wall, 2.5), (cls.glue, 7.0)], user_id=cls.surveyor.id)
        cls.sheet.line_ids[0].write(
            {
                "zone": "House / Bathroom",
                "measurement_ids": [
                    Command.create({"name": "North", "count": 2, "length": 3.2, "height": 2.5}),
                    Command.create({"name": "Door", "length": 0.9, "height": 2.1, "is_deduction": True}),
                ],
            }
        )
        cls.sheet.line_ids += cls.env["construction.evaluation.line"].create(
            {"evaluation_id": cls.sheet.id, "name": "[X9] Old stove\nTo be carried off", "quantity": 1, "sequence": 30}
        )

    def snapshot(self):
        self.env.invalidate_all()
        return (
            self.sheet.line_ids.read(
                ["sequence", "product_id", "name", "zone", "quantity", "uom_id", "price_subtotal"]
            ),
            self.sheet.line_ids.measurement_ids.read(["name", "count", "length", "width", "height", "is_deduction"]),
        )

    def test_what_was_exported_and_not_edited_changes_nothing(self):
        before = self.snapshot()
        data = self.export(evaluation_id=self.sheet.id)
        wizard = self.load(data, evaluation_id=self.sheet.id)
        self.assertFalse(wizard.has_errors)
        self.assertIn("Unchanged: 3", wizard.preview)
        writes = self.sheet.line_ids.mapped("write_date")
        wizard.action_import()
        self.assertEqual(self.snapshot(), before)
        self.assertEqual(self.sheet.line_ids.mapped("write_date"), writes)
        self.assertEqual(self.read_book(self.export(evaluation_id=self.sheet.id)), self.read_book(data))

    def test_every_language_is_understood_again(self):
        before = self.snapshot()
        for code in ("ro_RO", "ru_RU", "es_ES", "fr_FR", "de_DE", "zh_CN"):
            self.env["res.lang"]._activate_lang(code)
            self.estimator.lang = code
            data = self.export(evaluation_id=self.sheet.id)
            self.estimator.lang = "en_US"
            wizard = self.load(data, evaluation_id=self.sheet.id)
            self.assertFalse(wizard.has_errors, wizard.preview)
            wizard.action_import()
            self.assertEqual(self.snapshot(), before, code)

    def test_edited_items_change_and_new_ones_are_added(self):
        def change(book):
            items, rows = book["Items"], book["Measurements"]
            items.cell(3, self.place(items, "Quantity")).value = 9
            items.cell(4, self.place(items, "Item")).value = "Older stove"
            items.append([])
            new = items.max_row + 1
            for heading, value in (("Item", "Glue"), ("Code", "GLUE"), ("Zone", "Attic"), ("Quantity", "1,5")):
                items.cell(new, self.place(items, heading)).value = value
            rows.cell(2, self.place(rows, "Length")).value = 4

        data = self.edit(self.export(evaluation_id=self.sheet.id), change)
        wizard = self.load(data, evaluation_id=self.sheet.id)
        self.assertIn("New: 1", wizard.preview)
        lines = self.sheet.line_ids
        wizard.action_import()
        self.assertEqual(self.sheet.line_ids & lines, lines)
        new = self.sheet.line_ids - lines
        self.assertRecordValues(new, [{"product_id": self.glue.id, "quantity": 1.5, "zone": "Attic"}])
        self.assertEqual(lines[1].quantity, 9)
        self.assertEqual(lines[2].name, "[X9] Older stove\nTo be carried off")
        self.assertAlmostEqual(lines[0].quantity, 2 * 4 * 2.5 - 0.9 * 2.1)
        self.assertEqual(len(lines[0].measurement_ids), 2)

    def test_importing_twice_is_importing_once(self):
        data = self.make_book(
            Items=[["Code", "Item", "Unit", "Quantity"], ["GLUE", "Glue", "", 3], [None, "A free one", "m2", 2]]
        )
        sheet = self.make_sheet([])
        for _once in range(2):
            self.load(data, evaluation_id=sheet.id).action_import()
            self.assertRecordValues(
                sheet.line_ids,
                [
                    {"product_id": self.glue.id, "name": "Glue", "quantity": 3, "uom_id": self.glue.uom_id.id},
                    {"product_id": False, "name": "A free one", "quantity": 2, "uom_id": self.square_meter.id},
                ],
            )

    def test_missing_items_stay_unless_they_are_to_go(self):
        data = self.edit(self.export(evaluation_id=self.sheet.id), lambda book: book["Items"].delete_rows(3))
        wizard = self.load(data, evaluation_id=self.sheet.id)
        self.assertIn("Not in the workbook and kept: 1", wizard.preview)
        wizard.action_import()
        self.assertEqual(len(self.sheet.line_ids), 3)
        wizard = self.load(data, evaluation_id=self.sheet.id, is_removing=True)
        self.assertIn("Removed: 1", wizard.preview)
        wizard.action_import()
        self.assertEqual(self.sheet.line_ids.product_id, self.wall)
        self.assertEqual(len(self.sheet.line_ids), 2)

    def test_a_copied_row_is_a_new_item(self):
        def change(book):
            items = book["Items"]
            items.append([cell.value for cell in items[3]])

        self.load(
            self.edit(self.export(evaluation_id=self.sheet.id), change), evaluation_id=self.sheet.id
        ).action_import()
        self.assertEqual(self.sheet.line_ids.mapped("product_id.default_code"), ["WALL", "GLUE"])
        self.assertEqual(len(self.sheet.line_ids), 4)

    def test_keys_of_another_sheet_are_not_those_of_this_one(self):
        other = self.make_sheet([(self.wall, 1.0)])
        data = self.export(evaluation_id=self.sheet.id)
        self.load(data, evaluation_id=other.id).action_import()
        self.assertEqual(self.sheet.line_ids[0].evaluation_id, self.sheet)
        self.assertEqual(len(other.line_ids), 3)
        self.assertEqual(len(other.line_ids.measurement_ids), 2)

    def test_nothing_is_imported_while_an_error_stands(self):
        before = self.snapshot()

        def change(book):
            items = book["Items"]
            items.cell(3, self.place(items, "Quantity")).value = "lots"
            items.cell(2, self.place(items, "Item")).value = "Changed"

        wizard = self.load(self.edit(self.export(evaluation_id=self.sheet.id), change), evaluation_id=self.sheet.id)
        self.assertTrue(wizard.has_errors)
        self.assertIn("Items!", wizard.preview)
        self.assertIn("“lots” is no number.", wizard.preview)
        with self.assertRaisesRegex(UserError, "Nothing was imported"):
            wizard.action_import()
        self.assertEqual(self.snapshot(), before)

    def test_a_unit_of_another_kind_is_an_error(self):
        data = self.make_book(Items=[["Code", "Item", "Unit", "Quantity"], ["WALL", "Wall", "kg", 3]])
        wizard = self.load(data, evaluation_id=self.sheet.id)
        self.assertIn("does not convert to kg", wizard.preview)
        with self.assertRaises(UserError):
            wizard.action_import()

    def test_a_file_that_is_no_workbook_gets_a_sentence(self):
        for data in (b"%PDF-1.7", b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            wizard = self.load(data, evaluation_id=self.sheet.id)
            with self.assertRaises(UserError):
                wizard.action_import()

    def test_a_column_with_another_heading_can_be_chosen(self):
        data = self.make_book(Tab=[["Foo", "Bar", "Unit"], ["Plinth", 3, "m"]])
        wizard = self.load(data, evaluation_id=self.sheet.id)
        self.assertTrue(wizard.has_errors)
        self.assertEqual(wizard.column_ids.mapped("heading"), ["Foo", "Bar", "Unit"])
        wizard.column_ids[0].field_name = "items.name"
        wizard.column_ids[1].field_name = "items.quantity"
        self.assertFalse(wizard.has_errors, wizard.preview)
        wizard.action_import()
        self.assertRecordValues(self.sheet.line_ids[-1], [{"name": "Plinth", "quantity": 3}])

    def test_texts_of_the_file_are_escaped(self):
        data = self.make_book(Items=[["Code", "Item", "Unit", "Quantity"], ["<b>", "<script>x</script>", "m2", "<i>"]])
        preview = self.load(data, evaluation_id=self.sheet.id).preview
        self.assertNotIn("<script>", preview)
        self.assertNotIn("<i>", preview)

    def test_given_prices_go_both_ways(self):
        self.sheet.price_source = "given"
        self.sheet.line_ids[1].price_given = 4.25

        def change(book):
            items = book["Items"]
            items.cell(3, self.place(items, "Unit Price")).value = 5.5

        data = self.export(evaluation_id=self.sheet.id)
        self.assertEqual(float(self.read_book(data).items[1].price), 4.25)
        self.load(self.edit(data, change), evaluation_id=self.sheet.id).action_import()
        self.assertEqual(self.sheet.line_ids[1].price_given, 5.5)

    def test_prices_of_the_catalogue_are_shown_and_not_taken(self):
        def change(book):
            items = book["Items"]
            items.cell(3, self.place(items, "Unit Price")).value = 5.5

        data = self.edit(self.export(evaluation_id=self.sheet.id), change)
        price = self.sheet.line_ids[1].price_unit
        wizard = self.load(data, evaluation_id=self.sheet.id)
        self.assertIn("The price was left aside", wizard.preview)
        wizard.action_import()
        self.assertEqual(self.sheet.line_ids[1].price_unit, price)

    def test_prices_are_filled_into_the_layout_of_the_client(self):
        data = self.make_book(
            Tender=[
                ["Tender of the town", None, None, None, None],
                ["Pos.", "Kurztext", "Menge", "EP", "GP"],
                ["1.1", "Glue", 7, None, "=C3*D3"],
                ["1.2", "Something else", 1, None, "=C4*D4"],
            ]
        )
        wizard = self.load(data, evaluation_id=self.sheet.id)
        wizard.action_fill()
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.export_file)))
        rows = [[cell.value for cell in row] for row in book["Tender"]]
        self.assertEqual(rows[0][0], "Tender of the town")
        self.assertEqual(rows[2], ["1.1", "Glue", 7, 1.17, "=C3*D3"])
        self.assertEqual(rows[3], ["1.2", "Something else", 1, None, "=C4*D4"])
        self.assertEqual(len(self.sheet.line_ids), 3)

    def test_a_surveyor_gets_no_price_by_filling_in(self):
        data = self.make_book(Items=[["Code", "Item", "Unit", "Quantity", "Price"], ["GLUE", "Glue", None, 7, None]])
        wizard = self.load(data, user=self.surveyor, evaluation_id=self.sheet.id)
        self.assertFalse(wizard.can_fill)
        with self.assertRaises(AccessError):
            wizard.action_fill()
        self.assertFalse(wizard.export_file)

    def test_the_wizard_of_budgets_takes_the_same_road(self):
        data = self.edit(self.export(evaluation_id=self.sheet.id), lambda book: book["Items"].delete_rows(3))
        for mode, count in (("add", 3), ("replace", 2)):
            wizard = self.env["construction.import"].with_user(self.estimator)
            wizard = wizard.create(
                {
                    "file": base64.b64encode(data),
                    "filename": "book.xlsx",
                    "evaluation_id": self.sheet.id,
                    "items_mode": mode,
                }
            )
            self.assertEqual(wizard.format, "xlsx")
            wizard.action_import()
            self.assertEqual(len(self.sheet.line_ids), count)

    def test_a_workbook_makes_a_new_sheet_on_a_deal(self):
        data = self.make_book(Items=[["Zone", "Code", "Item", "Unit", "Quantity"], ["A", "GLUE", "Glue", None, 7]])
        wizard = self.env["construction.import"].with_user(self.estimator)
        wizard = wizard.create({"file": base64.b64encode(data), "filename": "book.xlsx", "lead_id": self.lead.id})
        before = self.lead.evaluation_ids
        wizard.action_import()
        lines = (self.lead.evaluation_ids - before).line_ids
        self.assertRecordValues(lines, [{"product_id": self.glue.id, "quantity": 7, "zone": "A"}])

    # Rights

    def test_a_surveyor_gets_no_price_and_imports_what_he_measured(self):
        data = self.export(user=self.surveyor, evaluation_id=self.sheet.id)
        self.assertTrue(all(item.price is None for item in self.read_book(data).items))
        self.assertNotIn(b"Price", b"".join(self.unzip(data)))

        def change(book):
            items = book["Items"]
            items.cell(3, self.place(items, "Quantity")).value = 11
            items.cell(1, 20).value = "Unit Price"
            items.cell(3, 20).value = 99

        wizard = self.load(self.edit(data, change), user=self.surveyor, evaluation_id=self.sheet.id)
        self.assertNotIn(str(self.sheet.line_ids[1].price_unit), wizard.preview)
        wizard.action_import()
        self.assertEqual(self.sheet.line_ids[1].quantity, 11)

    def unzip(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [archive.read(name) for name in archive.namelist()]

    def test_a_locked_sheet_is_not_imported_into(self):
        data = self.export(evaluation_id=self.sheet.id)
        self.sheet.action_cancel()
        wizard = self.load(data, evaluation_id=self.sheet.id)
        self.assertFalse(wizard.can_import)
        with self.assertRaises(UserError):
            wizard.action_import()

    def test_who_may_not_write_the_sheet_does_not_import(self):
        data = self.export(evaluation_id=self.sheet.id)
        for user in (self.project_manager, self.accountant):
            wizard = self.load(data, user=user, evaluation_id=self.sheet.id)
            self.assertFalse(wizard.can_import)
            with self.assertRaises(UserError):
                wizard.action_import()
        with self.assertRaises(AccessError):
            self.load(data, user=self.make_user("nobody", "base.group_user"), evaluation_id=self.sheet.id)

    def test_a_rival_neither_exports_nor_imports(self):
        data = self.export(evaluation_id=self.sheet.id)
        with self.assertRaises(AccessError):
            self.export(user=self.rival, evaluation_id=self.sheet.id)
        with self.assertRaises(AccessError):
            self.load(data, user=self.rival, evaluation_id=self.sheet.id).action_import()

    def test_products_of_another_company_are_not_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make_product("Theirs", 1.0, 1.0, default_code="THEIRS", company_id=other.id)
        data = self.make_book(Items=[["Code", "Item", "Unit", "Quantity"], ["THEIRS", "Theirs", "", 3]])
        self.load(data, evaluation_id=self.sheet.id).action_import()
        self.assertRecordValues(self.sheet.line_ids[-1], [{"product_id": False, "name": "[THEIRS] Theirs"}])

    # Speed

    def test_5000_items_are_imported_with_the_same_queries_a_thousand(self):
        counts = []
        for size in (1000, 5000):
            rows = [["Zone", "Code", "Item", "Unit", "Quantity"]]
            rows += [
                [f"Z{n % 7}", "GLUE" if n % 2 else None, f"Item {n}", None if n % 2 else "m2", 1 + n % 9]
                for n in range(size)
            ]
            sheet = self.make_sheet([])
            wizard = self.load(self.make_book(Items=rows), evaluation_id=sheet.id)
            with counting(self.env) as queries:
                wizard.action_import()
            counts.append(queries.count)
            self.assertEqual(len(sheet.line_ids), size)

            def change(book):
                items = book["Items"]
                place = self.place(items, "Quantity")
                for number in range(2, items.max_row + 1):
                    items.cell(number, place).value += 1

            with counting(self.env) as queries:
                data = self.export(evaluation_id=sheet.id)
            counts.append(queries.count)
            wizard = self.load(self.edit(data, change), evaluation_id=sheet.id)
            with counting(self.env) as queries:
                wizard.action_import()
            counts.append(queries.count)
        per_thousand = [(large - small) / 4 for small, large in zip(counts[:3], counts[3:], strict=True)]
        self.assertLessEqual(max(per_thousand[0], per_thousand[2]), 60, counts)
        self.assertLessEqual(per_thousand[1], 15, counts)

    def test_comparing_measured_rows_costs_the_same_queries_at_any_size(self):
        counts = []
        for size in (50, 500):
            sheet = self.make_sheet([])
            book = self.make_book(
                Items=[["No.", "Item", "Unit"], *([n, f"Item {n}", "m2"] for n in range(size))],
                Measurements=[
                    ["Item No.", "Comment", "Count", "Length"],
                    *([n % size, "x", 2, 1.5] for n in range(2 * size)),
                ],
            )
            self.load(book, evaluation_id=sheet.id).action_import()
            self.assertEqual(set(sheet.line_ids.mapped("quantity")), {6.0})
            wizard = self.load(self.export(evaluation_id=sheet.id), evaluation_id=sheet.id)
            with counting(self.env) as queries:
                wizard.action_import()
            counts.append(queries.count)
        self.assertLessEqual(counts[1] - counts[0], 6, counts)
