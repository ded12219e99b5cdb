"""From a recipe and a quantity to the quantities of its components.

Quantities are worked out in decimals, from the figures a person typed, and rounded half up: half
of 0.29 is 0.15 here, whatever the binary representation of 0.29 says.
"""

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

# Beyond this a quantity is a slip of the finger, and a float no longer holds its decimals.
MAX_QUANTITY = 1e12

# Wide enough for the largest quantity times the largest consumption.
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """What the making of `Recipe.output_quantity` takes of one component."""

    key: Any
    quantity: float
    waste_percent: float = 0.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe: its lines make `output_quantity` of the product."""

    output_quantity: float
    lines: tuple[RecipeLine, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """What an item takes of one component: `exact`, and `quantity` rounded as a document holds it."""

    key: Any
    quantity: float
    exact: float


def is_usable_quantity(quantity):
    """Tell whether a quantity is a number one can calculate with (zero and below included).

    >>> is_usable_quantity(12.5), is_usable_quantity(float("nan")), is_usable_quantity(1e300)
    (True, False, False)
    """
    return math.isfinite(quantity) and abs(quantity) <= MAX_QUANTITY


def round_quantity(quantity, digits):
    """Round half up, away from zero, as Odoo rounds the quantity of a line.

    >>> round_quantity(2.675, 2), round_quantity(-2.675, 2), round_quantity(0.004, 2)
    (2.68, -2.68, 0.0)
    """
    return float(_round(Decimal(repr(quantity)), digits))


def explode(recipe, quantity, digits):
    """List the components of `quantity` (in the recipe's unit), in the recipe's order.

    :param recipe: a `Recipe`; its output quantity is above zero
    :param quantity: how much of the product is made
    :param digits: decimals of the quantities of the components
    :return: a list of `Component`, one for each line of the recipe

    >>> tiling = Recipe(10.0, (RecipeLine("tiles", 10.0, 8.0), RecipeLine("glue", 0.29)))
    >>> for component in explode(tiling, 5.0, 2):
    ...     print(component.key, component.quantity, component.exact)
    tiles 5.4 5.4
    glue 0.15 0.145
    """
    factor = Decimal(repr(quantity)) / Decimal(repr(recipe.output_quantity))
    components = []
    for line in recipe.lines:
        exact = factor * Decimal(repr(line.quantity))
        if line.waste_percent:
            exact *= 1 + Decimal(repr(line.waste_percent)) / 100
        components.append(Component(line.key, float(_round(exact, digits)), float(exact)))
    return components


def _round(value, digits):
    # A third of three is 0.999…9 in 28 decimals: bring it back to what it means before rounding.
    value = value.quantize(Decimal(1).scaleb(-digits - 9), context=_WIDE)
    return value.quantize(Decimal(1).scaleb(-digits), context=_WIDE)
