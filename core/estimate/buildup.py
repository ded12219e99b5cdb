"""From direct cost to selling price by ordered markups, and back."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

DIRECT = "direct"
RUNNING = "running"
NATURE = "nature"
WORKS = "works"


@dataclass(frozen=True, slots=True)
class Markup:
    """A percentage of the direct cost, of one `nature` of it, of what it has come to so far, or of the works.

    The works are the direct cost with the markups taken of it before: what contracts take general costs and profit of.
    """

    key: Any
    base: str
    percent: float
    nature: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain: what the markup was taken of, what it adds, what it comes to."""

    key: Any
    base: float
    amount: float
    total: float


def coefficients(natures, markups):
    """Give by which factor the cost of each nature becomes its price.

    The chain is linear, so the price of each component is its cost times the factor of its nature,
    and the prices of the components make the price of the whole.

    >>> site = Markup("site", DIRECT, 10.0)
    >>> labour = Markup("tools", NATURE, 5.0, "labour")
    >>> profit = Markup("profit", RUNNING, 20.0)
    >>> factors = coefficients(["labour", "material"], [site, labour, profit])
    >>> {nature: round(factor, 6) for nature, factor in factors.items()}
    {'labour': 1.38, 'material': 1.32}
    """
    factors = {}
    for nature in natures:
        factor = works = 1.0
        for markup in markups:
            added = _base(markup, nature, 1.0, factor, works) * markup.percent / 100
            factor += added
            works += added if markup.base in (DIRECT, NATURE) else 0.0
        factors[nature] = factor
    return factors


def chain(costs, markups):
    """Show how the direct cost becomes the price.

    :param costs: mapping of nature → direct cost
    :return: a list of `Step`, one a markup

    >>> markups = [Markup("site", DIRECT, 10.0), Markup("profit", RUNNING, 20.0)]
    >>> [(step.key, step.base, step.amount, step.total) for step in chain({"labour": 100.0}, markups)]
    [('site', 100.0, 10.0, 110.0), ('profit', 110.0, 22.0, 132.0)]
    >>> markups = [Markup("site", DIRECT, 10.0), Markup("general", WORKS, 10.0), Markup("profit", WORKS, 10.0)]
    >>> [round(step.total, 6) for step in chain({"labour": 100.0}, markups)]
    [110.0, 121.0, 132.0]
    """
    running, works = dict(costs), dict(costs)
    steps = []
    for markup in markups:
        bases = {nature: _base(markup, nature, cost, running[nature], works[nature]) for nature, cost in costs.items()}
        for nature, base in bases.items():
            running[nature] += base * markup.percent / 100
            if markup.base in (DIRECT, NATURE):
                works[nature] += base * markup.percent / 100
        base = sum(bases.values())
        steps.append(Step(markup.key, base, base * markup.percent / 100, sum(running.values())))
    return steps


def solve(costs, markups, key, target):
    """Give the percentage of one markup that makes the price `target`, or None where none can.

    >>> markups = [Markup("site", DIRECT, 10.0), Markup("profit", RUNNING, 0.0)]
    >>> round(solve({"labour": 100.0}, markups, "profit", 132.0), 6)
    20.0
    >>> solve({"labour": 0.0}, markups, "profit", 132.0) is None
    True
    """

    def price(percent):
        factors = coefficients(
            costs,
            [
                Markup(markup.key, markup.base, percent, markup.nature) if markup.key == key else markup
                for markup in markups
            ],
        )
        return sum(cost * factors[nature] for nature, cost in costs.items())

    # The price is a straight line over any one percentage.
    bare, slope = price(0.0), (price(100.0) - price(0.0)) / 100
    if abs(slope) < 1e-12:
        return None
    return (target - bare) / slope


def round_price(price, step):
    """Round a price half up, away from zero, to a multiple of `step`; zero leaves it as it is.

    >>> round_price(12.325, 0.05), round_price(12.3249, 0.05), round_price(-4.5, 1.0), round_price(1.234, 0.0)
    (12.35, 12.3, -5.0, 1.234)
    """
    if not step:
        return price
    step = Decimal(repr(step))
    # What binary arithmetic adds behind the twelfth decimal is not part of the price.
    multiples = (Decimal(repr(round(price, 12))) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return float(multiples * step)


def price_for_margin(cost, margin_percent):
    """Give the price of which `margin_percent` is margin.

    >>> price_for_margin(80.0, 20.0)
    100.0
    """
    return cost / (1 - margin_percent / 100)


def _base(markup, nature, cost, running, works):
    if markup.base == RUNNING:
        return running
    if markup.base == WORKS:
        return works
    if markup.base == NATURE:
        return cost if markup.nature == nature else 0.0
    return cost
