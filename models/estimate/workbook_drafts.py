"""Records as the draft of a workbook: sheets, recipes and price lists, as far as the user may see them."""

import zlib
from datetime import date
from decimal import Decimal

from ...core.estimate.exchange import Draft, Item, Measured, Recipe, Resource, Row, Zone
from ...core.estimate.xlsx import Options

COST_GROUP = "construction_crm.group_cost"


class Translator:
    """Says the sentences of `core` in the language of the user."""

    def __init__(self, env):
        self.env = env

    def _(self, text, /, **values):
        return self.env._(text, **values)


def get_workbook_options(env, kind="", chosen=None):
    """Give how a workbook is read for a user: in his language, with his decimal separator."""
    lang = env["res.lang"]._get_data(code=env.lang or "en_US")
    return Options(kind, chosen or {}, lang.decimal_point or ".", Translator(env))


def make_sheet_draft(sheet):
    """Give the draft of a sheet; prices only where the user sees them.

    Each item carries a key by which it is known again, see `read_key`.
    """
    sees_prices = sheet._has_field_access(sheet._fields["amount_total"], "read")
    draft = Draft("sheet", title=sheet.display_name, currency=sheet.currency_id.name or "")
    draft.client = sheet.client_name or ""
    is_given = sees_prices and sheet.price_source == "given"
    for zone in sheet.zone_ids:
        draft.zones.append(
            Zone(str(zone.id), zone.code or "", zone.name, str(zone.parent_id.id) if zone.parent_id else "")
        )
    for line in sheet.line_ids:
        draft.items.append(_make_item(sheet, line, sees_prices, is_given))
    return draft


def _make_item(sheet, line, sees_prices, is_given):
    code, name, description = split_name(line)
    item = Item(
        code,
        name,
        description,
        unit=line.uom_id.name or "",
        quantity=to_decimal(line.quantity),
        zone=str(line.zone_id.id) if line.zone_id else "",
        measured=[_make_measured(row) for row in line.measurement_ids],
        reference=make_key(sheet, line),
    )
    if sees_prices:
        item.price = to_decimal(line.price_given if is_given else line.price_unit)
        item.correction = to_decimal(line.amount_correction) if is_given else Decimal(0)
    return item


def _make_measured(row):
    is_measure = row.kind == "measure"
    return Measured(
        row.name or "",
        to_decimal(row.count) if is_measure else None,
        *(to_decimal(row[name]) if row[name] else None for name in ("length", "width", "height")),
        is_deduction=row.is_deduction,
        formula=row.formula or "",
        kind=row.kind,
        zone=str(row.zone_id.id) if row.zone_id else "",
    )


def split_name(line):
    """Give `(code, name, description)` of an item; a free one has its code in brackets before its name."""
    first, _break, rest = (line.name or "").partition("\n")
    code = line.product_id.default_code or ""
    if not line.product_id and first.startswith("[") and "] " in first:
        code, _bracket, first = first[1:].partition("] ")
    return code.strip(), first.strip() or line.product_id.name or "", rest.strip()


def make_key(sheet, line):
    """Give what tells an item of a sheet again in a workbook."""
    return f"{sheet.id}-{line.id}-{_get_check(sheet, line.id)}"


def read_key(sheet, key):
    """Give the id of the item of this sheet that a key names, or None.

    A key of another sheet, or of another database, names none of this one.
    """
    pieces = (key or "").split("-")
    if len(pieces) != 3 or not all(piece.isalnum() and piece.isascii() for piece in pieces):
        return None
    if not pieces[1].isdigit() or len(pieces[1]) > 12:
        return None
    line_id = int(pieces[1])
    is_ours = pieces[0] == str(sheet.id) and pieces[2] == _get_check(sheet, line_id)
    return line_id if is_ours else None


def _get_check(sheet, line_id):
    # sudo: just the name of the database.
    uuid = sheet.env["ir.config_parameter"].sudo().get_param("database.uuid", "")
    return f"{zlib.crc32(f'{uuid}/{sheet.id}/{line_id}'.encode()):08x}"


def make_recipe_draft(recipes):
    """Give the draft of recipes with what they take; costs only for who sees them."""
    sees_costs = recipes.env.user.has_group(COST_GROUP)
    draft = Draft("recipes", currency=recipes.company_id[:1].currency_id.name or "")
    codes = {}
    for recipe in recipes:
        product = recipe.product_tmpl_id.product_variant_id
        resource = _resource(draft, codes, product, sees_costs)
        if resource.recipe:
            continue
        resource.cost = None
        resource.unit = recipe.uom_id.name or ""
        resource.recipe = Recipe(
            output_quantity=to_decimal(recipe.output_quantity),
            stated_cost=to_decimal(recipe.unit_cost) if sees_costs else None,
            parameters={
                parameter.name: None if parameter.is_required else to_decimal(parameter.default)
                for parameter in recipe.parameter_ids
            },
        )
    for recipe in recipes:
        rows = _resource(draft, codes, recipe.product_tmpl_id.product_variant_id, sees_costs).recipe.rows
        if not rows:
            rows += [_make_row(line, _resource(draft, codes, line.product_id, sees_costs)) for line in recipe.line_ids]
    return draft


def _resource(draft, codes, product, sees_costs):
    """Give the resource of a product; two products of one code or name are told apart by a number."""
    key = codes.get(product.id)
    if key is None:
        key = name = product.default_code or product.name
        number = 1
        while key in draft.resources:
            number += 1
            key = f"{name} #{number}"
        codes[product.id] = key
        draft.resources[key] = Resource(
            key,
            product.name,
            unit=product.uom_id.name or "",
            nature=product.cost_nature or "",
            cost=to_decimal(product.standard_price) if sees_costs else None,
            has_code=bool(product.default_code),
        )
    return draft.resources[key]


def _make_row(line, resource):
    if line.kind == "percent":
        base = f"code:{line.percent_code}" if line.percent_base == "code" else line.percent_base
        return Row(resource.code, unit=line.uom_id.name, percent=to_decimal(line.percent), base=base)
    has_source = line.quantity_formula or line.hours_per_unit
    return Row(
        resource.code,
        None if has_source else to_decimal(line.quantity),
        line.uom_id.name or "",
        waste=to_decimal(line.waste_percent),
        minimum=to_decimal(line.minimum_quantity) or None,
        hours=to_decimal(line.hours_per_unit) or None,
        formula=line.quantity_formula or "",
        is_opened=line.use_recipe,
    )


def make_price_draft(products, company, today=None):
    """Give the draft of a price list: costs for who sees them, with the day from which they hold."""
    env = products.env
    products = products.with_company(company)
    draft = Draft("prices", currency=company.currency_id.name)
    sees_costs = env.user.has_group(COST_GROUP)
    since = {}
    if sees_costs:
        since = env["construction.component.cost"]._get_costs_at(products, company, today or date.today())
    codes = {}
    for product in products:
        resource = _resource(draft, codes, product, sees_costs)
        resource.sales_price = to_decimal(product.lst_price)
        resource.date = since.get(product.id, (0.0, None))[1] or None
    return draft


def to_decimal(number):
    """Give a stored figure as it reads, without the noise of binary fractions."""
    return Decimal(f"{number or 0.0:.15g}")
