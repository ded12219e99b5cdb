"""A sheet, a quote or recipes as a draft, which writers of exchange files take."""

from decimal import Decimal

from ...core.estimate.exchange import ALL, Draft, Item, MarkupRow, Measured, Recipe, Resource, Row, Zone
from ...core.estimate.exchange.summary import item_amount
from ...core.estimate.explosion import CODE, MAX_DEPTH
from .draft_units import UnitBook

COST_GROUP = "construction_crm.group_cost"
# Decimals of a price worked out of an amount; what it lacks is a correction.
PRICE_DIGITS = 6


class DraftExporter:
    """Reads records into a draft; without the group no cost and no recipe is in it, whoever asks."""

    def __init__(self, env, company, with_analysis=True):
        """:param with_analysis: whether recipes and costs go along, for a user who may see them"""
        self.env = env(context={**env.context, "lang": None})
        self.company = company
        self.with_analysis = with_analysis and (env.su or env.user.has_group(COST_GROUP))
        self.units = UnitBook(env, lambda _message: None)
        self._codes = {}
        self._taken = {}

    def from_sheet(self, sheet):
        """The draft of an evaluation sheet: zones, items, measured rows and the prices it has."""
        sheet.check_access("read")
        draft = self._start("sheet", sheet.lead_id.sudo().name or sheet.display_name, sheet.currency_id)  # sudo: title
        zones = sheet.zone_ids.sorted(lambda zone: (zone.sequence, zone.id))
        draft.zones = [self._zone(zone) for zone in zones]
        lines = sheet.line_ids.sorted(lambda line: (line.sequence, line.id))
        draft.items = [self._item(line) for line in lines]
        self._add_resources(draft, self._get_price_base(sheet) | lines.product_id, lines)
        draft.markups = self._markups(sheet)
        draft.vat = self._vat(lines.product_id)
        draft.client = sheet.partner_id.name or ""
        return draft

    def from_order(self, order):
        """The draft of a quote: its own chapters, quantities and prices."""
        order.check_access("read")
        draft = self._start("sheet", order.name, order.currency_id)
        draft.client = order.partner_id.name or ""
        zone = subzone = ""
        chapter = None
        products = self.env["product.product"]
        for line in order.order_line.sorted(lambda line: (line.sequence, line.id)):
            if line.display_type == "line_note" or line.is_downpayment:
                continue
            if line.display_type == "line_section":
                chapter = line if line._is_chapter() else None
                zone, subzone = ("" if chapter else self._section(draft, line, "")), ""
            elif line.display_type == "line_subsection" and not chapter:
                subzone = self._section(draft, line, zone)
            if line == chapter:
                draft.items.append(self._chapter_item(line, self._sheet_zone(draft, line)))
                products |= line.chapter_product_id
            elif not line.display_type and not chapter:
                draft.items.append(self._order_item(line, subzone or zone))
                products |= line.product_id
        self._correct_total(draft, order)
        self._add_resources(draft, products, self.env["construction.evaluation.line"])
        draft.vat = self._vat(products, order.order_line.tax_ids)
        return draft

    def from_recipes(self, recipes):
        """The draft of a library: the recipes, what they take, and its costs."""
        recipes.check_access("read")
        draft = self._start("library", self.company.name, self.company.currency_id)
        products = recipes.product_tmpl_id.product_variant_ids
        self._add_resources(draft, products, self.env["construction.evaluation.line"], recipes)
        return draft

    @staticmethod
    def _correct_total(draft, order):
        """Put what the order gains or loses by rounding taxes globally on its largest item."""
        priced = order.order_line.filtered(lambda line: not line.display_type and not line.is_downpayment)
        rest = _decimal(order.currency_id.round(order.amount_untaxed - sum(priced.mapped("price_subtotal"))))
        if rest and draft.items:
            max(draft.items, key=lambda item: abs((item.quantity or 0) * (item.price or 0))).correction += rest

    # Pieces

    def _start(self, kind, title, currency):
        return Draft(kind=kind, title=title, program="Construction CRM", currency=currency.name or "")

    def code(self, product):
        """The code of a product in the file: its reference, each once."""
        if product.id not in self._codes:
            wanted = (product.default_code or "").strip() or f"P{product.id}"
            code, number = wanted, 1
            while code in self._taken:
                number += 1
                code = f"{wanted}.{number}"
            self._taken[code] = product.id
            self._codes[product.id] = code
        return self._codes[product.id]

    def _zone(self, zone):
        parent = str(zone.parent_id.id) if zone.parent_id else ""
        return Zone(str(zone.id), zone.code or "", zone.name, parent, zone.description or "")

    def _item(self, line):
        quantity = _decimal(line.quantity)
        if line.evaluation_id.price_source == "given":
            price, correction = _decimal(line.price_given), _decimal(line.amount_correction)
        else:
            price, correction = self._split(line.price_subtotal, line.quantity, line.price_unit, line.currency_id)
        if line.is_optional:
            # Other formats know no item that is priced and not counted: its amount is taken off again.
            correction = -round(quantity * price, line.currency_id.decimal_places)
        product = line.product_id
        return Item(
            code=self.code(product) if product else "",
            name=(line.name or product.name or "").strip(),
            unit=self.units.name_of(line.uom_id),
            quantity=quantity,
            price=price,
            correction=correction,
            zone=str(line.zone_id.id) if line.zone_id else "",
            measured=[self._measured(row) for row in line.measurement_ids.sorted(lambda row: (row.sequence, row.id))],
            reference=str(line.id),
        )

    @staticmethod
    def _split(subtotal, quantity, price_unit, currency):
        """A price of so many decimals, and what the amount has beyond it."""
        item = Item(quantity=_decimal(quantity), price=round(_decimal(price_unit), PRICE_DIGITS))
        return item.price, _decimal(subtotal) - item_amount(item, currency.decimal_places)

    @staticmethod
    def _measured(row):
        return Measured(
            name=row.name or "",
            count=_decimal(row.count),
            length=_decimal(row.length) or None,
            width=_decimal(row.width) or None,
            height=_decimal(row.height) or None,
            is_deduction=row.is_deduction,
            formula=row.formula or "",
            kind=row.kind,
            zone=str(row.zone_id.id) if row.zone_id else "",
        )

    def _section(self, draft, line, parent):
        zone = Zone(f"line-{line.id}", line.chapter_number or str(len(draft.zones) + 1), line.name or "", parent)
        draft.zones.append(zone)
        return zone.key

    def _sheet_zone(self, draft, line):
        """The zone the item of a chapter has on its sheet, and those that is in."""
        # sudo: where on the site an item is, is no secret to whoever reads its quote.
        zone = line.evaluation_line_id.sudo().zone_id
        known = {found.key for found in draft.zones}
        path = zone
        while path and str(path.id) not in known:
            known.add(str(path.id))
            draft.zones.append(self._zone(path))
            path = path.parent_id
        return str(zone.id) if zone else ""

    def _chapter_item(self, line, zone):
        price, correction = self._split(
            line.chapter_subtotal, line.chapter_quantity, line.chapter_price_unit, line.currency_id
        )
        return Item(
            code=self.code(line.chapter_product_id),
            name=(line.name or "").strip(),
            unit=self.units.name_of(line.chapter_uom_id) if line.chapter_uom_id else "",
            quantity=_decimal(line.chapter_quantity),
            price=price,
            correction=correction,
            zone=zone,
            reference=str(line.id),
        )

    def _order_item(self, line, zone):
        quantity = line.product_uom_qty
        unit_price = line.price_subtotal / quantity if quantity else line.price_reduce_taxexcl
        price, correction = self._split(line.price_subtotal, quantity, unit_price, line.currency_id)
        return Item(
            code=self.code(line.product_id) if line.product_id else "",
            name=(line.name or "").strip(),
            unit=self.units.name_of(line.product_uom_id) if line.product_uom_id else "",
            quantity=_decimal(quantity),
            price=price,
            correction=correction,
            zone=zone,
            reference=str(line.id),
        )

    def _markups(self, sheet):
        """The percentages given prices are to be read with; prices of ours contain theirs already."""
        if sheet.price_source != "given" or sheet.is_markup_included or not self.with_analysis:
            return []
        return [
            MarkupRow(markup.name, _decimal(markup.percent), markup.base, markup.cost_nature or "", markup.role or "")
            for markup in sheet.markup_ids.sorted(lambda markup: (markup.sequence, markup.id))
        ]

    def _vat(self, products, taxes=None):
        """The one percentage all of it is taxed at, if there is one."""
        # sudo: taxes are read in bulk, what comes out is a percentage.
        taxes = (taxes if taxes is not None else products.sudo().taxes_id._filter_taxes_by_company(self.company)).sudo()
        amounts = set(taxes.filtered(lambda tax: tax.amount_type == "percent").mapped("amount"))
        return _decimal(amounts.pop()) if len(amounts) == 1 else None

    def _get_price_base(self, sheet):
        return sheet.price_base_ids if self.with_analysis else self.env["product.product"]

    # Products and recipes

    def _add_resources(self, draft, products, lines, recipes=None):
        """Add these products, with their recipes and all that is in these where the user may see costs."""
        if not self.with_analysis:
            for product in products:
                draft.resources[self.code(product)] = self._resource(product, None)
            return
        model = self.env["construction.recipe"]
        used = {line.product_id.id: line.recipe_id for line in lines if line.recipe_id}
        used |= {recipe.product_tmpl_id.product_variant_id.id: recipe for recipe in recipes or ()}
        level, seen = products, self.env["product.product"]
        depth = 0
        while level and depth <= 2 * MAX_DEPTH:
            active = model._get_active_by_product(level, self.company)
            found = model.union(*active.values())
            found.line_ids.fetch(["product_id", "quantity", "kind"])
            inner = self.env["product.product"]
            for product in level:
                recipe = used.get(product.id) or active.get(product.id)
                draft.resources[self.code(product)] = self._resource(product, recipe)
            for recipe in model.union(*(used.get(product.id) or active.get(product.id, model) for product in level)):
                inner |= recipe.line_ids.product_id
            seen |= level
            level = inner - seen
            depth += 1

    def _resource(self, product, recipe):
        """One product; without the analysis just what a price list says."""
        # sudo: see `with_analysis`; the rest of a product is read by whoever reads its sheet.
        product = product.sudo().with_company(self.company)
        resource = Resource(
            code=self.code(product),
            name=product.name,
            description=product.description_sale or "",
            unit=self.units.name_of(product.uom_id),
            nature=product.cost_nature or "",
        )
        if self.with_analysis:
            resource.cost = _decimal(product.standard_price) if product.standard_price else None
            resource.date = self._dates(product).get(product.id)
            resource.recipe = self._recipe(recipe) if recipe else None
        return resource

    def _dates(self, product):
        if not hasattr(self, "_cost_dates"):
            rows = self.env["construction.component.cost"].search(
                [("company_id", "=", self.company.id)], order="date, id"
            )
            self._cost_dates = {row.product_id.id: row.date for row in rows}
        return self._cost_dates

    def _recipe(self, recipe):
        stated = _decimal(recipe.stated_cost) if recipe.stated_cost else None
        return Recipe(
            rows=[self._row(line) for line in recipe.line_ids.sorted(lambda line: (line.sequence, line.id))],
            output_quantity=_decimal(recipe.output_quantity),
            stated_cost=stated,
            parameters={
                parameter.name: None if parameter.is_required else _decimal(parameter.default)
                for parameter in recipe.parameter_ids
            },
        )

    def _row(self, line):
        row = Row(self.code(line.product_id), unit=self.units.name_of(line.product_id.uom_id))
        if line.kind == "percent":
            row.percent = _decimal(line.percent)
            row.base = CODE + (line.percent_code or "") if line.percent_base == "code" else line.percent_base or ALL
            return row
        quantity = line.quantity
        if line.uom_id != line.product_id.uom_id:
            quantity = line.uom_id._compute_quantity(quantity, line.product_id.uom_id, round=False)
        row.quantity = _decimal(quantity)
        row.waste = _decimal(line.waste_percent)
        row.minimum = _decimal(line.minimum_quantity) or None
        row.formula = line.quantity_formula or ""
        row.hours = _decimal(line.hours_per_unit) or None
        row.is_opened = line.use_recipe
        return row


def _decimal(number):
    """A float as the decimal a person sees.

    The shortest one that is the same float: 0.1 is 0.1.
    """
    return Decimal(repr(number or 0.0)).normalize() + 0
