"""Take an advance back from the work invoiced after it, to the cent.

Plain arithmetic without Odoo: what the rows of a plan ask for goes in, what each of them takes back comes out. All
sums are made in whole units of the currency (cents) so that no float ever decides where a cent goes.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .plan import _money, _units

PROPORTIONAL = "proportional"
PERCENT = "percent"
LAST = "last"
METHODS = (PROPORTIONAL, PERCENT, LAST)


@dataclass(frozen=True)
class WorkRow:
    """One row of work: `gross` is its share of the contract, before the advance is taken back.

    `recouped` is what its invoices took back already: it is taken as it is. None: the row is open.
    """

    gross: float
    recouped: float | None = None


@dataclass(frozen=True)
class Recoupment:
    """The result: what each row takes back, and what no row could take (the advance is more than the work)."""

    amounts: tuple
    left: float


def recoup(advance, rows, method, percent=0.0, rounding=0.01):
    """What each row of work takes back of the advance.

    What invoices took back stays; what is left of the advance is taken from the open rows: in proportion to their
    gross amounts, by a percentage of each, or from the last one. No open row takes more than its gross amount; what
    a row cannot take goes to the others, the last ones first. Rows that took back more than there is (the advance
    was credited) are made up for by the last open row, which then gives back.

    :param float advance: what the advances come to, in the currency of the contract
    :param rows: iterable of `WorkRow`, in the order of the plan
    :param str method: "proportional", "percent" or "last"
    :param float percent: of each gross amount, for the method "percent"
    :param float rounding: smallest unit of the currency
    :return: `Recoupment`
    :raises ValueError: unknown method, or a percentage below 0 or above 100

    >>> recoup(300, [WorkRow(400), WorkRow(600)], "proportional").amounts
    (120.0, 180.0)
    >>> recoup(100, [WorkRow(100)] * 3, "proportional").amounts
    (33.33, 33.34, 33.33)
    >>> recoup(300, [WorkRow(400), WorkRow(400), WorkRow(200)], "percent", 25).amounts
    (100.0, 100.0, 100.0)
    >>> recoup(300, [WorkRow(800), WorkRow(200)], "last").amounts
    (100.0, 200.0)
    >>> recoup(300, [WorkRow(400, recouped=50.0), WorkRow(600)], "proportional").amounts
    (50.0, 250.0)
    >>> recoup(0, [WorkRow(400, recouped=50.0), WorkRow(600)], "last").amounts
    (50.0, -50.0)
    >>> recoup(900, [WorkRow(400), WorkRow(400)], "last")
    Recoupment(amounts=(400.0, 400.0), left=100.0)
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}")
    if not 0 <= percent <= 100:
        raise ValueError(f"percentage {percent} out of range")
    rows = list(rows)
    unit = Decimal(repr(rounding))
    gross = [max(_units(row.gross, unit), 0) for row in rows]
    amounts = [0 if row.recouped is None else _units(row.recouped, unit) for row in rows]
    left = _units(advance, unit) - sum(amounts)
    open_rows = [index for index, row in enumerate(rows) if row.recouped is None and gross[index]]
    if left < 0 and open_rows:
        amounts[open_rows[-1]] = left
        left = 0
    elif open_rows:
        for index, wish in _wish(left, [(index, gross[index]) for index in open_rows], method, percent):
            amounts[index] = min(wish, gross[index], left)
            left -= amounts[index]
        left -= _fill_from_the_last(amounts, gross, open_rows, left)
    return Recoupment(tuple(_money(amount, unit) for amount in amounts), _money(left, unit))


def _wish(left, rows, method, percent):
    """What each open row would take, as (index, units); the rest is for `_fill_from_the_last`."""
    if method == LAST:
        return []
    if method == PERCENT:
        return [(index, _round(Decimal(repr(float(percent))) * gross / 100)) for index, gross in rows]
    total = sum(gross for _index, gross in rows)
    wishes, running, placed = [], 0, 0
    for index, gross in rows:
        running += gross
        until = _round(Decimal(left) * running / total)
        wishes.append((index, until - placed))
        placed = until
    return wishes


def _round(units):
    return int(units.quantize(Decimal(1), ROUND_HALF_UP))


def _fill_from_the_last(amounts, gross, open_rows, left):
    """Place what is `left` on the open rows, the last ones first, none above its gross; return what was placed."""
    placed = 0
    for index in reversed(open_rows):
        step = min(left - placed, gross[index] - amounts[index])
        amounts[index] += step
        placed += step
    return placed
