"""Plain tests of reading a quote from a workbook: chapters by number or by rows without figures."""

from decimal import Decimal

from xlsx_case import XlsxCase, make_book

from core.estimate.xlsx import Options, Reader, make_sample
from core.estimate.xlsx.words import LANGUAGES


class TestReadOffer(XlsxCase):
    def read(self, rows, heads=("No.", "Description", "Unit", "Quantity", "Unit Price")):
        return Reader(make_book({"Quote": [list(heads), *map(list, rows)]}), Options("quote")).draft

    def get_shape(self, draft):
        return [(row.kind, row.level, row.number, row.name) for row in draft.offer]

    def test_the_sample_reads_back_in_every_language(self):
        for language in LANGUAGES:
            with self.subTest(language):
                draft = Reader(make_sample("quote", language), Options("quote")).draft
                self.assertEqual(draft.notes, [])
                self.assertEqual([row.kind for row in draft.offer], ["title", "line", "line", "title", "line"])
                self.assertEqual(draft.offer[1].price, Decimal("48.5"))

    def test_a_number_others_begin_with_is_a_chapter_whatever_its_figures(self):
        draft = self.read([("1", "A", "m²", 2, 9), ("1.1", "B", "m²", 2, 9), ("10", "C", "m²", 1, 1)])
        self.assertEqual(
            self.get_shape(draft), [("title", 1, "1", "A"), ("line", 2, "1.1", "B"), ("line", 1, "10", "C")]
        )

    def test_texts_without_number_are_notes_where_others_have_numbers(self):
        draft = self.read([("1", "A", None, None, None), (None, "By hand", None, None, None), ("1.1", "B", "m", 1, 1)])
        self.assertEqual([row.kind for row in draft.offer], ["title", "note", "line"])

    def test_totals_are_left_aside(self):
        heads = ("No.", "Description", "Unit", "Quantity", "Unit Price", "Amount (EUR)")
        draft = self.read([("1", "A", "m", 1, 5, 5), (None, "Untaxed", None, None, None, 5)], heads)
        self.assertEqual(len(draft.offer), 1)
        self.assertIn("totals", draft.notes[0].message)

    def test_two_rows_of_one_number_and_unknown_columns_are_told(self):
        heads = ("No.", "Description", "Unit", "Quantity", "Unit Price", "Colour")
        draft = self.read([("1", "A", "m", 1, 5, "red"), ("1", "B", "m", 1, 5, "blue")], heads)
        self.assertEqual([note.is_error for note in draft.notes], [True, False])
        self.assertIn("Colour", draft.notes[1].message)

    def test_a_workbook_is_never_taken_for_a_quote_unasked(self):
        reader = Reader(make_book({"Quote": [["No.", "Item", "Unit", "Quantity"], ["1", "A", "m", 2]]}), Options())
        self.assertEqual(reader.kind, "sheet")
