"""Which concepts are chapters, and what is in each: items with their quantities, chapters in chapters."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from .measurements import work_out
from .model import PLAIN, ROOT, Component, Measurement

#: Places in the tree of chapters; a file where chapters hold chapters over and over is cut here.
MAX_PLACES = 100_000

#: Programs that print figures with six digits are off by so much of them at most.
PRINTED = Decimal("0.00001")


@dataclass(slots=True)
class Row:
    """One row of a chapter: an item, or a chapter in it, with its quantity and where that comes from.

    `exact` is the sum of the measurement lines where the stated quantity is that sum, printed shorter.
    """

    component: Component
    is_chapter: bool
    quantity: Decimal
    exact: Decimal
    measurement: Measurement | None = None


@dataclass(slots=True)
class Structure:
    """The rows of each chapter, the chapters that stand on top, measurements that belong to no row."""

    rows: dict = field(default_factory=dict)
    roots: list = field(default_factory=list)
    left_over: list = field(default_factory=list)


def find_chapters(budget):
    """The codes of all chapters, in the order of the file.

    A chapter is marked so, or measured in, or has a chapter in it. What has no unit, no type of a resource and nothing
    but recipes in it is one too, if it stands in a chapter.
    """
    concepts = budget.concepts
    measured_in = {measurement.parent for measurement in budget.measurements if measurement.parent in concepts}
    found = {code for code, concept in concepts.items() if concept.level != PLAIN} | measured_in
    parents = defaultdict(list)
    for concept in concepts.values():
        for component in concept.components:
            parents[component.code].append(concept.code)
    _spread(found, found, parents.__getitem__)
    _spread(found, found, lambda code: [c.code for c in concepts[code].components if _holds_recipes(concepts, c.code)])
    return [code for code in concepts if code in found]


def _spread(found, starts, neighbours):
    waiting = list(starts)
    while waiting:
        for code in neighbours(waiting.pop()):
            if code not in found:
                found.add(code)
                waiting.append(code)


def _holds_recipes(concepts, code):
    concept = concepts.get(code)
    if concept is None or concept.unit or concept.kind not in ("", "0") or not concept.components:
        return False
    inside = [concepts.get(component.code) for component in concept.components]
    return all(child is not None and child.components and not child.is_percentage for child in inside)


def build(budget, zero_is_blank):
    """The `Structure` of a budget."""
    codes = find_chapters(budget)
    chapters, structure = set(codes), Structure()
    by_parent = defaultdict(lambda: defaultdict(list))
    for measurement in budget.measurements:
        by_parent[measurement.parent][measurement.code].append(measurement)
    anywhere = _unplaced(budget, chapters, by_parent.pop("", {}))
    for code in codes:
        measured = by_parent.pop(code, {})
        structure.rows[code] = _rows(budget.concepts[code], chapters, measured, anywhere, zero_is_blank)
        structure.left_over += [measurement for rest in measured.values() for measurement in rest]
    for measured in (*by_parent.values(), anywhere):
        structure.left_over += [measurement for rest in measured.values() for measurement in rest]
    structure.roots = _roots(budget, structure.rows)
    return structure


def _unplaced(budget, chapters, measured):
    """Measurements without a chapter serve an item that stands in one place only."""
    uses = Counter(component.code for code in chapters for component in budget.concepts[code].components if measured)
    return {code: found for code, found in measured.items() if uses[code] == 1}


def _rows(concept, chapters, measured, anywhere, zero_is_blank):
    rows, places = [], defaultdict(list)
    for component in concept.components:
        quantity = component.quantity
        row = Row(component, component.code in chapters, quantity, quantity)
        rows.append(row)
        places[component.code].append(row)
    ordinals = {id(row): str(number) for number, row in enumerate(rows, 1)}
    for code, here in places.items():
        found = measured.get(code) or anywhere.get(code)
        if found:
            _match(here, found, ordinals)
    for row in rows:
        if row.measurement is not None:
            row.quantity, row.exact = _quantities(row, zero_is_blank)
    return rows


def _match(rows, found, ordinals):
    """Give each row of one code its measurement: that of its place, else the next one left. Takes it out of `found`."""
    by_place = {}
    if len(rows) > 1 or len(found) > 1:
        for measurement in found:
            by_place.setdefault(measurement.position[-1].lstrip("0") if measurement.position else "", measurement)
    for row in rows:
        row.measurement = by_place.get(ordinals[id(row)])
    taken = {id(row.measurement) for row in rows}
    rest = [measurement for measurement in found if id(measurement) not in taken]
    rest.reverse()
    for row in rows:
        if row.measurement is None and rest:
            row.measurement = rest.pop()
    found[:] = rest[::-1]


def _quantities(row, zero_is_blank):
    measurement = row.measurement
    stated = row.quantity if measurement.total is None else measurement.total
    if not measurement.lines:
        return stated, stated
    worked = work_out(measurement.lines, zero_is_blank).total
    if measurement.total is None:
        return worked, worked
    return stated, worked if abs(worked - stated) <= abs(stated) * PRINTED else stated


def _roots(budget, rows):
    marked = [code for code in rows if budget.concepts[code].level == ROOT]
    if marked:
        return marked
    inside = {row.component.code for found in rows.values() for row in found if row.is_chapter}
    return [code for code in rows if code not in inside] or list(rows)[:1]
