"""What a cell says: numbers, dates, yes and no, as people and spreadsheets write them."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

MAX_NUMBER = Decimal(10) ** 12

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
_MONEY = re.compile(r"^[€$£¥₽]|[€$£¥₽]$")


class NotANumber(ValueError):
    """The text is no number, or may be two; `is_ambiguous` tells which."""

    def __init__(self, is_ambiguous=False):
        super().__init__()
        self.is_ambiguous = is_ambiguous


def parse_number(text, decimal=""):
    """Read a number that was typed as text, whatever its separators.

    :param decimal: the decimal separator of the reader's language, which decides what may be read two ways

    >>> [str(parse_number(text)) for text in ("1.234,56", "1,234.56", "1 234,5", "1'234.50", "12,5", "-3", "1.234.567")]
    ['1234.56', '1234.56', '1234.5', '1234.50', '12.5', '-3', '1234567']
    >>> parse_number("1.234", ","), parse_number("1.234", "."), parse_number("0.125")
    (Decimal('1234'), Decimal('1.234'), Decimal('0.125'))
    >>> parse_number("1.234")
    Traceback (most recent call last):
    ...
    core.estimate.xlsx.values.NotANumber
    """
    text = _MONEY.sub("", _SPACES.sub("", text).replace("−", "-"))
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("+-") if text[:1] in ("+", "-") else text
    if not re.fullmatch(r"\d[\d.,]{0,40}|[.,]\d{1,20}", text):
        raise NotANumber
    marks = {mark for mark in ".," if mark in text}
    if len(marks) == 2:
        last = max(marks, key=text.rindex)
        group = (marks - {last}).pop()
        whole, fraction = text.rsplit(last, 1)
        if last in whole or not _is_grouped(whole, group):
            raise NotANumber
        text = f"{whole.replace(group, '')}.{fraction}"
    elif marks:
        text = _read_one_mark(text, marks.pop(), decimal)
    return sign * Decimal(text)


def _is_grouped(text, mark):
    return bool(re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", text))


def _read_one_mark(text, mark, decimal):
    if text.count(mark) > 1:
        if not _is_grouped(text, mark):
            raise NotANumber
        return text.replace(mark, "")
    is_either = _is_grouped(text, mark) and not text.startswith("0")
    if is_either and not decimal:
        raise NotANumber(is_ambiguous=True)
    return text.replace(mark, "" if is_either and mark != decimal else ".")


def parse_date(text):
    """Read a date that was typed as text; None where it is none or may be two.

    >>> parse_date("2026-03-01"), parse_date("31.12.2026"), parse_date("12/31/2026"), parse_date("1/2/2026")
    (datetime.date(2026, 3, 1), datetime.date(2026, 12, 31), datetime.date(2026, 12, 31), None)
    >>> parse_date("1.2.2026")
    datetime.date(2026, 2, 1)
    """
    match = re.fullmatch(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?", text.strip())
    if not match:
        return None
    first, mark, second, third = int(match[1]), match[2], int(match[3]), int(match[4])
    if len(match[1]) == 4:
        year, month, day = first, second, third
    else:
        year, month, day = third, second, first
        if mark != "." and first != second:  # dots are written day first everywhere
            if first <= 12 and second <= 12:
                return None
            if second > 12:
                month, day = first, second
    try:
        return date(year, month, day) if year > 1900 else None
    except ValueError:
        return None


def format_code(cell):
    """Give a code as text; a code typed as a number loses its point zero.

    >>> from .book import Cell
    >>> format_code(Cell("A1", "number", Decimal("101"))), format_code(Cell("A1", "text", "0101"))
    ('101', '0101')
    """
    if cell.kind == "number":
        try:
            return format(cell.value.normalize(), "f")
        except InvalidOperation:
            return ""
    if cell.kind == "date":
        return cell.value.isoformat()
    return str(cell.value)
