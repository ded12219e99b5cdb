"""What the tests of workbooks share: workbooks of plain rows."""

import io
import unittest
import zipfile

import openpyxl

from core.estimate.xlsx import Options, read


def make_book(tabs, prepare=None):
    """Give the bytes of a workbook: title → rows of values; `prepare` gets the openpyxl book before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in tabs.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    if prepare:
        prepare(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def edit_book(data, edit):
    """Open a workbook as a person does, change it and save it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def edit_part(data, name, edit):
    """Give the bytes of a workbook with one part of the archive changed by `edit(bytes) → bytes`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.namelist():
            text = source.read(part)
            target.writestr(part, edit(text) if part == name else text)
    return stream.getvalue()


class XlsxCase(unittest.TestCase):
    maxDiff = None
    ITEMS = ["Code", "Item", "Unit", "Quantity", "Price"]

    def items(self, *rows, heading=None, prepare=None, **options):
        """Read a sheet of one tab with these rows beneath the headings."""
        data = make_book({"Items": [heading or self.ITEMS, *rows]}, prepare)
        return read(data, Options(kind="sheet", **options))

    def errors(self, draft):
        return [(note.where, note.message) for note in draft.notes if note.is_error]

    def warnings(self, draft):
        return [(note.where, note.message) for note in draft.notes if not note.is_error]
