"""What each concept costs: as the file states it and as its components make it."""

from dataclasses import dataclass
from decimal import Decimal

from .figures import CONTEXT, capped, multiply, round_half_up
from .graph import walk
from .model import is_percentage_code

#: Recipes in recipes; deeper is a fault of the file and reported, though worked out all the same.
MAX_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Price:
    """The two prices of a concept and the amount of each of its rows; `None` where the file says nothing."""

    stated: Decimal | None
    computed: Decimal | None
    amounts: tuple = ()

    @property
    def used(self):
        """What the budget was made with: the stated price, else that of the components.

        >>> Price(Decimal(0), Decimal(3)).used, Price(Decimal(2), Decimal(3)).used, Price(None, None).used
        (Decimal('3'), Decimal('2'), None)
        """
        return self.stated if self.stated or self.computed is None else self.computed

    @property
    def contradicts(self):
        """Whether both prices are there and differ."""
        return bool(self.stated) and self.computed is not None and self.stated != self.computed


def price_all(concepts, codes, decimals, report):
    """The `Price` of each of `codes` and of all they are made of."""

    def children(code):
        concept = concepts.get(code)
        return [row.code for row in concept.components if row.code in concepts] if concept else []

    order = walk(codes, children)
    for cycle in order.cycles:
        report.add(0, "~D", f"these are made of each other: {cycle}; the price of the last row is the stated one")
    for code in order.codes:
        if order.depths[code] == MAX_DEPTH + 1:
            report.add(concepts[code].line, "~D", f"“{code}” is made of more than {MAX_DEPTH} levels of recipes")
    prices = {}
    for code in order.codes:
        prices[code] = _price(concepts, concepts[code], prices, order.cut, decimals)
    return prices


def _price(concepts, concept, prices, cut, decimals):
    stated = concept.price
    if concept.is_percentage or not concept.components:
        return Price(stated, None)

    def unit_price(code):
        if (concept.code, code) in cut:
            return concepts[code].price
        return prices[code].used if code in prices else None

    amounts = row_amounts(concepts, concept.components, unit_price, decimals.component)
    total = Decimal(0)
    for amount in amounts:
        total = capped(CONTEXT.add(total, amount))
    return Price(stated, round_half_up(total, decimals.price), tuple(amounts))


def mask_of(code):
    """The beginning of the codes that a percentage counts: what stands before its sign.

    >>> mask_of("A%NAAA"), mask_of("%003"), mask_of("MO&1"), mask_of("CI")
    ('A', '', 'MO', '')
    """
    for at, sign in enumerate(code):
        if sign in "%&":
            return code[:at]
    return ""


class RunningSums:
    """The sum of the rows before a percentage, for each mask that a decomposition asks for.

    >>> sums = RunningSums([("A", False, ()), ("B", False, ()), ("B%", True, ())])
    >>> sums.add("A", Decimal(5)); sums.add("B", Decimal(7))
    >>> sums.base("B%")
    Decimal('7')
    """

    def __init__(self, rows):
        self.by_mask = {mask_of(code): Decimal(0) for code, is_percentage, _names in rows if is_percentage}
        self.by_name = {name: Decimal(0) for _code, _is, names in rows for name in names}
        self.lengths = sorted({len(mask) for mask in self.by_mask})

    def add(self, code, amount, names=()):
        """Count a row that has its amount."""
        for length in self.lengths:
            mask = code[:length]
            if length <= len(code) and mask in self.by_mask:
                self.by_mask[mask] = capped(CONTEXT.add(self.by_mask[mask], amount))
        for name in names:
            self.by_name[name] = capped(CONTEXT.add(self.by_name[name], amount))

    def base(self, code):
        """What a percentage applies to: the rows that name it, where any does, else those its mask matches."""
        return self.by_name[code] if code in self.by_name else self.by_mask[mask_of(code)]


def row_amounts(concepts, components, unit_price, digits):
    """The amount of each row of a decomposition; a row whose price nobody knows is 0."""
    rows = [(row.code, is_percentage(concepts, row.code), row.percentages) for row in components]
    sums, amounts = RunningSums(rows), []
    for component, (code, percentage, names) in zip(components, rows):
        price = sums.base(code) if percentage else unit_price(code)
        amount = round_half_up(multiply(component.quantity, price or Decimal(0)), digits)
        sums.add(code, amount, names)
        amounts.append(amount)
    return amounts


def is_percentage(concepts, code):
    """Whether rows of this code are shares of other rows."""
    concept = concepts.get(code)
    return concept.is_percentage if concept else is_percentage_code(code)
