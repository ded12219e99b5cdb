"""From measured rows to the quantity of an item.

Worked out in decimals from the figures a person typed. A row keeps six decimals, more than any sheet states:
count × length × width × height in centimetres is exact, and the rows as printed add up to the quantity as printed.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from . import formula
from .explosion import MAX_QUANTITY

#: Decimals a row keeps.
DIGITS = 6
#: Kinds of rows: what is measured, the sum since the last subtotal, and the sum of all rows so far.
MEASURE, SUBTOTAL, CUMULATIVE = "measure", "subtotal", "cumulative"
#: What a formula may name; the letters are those of BC3 files.
NAMES = ("count", "length", "width", "height")
LETTERS = ("a", "b", "c", "d")

_PI = 3.14159265358979
_STEP = Decimal(1).scaleb(-DIGITS)
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


class MeasureError(ValueError):
    """A row that comes to nothing one can build; `detail` is its formula where that is at fault."""

    def __init__(self, detail=""):
        super().__init__(detail)
        self.detail = detail


class TooLargeError(MeasureError):
    """A size or a quantity that is no number, or too large to be true."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured row. A size of 0 is an empty one; a count of 0 is none at all."""

    count: float = 1.0
    length: float = 0.0
    width: float = 0.0
    height: float = 0.0
    formula: str = ""
    is_deduction: bool = False
    kind: str = MEASURE


def is_usable(number):
    """Tell whether a size is a number one can calculate with.

    >>> is_usable(-2.5), is_usable(float("inf")), is_usable(1e13)
    (True, False, False)
    """
    return math.isfinite(number) and abs(number) <= MAX_QUANTITY


def measure(row):
    """Give what one row comes to: count × length × width × height, or its formula; a deduction counts negative.

    :return: a `Decimal` of `DIGITS` decimals at most
    :raise MeasureError: when a size is no number or the formula cannot be worked out

    >>> str(measure(Row(2, 3.45, 0, 2.6))), str(measure(Row(1, 0.9, 0, 2.1, is_deduction=True)))
    ('17.94', '-1.89')
    >>> str(measure(Row())), str(measure(Row(0, 4.0))), str(measure(Row(-1, 2.0)))
    ('1', '0', '-2')
    >>> str(measure(Row(2, 4.0, 3.0, formula="count * length * width / 2"))), str(measure(Row(3, 2.0, formula="a*b^2")))
    ('12', '12')
    >>> measure(Row(formula="length / 0"))
    Traceback (most recent call last):
    ...
    core.estimate.measuring.MeasureError: length / 0
    """
    sizes = (row.count, row.length, row.width, row.height)
    if not all(map(is_usable, sizes)):
        raise TooLargeError
    if row.formula:
        quantity = _work_out(row.formula, sizes)
    else:
        quantity = Decimal(repr(row.count))
        for size in sizes[1:]:
            if size:
                quantity = _CONTEXT.multiply(quantity, Decimal(repr(size)))
    if abs(quantity) > MAX_QUANTITY:
        raise TooLargeError
    quantity = _plain(quantity)
    return -quantity if row.is_deduction and quantity else quantity


def work_out(rows):
    """Give what each row shows, and the total; subtotals and cumulative rows show, and do not count.

    :param rows: `Row` objects in their order
    :return: `(quantities, total)`, floats
    :raise MeasureError: see `measure`

    >>> wall = Row(1, 2.5, 0, 2.6)
    >>> work_out([wall, Row(kind="subtotal"), Row(2, 0.5), Row(kind="subtotal"), Row(kind="cumulative")])
    ([6.5, 6.5, 1.0, 1.0, 7.5], 7.5)
    >>> work_out([Row(1, 0.1), Row(1, 0.2)])
    ([0.1, 0.2], 0.3)
    >>> work_out([])
    ([], 0.0)
    """
    shown = []
    total = since = Decimal(0)
    for row in rows:
        if row.kind == SUBTOTAL:
            shown.append(float(since))
            since = Decimal(0)
        elif row.kind == CUMULATIVE:
            shown.append(float(total))
        else:
            quantity = measure(row)
            shown.append(float(quantity))
            total += quantity
            since += quantity
    if abs(total) > MAX_QUANTITY:
        raise TooLargeError
    return shown, float(total)


def add_up(quantities):
    """Add up quantities of rows without the noise of binary fractions.

    >>> add_up([0.1, 0.2]), add_up([])
    (0.3, 0.0)
    """
    return float(_plain(sum((Decimal(repr(quantity)) for quantity in quantities), Decimal(0))))


def explain(row, point="."):
    """Write how a row is counted, as on a measurement sheet.

    :param point: the decimal point of the reader's language

    >>> explain(Row(2, 3.45, 0, 2.6)), explain(Row(1, 0.9, is_deduction=True)), explain(Row(4)), explain(Row(0))
    ('2 × 3.45 × 2.6', '− 0.9', '4', '')
    >>> explain(Row(2, 4.0, formula="a * b / 2")), explain(Row(2, 4.5), ",")
    ('a * b / 2', '2 × 4,5')
    """
    if row.kind != MEASURE:
        return ""
    if row.formula:
        text = row.formula
    else:
        sizes = [size for size in (row.length, row.width, row.height) if size]
        factors = sizes if row.count == 1 and sizes else [row.count, *sizes]
        text = " × ".join(_write(factor).replace(".", point) for factor in factors) if row.count else ""
    return f"− {text}" if row.is_deduction and text else text


def _work_out(text, sizes):
    values = dict(zip(NAMES, sizes)) | dict(zip(LETTERS, sizes)) | {"p": _PI, "pi": _PI}
    try:
        return formula.parse(text).evaluate(values, is_signed=True)
    except formula.FormulaError as error:
        raise MeasureError(text) from error


def _plain(quantity):
    quantity = quantity.quantize(_STEP, context=_CONTEXT).normalize()
    return quantity.quantize(Decimal(1)) if quantity.as_tuple().exponent > 0 else quantity


def _write(number):
    return format(Decimal(repr(number)).normalize(), "f")
