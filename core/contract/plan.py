"""Split the value of a contract over the rows of its payment plan, to the cent.

Plain arithmetic without Odoo: rows in, amounts out. All sums are made in whole units of the
currency (cents) so that no float ever decides where a cent goes.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

PERCENT = "percent"
FIXED = "fixed"
REST = "rest"


class PlanError(ValueError):
    """The rows cannot be a plan of this total.

    `kind` is one of "negative", "over_percent", "unknown_type" and "over_plan"; `row` is the index
    of the row at fault (None for the whole plan) and `amount` what is wrong about it.
    """

    def __init__(self, kind, row=None, amount=0.0):
        super().__init__(f"{kind} (row {row}, {amount})")
        self.kind = kind
        self.row = row
        self.amount = amount


@dataclass(frozen=True)
class PlanRow:
    """One row: `value` is the percentage or the fixed amount, by `amount_type`.

    `frozen` is the amount already invoiced on this row: it is taken as it is. None: the row is open.
    """

    amount_type: str
    value: float = 0.0
    frozen: float | None = None


@dataclass(frozen=True)
class Plan:
    """The result: one amount a row, and what the rows leave of the total (negative: too much)."""

    amounts: tuple
    left: float

    @property
    def is_complete(self):
        return self.left == 0


def split(total, rows, rounding=0.01, strict=False):
    """Give each row its share of `total`.

    Open percentages and fixed amounts are taken of the total, frozen rows keep their amount and the
    rest rows share what remains (never less than nothing), the last of them with the odd cents.
    Where the rows add up to the total but for what rounding or freezing moved, and no rest row takes
    it, the last open percentage does.

    :param float total: value of the contract, in its currency
    :param rows: iterable of `PlanRow`, in the order of the plan
    :param float rounding: smallest unit of the currency
    :param bool strict: raise `PlanError("over_plan")` where the rows exceed the total
    :return: `Plan`
    :raises PlanError: negative values, a percentage over 100, an unknown kind of row

    >>> split(100, [PlanRow("percent", 33.33), PlanRow("percent", 33.33), PlanRow("rest")]).amounts
    (33.33, 33.33, 33.34)
    >>> split(0.05, [PlanRow("percent", 50), PlanRow("percent", 50)]).amounts
    (0.03, 0.02)
    >>> split(120, [PlanRow("percent", 30, frozen=30.0), PlanRow("percent", 70)]).amounts
    (30.0, 90.0)
    >>> split(100, [PlanRow("fixed", 40), PlanRow("percent", 20)]).left
    40.0
    >>> split(100, [PlanRow("fixed", 120), PlanRow("rest")])
    Plan(amounts=(120.0, 0.0), left=-20.0)
    >>> split(100, [PlanRow("fixed", 120), PlanRow("rest")], strict=True)
    Traceback (most recent call last):
    ...
    core.contract.plan.PlanError: over_plan (row None, 20.0)
    """
    rows = list(rows)
    unit = Decimal(repr(rounding))
    total_units = _units(total, unit)
    for index, row in enumerate(rows):
        _check_row(index, row)
    amounts = [_row_units(row, total_units, unit) for row in rows]
    remaining = total_units - sum(amounts)
    rests = [i for i, row in enumerate(rows) if row.amount_type == REST and row.frozen is None]
    if rests:
        remaining -= _fill_rests(amounts, rests, max(remaining, 0))
    if remaining and _adds_up(rows, total_units, unit, at_most=bool(rests)):
        remaining -= _fill_last_percent(amounts, rows, remaining)
    if strict and remaining < 0:
        raise PlanError("over_plan", amount=_money(-remaining, unit))
    return Plan(tuple(_money(amount, unit) for amount in amounts), _money(remaining, unit))


def _check_row(index, row):
    if row.amount_type not in (PERCENT, FIXED, REST):
        raise PlanError("unknown_type", index)
    if row.amount_type != REST and row.value < 0:
        raise PlanError("negative", index, row.value)
    if row.amount_type == PERCENT and row.value > 100:
        raise PlanError("over_percent", index, row.value)


def _units(amount, unit):
    """Whole currency units of an amount, half up as currencies round.

    >>> _units(2.675, Decimal("0.01")), _units(-2.675, Decimal("0.01"))
    (268, -268)
    """
    return int((Decimal(repr(float(amount))) / unit).quantize(Decimal(1), ROUND_HALF_UP))


def _money(units, unit):
    return float(units * unit)


def _row_units(row, total_units, unit):
    if row.frozen is not None:
        return _units(row.frozen, unit)
    if row.amount_type == FIXED:
        return _units(row.value, unit)
    if row.amount_type == PERCENT:
        return int(_nominal(row, total_units, unit).quantize(Decimal(1), ROUND_HALF_UP))
    return 0


def _nominal(row, total_units, unit):
    """What the row asks for before rounding, in units. A frozen rest row asks for what it got."""
    if row.amount_type == PERCENT:
        return Decimal(repr(float(row.value))) * total_units / 100
    if row.amount_type == FIXED:
        return Decimal(repr(float(row.value))) / unit
    return Decimal(_units(row.frozen or 0.0, unit))


def _adds_up(rows, total_units, unit, at_most=False):
    """Whether the rows are meant to make the whole total (a third of a unit a row is rounding).

    With `at_most`, whether they ask for no more than the total, a rest row taking what is left.
    """
    asked = sum((_nominal(row, total_units, unit) for row in rows), Decimal(0))
    tolerance = Decimal(max(len(rows), 1)) / 3
    return asked - total_units < tolerance if at_most else abs(asked - total_units) < tolerance


def _fill_rests(amounts, rests, remaining):
    """Share `remaining` over the rest rows, odd units to the last; return what was placed."""
    share = remaining // len(rests)
    for index in rests:
        amounts[index] = share
    amounts[rests[-1]] = remaining - share * (len(rests) - 1)
    return remaining


def _fill_last_percent(amounts, rows, remaining):
    """Put `remaining` (of either sign) on the last open percentages, none below nothing."""
    placed = 0
    for index in reversed(range(len(rows))):
        if rows[index].amount_type != PERCENT or rows[index].frozen is not None:
            continue
        step = max(remaining - placed, -amounts[index])
        amounts[index] += step
        placed += step
        if placed == remaining:
            break
    return placed
