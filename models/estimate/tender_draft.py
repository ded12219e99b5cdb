"""An evaluation sheet as the draft of an offer: its zones, its items, their prices as an offer states them."""

from decimal import Decimal

from ...core.estimate.exchange.draft import Draft, Item, Zone
from ...core.estimate.gaeb.figures import cents
from ...core.estimate.gaeb.offer import get_part_kinds

MAX_DIGITS = 6
# Cost nature → what a tender calls that part of a unit price.
_KINDS = {"labour": "Wages", "material": "Materials", "equipment": "Plant"}


def get_draft(sheet):
    """Give the draft of a sheet.

    :param sheet: a `construction.evaluation` whose prices the user may see
    :rtype: Draft
    """
    return Draft(
        kind="X84",
        title=sheet.lead_id.name or sheet.display_name,
        currency=sheet.currency_id.name or "",
        client=sheet.partner_id.display_name or "",
        zones=[
            Zone(
                key=str(zone.id),
                code=zone.code or "",
                name=zone.name,
                parent=str(zone.parent_id.id or ""),
                description=zone.description or "",
            )
            for zone in _from_the_top(sheet.zone_ids)
        ],
        items=[_get_item(line) for line in sheet.line_ids.sorted(lambda line: (line.sequence, line.id))],
    )


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


def _from_the_top(zones):
    """Order zones as the sheet has them, each after the one it is part of."""

    def level(zone):
        return 1 + level(zone.parent_id) if zone.parent_id else 0

    return zones.sorted(lambda zone: (level(zone), zone.sequence, zone.id))


def _get_item(line):
    first, _break, rest = (line.name or line.product_id.display_name or "").strip().partition("\n")
    price, correction = _get_price(line)
    return Item(
        code=line.product_id.default_code or "",
        name=first,
        description=rest,
        unit=line.uom_id.with_context(lang=None).name or "",
        quantity=Decimal(repr(line.quantity)),
        price=price,
        correction=correction,
        zone=str(line.zone_id.id or ""),
        reference=line.reference or "",
        is_optional=line.is_optional,
    )


def _get_price(line):
    """Give the unit price with as few decimals as make the amount, and what is missing then."""
    quantity, exact = Decimal(repr(line.quantity)), Decimal(repr(line.price_unit))
    if not exact:
        return None, Decimal(0)
    if line.evaluation_id.price_source == "given":
        return exact, Decimal(repr(line.amount_correction))
    amount = cents(Decimal(repr(line.price_subtotal)))
    for digits in range(2, MAX_DIGITS + 1):
        price = round(exact, digits)
        if line.is_optional or cents(price * quantity) == amount:
            return price, Decimal(0)
    return price, amount - cents(price * quantity)
