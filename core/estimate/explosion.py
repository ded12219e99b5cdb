"""From a recipe and a quantity to the quantities of its components.

Quantities are worked out in decimals, from the figures a person typed, and rounded half up: half
of 0.29 is 0.15 here, whatever the binary representation of 0.29 says.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

# Beyond this a quantity is a slip of the finger, and a float no longer holds its decimals.
MAX_QUANTITY = 1e12
# How many recipes may stand inside one another.
MAX_DEPTH = 8
# A percentage of everything before it; any other base is the name of a nature.
ALL_BEFORE = "all"
# A percentage of what stands before it and has a code that begins so: `code:MO`.
CODE = "code:"

# Wide enough for the largest quantity times the largest consumption.
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


class TooDeepError(ValueError):
    """Recipes inside recipes beyond `MAX_DEPTH`; `key` is the line at which it was reached."""

    def __init__(self, key):
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """What the making of `Recipe.output_quantity` takes of one component.

    With a `percent` the line is that percentage of the amounts of others, `base` tells of which.
    With a `recipe` (a key of the library) the component is made by it: `factor` of the recipe's
    unit make one of the line's unit.
    """

    key: Any
    quantity: float = 0.0
    waste_percent: float = 0.0
    minimum: float = 0.0
    nature: str = ""
    formula: Any = None
    recipe: Any = None
    factor: float = 1.0
    percent: float | None = None
    base: str = ALL_BEFORE
    code: str = ""

    def consumption(self, values):
        """Give the quantity before waste as a decimal, by the formula where there is one."""
        return self.formula.evaluate(values) if self.formula else Decimal(repr(self.quantity))


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe: its lines make `output_quantity` of the product.

    `parameters` gives each name of the formulas its value, or None where one must be given.
    """

    output_quantity: float
    lines: tuple[RecipeLine, ...]
    parameters: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Component:
    """What an item takes of one component: `exact`, and `quantity` rounded as a document holds it.

    `section` is the key of the line whose sub-recipe it comes from, at the first level. A percentage
    has the quantity 1 and says what it is a `percent` of: `base`, places in the list of components.
    """

    key: Any
    quantity: float
    exact: float
    section: Any = None
    depth: int = 0
    percent: float | None = None
    base: tuple[int, ...] = ()


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


def explode(recipe, quantity, digits, library=None, values=None, minimums=True):
    """List the components of `quantity` (in the recipe's unit), in the recipe's order.

    A sub-recipe gives its components in its place. A value given for a parameter holds in the
    recipes inside too, where they have a parameter of that name.

    :param recipe: a `Recipe`; its output quantity is above zero
    :param quantity: how much of the product is made
    :param digits: decimals of the quantities of the components
    :param library: mapping of key → `Recipe`, for the lines made by a recipe
    :param values: mapping of parameter → number, over the values of the recipes
    :param minimums: whether the least quantity of a component counts
    :return: a list of `Component`
    :raise TooDeepError: when recipes inside recipes go beyond `MAX_DEPTH`
    :raise FormulaError: when the quantity of a line cannot be worked out

    >>> tiling = Recipe(10.0, (RecipeLine("tiles", 10.0, 8.0), RecipeLine("glue", 0.29)))
    >>> for component in explode(tiling, 5.0, 2):
    ...     print(component.key, component.quantity, component.exact)
    tiles 5.4 5.4
    glue 0.15 0.145
    >>> wall = Recipe(1.0, (RecipeLine("tiling", 2.0, recipe="t"), RecipeLine("aid", percent=3.0)))
    >>> for component in explode(wall, 1.0, 2, {"t": tiling}):
    ...     print(component.key, component.quantity, component.section, component.base)
    tiles 2.16 tiling ()
    glue 0.06 tiling ()
    aid 1.0 None (0, 1)
    """
    explosion = _Explosion(digits, library or {}, minimums)
    explosion.expand(recipe, Decimal(repr(quantity)), values or {}, 0, None)
    return explosion.components


