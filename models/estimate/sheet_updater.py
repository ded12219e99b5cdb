"""The items of a workbook put into a sheet: the same items are changed, others are added, missing ones stay or go."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from odoo.fields import Command

from ...core.estimate import measuring
from ...core.estimate.exchange import Note
from ...core.estimate.xlsx.read_sheet import to_core
from .catalogue_finder import CatalogueFinder
from .workbook_drafts import read_key, split_name

_SIZES = ("count", "length", "width", "height")


@dataclass(slots=True)
class Change:
    """What an item of the workbook does to an item of the sheet; without a `line` it is a new one."""

    item: object
    line: object
    values: dict = field(default_factory=dict)
    #: `(label, before, after)` of what a person sees
    shown: list = field(default_factory=list)
    zone: str | None = None
    sequence: int = 0


class SheetUpdater:
    """Compares a draft with a sheet, tells what it would do, and does it.

    An empty cell changes nothing. Nothing is written before `apply`.
    """

    def __init__(self, sheet, draft, fields, has_rows=False, is_removing=False):
        """
        :param fields: the columns of the items, see `core.estimate.xlsx.layout.Layout.places`
        :param has_rows: whether the workbook tells of measured rows
        :param is_removing: items that are not in the workbook go
        """
        self.sheet = sheet
        self.env = sheet.env
        self.draft = draft
        self.fields = fields
        self.has_rows = has_rows
        self.is_removing = is_removing
        self.notes = []
        self.changes = []
        self.missing = sheet.line_ids.browse()
        self.finder = CatalogueFinder(self.env, sheet.company_id, [("sale_ok", "=", True)])
        self.sees_prices = sheet._has_field_access(sheet._fields["amount_total"], "read")
        self.is_given = self.sees_prices and sheet.price_source == "given"
        self._plan()

    @property
    def added(self):
        """The new items."""
        return [change for change in self.changes if not change.line]

    @property
    def changed(self):
        """The items of the sheet that would change."""
        return [change for change in self.changes if change.line and change.shown]

    def apply(self):
        """Write the changes; the caller has shown them and made sure there is no error."""
        lines = self.env["construction.evaluation.line"]
        zones = self._make_zones()
        for change in self.changed:
            values = dict(change.values)
            if change.zone is not None:
                values["zone_id"] = zones[change.zone].id
            change.line.write(self._place_rows(values, zones))
        vals_list = []
        for change in self.added:
            values = {"evaluation_id": self.sheet.id, "sequence": change.sequence, **change.values}
            if change.zone:
                values["zone_id"] = zones[change.zone].id
            vals_list.append(self._place_rows(values, zones))
        lines.create(vals_list)
        if self.is_removing:
            self.missing.unlink()

    def get_price_cells(self):
        """Give the unit prices of the items that were found, by the cell that takes each.

        A user who sees no price gets an access error.
        """
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return {
            self._where(change.item, "price").rpartition("!")[2]: round(change.line.price_unit, digits)
            for change in self.changes
            if change.line
        }

    # Planning

    def _plan(self):
        self.finder.load((item.code, item.name) for item in self.draft.items)
        # Rows are compared one by one: read them together.
        self.sheet.line_ids.measurement_ids.fetch(["name", "kind", "formula", "is_deduction", "zone_id", *_SIZES])
        pairs = self._match()
        taken = {line.id for line in pairs.values()}
        self.missing = self.sheet.line_ids.filtered(lambda line: line.id not in taken)
        sequence = 0 if self.sheet.line_ids else -10
        is_empty = not self.sheet.line_ids
        for place, item in enumerate(self.draft.items):
            line = pairs.get(place)
            if line:
                sequence = line.sequence
                change = self._compare(item, line)
            else:
                change = self._prepare_new(item)
                sequence += 10 if is_empty else 0
                change.sequence = sequence or max(self.sheet.line_ids.mapped("sequence"), default=0) + 10
            self.changes.append(change)

    def _match(self):
        """Find the line of each item: by its key, by code and zone, by name and zone, by code, by name.

        :return: a dict of place in the draft → line
        """
        lines = {line.id: line for line in self.sheet.line_ids}
        pairs = {}
        for place, item in enumerate(self.draft.items):
            line = lines.pop(read_key(self.sheet, item.reference), None)
            if line:
                pairs[place] = line
        words = {line.id: (*split_name(line)[:2], line.zone_id.complete_name or "") for line in lines.values()}
        for names in (("code", "zone"), ("name", "zone"), ("code",), ("name",)):
            waiting = defaultdict(list)
            for line_id, (code, name, zone) in words.items():
                if line_id in lines:
                    known = {"code": code, "name": name, "zone": zone}
                    waiting[tuple(known[word].casefold() for word in names)].append(line_id)
            for place, item in enumerate(self.draft.items):
                if place in pairs:
                    continue
                known = {"code": item.code, "name": item.name, "zone": item.zone}
                if not known[names[0]]:
                    continue
                found = waiting.get(tuple(known[word].casefold() for word in names))
                if found:
                    pairs[place] = lines.pop(found.pop(0))
        return pairs

    def _prepare_new(self, item):
        change = Change(item, None)
        product = self._find_product(item)
        unit = self._find_unit(item, product)
        name = item.name or product.name or item.code
        if not product and item.code:
            name = f"[{item.code}] {name}"
            self._warn(
                item, self.env._("No product has the code “%(code)s”: it becomes a free item.", code=item.code), "code"
            )
        elif not product:
            self._warn(item, self.env._("No product has the name “%(name)s”: it becomes a free item.", name=item.name))
        values = {"name": "\n".join(filter(None, (name, item.description)))}
        if product:
            values["product_id"] = product.id
        values["uom_id"] = (unit or product.uom_id or self.env["construction.evaluation.line"]._get_default_uom()).id
        if item.measured:
            values["measurement_ids"] = [
                Command.create(self._prepare_row(row, n)) for n, row in enumerate(item.measured)
            ]
        else:
            values["quantity"] = float(item.quantity or 0)
        self._set_price(change, item, values, None)
        change.values = values
        change.zone = item.zone
        return change

    def _compare(self, item, line):
        change = Change(item, line)
        _t, values, shown = self.env._, change.values, change.shown
        code, name, description = split_name(line)
        product = line.product_id
        if item.code and item.code != code:
            found = self._find_product(item)
            if found:
                product, values["product_id"] = found, found.id
                shown.append((_t("Product"), line.product_id.display_name or "", found.display_name))
            else:
                self._warn(
                    item, _t("No product has the code “%(code)s”; the item keeps its own.", code=item.code), "code"
                )
        self._compare_name(change, item, line, (code, name, description))
        unit = self._find_unit(item, product)
        if unit and unit != line.uom_id:
            values["uom_id"] = unit.id
            shown.append((_t("Unit"), line.uom_id.name, unit.name))
        before = line.zone_id.complete_name or ""
        if item.zone and item.zone.casefold() != before.casefold():
            change.zone = item.zone
            shown.append((_t("Zone"), before, item.zone))
        self._compare_quantity(change, item, line)
        self._set_price(change, item, values, line)
        return change

    def _compare_name(self, change, item, line, words):
        code, name, description = words
        new_name = item.name or name
        new_description = item.description or description
        if (new_name, new_description) == (name, description) and "product_id" not in change.values:
            return
        is_free = not line.product_id and "product_id" not in change.values
        head = f"[{code}] {new_name}" if is_free and code else new_name
        text = "\n".join(filter(None, (head, new_description)))
        change.values["name"] = text
        if text != line.name:
            change.shown.append((self.env._("Description"), line.name or "", text))

    def _compare_quantity(self, change, item, line):
        _t = self.env._
        rows = line.measurement_ids
        if self.has_rows and (item.measured or rows):
            commands = self._compare_rows(item, rows)
            if commands:
                change.values["measurement_ids"] = commands
                total = self._get_total(item)
                if not item.measured and item.quantity is not None:
                    total = change.values["quantity"] = float(item.quantity)
                change.shown.append((_t("Measured rows"), str(len(rows)), str(len(item.measured))))
                if abs(total - line.quantity) > 1e-9:
                    change.shown.append((_t("Quantity"), _plain(line.quantity), _plain(total)))
            return
        if item.quantity is None or _is_same(item.quantity, line.quantity):
            return
        if rows:
            message = _t("The item is measured row by row: its quantity stays. Change the measured rows.")
            self._warn(item, message, "quantity")
            return
        change.values["quantity"] = float(item.quantity)
        change.shown.append((_t("Quantity"), _plain(line.quantity), _plain(float(item.quantity))))

    def _compare_rows(self, item, rows):
        """Give the commands that make the measured rows those of the workbook; none when they are."""
        commands = []
        for place, measured in enumerate(item.measured):
            values = self._prepare_row(measured, place)
            if place >= len(rows):
                commands.append(Command.create(values))
                continue
            row = rows[place]
            differing = {
                name: value
                for name, value in values.items()
                if name != "sequence" and not self._is_same_cell(row, name, value)
            }
            if differing:
                commands.append(Command.update(row.id, differing))
        return commands + [Command.delete(row.id) for row in rows[len(item.measured) :]]

    @staticmethod
    def _is_same_cell(row, name, value):
        if name == "zone_id":
            return not value or (row.zone_id.complete_name or "").casefold() == value.casefold()
        if name in _SIZES:
            return row.kind != measuring.MEASURE or _is_same(value, row[name])
        return (row[name] or "") == (value or "")

    def _get_total(self, item):
        try:
            return measuring.work_out([to_core(row) for row in item.measured])[1]
        except measuring.MeasureError:
            return 0.0  # the reader has noted it

    def _prepare_row(self, measured, place):
        """Give the values of a measured row; its zone by name, see `_place_rows`."""
        row = to_core(measured)
        return {
            "sequence": 10 * place + 10,
            "name": measured.name,
            "kind": measured.kind,
            "count": row.count,
            "length": row.length,
            "width": row.width,
            "height": row.height,
            "formula": measured.formula,
            "is_deduction": measured.is_deduction,
            "zone_id": measured.zone,
        }

    def _set_price(self, change, item, values, line):
        _t = self.env._
        if item.price is None and not item.correction:
            return
        own = 0.0 if not line or not self.sees_prices else line.price_given if self.is_given else line.price_unit
        if line and self.sees_prices and item.price is not None and _is_same(item.price, own) and not self.is_given:
            return
        if not self.sees_prices:
            self._warn(item, _t("The price was left aside: you do not see the prices of sheets."), "price")
        elif not self.is_given:
            self._warn(
                item, _t("The price was left aside: this sheet takes its prices from the catalogue or from costs.")
            )
        else:
            for name, label, new in (
                ("price_given", _t("Price"), item.price),
                ("amount_correction", _t("Correction"), item.correction if "correction" in self.fields else None),
            ):
                before = line[name] if line else 0.0
                if new is not None and not _is_same(new, before):
                    values[name] = float(new)
                    change.shown.append((label, _plain(before), _plain(float(new))))

    def _find_product(self, item):
        return self.finder.product(item.code, item.name)

    def _find_unit(self, item, product):
        """Give the unit of the workbook; empty where it says none, or one that cannot be."""
        unit = self.finder.unit(item.unit) if item.unit else self.env["uom.uom"]
        if item.unit and not unit:
            message = self.env._("The unit “%(unit)s” is not known and was left aside.", unit=item.unit[:40])
            self._warn(item, message, "unit")
        elif unit and product and not product.uom_id._has_common_reference(unit):
            self._error(
                item,
                self.env._(
                    "%(product)s is counted in %(product_unit)s, which does not convert to %(unit)s.",
                    product=product.display_name,
                    product_unit=product.uom_id.name,
                    unit=unit.name,
                ),
                "unit",
            )
        return unit

    # Writing

    def _make_zones(self):
        """Find or make the zones that are needed; a dict of path → zone."""
        names = {change.zone for change in self.changes if change.zone}
        for change in self.changes:
            for command in change.values.get("measurement_ids", ()):
                if command[2] and command[2].get("zone_id"):
                    names.add(command[2]["zone_id"])
        # The keys of the zones of a workbook are their complete names.
        needed = {zone.key: zone for zone in self.draft.zones if zone.key in names}
        zones = self.env["construction.evaluation.zone"]
        found = zones._get_or_make(self.sheet, list(needed))
        for path, zone in found.items():
            if needed[path].code and not zone.code:
                zone.code = needed[path].code
        return {"": zones, **found}

    @staticmethod
    def _place_rows(values, zones):
        """Put the zones in place of their names in the commands of measured rows."""
        commands = []
        for kind, record_id, row in values.get("measurement_ids", ()):
            if row and "zone_id" in row:
                row = {**row, "zone_id": zones[row["zone_id"]].id}
            commands.append((kind, record_id, row))
        return {**values, "measurement_ids": commands} if commands else values

    def _warn(self, item, message, name=""):
        self.notes.append(Note(self._where(item, name), message))

    def _error(self, item, message, name=""):
        self.notes.append(Note(self._where(item, name), message, is_error=True))

    def _where(self, item, name):
        """Name the cell of a field in the row of an item."""
        match = re.fullmatch(r"(.*!)[A-Z]+(\d+)", item.where)
        if not match or name not in self.fields:
            return item.where
        return f"{match[1]}{get_column_letter(self.fields[name] + 1)}{match[2]}"


def _is_same(new, old):
    return abs(float(new) - (old or 0.0)) <= 1e-9 * max(1.0, abs(old or 0.0))


def _plain(number):
    return f"{number:.12g}"
