"""The figures of a quote that approval rules look at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Priced:
    """A priced line: its amount, tax excluded, its discount in percent, its cost and the cost's age in days."""

    subtotal: float
    discount: float = 0.0
    cost: float = 0.0
    cost_days: int = 0


def discount_percent(lines):
    """Give how much less than the undiscounted prices a quote asks, in percent of these.

    A line of a negative amount is a discount, too; of a line given away the undiscounted price is lost,
    so `subtotal` of a line with a discount of 100 is to be the undiscounted amount.

    >>> discount_percent([Priced(90.0, 10.0), Priced(100.0)])
    5.0
    >>> discount_percent([Priced(100.0), Priced(-20.0)]), discount_percent([Priced(50.0, 100.0), Priced(50.0)])
    (20.0, 50.0)
    >>> discount_percent([])
    0.0
    """
    gross = net = 0.0
    for line in lines:
        if line.subtotal < 0:
            net += line.subtotal
        elif line.discount >= 100:
            gross += line.subtotal
        else:
            gross += line.subtotal / (1 - line.discount / 100)
            net += line.subtotal
    return round(100 * (gross - net) / gross, 6) if gross else 0.0


def old_cost_percent(lines, days):
    """Give the share of the cost that is older than so many days, in percent.

    >>> old_cost_percent([Priced(0.0, cost=30.0, cost_days=200), Priced(0.0, cost=70.0, cost_days=10)], 180)
    30.0
    >>> old_cost_percent([], 180)
    0.0
    """
    cost = sum(line.cost for line in lines)
    old = sum(line.cost for line in lines if line.cost_days > days)
    return round(100 * old / cost, 6) if cost > 0 else 0.0
