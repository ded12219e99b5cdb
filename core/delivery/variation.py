"""Arithmetic of variations: how much more or less of what was contracted, and where the money goes.

Plain Python without Odoo.
"""

from decimal import ROUND_HALF_UP, Decimal

PREFIX = "V"


def next_number(numbers):
    """Give the number of the next variation of a contract: those withdrawn keep theirs.

    >>> next_number([]), next_number(["V1", "V10", "V2", False])
    ('V1', 'V11')
    """
    taken = [int(number[len(PREFIX) :]) for number in numbers if number and number[len(PREFIX) :].isdigit()]
    return f"{PREFIX}{1 + max(taken, default=0)}"


def component_delta(original, current, base, total, digits):
    """Give how much of a component is added when its chapter comes to `total`.

    Worked out from the whole, not from the change: many small variations leave no crumbs, and a chapter taken out
    entirely takes all of its components along.

    :param float original: quantity of the component in the chapter as contracted first
    :param float current: what it comes to now, variations included
    :param float base: quantity of the chapter as contracted first
    :param float total: quantity of the chapter from now on
    :param int digits: decimals of quantities

    >>> component_delta(33.33, 33.33, 300, 260, 2)
    -4.44
    >>> component_delta(33.33, 28.89, 300, 0, 2)
    -28.89
    """
    wanted = Decimal(repr(float(original))) * Decimal(repr(float(total))) / Decimal(repr(float(base)))
    unit = Decimal(1).scaleb(-digits)
    wanted = wanted.quantize(unit, ROUND_HALF_UP)
    now = Decimal(repr(float(current))).quantize(unit, ROUND_HALF_UP)
    return float(wanted - now)


def share(amount, weights, rounding=0.01):
    """Share an amount of either sign over weights, to the cent; none gets less than minus its weight.

    :return: list of amounts, or None where the weights cannot bear it

    >>> share(100, [1, 1, 1])
    [33.33, 33.34, 33.33]
    >>> share(-50, [30, 20]), share(-50.01, [30, 20])
    ([-30.0, -20.0], None)
    >>> share(10, [0, 0])
    [5.0, 5.0]
    """
    unit = Decimal(repr(rounding))
    units = _units(amount, unit)
    parts = [_units(weight, unit) for weight in weights]
    if not parts or units < -sum(parts):
        return [] if not parts and not units else None
    if not sum(parts):
        parts = [1] * len(parts)
    total, running, placed, shares = sum(parts), 0, 0, []
    for part in parts:
        running += part
        until = int((Decimal(units) * running / total).quantize(Decimal(1), ROUND_HALF_UP))
        shares.append(float((until - placed) * unit))
        placed = until
    return shares


def _units(amount, unit):
    return int((Decimal(repr(float(amount))) / unit).quantize(Decimal(1), ROUND_HALF_UP))
