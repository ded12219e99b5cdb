"""`~M` and `~N`: reading measurements, and working them out line by line."""

from dataclasses import dataclass
from decimal import Decimal

from .concepts import read_amount
from .expression import ExpressionError, evaluate
from .figures import CONTEXT, capped, multiply
from .model import MeasureLine, Measurement
from .records import split_code, split_groups, split_subfields

PARTIAL, RUNNING, FORMULA = "1", "2", "3"

_SIZES = ("count", "length", "width", "height")


def read_measurement(budget, measured, record):
    """`~M`: a second one of the same place takes the place of the first.

    :param measured: index of the budget's measurements by their place, kept from record to record
    """
    measurement = _read(budget, record)
    if measurement is None:
        return
    key = (measurement.parent, measurement.code, measurement.position)
    if key in measured:
        budget.report.add(record.line, "~M", f"“{measurement.code}” is measured twice in one place; the last counts")
        budget.measurements[measured[key]] = measurement
    else:
        measured[key] = len(budget.measurements)
        budget.measurements.append(measurement)


def read_added_measurement(budget, measured, record):
    """`~N`: lines and total on top of what the place has."""
    added = _read(budget, record)
    if added is None:
        return
    key = (added.parent, added.code, added.position)
    if key not in measured:
        measured[key] = len(budget.measurements)
        budget.measurements.append(added)
        return
    present = budget.measurements[measured[key]]
    present.lines.extend(added.lines)
    if added.total is not None:
        present.total = capped((present.total or Decimal(0)) + added.total)
    present.label = present.label or added.label


def _read(budget, record):
    codes = split_subfields(record.field(1))
    code = split_code(codes[-1])[0] if codes else ""
    if not code:
        budget.report.add(record.line, record.name, "the measurement has no code; it was left out")
        return None
    parent = split_code(codes[-2])[0] if len(codes) > 1 else ""
    position = tuple(split_subfields(record.field(2)))
    total = read_amount(budget, record, record.field(3).split("\\")[0], "total")
    lines = [_read_line(budget, record, group) for group in split_groups(record.field(4), 6)]
    return Measurement(parent, code, position, total, lines, record.field(5).strip(), record.line)


def _read_line(budget, record, group):
    line = MeasureLine(kind=group[0], comment=group[1])
    for name, text in zip(_SIZES, group[2:]):
        if text:
            setattr(line, name, read_amount(budget, record, text, name))
    return line


@dataclass(frozen=True, slots=True)
class Worked:
    """A measurement worked out: the value of each line and the sum of those that are no subtotals."""

    values: tuple
    total: Decimal
    faults: tuple


def work_out(lines, zero_is_blank=False):
    """The values of measurement lines.

    An empty size counts as 1 and a line without any as 0. Some programs write 0 for an empty size; for these
    `zero_is_blank`. A formula that cannot be worked out is 0 and a fault.

    >>> two = MeasureLine(count=Decimal(2), length=Decimal("1.5"))
    >>> [str(value) for value in work_out([two, MeasureLine(kind="1"), two, MeasureLine(kind="2")]).values]
    ['3.0', '3.0', '3.0', '6.0']
    >>> formula = MeasureLine("3", "a*b#guid", Decimal(2), Decimal(4))
    >>> str(work_out([formula]).total), work_out([MeasureLine("3", "a/0", Decimal(1))]).faults
    ('8', ('the formula divides by zero or has no value',))
    """
    values, faults = [], []
    total = since = Decimal(0)
    for line in lines:
        if line.kind == PARTIAL:
            values.append(since)
            since = Decimal(0)
        elif line.kind == RUNNING:
            values.append(total)
        else:
            try:
                value = _value(line, zero_is_blank)
            except ExpressionError as error:
                value = Decimal(0)
                faults.append(str(error))
            values.append(value)
            total, since = capped(CONTEXT.add(total, value)), capped(CONTEXT.add(since, value))
    return Worked(tuple(values), total, tuple(faults))


def _value(line, zero_is_blank):
    sizes = [line.count, line.length, line.width, line.height]
    if line.kind == FORMULA:
        return evaluate(line.comment.partition("#")[0], dict(zip("abcd", sizes)))
    if zero_is_blank:
        sizes = [size or None for size in sizes]
    stated = [size for size in sizes if size is not None]
    return multiply(*stated) if stated else Decimal(0)


def agrees(worked, total):
    """Whether a total is that of the lines, but for the roundings of their sizes.

    >>> agrees(work_out([MeasureLine(count=Decimal("3.3333"))]), Decimal("3.33"))
    True
    """
    return abs(worked.total - total) <= max(Decimal("0.006") * max(1, len(worked.values)), abs(total) / 1000)


def writes_zero_for_blank(measurements):
    """Whether the file writes 0 where a size is empty: as most of its totals tell, of those the two readings part."""
    votes = 0
    for measurement in measurements:
        if measurement.total is None or not measurement.lines:
            continue
        strict = agrees(work_out(measurement.lines), measurement.total)
        loose = agrees(work_out(measurement.lines, True), measurement.total)
        votes += int(loose) - int(strict)
    return votes > 0
