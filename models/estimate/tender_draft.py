"""Sheets and quotes as the draft of an offer: numbers of the client's positions, and prices as an offer states them."""

from decimal import Decimal

from ...core.estimate.gaeb.figures import cents
from ...core.estimate.gaeb.offer import get_part_kinds
from .draft_exporter import DraftExporter

MAX_DIGITS = 6
# Cost nature → what a tender calls that part of a unit price.
_KINDS = {"labour": "Wages", "material": "Materials", "equipment": "Plant"}


def get_draft(sheet):
    """Give the draft of a sheet, without anything of its costs.

    :param sheet: a `construction.evaluation` whose prices the user may see
    :rtype: Draft
    """
    draft = DraftExporter(sheet.env, sheet.company_id, with_analysis=False).from_sheet(sheet)
    for line, item in zip(get_lines(sheet), draft.items, strict=True):
        item.reference = line.reference or ""
        item.is_optional = line.is_optional
        item.price, item.correction = _get_price(line)
    return split_texts(draft)


def get_lines(sheet):
    """Give the items of a sheet in its order."""
    return sheet.line_ids.sorted(lambda line: (line.sequence, line.id))


def split_texts(draft):
    """Part the short text of each item from the long one below it."""
    for item in draft.items:
        item.name, _break, item.description = item.name.partition("\n")
    return draft


def shorten(exact, quantity, amount):
    """Give a unit price with as few decimals as make the amount, and what is missing then.

    >>> shorten(Decimal("3.3333333"), Decimal(3), Decimal("10.00"))
    (Decimal('3.333'), Decimal('0.00'))
    """
    for digits in range(2, MAX_DIGITS + 1):
        price = round(exact, digits)
        correction = amount - cents(price * quantity)
        if not correction:
            break
    return price, correction


def get_parts(sheet, draft, tender):
    """Split the unit prices where the tender asks for it, as the costs of the recipes are split.

    :return: `{reference: [part, …]}` in the order of the tender
    """
    kinds, asked = get_part_kinds(tender)
    prices = {item.reference: item.price for item in draft.items if item.price}
    lines = sheet.line_ids.filtered(lambda line: line.recipe_id and line.reference in asked)
    if not kinds or not lines:
        return {}
    # sudo: what is split is the price; whoever may offer need not see the costs it is split by.
    parts_by_line = lines.sudo()._get_parts()
    book = sheet.sudo()._get_price_book(parts_by_line)
    found = {}
    for line, parts in parts_by_line.items():
        sums = dict.fromkeys(kinds, Decimal(0))
        for part, cost in zip(parts, book.part_costs(parts), strict=True):
            kind = _KINDS.get(part["nature"], "Miscellaneous")
            sums[kind if kind in sums else kinds[-1]] += Decimal(repr(float(cost) * float(part["quantity"] or 0)))
        total = sum(sums.values())
        if total > 0 and line.reference in prices:
            found[line.reference] = [prices[line.reference] * amount / total for amount in sums.values()]
    return found


def _get_price(line):
    exact = Decimal(repr(line.price_unit))
    if not exact:
        return None, Decimal(0)
    if line.is_optional:
        return round(exact, MAX_DIGITS), Decimal(0)
    if line.evaluation_id.price_source == "given":
        return exact, Decimal(repr(line.amount_correction))
    return shorten(exact, Decimal(repr(line.quantity)), Decimal(repr(line.price_subtotal)))
