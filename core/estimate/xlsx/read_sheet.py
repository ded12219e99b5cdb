"""The tabs Items and Measurements to the items of a sheet."""

from .. import measuring
from ..exchange.draft import Item, Measured, Zone
from . import words
from .rows import find_currency, is_zero

MAX_DEPTH = 20
_KINDS = ("measure", "subtotal", "cumulative")


def read_sheet(reader, draft, notes):
    """Fill the draft of a sheet from a `Reader`."""
    items = _SheetReader(reader, draft, notes)
    items.read_items()
    items.read_measurements()
    if not draft.items and not notes.errors:
        notes.error(reader.tabs[0].title, reader.options.say._("There is no item beneath the headings."))


class _SheetReader:
    def __init__(self, reader, draft, notes):
        self.reader = reader
        self.draft = draft
        self.notes = notes
        self.say = reader.options.say
        self.zones = {}
        # what a measured row may call its item: number, code or name → items
        self.by_number, self.by_code, self.by_name = {}, {}, {}
        self.keys = set()
        # id of an item or measured row → the cell to name
        self.places = {}
        self.chapter = ""

    def read_items(self):
        say = self.say
        for row in self.reader.rows("items", self.notes):
            name = row.text("name") or row.text("description")
            code = row.code()
            if self._is_total(row, name, code):
                self.notes.warn(
                    row.where("name"), say._("The row of totals was left aside; totals are worked out again.")
                )
            elif name or code or "key" in row:
                self._read_item(row, name, code)
            elif set(row.cells) - {"zone", "number"}:
                self.notes.error(row.where("name"), say._("The item has neither a name nor a code."))
        self.draft.currency = find_currency(self.reader.tabs[0])

    def _is_total(self, row, name, code):
        if code or "key" in row or row.text("unit"):
            return False
        return words.is_total(name or row.text("zone")) if name or "zone" in row else row.is_sum()

    def _read_item(self, row, name, code):
        quantity = row.number_of("quantity")
        price = row.number_of("price", is_negative=True)
        unit = row.text("unit")
        is_measured = "number" in row and self.reader.has_tab("measurements")
        if not unit and not is_measured and not {"key", "quantity", "price"} & set(row.cells):
            return self._read_chapter(row, name, code)
        item = Item(
            code=code,
            name=name,
            description=row.text("description") if "name" in row else "",
            unit=unit,
            quantity=quantity,
            price=price,
            zone=self._zone(row.text("zone")) or self.chapter,
            reference=self._key(row),
            where=row.where("name" if "name" in row else "code"),
        )
        correction = row.number_of("correction", is_negative=True)
        if correction is not None:
            item.correction = correction
        self.draft.items.append(item)
        self.places[id(item)] = row.where("quantity")
        for index, text in ((self.by_number, row.text("number")), (self.by_code, code), (self.by_name, name)):
            if text:
                index.setdefault(_fold(text), []).append(item)
        return None

    def _read_chapter(self, row, name, code):
        """A row with nothing but words is the heading of those beneath, where no column tells their zone."""
        say = self.say
        if "zone" in row.layout.places:
            self.notes.warn(
                row.where("name"), say._("“%(text)s” has no quantity and no unit and was left aside.", text=name)
            )
            return
        self.chapter = self._zone((name or code).replace(" / ", "/"), code if name else "")

    def _key(self, row):
        """A key counts once: a row that was copied with its key is a new item."""
        say = self.say
        key = row.text("key")
        if key and key in self.keys:
            self.notes.warn(row.where("key"), say._("The row is a copy of another one and makes a new item."))
            return ""
        self.keys.add(key)
        return key

    def _zone(self, path, code=""):
        """Give the key of the zone of a path, “House / Bathroom”; makes those above it too."""
        names = [part.strip() for part in path.split(" / ") if part.strip()][:MAX_DEPTH]
        key = ""
        for name in names:
            parent, key = key, f"{key} / {name}" if key else name
            if key not in self.zones:
                self.zones[key] = Zone(key, name=name, parent=parent)
                self.draft.zones.append(self.zones[key])
        if code and key:
            self.zones[key].code = code
        return key

    def read_measurements(self):
        for row in self.reader.rows("measurements", self.notes):
            if words.is_total(row.text("comment")) and "item" not in row:
                continue
            item = self._find_item(row)
            measured = self._read_measured(row)
            if item:
                item.measured.append(measured)
                self.places[id(measured)] = row.where("formula" if measured.formula else "count")
        for item in self.draft.items:
            if item.measured:
                self._check_measured(item)

    def _check_measured(self, item):
        """Rows that come to nothing one can build are an error, another quantity than theirs is not."""
        say = self.say
        for measured in item.measured:
            try:
                measuring.measure(to_core(measured))
            except measuring.MeasureError:
                message = say._("The measured row cannot be worked out. Check its figures and its formula.")
                self.notes.error(self.places[id(measured)], message)
                return
        try:
            total = measuring.work_out(map(to_core, item.measured))[1]
        except measuring.MeasureError:
            self.notes.error(self.places[id(item)], say._("The measured rows come to more than can be true."))
            return
        if total < 0:
            self.notes.error(self.places[id(item)], say._("The measured rows come to less than nothing."))
        elif item.quantity is not None and abs(float(item.quantity) - total) > 1e-6:
            message = say._(
                "The quantity is %(given)s, but its measured rows come to %(total)s, which holds.",
                given=format(item.quantity, "f"),
                total=f"{total:.12g}",
            )
            self.notes.warn(self.places[id(item)], message)

    def _read_measured(self, row):
        say = self.say
        measured = Measured(
            name=row.text("comment"),
            count=row.number_of("count", is_negative=True),
            length=row.number_of("length"),
            width=row.number_of("width"),
            height=row.number_of("height"),
            is_deduction=row.yes("deduction"),
            formula=row.text("formula"),
            kind=row.choice("row_kind", _KINDS) or "measure",
            zone=self._zone(row.text("zone")),
        )
        figures = (measured.count, measured.length, measured.width, measured.height)
        if measured.kind == "measure" and not measured.formula and all(figure is None for figure in figures):
            self.notes.warn(row.where("count"), say._("The measured row has no figure and counts as one."))
        elif not is_zero(measured.count) and measured.count < 0 and measured.is_deduction:
            self.notes.warn(row.where("count"), say._("A deduction with a count below zero adds."))
        return measured

    def _find_item(self, row):
        """The item a measured row belongs to: by its number, its code or its name."""
        say = self.say
        text = row.text("item")
        if not text:
            if not self.notes.errors or self.notes.errors[-1].where != row.where("item"):
                self.notes.error(row.where("item"), say._("The measured row does not say which item it belongs to."))
            return None
        for index in (self.by_number, self.by_code, self.by_name):
            found = index.get(_fold(text), [])
            if len(found) == 1:
                return found[0]
            if found:
                self.notes.error(
                    row.where("item"),
                    say._("“%(text)s” may be one of %(count)s items.", text=text[:60], count=len(found)),
                )
                return None
        self.notes.error(row.where("item"), say._("There is no item “%(text)s”.", text=text[:60]))
        return None


def to_core(measured):
    """Give a measured row as the arithmetic takes it: no count is one, no size is none."""
    return measuring.Row(
        count=1.0 if measured.count is None else float(measured.count),
        length=float(measured.length or 0),
        width=float(measured.width or 0),
        height=float(measured.height or 0),
        formula=measured.formula,
        is_deduction=measured.is_deduction,
        kind=measured.kind,
    )


def _fold(text):
    return " ".join(text.casefold().split())
