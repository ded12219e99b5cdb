"""A sheet or quote of ours as GAEB DA XML from nothing: a tender without prices (X83), or an offer (X84)."""

import re
from dataclasses import dataclass, field, replace

from lxml import etree

from ..exchange.draft import Item, Zone
from .figures import fixed
from .offer import write_offer
from .twin import PROGRAM, clean, to_bytes
from .xmlfile import NAMESPACE

VERSION, VERSION_DATE = "3.3", "2021-05"
MAX_LEVELS = 5
MAX_NUMBER = 14
_PART = re.compile(r"[0-9A-Za-z_]{1,6}\Z")
#: Units as they are mostly named in Odoo and elsewhere → as GAEB files have them, in four letters at most.
_UNITS = {
    "m²": "m2",
    "m³": "m3",
    "cm²": "cm2",
    "ft²": "ft2",
    "ft³": "ft3",
    "stk": "St",
    "units": "St",
    "unit": "St",
    "pcs": "St",
    "ud": "St",
    "u": "St",
    "stück": "St",
    "einheiten": "St",
    "dozens": "Dtz",
    "hours": "h",
    "hour": "h",
    "stunden": "h",
    "days": "d",
    "day": "d",
    "tage": "d",
    "lump sum": "psch",
    "pauschal": "psch",
    "pa": "psch",
}


def unit(text):
    """Write a unit in the four letters a GAEB file has for it.

    >>> [unit(text) for text in ("m²", "Units", "Hours", "Sack", "Eimer", "")]
    ['m2', 'St', 'h', 'Sack', 'Eime', 'St']
    """
    text = " ".join(clean(text).split())
    return _UNITS.get(text.lower(), text)[:4].strip() or "St"


@dataclass(slots=True)
class _Node:
    """A category to be: its zone, what is below it."""

    zone: Zone | None
    nodes: list["_Node"] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    number: str = ""


def write_tender(draft, today):
    """Write the items of a draft as a tender without prices (X83).

    :return: the bytes
    """
    return _Budget(draft).make(today)[0]


def write_budget(draft, bidder, today):
    """Write a draft with its prices and texts as an offer (X84).

    Amounts stay as they are to the cent: where a quantity at its price does not give them, the total is what counts.

    :rtype: construction_crm.core.estimate.gaeb.offer.Offer
    """
    tender, items = _Budget(draft).make(today)
    return write_offer(tender, replace(draft, items=items), bidder, today, has_texts=True, is_own=True)


class _Budget:
    def __init__(self, draft):
        self.draft = draft
        self.root = _get_tree(draft)
        self.lengths = {}
        self.ids = 0
        _number(self.root)
        if _get_longest(self.root) > MAX_NUMBER:
            _number(self.root, keep=False)
        self.items = []

    def make(self, today):
        root = etree.Element(f"{{{NAMESPACE}DA83/{VERSION}}}GAEB", nsmap={None: f"{NAMESPACE}DA83/{VERSION}"})
        info = _add(root, "GAEBInfo")
        _add(info, "Version", VERSION)
        _add(info, "VersDate", VERSION_DATE)
        _add(info, "Date", today.isoformat())
        _add(info, "ProgSystem", PROGRAM)
        title = " ".join(clean(self.draft.title).split()) or "LV"
        project = _add(root, "PrjInfo")
        _add(project, "NamePrj", title[:60])
        if re.fullmatch(r"[A-Z]{3}", self.draft.currency):
            _add(project, "Cur", self.draft.currency)
        award = _add(root, "Award")
        _add(award, "DP", "83")
        boq = _add(award, "BoQ", ID="LV")
        head = _add(boq, "BoQInfo")
        _add(head, "Name", title[:20])
        _add(head, "LblBoQ", title[:60])
        _add(head, "OutlCompl", "AllTxt")
        body = _add(boq, "BoQBody")
        self.write_node(body, self.root, 0, "")
        self.write_mask(head)
        return to_bytes(root), self.items

    def write_mask(self, head):
        for level in sorted(key for key in self.lengths if key != "Item"):
            self.write_mask_row(head, "BoQLevel", *self.lengths[level])
        self.write_mask_row(head, "Item", *self.lengths.get("Item", [4, True]))

    def write_mask_row(self, head, kind, length, is_number):
        row = _add(head, "BoQBkdn")
        _add(row, "Type", kind)
        _add(row, "Length", str(length))
        _add(row, "Num", "Yes" if is_number else "No")

    def write_node(self, body, node, level, number):
        for below in node.nodes:
            self.measure(level, below.number)
            category = _add(body, "BoQCtgy", ID=self.make_id(), RNoPart=below.number)
            _add_text(_add(category, "LblTx"), below.zone.name or below.number)
            inner = _add(category, "BoQBody")
            self.write_node(inner, below, level + 1, f"{number}.{below.number}".strip("."))
        if node.items:
            parts = _get_item_parts(node)
            rows = _add(body, "Itemlist")
            for part, item in zip(parts, node.items, strict=True):
                self.measure("Item", part)
                self.write_item(rows, part, item, f"{number}.{part}".strip("."))

    def write_item(self, rows, part, item, number):
        element = _add(rows, "Item", ID=self.make_id(), RNoPart=part)
        if item.is_optional:
            _add(element, "Provis", "WithoutTotal")
        if item.quantity is not None:
            _add(element, "Qty", fixed(item.quantity, 3))
        else:
            _add(element, "QtyTBD", "Yes")
        _add(element, "QU", unit(item.unit))
        text = _add(_add(element, "Description"), "CompleteText")
        details = _add(_add(text, "DetailTxt"), "Text")
        _add_text(details, item.description or item.name)
        outline = _add(_add(_add(text, "OutlineText"), "OutlTxt"), "TextOutlTxt")
        _add_text(outline, " ".join(item.name.split()))
        self.items.append(replace(item, reference=number))

    def measure(self, level, part):
        """Keep how long the numbers of a level are, and whether they are figures only."""
        length, is_number = self.lengths.get(level, [1, True])
        self.lengths[level] = [max(length, len(part)), is_number and part.isdigit()]

    def make_id(self):
        self.ids += 1
        return f"ID{self.ids}"


