"""Workbooks (.xlsx) both ways: sheets, recipes and price lists; bytes to `Draft` and back. Nothing of Odoo in it.

reader = Reader(data, Options(kind="sheet"))
reader.tabs     # what was recognised, column by column, to be corrected by a person
reader.draft    # the `Draft`, its notes naming cells
write(draft, "sheet", language="ro")
"""

from .fill import fill
from .reader import Options, Reader, read
from .sample import make_sample
from .writer import write

__all__ = ["Options", "Reader", "fill", "make_sample", "read", "write"]
