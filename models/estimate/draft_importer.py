"""A draft read from an exchange file as records: products, recipes, and a sheet with its zones and rows."""

from dataclasses import dataclass
from decimal import Decimal

from odoo.exceptions import UserError

from ...core.estimate.exchange import Note, Resource
from .draft_catalogue import CatalogueMaker
from .draft_units import UnitBook


@dataclass(slots=True)
class ImportOptions:
    """What a person chooses of an import.

    `existing` is keep or replace: whether products and recipes of ours stay as they are. `prices` is given (those of
    the file) or ours. `rate` is how much money of the file one unit of the sheet's currency is, `cost_rate` of the
    company's.
    """

    existing: str = "keep"
    prices: str = "given"
    with_markups: bool = False
    rate: Decimal = Decimal(1)
    cost_rate: Decimal = Decimal(1)
    product_company_id: int | bool = False
    tax_ids: list | None = None
    checksum: str = ""
    #: Whether the user may see costs; without it none is taken from the file.
    with_costs: bool = True

    def cost(self, amount):
        """A cost of the file in the currency of the company."""
        if not amount or not self.with_costs:
            return 0.0
        return _convert(amount, self.cost_rate, 10)

    def price(self, amount, digits=10):
        """A price of the file in the currency of the sheet."""
        return _convert(amount, self.rate, digits)


def _get_text(item):
    """The short text of an item and, below it, the long one, without saying the same twice."""
    name = item.name or item.code
    first, _break, rest = item.description.partition("\n")
    return "\n".join(filter(None, [name, rest if first.strip() == name.strip() else item.description]))


def _convert(amount, rate, digits):
    # Figures are kept as they are where no rate is given.
    return float(amount) if rate == 1 else round(float(amount / rate), digits)


