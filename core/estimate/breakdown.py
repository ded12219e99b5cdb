"""Adding up what works take, by nature, so that the rows of a print make its totals."""

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """So much of something, of one nature, and what it comes to."""

    key: Any
    nature: str
    quantity: float
    amount: float


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one nature and the sum of their rounded amounts."""

    nature: str
    entries: tuple[Entry, ...]
    subtotal: float


def merge(entries):
    """Add up the entries of the same key and nature; the first of each keeps its place.

    >>> merge([Entry("sand", "material", 1.0, 2.0), Entry("mason", "labour", 1.0, 9.0),
    ...        Entry("sand", "material", 0.5, 1.0)])[0]
    Entry(key='sand', nature='material', quantity=1.5, amount=3.0)
    """
    merged = {}
    for entry in entries:
        known = merged.get((entry.key, entry.nature))
        if known:
            quantity, amount = known.quantity + entry.quantity, known.amount + entry.amount
            entry = replace(known, quantity=quantity, amount=amount)
        merged[entry.key, entry.nature] = entry
    return list(merged.values())


def by_nature(entries, natures, round_amount):
    """Sort entries under their natures, their amounts rounded.

    :param natures: the natures in their order; any other comes last
    :param round_amount: rounds an amount as the print shows it
    :return: a list of `Group`, those with entries

    >>> groups = by_nature([Entry("mason", "labour", 1.0, 9.004), Entry("sand", "material", 1.0, 2.0),
    ...                     Entry("aid", "labour", 1.0, 0.004)], ["material", "labour"], lambda a: round(a, 2))
    >>> [(group.nature, len(group.entries), group.subtotal) for group in groups]
    [('material', 1, 2.0), ('labour', 2, 9.0)]
    """
    places = {nature: [] for nature in natures}
    for entry in entries:
        places.setdefault(entry.nature, []).append(replace(entry, amount=round_amount(entry.amount)))
    return [
        Group(nature, tuple(found), round_amount(sum(entry.amount for entry in found)))
        for nature, found in places.items()
        if found
    ]


def rounding(total, amounts, round_amount):
    """Give what lies between a total and the rounded amounts that should make it.

    >>> rounding(10.0, [3.33, 3.33, 3.33], lambda a: round(a, 2))
    0.01
    """
    return round_amount(total - sum(amounts))
