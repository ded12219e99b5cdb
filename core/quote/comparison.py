"""What differs between two quotes, line by line.

Lines are matched by their lineage, never by their place: a line keeps it when a quote is revised or copied. What
has none in common is matched by its origin, the place in the sheet it was generated from, and what comes from two
sheets by what it is: the same item in the same chapter.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"
# What is compared of a line; the cost only where it is given.
FIELDS = ("name", "quantity", "uom", "price_unit", "discount", "taxes", "subtotal", "cost")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a quote: a priced one or a note. Numbers come rounded; `item` tells what the line is."""

    key: Any
    lineage: Any
    item: Any
    name: str
    number: str = ""
    quantity: float = 0.0
    uom: str = ""
    price_unit: float = 0.0
    discount: float = 0.0
    taxes: tuple = ()
    subtotal: float = 0.0
    cost: float = 0.0
    is_note: bool = False
    hides_prices: bool = False
    is_hidden: bool = False
    origin: Any = None


@dataclass(slots=True)
class Chapter:
    """A section or, at level 2, a subsection with its lines; `key` is None for what stands before the first one.

    A section counts what stands in its subsections (`inner`), too.
    """

    key: Any
    lineage: Any
    item: Any
    name: str
    number: str = ""
    quantity: float = 0.0
    uom: str = ""
    level: int = 1
    hides_prices: bool = False
    hides_lines: bool = False
    is_hidden: bool = False
    origin: Any = None
    lines: list = field(default_factory=list)
    inner: list = field(default_factory=list)

    @property
    def subtotal(self):
        return sum(row.subtotal for row in (*self.lines, *self.inner))

    @property
    def cost(self):
        return sum(row.cost for row in (*self.lines, *self.inner))

    @property
    def price_unit(self):
        return self.subtotal / self.quantity if self.quantity else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A line or chapter of the one quote and its like in the other; one of them may be missing."""

    old: Any
    new: Any
    changes: frozenset = frozenset()
    lines: tuple = ()

    @property
    def kind(self):
        if self.old is None or self.new is None:
            return ADDED if self.old is None else REMOVED
        return CHANGED if self.changes or any(pair.kind != SAME for pair in self.lines) else SAME


def compare(old_chapters, new_chapters):
    """Give the `Pair` of every chapter, with the pairs of its lines, in the order of the new quote.

    What was removed stands where it stood. A line that moved to another chapter is the same line still, with
    "chapter" among its changes.

    >>> old = [Chapter(1, 1, "wall", "Wall", lines=[Line(2, 2, "brick", "Brick", quantity=4.0, subtotal=8.0),
    ...                                             Line(3, 3, "sand", "Sand", subtotal=1.0)])]
    >>> new = [Chapter(5, 1, "wall", "Wall", lines=[Line(7, None, "lime", "Lime", subtotal=2.0),
    ...                                             Line(6, 2, "brick", "Brick", quantity=5.0, subtotal=10.0)])]
    >>> (pair,) = compare(old, new)
    >>> pair.kind, [(row.kind, (row.new or row.old).name, sorted(row.changes)) for row in pair.lines]
    ('changed', [('added', 'Lime', []), ('changed', 'Brick', ['quantity', 'subtotal']), ('removed', 'Sand', [])])
    """
    chapters = _match(old_chapters, new_chapters, lambda chapter: chapter.item)
    partners = {id(new): old for old, new in chapters if new is not None and old is not None}
    homes = {id(line): chapter for chapter in old_chapters for line in chapter.lines}
    homes |= {id(line): partners.get(id(chapter)) for chapter in new_chapters for line in chapter.lines}
    old_lines = [line for chapter in old_chapters for line in chapter.lines]
    new_lines = [line for chapter in new_chapters for line in chapter.lines]
    matched = _match(old_lines, new_lines, lambda line: (id(homes[id(line)]), line.item))
    old_of = {id(new): old for old, new in matched if new is not None}
    gone = {id(old) for old, new in matched if new is None}
    return [
        Pair(old, new, _changes(old, new, ("name", "quantity", "uom")), tuple(_pair_lines(old, new, old_of, gone)))
        for old, new in chapters
    ]


def _pair_lines(old, new, old_of, gone):
    at_home = set(map(id, old.lines)) if old else set()
    pairs = [_pair(old_of.get(id(line)), line, at_home) for line in (new.lines if new else ())]
    places = {id(pair.old): place for place, pair in enumerate(pairs) if pair.old is not None}
    place = -1
    inserts = []
    for line in old.lines if old else ():
        if id(line) in gone:
            inserts.append((place, Pair(line, None)))
        else:
            place = places.get(id(line), place)
    for place, pair in reversed(inserts):
        pairs.insert(place + 1, pair)
    return pairs


def _pair(old, new, at_home):
    changes = _changes(old, new, FIELDS)
    if old is not None and id(old) not in at_home:
        changes |= {"chapter"}
    return Pair(old, new, changes)


def _changes(old, new, names):
    if old is None or new is None:
        return frozenset()
    return frozenset(name for name in names if getattr(old, name) != getattr(new, name))


def _match(old, new, get_item):
    """Pair two lists: by lineage, origin, then by what they are, each in its order; removed ones keep their place."""
    old_of = {}
    taken = set()
    for get_key in (lambda row: row.lineage, lambda row: row.origin or None, get_item):
        waiting = [row for row in old if id(row) not in taken]
        _take(waiting, [row for row in new if id(row) not in old_of], old_of, get_key)
        taken = set(map(id, old_of.values()))
    pairs = [(old_of.get(id(row)), row) for row in new]
    places = {id(pair[0]): place for place, pair in enumerate(pairs) if pair[0] is not None}
    place = -1
    inserts = []
    for row in old:
        if id(row) in taken:
            place = places[id(row)]
        else:
            inserts.append((place, (row, None)))
    for place, pair in reversed(inserts):
        pairs.insert(place + 1, pair)
    return pairs


def _take(old, new, old_of, get_key):
    waiting = defaultdict(list)
    for row in reversed(old):
        waiting[get_key(row)].append(row)
    for row in new:
        key = get_key(row)
        if key is not None and waiting.get(key):
            old_of[id(row)] = waiting[key].pop()