def _get_tree(draft):
    """Hang items on zones; give items beside zones a category of their own, as the standard wants it."""
    top = _Node(None)
    nodes, levels = {"": top}, {"": 0}
    for zone in _from_the_top(draft.zones):
        above = nodes.get(zone.parent, top)
        level = levels.get(zone.parent, 0) + 1
        if level > MAX_LEVELS:
            # Too deep for the standard: what is here goes to the zone above.
            nodes[zone.key], levels[zone.key] = above, level
            continue
        node = _Node(zone)
        above.nodes.append(node)
        nodes[zone.key], levels[zone.key] = node, level
    for item in draft.items:
        nodes.get(item.zone, top).items.append(item)
    _tidy(top, 1)
    return top


def _from_the_top(zones):
    """Order zones so that each comes after the one it is part of; what is in a circle comes last."""
    ordered, known, waiting = [], {""}, list(zones)
    keys = {zone.key for zone in zones}
    while waiting:
        ready = [zone for zone in waiting if zone.parent in known or zone.parent not in keys] or waiting
        ordered += ready
        known |= {zone.key for zone in ready}
        waiting = [zone for zone in waiting if zone.key not in known]
    return ordered


def _tidy(node, level):
    """Drop categories with nothing in them; move items that stand beside categories into one."""
    for below in node.nodes:
        _tidy(below, level + 1)
    node.nodes = [below for below in node.nodes if below.nodes or below.items]
    if node.nodes and node.items:
        name = node.zone.name if node.zone else "-"
        node.nodes.insert(0, _Node(Zone(key="", name=name), items=node.items))
        node.items = []


def _number(node, keep=True):
    """Give each category its number: the last part of its code where all beside it have a good one."""
    parts = [below.zone.code.rpartition(".")[2].strip() for below in node.nodes]
    if not keep or not _are_good(parts):
        width = max(2, len(str(len(parts))))
        parts = [f"{place:0{width}d}" for place in range(1, len(parts) + 1)]
    for below, part in zip(node.nodes, parts, strict=True):
        below.number = part
        _number(below, keep)


def _get_item_parts(node):
    parts = [item.reference.rpartition(".")[2].strip() for item in node.items]
    has_one_parent = len({item.reference.rpartition(".")[0] for item in node.items}) == 1
    if has_one_parent and _are_good(parts) and max(len(part) for part in parts) <= 4:
        return parts
    width = max(4, len(str(len(parts) * 10)))
    return [f"{place * 10:0{width}d}" for place in range(1, len(parts) + 1)]


def _are_good(parts):
    return len(set(parts)) == len(parts) and all(_PART.match(part) for part in parts)


def _get_longest(node):
    """Give how long the longest number is, four letters for positions."""
    return max((len(below.number) + _get_longest(below) for below in node.nodes), default=4)


def _add(parent, name, text=None, **attributes):
    element = etree.SubElement(parent, f"{{{NAMESPACE}DA83/{VERSION}}}{name}", attributes)
    if text is not None:
        element.text = clean(text)
    return element


def _add_text(parent, text):
    for line in clean(text).splitlines() or [""]:
        _add(_add(parent, "p"), "span", line)