class _Explosion:
    def __init__(self, digits, library, minimums):
        self.digits = digits
        self.library = library
        self.minimums = minimums
        self.components = []
        self.natures = []

    def expand(self, recipe, quantity, outer, depth, section):
        values = {**recipe.parameters, **outer} if recipe.parameters else outer
        factor = quantity / Decimal(repr(recipe.output_quantity))
        start, percentages, ends = len(self.components), [], []
        for line in recipe.lines:
            ends.append(len(self.components))
            if line.percent is not None:
                percentages.append(len(self.components))
                self._add(line, Component(line.key, 1.0, 1.0, section, depth, line.percent))
                continue
            exact = self._quantity(line, factor, values)
            inner = self.library.get(line.recipe) if line.recipe is not None else None
            if inner is None:
                rounded = float(_round(exact, self.digits))
                self._add(line, Component(line.key, rounded, float(exact), section, depth))
            elif depth >= MAX_DEPTH:
                raise TooDeepError(line.key)
            else:
                exact *= Decimal(repr(line.factor))
                place = line.key if section is None else section
                self.expand(inner, exact, values, depth + 1, place)
        self._set_bases(recipe, start, percentages, ends)

    def _add(self, line, component):
        self.components.append(component)
        self.natures.append(line.nature)

    def _quantity(self, line, factor, values):
        exact = factor * line.consumption(values)
        if line.waste_percent:
            exact *= 1 + Decimal(repr(line.waste_percent)) / 100
        if self.minimums and line.minimum and 0 < exact < Decimal(repr(line.minimum)):
            exact = Decimal(repr(line.minimum))
        return exact

    def _set_bases(self, recipe, start, percentages, starts):
        """Say what each percentage of this recipe is a percentage of.

        :param starts: the place of the first component of each line
        """
        lines = [line for line in recipe.lines if line.percent is not None]
        for line, place in zip(lines, percentages, strict=True):
            if line.base == ALL_BEFORE:
                base = range(start, place)
            elif line.base.startswith(CODE):
                # What a recipe inside takes counts by the code of the line that takes the recipe.
                places = zip(recipe.lines, starts, starts[1:], strict=False)
                base = (
                    index
                    for other, first, end in places
                    if end <= place and matches_code(other, line.base)
                    for index in range(first, end)
                )
            else:
                # All of the nature wherever it stands, but of the percentages only those before.
                later = {other for other in percentages if other >= place}
                base = (
                    index
                    for index in range(start, len(self.components))
                    if index not in later and self.natures[index] == line.base
                )
            self.components[place] = replace(self.components[place], base=tuple(base))


def matches_code(line, base):
    """Tell whether a line is counted by a percentage of those whose code begins so.

    >>> matches_code(RecipeLine("man", code="MO01"), "code:MO"), matches_code(RecipeLine("man"), "code:MO")
    (True, False)
    """
    return line.code.startswith(base.removeprefix(CODE))


def pricing_order(components):
    """Give the places of the components so that each comes after what it is a percentage of.

    >>> wall = Recipe(1.0, (RecipeLine("aid", percent=3.0, base="labour"),
    ...                     RecipeLine("mason", 1.0, nature="labour")))
    >>> pricing_order(explode(wall, 1.0, 2))
    [1, 0]
    """
    plain = [index for index, part in enumerate(components) if part.percent is None]
    percentages = [index for index, part in enumerate(components) if part.percent is not None]
    return plain + sorted(percentages, key=lambda index: (-components[index].depth, index))


def _round(value, digits):
    # A third of three is 0.999…9 in 28 decimals: bring it back to what it means before rounding.
    value = value.quantize(Decimal(1).scaleb(-digits - 9), context=_WIDE)
    return value.quantize(Decimal(1).scaleb(-digits), context=_WIDE)
