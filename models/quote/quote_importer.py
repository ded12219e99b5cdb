"""Rows of a workbook as chapters and lines of a draft quote: planned first, shown, then made in one go."""

import re
from dataclasses import dataclass, field

from ...core.estimate.exchange import Note
from ..estimate.catalogue_finder import CatalogueFinder

APPEND, UPDATE = "append", "update"
STOP, SKIP, MAKE = "stop", "skip", "make"
PRICE_DIGITS = 10


@dataclass(slots=True)
class Change:
    """What a row makes of a line the quote has: values to write, and how they are shown."""

    row: object
    line: object
    values: dict = field(default_factory=dict)
    shown: list = field(default_factory=list)


@dataclass(slots=True)
class Added:
    """A row that becomes a line: `values` of it, and the `parent` (a section of the quote) it goes into, if any."""

    row: object
    values: dict
    parent: object = None
    is_new_product: bool = False


class QuoteImporter:
    """Compares the rows of a `Draft` with a quote and makes of them what a person chose.

    :param order: a draft `sale.order`
    :param mode: append (all rows are new) or update (rows with the number of a line change that line)
    :param missing: stop, skip or make: what becomes of rows whose product is not in the catalogue
    """

    def __init__(self, order, draft, mode=APPEND, missing=STOP):
        self.order = order
        self.env = order.env
        self.draft = draft
        self.mode = mode
        self.missing = missing
        self.notes, self.changed, self.added = [], [], []
        self.same_count = 0
        precision = self.env["decimal.precision"].precision_get
        self.digits = {name: precision(label) for name, label in _ACCURACIES.items()}
        # A price is kept as it is given; what it is shown with is another matter.
        self.digits["price_unit"] = PRICE_DIGITS
        self.finder = CatalogueFinder(self.env, order.company_id, [("sale_ok", "=", True), ("type", "!=", "combo")])
        self._plan()

    @property
    def kept_count(self):
        """How many numbered lines of the quote are not in the workbook and stay as they are."""
        matched = self.same_count + len(self.changed)
        return len(self.order.order_line.filtered("chapter_number")) - matched if self.mode == UPDATE else 0

    def apply(self):
        """Write and create what was planned; the caller has shown it and made sure there is no error."""
        for change in self.changed:
            if not change.line.display_type:
                change.line.write(change.values)
        for change in self.changed:
            if change.line.display_type:
                self._resize(change)
        if self.added:
            self._create_lines()

    # Planning

    def _plan(self):
        self.finder.load(_split_code(row) for row in self.draft.offer if row.kind == "line")
        known = {}
        if self.mode == UPDATE:
            known = {line.chapter_number: line for line in self.order.order_line if line.chapter_number}
        self.filled = {
            row.number.rpartition(".")[0] for row in self.draft.offer if row.number and row.kind == "line"
        }
        skipped = set()
        for row in self.draft.offer:
            line = known.get(row.number) if row.number else None
            if line:
                self._compare(row, line)
            elif not self._is_below(row, skipped):
                self._add(row, known)
        self._wrap_loose_lines()

    def _is_below(self, row, numbers):
        return any(row.number.startswith(f"{number}.") for number in numbers)

    def _compare(self, row, line):
        change = Change(row, line)
        if _fold(row.name) and _fold(row.name) not in _fold(line.name) and _fold(line.name) not in _fold(row.name):
            message = self.env._(
                "The line %(number)s is “%(name)s” on the quote. Check that it is the same.",
                number=row.number,
                name=_first(line.name),
            )
            self._note(row, message)
        if self._has_other_unit(row, line):
            return
        if line.display_type:
            self._compare_chapter(change)
        elif row.kind == "title":
            self._note(row, self.env._("The row has lines beneath it here, and is a line on the quote: left aside."))
        else:
            self._compare_line(change)
        if change.shown:
            self.changed.append(change)
        else:
            self.same_count += 1

    def _has_other_unit(self, row, line):
        own = line.chapter_uom_id if line.display_type else line.product_uom_id
        if not row.unit or not own or _fold(row.unit) == _fold(own.name) or self.finder.unit(row.unit) == own:
            return False
        self._error(
            row,
            self.env._(
                "The unit is %(unit)s in the workbook and %(own)s on the quote.", unit=row.unit[:40], own=own.name
            ),
        )
        return True

    def _compare_chapter(self, change):
        row, line = change.row, change.line
        if row.quantity is not None and row.quantity > 0 and line.chapter_quantity:
            self._set(change, "chapter_quantity", self.env._("Quantity"), row.quantity)
        elif row.quantity is not None and row.quantity <= 0:
            self._error(row, self.env._("A chapter needs a quantity above zero."))
        is_alone = row.number not in self.filled
        if is_alone and row.price is not None and abs(float(row.price) - line.chapter_price_unit) > 0.005:
            self._note(row, self.env._("The price of a chapter is that of its lines and was left aside."))

    def _compare_line(self, change):
        row, line = change.row, change.line
        _t = self.env._
        name = "offered_quantity" if line.offered_quantity and not line.product_uom_qty else "product_uom_qty"
        if row.quantity is not None and not row.quantity:
            self._error(row, _t("The line has the quantity zero. Remove it from the workbook, or from the quote."))
        elif row.quantity is not None:
            self._set(change, name, _t("Quantity"), row.quantity)
        if row.price is not None:
            self._set(change, "price_unit", _t("Unit Price"), row.price)
        if row.discount is not None:
            self._set(change, "discount", _t("Discount %"), row.discount)
        if change.values:
            # All at once, or stock would look up what is not given.
            change.values = {"price_unit": line.price_unit, "discount": line.discount} | change.values

    def _set(self, change, name, label, value):
        digits = self.digits[name]
        before, value = change.line[name], round(float(value), digits)
        if round(before, digits) != value:
            change.values[name] = value
            change.shown.append((label, f"{before:.12g}", f"{value:.12g}"))

    def _add(self, row, known):
        parent = known.get(row.number.rpartition(".")[0]) if row.number else None
        if parent and not parent.display_type:
            parent = None
        if row.kind != "line":
            values = {"display_type": "line_note" if row.kind == "note" else "line_section", "name": row.name or row.code}
            if row.kind == "title":
                values |= self._prepare_chapter_values(row)
            self.added.append(Added(row, values, parent))
            return
        added = Added(row, {}, parent)
        if self._prepare_line(added):
            self.added.append(added)

    def _prepare_chapter_values(self, row):
        unit = self._find_unit(row) if row.unit else self.env["uom.uom"]
        if row.quantity is not None and row.quantity <= 0:
            self._error(row, self.env._("A chapter needs a quantity above zero."))
        if row.quantity is None and not row.unit:
            return {}
        unit = unit or self.env.ref("uom.product_uom_unit")
        return {"chapter_quantity": float(row.quantity or 1), "chapter_uom_id": unit.id}

    def _prepare_line(self, added):
        """Fill in the values of a new line; tell whether there will be one."""
        row = added.row
        if not row.quantity:
            self._error(row, self.env._("The line has no quantity."))
            return False
        code, name = _split_code(row)
        product = self.finder.product(code, name)
        unit = self._find_unit(row) if row.unit else product.uom_id
        if product and unit and not product.uom_id._has_common_reference(unit):
            self._error(
                row,
                self.env._(
                    "%(product)s is counted in %(product_unit)s, which does not convert to %(unit)s.",
                    product=product.display_name,
                    product_unit=product.uom_id.name,
                    unit=unit.name,
                ),
            )
            return False
        if not product and not self._accept_missing(row, code or name):
            return False
        added.is_new_product = not product
        added.values = {
            "product_id": product.id,
            "name": row.name or product.display_name or code,
            "product_uom_qty": round(float(row.quantity), self.digits["product_uom_qty"]),
            "product_uom_id": (unit or self.env.ref("uom.product_uom_unit")).id,
            "cost_nature": product._get_cost_nature(),
        }
        if row.price is not None:
            price = round(float(row.price), self.digits["price_unit"])
            added.values |= {"price_unit": price, "discount": float(row.discount or 0)}
        return True

    def _accept_missing(self, row, text):
        if self.missing == MAKE:
            return True
        if self.missing == SKIP:
            self._note(row, self.env._("No product is “%(text)s”: the row was left aside.", text=text[:80]))
        else:
            self._error(row, self.env._("No product of the catalogue is “%(text)s”.", text=text[:80]))
        return False

    def _find_unit(self, row):
        unit = self.finder.unit(row.unit)
        if not unit:
            self._error(row, self.env._("The unit “%(unit)s” is not known.", unit=row.unit[:40]))
        return unit

    def _wrap_loose_lines(self):
        """Give lines that stand in no chapter of their own one each, as items of a sheet have."""
        wrapped, is_inside = [], False
        for added in self.added:
            if added.values.get("display_type") == "line_section":
                # Deeper titles are parts of the chapter above them.
                if added.row.level > 1 and (is_inside or added.parent):
                    added.values["display_type"] = "line_subsection"
                else:
                    is_inside = not added.parent
            elif not added.values.get("display_type") and not added.parent:
                if added.row.number and added.row.level == 1:
                    is_inside = False
                if not is_inside:
                    wrapped.append(self._make_title(added))
            wrapped.append(added)
        self.added = wrapped

    def _make_title(self, added):
        values = {
            "display_type": "line_section",
            "name": _first(added.values["name"]),
            "chapter_quantity": abs(added.values["product_uom_qty"]),
            "chapter_uom_id": added.values["product_uom_id"],
            "chapter_product_id": added.values["product_id"],
        }
        return Added(added.row, values)

    # Making

    def _resize(self, change):
        """Give a chapter its quantity: what stands in it goes along, unless the workbook has it row by row."""
        if change.row.number in self.filled:
            change.line.write(change.values)
        else:
            change.line._set_chapter_quantity(change.values["chapter_quantity"])

    def _create_lines(self):
        if any(added.is_new_product for added in self.added):
            self._make_products()
        self.added = _sort_direct_first(self.added)
        vals_list = [self._complete(added.values) for added in self.added]
        priced = [vals for vals in vals_list if vals.get("display_type") != "line_note"]
        # sudo: costs belong to the line even when the person importing may not see them.
        self.env["sale.order.line"].sudo()._add_generated_values(priced)
        before = list(self.order.order_line.sorted(lambda line: (line.sequence, line.id)))
        created = self.env["sale.order.line"].create(vals_list)
        self.order._arrange_lines(self._place(before, created))

    def _complete(self, values):
        # Numbered with all others once they stand where they belong.
        values = {**values, "order_id": self.order.id, "chapter_number": "-"}
        if values.get("display_type"):
            values |= {"product_uom_qty": 0.0}
        return values

    def _make_products(self):
        """Make the products that are missing, each once."""
        made = {}
        for added in self.added:
            if not added.is_new_product or added.values.get("display_type"):
                continue
            code, name = _split_code(added.row)
            key = (code, _first(name))
            if key not in made:
                # sudo: estimators make the products of what they import, and nothing else of products.
                product_sudo = self.env["product.product"].sudo().create(
                    {
                        "name": _first(name) or code,
                        "default_code": code or False,
                        "type": "consu",
                        "uom_id": added.values["product_uom_id"],
                        "list_price": 0.0,
                        "company_id": self.order.company_id.id,
                    }
                )
                made[key] = product_sudo.sudo(False)
            added.values["product_id"] = made[key].id
            added.values["cost_nature"] = made[key]._get_cost_nature()
        for title, line in zip(self.added, self.added[1:]):
            if title.row is line.row and line.is_new_product:
                title.values["chapter_product_id"] = line.values["product_id"]

    def _place(self, before, created):
        """Give all lines in their order: new ones at the end, or at the end of the chapter they belong to."""
        behind, last = {}, []
        for added, line in zip(self.added, created):
            if added.parent:
                behind.setdefault(self._get_last_of(added.parent, line, before), []).append(line)
            else:
                last.append(line)
        placed = []
        for line in before:
            placed += [line, *behind.get(line, ())]
        return [*placed, *last]

    def _get_last_of(self, parent, line, before):
        """Give the line behind which a new one stands: direct lines before the parts of a chapter."""
        stops = ("line_section",) if line.display_type else ("line_section", "line_subsection")
        place = before.index(parent)
        while place + 1 < len(before) and before[place + 1].display_type not in stops:
            place += 1
        return before[place]

    def _note(self, row, message):
        self.notes.append(Note(row.where, message))

    def _error(self, row, message):
        self.notes.append(Note(row.where, message, is_error=True))


_ACCURACIES = {
    "product_uom_qty": "Product Unit",
    "offered_quantity": "Product Unit",
    "chapter_quantity": "Product Unit",
    "discount": "Discount",
}


def _sort_direct_first(added):
    """Put what a chapter takes directly before its parts: a part ends at the next one only."""
    result, direct, parts, is_in_part = [], [], [], False
    for row in added:
        kind = row.values.get("display_type")
        if kind == "line_section":
            result += direct + parts
            direct, parts, is_in_part = [row], [], False
        elif kind == "line_subsection":
            parts.append(row)
            is_in_part = True
            level = row.row.level
        elif is_in_part and (not row.row.number or row.row.level > level or kind):
            parts.append(row)
        else:
            direct.append(row)
    return result + direct + parts


def _split_code(row):
    """Give the code and the name of a row; a quote has the code in brackets before the name."""
    first = _first(row.name)
    match = None if row.code else re.fullmatch(r"\[([^\]]{1,64})\]\s*(.*)", first)
    return (match[1], match[2]) if match else (row.code, first)


def _first(text):
    return (text or "").strip().partition("\n")[0].strip()


def _fold(text):
    return " ".join(_first(text).casefold().split())
