"""The cells of a workbook as they stand, by openpyxl, or of a simple .csv file. Nothing of it is worked out or run."""

import contextlib
import csv
import io
import re
import time
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries

from ..exchange.draft import DraftError
from .guard import MAX_BYTES, PLAIN, check_archive

MAX_COLUMNS = 60
MAX_ROWS = 60_000
MAX_SECONDS = 60
_LAST_ROW = 1_048_576
_TEXT_LIMIT = 32_767

_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]{0,400}>")
_ROW_NUMBER = re.compile(rb"\br=\"(\d{1,7})\"")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]{0,200}\bref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `kind` is empty, text, number, date, bool, error or uncached (a formula without a result)."""

    where: str
    kind: str = "empty"
    value: object = None
    is_percent: bool = False
    formula: str = ""

    def __bool__(self):
        return self.kind != "empty"


@dataclass(slots=True)
class Tab:
    """One tab: its rows that hold anything, as `(number, cells)`."""

    title: str
    rows: list = field(default_factory=list)
    hidden_rows: set = field(default_factory=set)
    is_hidden: bool = False

    def where(self, row, column):
        """Name a cell, column counted from 0.

        >>> Tab("Items").where(12, 5)
        'Items!F12'
        """
        return f"{self.title}!{get_column_letter(column + 1)}{row}"


def open_book(data, say=PLAIN):
    """Read the bytes of a workbook, or of a .csv file.

    :return: list of `Tab`
    :raise DraftError: when the bytes are no such file, or too many
    """
    if not data:
        raise DraftError(say._("The file is empty."))
    if _is_text(data):
        return [_read_csv(data, say)]
    check_archive(data, say)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read_tabs(data, say)
        except DraftError:
            raise
        except Exception as error:  # openpyxl fails in as many ways as a file can be damaged
            raise DraftError(
                say._("The workbook is damaged and cannot be read. Save it again in a spreadsheet program.")
            ) from error


def _read_tabs(data, say):
    deadline = time.monotonic() + MAX_SECONDS
    with contextlib.ExitStack() as stack:
        values = _load(stack, data, data_only=True)
        formulas = None
        tabs = []
        for sheet in values.worksheets:
            raw = _get_part(values, sheet)
            tab = Tab(sheet.title, is_hidden=sheet.sheet_state != "visible")
            tab.hidden_rows = _get_hidden_rows(raw)
            texts = None
            if _FORMULA.search(raw):
                formulas = formulas or _load(stack, data, data_only=False)
                texts = _get_formulas(formulas[sheet.title], deadline, say)
            _fill(tab, sheet, texts, deadline, say)
            _spread_merged(tab, raw)
            tabs.append(tab)
    return tabs


def _load(stack, data, data_only):
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)
    stack.callback(book.close)
    return book


def _get_part(book, sheet):
    """The XML of a tab: openpyxl tells nothing of hidden rows and merged cells of a book that is only read."""
    with book._archive.open(sheet._worksheet_path) as stream:
        return stream.read()


def _get_hidden_rows(raw):
    rows = (match[0] for match in _ROW.finditer(raw) if _HIDDEN.search(match[0]))
    return {int(number[1]) for number in map(_ROW_NUMBER.search, rows) if number}


def _iter_rows(sheet, deadline, say):
    sheet.reset_dimensions()  # what a file says of its size is not to be trusted
    rows = sheet.iter_rows(max_row=_LAST_ROW, max_col=MAX_COLUMNS)
    blank = None
    for number, row in enumerate(rows, start=1):
        if not number % 500 and time.monotonic() > deadline:
            raise DraftError(say._("Reading the workbook takes too long. Divide it."))
        if row is blank:  # openpyxl gives one and the same for all rows of a gap
            continue
        # "str" without a value: a formula whose result is an empty text
        filled = [(place, cell) for place, cell in enumerate(row) if cell.value is not None or cell.data_type == "str"]
        if filled:
            yield number, filled
        else:
            blank = row


def _get_formulas(sheet, deadline, say):
    return {
        (number, place): getattr(cell.value, "text", None) or str(cell.value)
        for number, filled in _iter_rows(sheet, deadline, say)
        for place, cell in filled
        if cell.data_type == "f"
    }


def _fill(tab, sheet, formulas, deadline, say):
    uncached = {}
    for (number, place), text in (formulas or {}).items():
        uncached.setdefault(number, {})[place] = text
    for number, filled in _iter_rows(sheet, deadline, say):
        cells = {}
        for place, cell in filled:
            formula = uncached.get(number, {}).pop(place, "")
            made = _make_cell(tab.where(number, place), cell, formula)
            if made:
                cells[place] = made
        if cells:
            tab.rows.append((number, cells))
    rows = dict(tab.rows)
    for number, places in uncached.items():
        for place, text in places.items():
            rows.setdefault(number, {})[place] = Cell(tab.where(number, place), "uncached", formula=text)
    tab.rows = sorted(rows.items())
    if len(tab.rows) > MAX_ROWS:
        raise DraftError(
            say._("The tab %(tab)s has more than %(count)s rows. Divide it.", tab=tab.title, count=MAX_ROWS)
        )


def _make_cell(where, cell, formula=""):
    value, kind = cell.value, cell.data_type
    if value is None:
        return None
    if kind == "e":
        return Cell(where, "error", str(value), formula=formula)
    if isinstance(value, bool):
        return Cell(where, "bool", value, formula=formula)
    if isinstance(value, int | float):
        try:
            number = Decimal(f"{value:.15g}")
        except (ArithmeticError, OverflowError, ValueError):
            number = Decimal("NaN")
        return Cell(where, "number", number, "%" in (cell.number_format or ""), formula)
    if isinstance(value, datetime | date):
        return Cell(where, "date", value.date() if isinstance(value, datetime) else value, formula=formula)
    text = str(value).strip()[:_TEXT_LIMIT]
    return Cell(where, "text", text, formula=formula) if text else None


def _spread_merged(tab, raw):
    """A text merged over rows of one column stands in each of them, as a zone over its items does."""
    rows = dict(tab.rows)
    budget = MAX_ROWS
    for match in _MERGED.finditer(raw):
        left, top, right, bottom = range_boundaries(match[1].decode())
        first = rows.get(top, {}).get(left - 1)
        budget -= bottom - top + 1
        if budget < 0:
            return
        if left != right or not first or first.kind != "text":
            continue
        for row in range(top + 1, bottom + 1):
            if row in rows:
                rows[row].setdefault(left - 1, Cell(tab.where(row, left - 1), "text", first.value))


def _is_text(data):
    head = data[:4096]
    return not head.startswith((b"PK", b"\xd0\xcf")) and b"\0" not in head and bool(re.search(rb"[,;\t]", head))


def _read_csv(data, say):
    if len(data) > MAX_BYTES:
        raise DraftError(say._("The file is larger than %(size)s MB. Divide it.", size=MAX_BYTES >> 20))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    head = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=head.count)
    tab = Tab("CSV")
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            if number > MAX_ROWS:
                raise DraftError(say._("The file has more than %(count)s rows. Divide it.", count=MAX_ROWS))
            texts = enumerate(value.strip()[:_TEXT_LIMIT] for value in row[:MAX_COLUMNS])
            cells = {place: Cell(tab.where(number, place), "text", value) for place, value in texts if value}
            if cells:
                tab.rows.append((number, cells))
    except csv.Error as error:
        raise DraftError(say._("The file is no table of plain text. Save it as an .xlsx workbook.")) from error
    return tab
