"""Which tab is what, in which row its headings stand, and which column holds which field."""

from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from . import words

#: kind of tab → its fields, in the order of the written columns
FIELDS = {
    "items": (
        "number",
        "zone",
        "code",
        "name",
        "description",
        "unit",
        "quantity",
        "price",
        "correction",
        "key",
    ),
    "measurements": (
        "item",
        "zone",
        "comment",
        "count",
        "length",
        "width",
        "height",
        "deduction",
        "formula",
        "row_kind",
    ),
    "recipes": ("code", "name", "description", "unit", "makes", "nature", "parameters", "cost", "sales_price"),
    "components": (
        "recipe",
        "code",
        "name",
        "unit",
        "row_kind",
        "quantity",
        "waste",
        "percent",
        "base",
        "hours",
        "minimum",
        "formula",
        "nature",
        "cost",
    ),
    "prices": ("code", "name", "unit", "cost", "date", "vendor", "sales_price"),
    "offer": ("number", "code", "name", "description", "unit", "quantity", "price", "discount", "amount", "offered"),
}
#: kind of file → the tabs it has; the first one must be there. Of two kinds that fit alike the first is taken.
TABS = {
    "sheet": ("items", "measurements"),
    "prices": ("prices",),
    "recipes": ("recipes", "components"),
    "quote": ("offer",),
}
#: kinds that are never guessed: whoever wants one says so
_ASKED_FOR = {"quote"}
#: of each of these groups one column must be there
REQUIRED = {
    "items": (("name", "code", "description"), ("quantity", "unit", "price", "key")),
    "measurements": (("item",), ("count", "length", "width", "height", "formula")),
    "recipes": (("code", "name"),),
    "components": (("recipe",), ("code", "name")),
    "prices": (("code", "name"), ("cost", "sales_price", "price")),
    "offer": (("name", "code", "description"), ("quantity", "unit", "price")),
}
#: what a heading of another program may also mean
_INSTEAD = {
    "items": {"cost": "price"},
    "prices": {"price": "cost", "description": "name"},
    "measurements": {
        "number": "item",
        "code": "item",
        "quantity": "count",
        "name": "comment",
        "description": "comment",
    },
    "components": {"count": "quantity", "description": "name"},
    "recipes": {"quantity": "makes"},
    "offer": {"cost": "price", "item": "number"},
}
_HEADING_ROWS = 30


@dataclass(slots=True)
class Column:
    """A column of a tab: its letter, heading and first value, and the field it was taken for, if any."""

    letter: str
    heading: str
    field: str = ""
    sample: str = ""


@dataclass(slots=True)
class Layout:
    """How a tab was understood.

    `places` is field → column, counted from 0; `missing` names fields to be chosen; `exact` counts the headings that
    mean just this in a tab of this kind.
    """

    title: str
    kind: str
    heading_row: int
    columns: list[Column] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    exact: int = 0


def find_layouts(tabs, kind="", chosen=None):
    """Recognise the tabs of a workbook.

    :param tabs: list of `book.Tab`
    :param kind: sheet, recipes, prices or quote; empty to find out which of the first three
    :param chosen: dict of tab title → dict of column letter → field (or ""), what a person said
    :return: `(kind, dict of kind of tab → (tab, Layout))`; empty when nothing fits
    """
    chosen = chosen or {}
    visible = [tab for tab in tabs if not tab.is_hidden and tab.rows]
    kinds = [kind] if kind in TABS else [known for known in TABS if known not in _ASKED_FOR]
    found = {wanted: _find_tabs(visible, TABS[wanted], chosen) for wanted in kinds}
    best = max(kinds, key=lambda wanted: _score(found[wanted], TABS[wanted]))
    return best, found[best]


def _score(layouts, kinds):
    if kinds[0] not in layouts:
        return (0, 0, 0)
    fits = sum(not layout.missing for _tab, layout in layouts.values())
    titled = sum(kind in words.tab_kinds(layout.title) for kind, (_tab, layout) in layouts.items())
    return (fits, titled, sum(layout.exact for _tab, layout in layouts.values()))


def _find_tabs(tabs, kinds, chosen):
    layouts, taken = {}, set()
    for place, kind in enumerate(kinds):
        candidates = [(tab, make_layout(tab, kind, chosen.get(tab.title))) for tab in tabs if tab.title not in taken]
        titled = [pair for pair in candidates if kind in words.tab_kinds(pair[0].title)]
        fitting = [pair for pair in candidates if not pair[1].missing]
        if place:  # a second tab must say what it is
            fitting = [pair for pair in fitting if len(pair[1].places) > 2]
            candidates = []
        for choice in (titled, fitting, candidates):
            if choice:
                tab, layout = max(choice, key=lambda pair: (not pair[1].missing, len(pair[1].places)))
                layouts[kind] = (tab, layout)
                taken.add(tab.title)
                break
    return layouts


def make_layout(tab, kind, chosen=None):
    """Read one tab as one kind: find the row of headings, then what each column holds."""
    best = None
    for number, cells in tab.rows[:_HEADING_ROWS]:
        places, exact = _match(cells, kind)
        layout = Layout(tab.title, kind, number, places=places, exact=exact)
        layout.missing = _get_missing(places, kind)
        rank = (not layout.missing, len(places))
        if best is None or rank > best[0]:
            best = (rank, layout, cells)
    _rank, layout, cells = best
    if chosen:
        _apply_chosen(layout, chosen)
    if kind in ("items", "offer") and "name" not in layout.places and "description" in layout.places:
        layout.places["name"] = layout.places.pop("description")
    layout.missing = _get_missing(layout.places, kind)
    layout.columns = _list_columns(tab, layout, cells)
    return layout


def _match(cells, kind):
    """Match headings to fields: the exact one of the kind first, then what it may also mean."""
    places, exact = {}, 0
    texts = {place: str(cell.value) for place, cell in cells.items() if cell.kind == "text"}
    for is_exact in (True, False):
        for place, text in texts.items():
            if place in places.values():
                continue
            for name in words.heading_fields(text):
                if not is_exact:
                    name = _INSTEAD.get(kind, {}).get(name, "")
                if name in FIELDS[kind] and name not in places:
                    places[name] = place
                    exact += is_exact
                    break
    return places, exact


def _apply_chosen(layout, chosen):
    for letter, name in chosen.items():
        place = _place_of(letter)
        layout.places = {known: where for known, where in layout.places.items() if where != place and known != name}
        if name in FIELDS[layout.kind]:
            layout.places[name] = place


def _place_of(letter):
    place = 0
    for sign in letter.upper():
        place = place * 26 + ord(sign) - 64
    return place - 1


def _get_missing(places, kind):
    return [group[0] for group in REQUIRED[kind] if not any(name in places for name in group)]


def _list_columns(tab, layout, cells):
    samples = {}
    for number, row in tab.rows:
        if number > layout.heading_row:
            for place, cell in row.items():
                samples.setdefault(place, "" if cell.value is None else str(cell.value)[:60])
    fields = {place: name for name, place in layout.places.items()}
    return [
        Column(
            get_column_letter(place + 1),
            str(cells[place].value)[:60] if place in cells else "",
            fields.get(place, ""),
            samples.get(place, ""),
        )
        for place in sorted(cells.keys() | samples.keys())
    ]