class DraftImporter:
    """Makes the records of one draft, in one transaction: whatever fails, nothing is left of it."""

    def __init__(self, env, draft, options=None, company=None):
        self.env = env
        self.draft = draft
        self.options = options or ImportOptions()
        self.company = company or env.company
        self.notes = list(draft.notes)
        self.units = UnitBook(env, lambda message: self.note("", message))
        self.catalogue = CatalogueMaker(env, self.company, draft, self.options, self.units, self.note)
        self.counts = self.catalogue.counts
        self.counts |= dict.fromkeys(("zones", "items", "measurements", "free_items"), 0)

    def note(self, where, message):
        """Add to the report what was not taken as it stands."""
        self.notes.append(Note(where, message))

    def check(self):
        """Refuse a draft with errors, all of them named.

        :raise UserError: when the draft says of itself that it cannot be imported
        """
        errors = [note for note in self.draft.notes if note.is_error]
        if errors:
            lines = [f"– {note.where}: {note.message}" if note.where else f"– {note.message}" for note in errors[:20]]
            raise UserError(
                self.env._(
                    "The file cannot be imported:\n%(errors)s",
                    errors="\n".join(lines),
                )
            )

    def import_catalogue(self):
        """Make the products and recipes of the draft."""
        self.check()
        self._choose_tax()
        codes = list(self.draft.resources)
        self.catalogue.make_products(codes)
        self.catalogue.make_recipes([code for code in codes if self.draft.resources[code].recipe])

    def import_sheet(self, sheet):
        """Fill a sheet with the zones, items, rows and markups of the draft, products and recipes first.

        :param sheet: a `construction.evaluation` that may be written
        """
        self.import_catalogue()
        self._match_free_items()
        zones = self._make_zones(sheet)
        if self.options.prices == "given":
            sheet.price_source = "given"
            sheet.is_markup_included = self.options.with_markups
        self._make_markups(sheet)
        sequence = max(sheet.line_ids.mapped("sequence"), default=0)
        vals_list = [
            self._prepare_line(sheet, item, zones, sequence + 10 * place)
            for place, item in enumerate(self.draft.items, start=1)
        ]
        self.env["construction.evaluation.line"].with_context(tracking_disable=True).create(vals_list)
        self.counts["items"] += len(vals_list)
        if self.options.with_costs:
            sheet.price_base_ids = [(4, product_id) for product_id in self.catalogue.product_ids.values()]
        sheet.import_checksum = self.options.checksum or sheet.import_checksum

    # Pieces

    def _choose_tax(self):
        """Find the tax of ours that the file means; products that are made carry it."""
        vat = self.draft.vat
        if not vat or self.options.tax_ids is not None:
            return
        # sudo: taxes are the accountants'; whoever makes products takes those of the company.
        taxes = self.env["account.tax"].sudo()
        tax = taxes.search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", "=", float(vat)),
                ("price_include", "=", False),
            ],
            limit=1,
        )
        if tax:
            self.options.tax_ids = tax.ids
            message = self.env._("The file is taxed at %(percent)s %%: new products carry %(tax)s.")
            self.note("", message % {"percent": f"{vat.normalize():f}", "tax": tax.name})
        else:
            message = self.env._(
                "There is no sales tax of %(percent)s %%, as the file has it: products carry the usual tax."
            )
            self.note("", message % {"percent": f"{vat.normalize():f}"})

    def _match_free_items(self):
        """Find the products of items that the file does not describe; those that are not found stay free lines."""
        unknown = {}
        for item in self.draft.items:
            key = item.code or item.name
            if key and item.code not in self.draft.resources:
                unknown.setdefault(key, Resource(key, item.name, unit=item.unit, where=item.where))
        if unknown:
            self.catalogue._match(list(unknown.values()))

    def _make_zones(self, sheet):
        """Make the chapters level by level, each level at once."""
        zone_model = self.env["construction.evaluation.zone"]
        made = {"": zone_model}
        waiting = list(enumerate(self.draft.zones, start=1))
        known = {zone.key for zone in self.draft.zones}
        while waiting:
            level = [(place, zone) for place, zone in waiting if zone.parent in made or zone.parent not in known]
            if not level:
                level = waiting  # a circle of parents: all of them on top
            vals_list = [
                {
                    "evaluation_id": sheet.id,
                    "sequence": 10 * place,
                    "code": zone.code or False,
                    "name": zone.name or zone.code or self.env._("Chapter"),
                    "description": zone.description or False,
                    "parent_id": made.get(zone.parent, zone_model).id,
                }
                for place, zone in level
            ]
            for (_place, zone), record in zip(level, zone_model.create(vals_list), strict=True):
                made[zone.key] = record
            done = {zone.key for _place, zone in level}
            waiting = [(place, zone) for place, zone in waiting if zone.key not in done]
        self.counts["zones"] += len(self.draft.zones)
        return made

    def _make_markups(self, sheet):
        rows = self.draft.markups
        if not rows or sheet.sudo().markup_ids or not self.options.with_costs:  # sudo: just whether there are any
            return
        self.env["construction.markup"].create(
            [
                {
                    "sequence": 10 * place,
                    "name": row.name,
                    "base": row.base,
                    "role": row.role or False,
                    "cost_nature": row.nature or False,
                    "percent": float(row.percent),
                    "company_id": sheet.company_id.id,
                    "evaluation_id": sheet.id,
                }
                for place, row in enumerate(rows, start=1)
            ]
        )

    def _prepare_line(self, sheet, item, zones, sequence):
        product = self.catalogue.product(item.code if item.code in self.draft.resources else item.code or item.name)
        values = {
            "evaluation_id": sheet.id,
            "sequence": sequence,
            "name": _get_text(item) or product.name or self.env._("Item"),
            "reference": item.reference or False,
            "is_optional": item.is_optional,
            "zone_id": zones.get(item.zone, zones[""]).id,
            "uom_id": self._find_line_unit(item, product).id,
        }
        if product:
            values["product_id"] = product.id
        else:
            self.counts["free_items"] += 1
        rows = [self._prepare_row(row, zones, place) for place, row in enumerate(item.measured, start=1)]
        if rows:
            values["measurement_ids"] = [(0, 0, row) for row in rows]
            self.counts["measurements"] += len(rows)
        else:
            values["quantity"] = float(item.quantity or 0)
        if self.options.prices == "given":
            values |= self._prepare_price(item)
        return values

    def _find_line_unit(self, item, product):
        uom = self.units.find(item.unit)
        # sudo: the unit of a product the user may use.
        own = product.sudo().uom_id
        return own if own and not own._has_common_reference(uom) else uom

    def _prepare_price(self, item):
        price = item.price or Decimal(0)
        correction = item.correction
        if self.options.with_markups:
            factor = self._get_contract_factor()
            price, correction = round(price * factor, 6), round(correction * factor, 2)
        return {
            "price_given": self.options.price(price),
            "amount_correction": self.options.price(correction, 2),
        }

    def _get_contract_factor(self):
        """How much the contract price is of the works: general costs, profit and discount."""
        factor = Decimal(1)
        for row in self.draft.markups:
            if row.base == "works":
                factor += row.percent / 100
        for row in self.draft.markups:
            if row.base == "running":
                factor *= 1 + row.percent / 100
        return factor

    def _prepare_row(self, row, zones, place):
        count = Decimal(1) if row.count is None else row.count
        values = {
            "sequence": 10 * place,
            "name": row.name,
            "kind": row.kind,
            "count": float(count),
            "length": float(row.length or 0),
            "width": float(row.width or 0),
            "height": float(row.height or 0),
            "is_deduction": row.is_deduction,
        }
        if row.formula:
            values["formula"] = row.formula
        if row.zone in zones and row.zone:
            values["zone_id"] = zones[row.zone].id
        return values
