import base64
import io

import openpyxl

from ...core.estimate.xlsx import Options, read
from .common import EstimateCommon


class WorkbookCommon(EstimateCommon):
    """Wizards as users open them, and workbooks as spreadsheet programs change them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wall.default_code = "WALL"
        cls.glue.default_code = "GLUE"
        cls.tile.default_code = "TILE"

    def workbook(self, kind="sheet", user=None, **values):
        return self.env["construction.workbook"].with_user(user or self.estimator).create({"kind": kind, **values})

    def export(self, user=None, **values):
        """Give the bytes of a workbook as a user downloads it."""
        wizard = self.workbook(user=user, **values)
        wizard.action_export()
        return base64.b64decode(wizard.export_file)

    def load(self, data, user=None, **values):
        """Give the wizard with a file chosen."""
        return self.workbook(user=user, file=base64.b64encode(data), filename="book.xlsx", **values)

    def edit(self, data, change):
        """Open a workbook in a spreadsheet, change it and save it."""
        book = openpyxl.load_workbook(io.BytesIO(data))
        change(book)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def make_book(self, **tabs):
        """Give the bytes of a workbook: title → rows."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in tabs.items():
            sheet = book.create_sheet(title.replace("_", " "))
            for row in rows:
                sheet.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def place(self, sheet, heading):
        """Give the number of the column with a heading."""
        return next(cell.column for cell in sheet[1] if str(cell.value).startswith(heading))

    def read_book(self, data, kind="sheet"):
        return read(data, Options(kind=kind))
