"""Measurement lines of a BC3 file as rows of a sheet, and back."""

from decimal import Decimal

from .. import measuring
from ..fiebdc.measurements import FORMULA, PARTIAL, RUNNING, work_out
from ..fiebdc.model import MeasureLine
from .draft import Measured

#: What stands between the total a file states and the sum of its lines.
DIFFERENCE = "Difference to the total of the file"

_KINDS = {PARTIAL: "subtotal", RUNNING: "cumulative"}
_SIZES = ("count", "length", "width", "height")
_CODES = {kind: code for code, kind in _KINDS.items()}


def measured_rows(lines, zero_is_blank, total, sign=1):
    """The rows of a measurement, whose sum is the total, and what there is to say of them.

    :param zero_is_blank: whether the file writes 0 for an empty size
    :param sign: -1 where the sheet turned a negative quantity round

    >>> rows, _notes = measured_rows([MeasureLine("", "Hall", Decimal(2), Decimal(-3))], False, Decimal(-5))
    >>> [(row.name, str(row.count), str(row.length), row.is_deduction) for row in rows][0]
    ('Hall', '2', '3', True)
    >>> rows[1].name, rows[1].count == 1, rows[1].is_deduction
    ('Difference to the total of the file', True, False)
    """
    rows, notes = [], []
    worked = work_out(lines, zero_is_blank)
    for line, value in zip(lines, worked.values):
        if line.kind in _KINDS:
            rows.append(Measured(name=line.comment, kind=_KINDS[line.kind]))
        elif line.kind == FORMULA:
            row = _formula_row(line, value, sign)
            if not row.formula:
                notes.append(f"the formula “{line.comment[:60]}” was replaced by its value {value.normalize():f}")
            rows.append(row)
        else:
            rows.append(_size_row(line, value, zero_is_blank, sign))
    step = Decimal(1).scaleb(-measuring.DIGITS)
    try:
        gap = (total - measured_total(rows)).quantize(step)
    except (measuring.MeasureError, ArithmeticError):
        gap = None
    if gap is None or abs(gap) > measuring.MAX_QUANTITY:
        return [], [*notes, "its lines are too large to be true; they were left out"]
    # Rows keep fewer decimals than a file may have: what that makes is none of the file's.
    if abs(gap) > step * len(rows):
        rows.append(Measured(name=DIFFERENCE, count=abs(gap), is_deduction=gap < 0))
        if abs(gap) > Decimal("0.01"):
            notes.append(f"its lines make {worked.total.normalize():f}; a row was added for the difference")
    return rows, notes


def measured_total(rows):
    """What rows come to on a sheet.

    >>> measured_total([Measured("Hall", Decimal(3), Decimal("0.33333333")), Measured("", kind="subtotal")])
    Decimal('1.0')
    """
    return Decimal(repr(measuring.work_out([_to_core(row) for row in rows])[1]))


def _to_core(row):
    sizes = [float(size or 0) for size in (row.length, row.width, row.height)]
    count = 1.0 if row.count is None else float(row.count)
    return measuring.Row(count, *sizes, row.formula, row.is_deduction, row.kind)


def _size_row(line, value, zero_is_blank, sign):
    sizes = [getattr(line, name) for name in _SIZES]
    if zero_is_blank or all(size is None for size in sizes):
        sizes = [size or None for size in sizes]
    if not value:
        # Nothing is counted: an empty size would count as one.
        sizes[0] = Decimal(0)
    count, *others = [None if size is None else abs(size) for size in sizes]
    others = [other or None for other in others]
    count = Decimal(1) if count is None else count
    return Measured(line.comment, count, *others, is_deduction=value * sign < 0)


def _formula_row(line, value, sign):
    text, _mark, _rest = line.comment.partition("#")
    text = text.strip()
    sizes = [getattr(line, name) or Decimal(0) for name in _SIZES]
    row = Measured(text, *sizes, formula=text.replace(",", "."), is_deduction=sign < 0)
    try:
        found = measuring.measure(_to_core(row))
    except measuring.MeasureError:
        found = None
    if found is None or abs(found - value * sign) > max(abs(value) / 10**9, Decimal("0.000001")):
        return Measured(text, abs(value), is_deduction=value * sign < 0)
    return row


def measure_lines(rows):
    """The lines of a BC3 file for the rows of a sheet.

    >>> [row] = measure_lines([Measured("Door", Decimal(2), Decimal("0.9"), is_deduction=True)])
    >>> row.comment, str(row.count), str(row.length), row.width
    ('Door', '-2', '0.9', None)
    """
    return [_line(row) for row in rows]


def _line(row):
    if row.kind in _CODES:
        return MeasureLine(_CODES[row.kind], row.name)
    if row.formula:
        return MeasureLine(
            FORMULA,
            row.formula.replace("**", "^"),
            row.count,
            row.length or None,
            row.width or None,
            row.height or None,
        )
    sizes = [row.length or None, row.width or None, row.height or None]
    count = row.count
    if count == 0 and not any(sizes):
        return MeasureLine("", row.name)
    return MeasureLine("", row.name, -count if row.is_deduction else count, *sizes)
