"""The bill of quantities of a file as flat lists: categories and positions with their ordinal numbers.

German files call the ordinal number OZ: the numbers of all categories above a position and its own, as 01.02.0010.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

from ..exchange.draft import DraftError, Note
from .xmlfile import child, children, is_yes, local, value

PHASES = {
    "80": "catalogue",
    "81": "specification",
    "82": "cost estimate",
    "83": "tender",
    "84": "offer",
    "85": "side offer",
    "86": "order",
    "87": "confirmation of the order",
}
MAX_POSITIONS = 50_000
#: A position within these words is not part of the total.
OPTIONAL, ALTERNATIVE, VOID = "optional", "alternative", "void"


@dataclass(slots=True)
class Category:
    """A part of the bill: `key` is unique in it, `number` is what people read."""

    element: etree._Element
    key: str
    number: str
    parent: str = ""
    #: Why the positions below do not count: empty, `ALTERNATIVE` or `VOID`.
    excluded: str = ""


@dataclass(slots=True)
class Position:
    """A position to be priced. `place` is the how-manieth of its number, counted from 0."""

    element: etree._Element
    number: str
    category: str = ""
    excluded: str = ""
    place: int = 0
    is_markup: bool = False

    @property
    def where(self):
        return f"{self.number} (line {self.element.sourceline})"


@dataclass(slots=True)
class Bill:
    """What stands in the bill of a file, in its order; `remarks` are texts of a category ("" for the whole)."""

    root: etree._Element
    award: etree._Element
    boq: etree._Element
    phase: str
    categories: list[Category] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    remarks: list[tuple[str, etree._Element]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def info(self):
        return child(self.boq, "BoQInfo")

    def positions_by_number(self):
        """Map (number, place) to positions."""
        return {(position.number, position.place): position for position in self.positions}


def open_bill(root):
    """Read the structure of a file.

    :raise DraftError: when the file has no bill of quantities
    """
    award = child(root, "Award")
    boq = child(award, "BoQ")
    phase = _get_phase(root, award)
    if boq is None:
        name = f"X{phase}" if phase else "GAEB"
        raise DraftError(f"This {name} file has no bill of quantities. Tenders and offers are read: X80 to X87.")
    bill = Bill(root, award, boq, phase)
    if phase not in PHASES:
        bill.notes.append(Note("DP", f"The phase “{phase}” is not one of X80 to X87; it is read as a tender."))
    _Walk(bill).body(child(boq, "BoQBody"), "", "", "")
    if not bill.positions:
        raise DraftError("The bill of quantities of this file has no positions.")
    return bill


def _get_phase(root, award):
    named = re.match(r"(\d\d)", value(award, "DP"))
    if named:
        return named.group(1)
    named = re.search(r"/DA(\d\d)", root.tag)
    return named.group(1) if named else ""


class _Walk:
    """Goes over the bill once and numbers what it finds."""

    def __init__(self, bill):
        self.bill = bill
        self.lengths = _get_lengths(bill)
        self.keys = set()
        self.places = {}
        self.ids = set()

    def body(self, element, key, number, excluded):
        for found in () if element is None else element:
            name = local(found)
            if name == "BoQCtgy":
                self.category(found, key, number, excluded)
            elif name == "Itemlist":
                for inner in found:
                    self.entry(inner, key, number, excluded)
            elif name:
                self.entry(found, key, number, excluded)

    def entry(self, element, key, number, excluded):
        name = local(element)
        if name in {"Item", "MarkupItem"}:
            self.position(element, key, number, excluded)
        elif name in {"Remark", "PerfDescr"}:
            self.bill.remarks.append((key, element))
        elif name:
            self.note(f"line {element.sourceline}", f"“{name}” is not read.")

    def category(self, element, parent, number, excluded):
        number = self.number(element, number, "BoQLevel")
        key = number
        while key in self.keys:
            key += "'"
        if key != number:
            self.note(f"{number} (line {element.sourceline})", "The number of this category is used twice.")
        self.keys.add(key)
        if is_yes(element, "NotApplBoQ"):
            excluded = VOID
        elif _is_alternative(element, "ALNBSerNo"):
            excluded = excluded or ALTERNATIVE
        self.bill.categories.append(Category(element, key, number, parent, excluded))
        self.check_id(element, number)
        self.body(child(element, "BoQBody"), key, number, excluded)

    def position(self, element, key, number, excluded):
        if len(self.bill.positions) >= MAX_POSITIONS:
            raise DraftError(f"The file has more than {MAX_POSITIONS:,} positions.")
        number = self.number(element, number, "Item")
        index = (element.get("RNoIndex") or "").strip()
        number += f".{index}" if index else ""
        place = self.places.get(number, 0)
        self.places[number] = place + 1
        if place:
            self.note(f"{number} (line {element.sourceline})", "The number of this position is used twice.")
        position = Position(element, number, key, excluded or _get_excluded(element), place)
        position.is_markup = local(element) == "MarkupItem"
        self.bill.positions.append(position)
        self.check_id(element, number)

    def number(self, element, above, level):
        part = " ".join((element.get("RNoPart") or "").split())[:20]
        where = f"{above}.{part}".strip(".") + f" (line {element.sourceline})"
        if not part:
            part = "?"
            self.note(where, "It has no number of its own.")
        elif len(part) > self.lengths.get(level, 14):
            self.note(where, "Its number is longer than the file announces.")
        return f"{above}.{part}" if above else part

    def check_id(self, element, number):
        identifier = element.get("ID")
        if identifier and identifier in self.ids:
            self.note(f"{number} (line {element.sourceline})", f"The identifier {identifier[:60]} is used twice.")
        self.ids.add(identifier)

    def note(self, where, message):
        self.bill.notes.append(Note(where, message))


def _get_lengths(bill):
    """Give the longest number the mask of the file allows: on any level of categories, and for positions."""
    lengths = {}
    for row in children(bill.info, "BoQBkdn"):
        kind = "Item" if value(row, "Type") == "Item" else "BoQLevel"
        length = value(row, "Length")
        if value(row, "Type") != "Index" and length.isascii() and length.isdigit() and len(length) < 4:
            lengths[kind] = max(lengths.get(kind, 0), int(length))
    return lengths


def _get_excluded(element):
    """Tell why a position is not part of the total: without total, an alternative not taken, or dropped."""
    if is_yes(element, "NotAppl"):
        return VOID
    if value(element, "Provis") == "WithoutTotal" and not is_yes(element, "ProvisAccpt"):
        return OPTIONAL
    return ALTERNATIVE if _is_alternative(element, "ALNSerNo") else ""


def _is_alternative(element, name):
    """Tell whether this is the way not taken: the base has the serial number 0, the alternatives 1 to 9."""
    accepted = value(element, "Accepted")
    if value(element, name).lstrip("0"):
        return accepted != "AltAccept"
    return accepted == "BasReject"
