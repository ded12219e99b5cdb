"""A `Draft` to a workbook: headings in a language, texts as texts, and nothing that is worked out."""

import io
import re
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from . import layout, words

#: What a spreadsheet would take for a formula: written as text, whatever it says.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TEXT_LIMIT = 32_767
_WIDTHS = {
    "number": 6,
    "item": 10,
    "zone": 24,
    "name": 42,
    "description": 42,
    "comment": 36,
    "parameters": 30,
    "vendor": 24,
    "recipe": 16,
    "code": 16,
    "formula": 22,
}
_TEXT_FIELDS = {"code", "recipe", "item", "zone", "key", "formula", "parameters"}
_PRICE_FIELDS = {"price", "correction", "cost", "sales_price"}
#: Left out where no row has them.
_OPTIONAL = {
    "items": {"price", "correction", "description"},
    "measurements": {"row_kind", "zone"},
    "recipes": {"cost", "sales_price", "description"},
    "components": {"cost", "hours", "minimum", "formula"},
    "prices": {"sales_price", "vendor"},
    "offer": {"description", "discount", "amount", "offered"},
}
_HEADING_FONT = Font(bold=True)
_HEADING_FILL = PatternFill("solid", fgColor="FFE8EEF4")


def write(draft, kind="", language="en", keep=()):
    """Write a draft as a workbook.

    :param kind: sheet, recipes or prices; what the draft says of itself when empty
    :param language: a code such as `ro_RO`; English for one we do not have
    :param keep: optional fields whose column is there even when no row has a value
    :return: bytes
    """
    kind = kind or draft.kind or "sheet"
    book = Workbook(write_only=True)
    book.properties.creator = "Construction CRM"
    book.properties.title = _clean(draft.title)[:255]
    rows = {"sheet": _sheet_rows, "recipes": _recipe_rows, "prices": _price_rows, "quote": _offer_rows}[kind](draft, language)
    for tab in layout.TABS[kind]:
        _write_tab(book, tab, rows[tab], language, draft.currency, set(keep))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _write_tab(book, kind, rows, language, currency, keep):
    used = {name for row in rows for name, value in row.items() if value not in (None, "")}
    names = [name for name in layout.FIELDS[kind] if name not in _OPTIONAL[kind] or name in used | keep]
    sheet = book.create_sheet(words.tab_title(kind, language))
    sheet.freeze_panes = "A2"
    for place, name in enumerate(names, start=1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = _WIDTHS.get(name, 13)
        dimension.hidden = name == "key"
        if name in _TEXT_FIELDS:
            dimension.number_format = "@"
    sheet.append([_heading(sheet, name, language, currency) for name in names])
    for row in rows:
        sheet.append([_cell(sheet, name, row.get(name)) for name in names])


def _heading(sheet, name, language, currency):
    text = words.KEY_HEADING if name == "key" else words.heading(name, language)
    if currency and name in _PRICE_FIELDS:
        text = f"{text} ({currency})"
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill = _HEADING_FONT, _HEADING_FILL
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _cell(sheet, name, value):
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        if name not in _PRICE_FIELDS:
            return value
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "#,##0.00##"
        return cell
    text = _clean(value)[:_TEXT_LIMIT]
    is_formula = text.startswith(_FORMULA_SIGNS)
    if not is_formula and name not in _TEXT_FIELDS:
        return text
    cell = WriteOnlyCell(sheet)
    cell.value = text
    cell.data_type = "s"
    if name in _TEXT_FIELDS:
        cell.number_format = "@"
    if is_formula:
        cell.quotePrefix = True  # stays text when a person edits it
    return cell


def _clean(text):
    return _UNWRITABLE.sub("", text or "")


def _sheet_rows(draft, language):
    paths = _zone_paths(draft)
    items, measurements = [], []
    for number, item in enumerate(draft.items, start=1):
        items.append(
            {
                "number": number,
                "zone": paths.get(item.zone, item.zone),
                "code": item.code,
                "name": item.name,
                "description": item.description,
                "unit": item.unit,
                "quantity": item.quantity,
                "price": item.price,
                "correction": item.correction or None,
                "key": item.reference,
            }
        )
        measurements += [_measured_row(measured, number, paths, language) for measured in item.measured]
    return {"items": items, "measurements": measurements}


def _measured_row(measured, number, paths, language):
    is_plain = measured.kind == "measure"
    return {
        "item": str(number),
        "zone": paths.get(measured.zone, measured.zone),
        "comment": measured.name,
        "count": measured.count,
        "length": measured.length,
        "width": measured.width,
        "height": measured.height,
        "deduction": words.choice("yes", language) if measured.is_deduction else None,
        "formula": measured.formula,
        "row_kind": None if is_plain else words.choice(measured.kind, language),
    }


def _zone_paths(draft):
    """Give key → “House / Bathroom” of each zone; a slash inside a name is written without spaces."""
    zones = {zone.key: zone for zone in draft.zones}
    paths = {}
    for key in zones:
        names, seen, zone = [], set(), zones[key]
        while zone and zone.key not in seen:
            seen.add(zone.key)
            names.append((zone.name or zone.code or zone.key).replace(" / ", "/"))
            zone = zones.get(zone.parent)
        paths[key] = " / ".join(reversed(names))
    return paths


def _recipe_rows(draft, language):
    recipes, components = [], []
    for key, resource in draft.resources.items():
        recipe = resource.recipe
        if recipe is None:
            continue
        parameters = (
            name if value is None else f"{name} = {format(Decimal(value).normalize(), 'f')}"
            for name, value in recipe.parameters.items()
        )
        recipes.append(
            {
                "code": _code(resource),
                "name": resource.name,
                "description": resource.description,
                "unit": resource.unit,
                "makes": recipe.output_quantity,
                "nature": words.choice(resource.nature, language) if resource.nature else None,
                "parameters": "; ".join(parameters),
                "cost": recipe.stated_cost,
                "sales_price": resource.sales_price,
            }
        )
        components += [_component_row(row, key, draft, language) for row in recipe.rows]
    return {"recipes": recipes, "components": components}


def _component_row(row, parent, draft, language):
    resource = draft.resources.get(row.code)
    is_percent = row.percent is not None
    nature = resource.nature if resource else ""
    return {
        "recipe": parent,
        "code": _code(resource) if resource else row.code,
        "name": resource.name if resource else "",
        "unit": row.unit or (resource.unit if resource else ""),
        "row_kind": words.choice("percent" if is_percent else "quantity", language),
        "quantity": None if is_percent else row.quantity,
        "waste": row.waste or None,
        "percent": row.percent,
        "base": _base(row.base, language) if is_percent else None,
        "hours": row.hours or None,
        "minimum": row.minimum or None,
        "formula": row.formula,
        "nature": words.choice(nature, language) if nature else None,
        "cost": resource.cost if resource and resource.recipe is None else None,
    }


def _code(resource):
    return resource.code if resource.has_code else ""


def _base(base, language):
    return words.choice(base, language) if base in words.CHOICES else base


def _price_rows(draft, _language):
    return {
        "prices": [
            {
                "code": _code(resource),
                "name": resource.name,
                "unit": resource.unit,
                "cost": resource.cost,
                "date": resource.date,
                "vendor": resource.vendor,
                "sales_price": resource.sales_price,
            }
            for resource in draft.resources.values()
        ]
    }


def _offer_rows(draft, _language):
    names = ("number", "code", "name", "unit", "quantity", "price", "discount")
    return {"offer": [{name: getattr(row, name) for name in names} for row in draft.offer]}
