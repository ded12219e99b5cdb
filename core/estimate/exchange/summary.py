"""What a person wants to know of a draft before it is imported."""

from decimal import ROUND_HALF_UP, Context, Decimal

_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


def item_amount(item, digits=2):
    """Quantity × price, rounded, with the correction; nothing of what is not counted.

    >>> from .draft import Item
    >>> item_amount(Item(quantity=Decimal("1.5"), price=Decimal("0.99"), correction=Decimal("0.01")))
    Decimal('1.50')
    """
    if item.is_optional:
        return Decimal(0)
    exact = _CONTEXT.multiply(item.quantity or Decimal(0), item.price or Decimal(0))
    return exact.quantize(Decimal(1).scaleb(-digits), context=_CONTEXT) + item.correction


def summarize_draft(draft, digits=2):
    """Counts, chapters with their totals, and the total of a draft.

    :return: a dict of `counts`, `chapters` (dicts of code, name, depth, items, total and stated_total) and `total`

    >>> from .draft import Draft, Item, Zone
    >>> one, price = Decimal(1), Decimal(3)
    >>> zones = [Zone("a", "1", "House"), Zone("b", "1.1", "Roof", parent="a")]
    >>> found = summarize_draft(Draft(zones=zones, items=[Item("X", quantity=one, price=price, zone="b")]))
    >>> [(zone["code"], zone["depth"], str(zone["total"])) for zone in found["chapters"]], str(found["total"])
    ([('1', 0, '3.00'), ('1.1', 1, '3.00')], '3.00')
    """
    zones = {zone.key: zone for zone in draft.zones}
    totals, counts = dict.fromkeys(zones, Decimal(0)), dict.fromkeys(zones, 0)
    total = Decimal(0)
    for item in draft.items:
        amount = item_amount(item, digits)
        total += amount
        if item.zone in counts:
            counts[item.zone] += 1
        for key in _path(zones, item.zone):
            totals[key] += amount
    chapters = [
        {
            "code": zone.code,
            "name": zone.name,
            "depth": len(_path(zones, zone.key)) - 1,
            "items": counts[zone.key],
            "total": totals[zone.key],
            "stated_total": zone.stated_total,
        }
        for zone in draft.zones
    ]
    return {"counts": count(draft), "chapters": chapters, "total": total}


def count(draft):
    """How many of each thing a draft has; what the file itself counts wins."""
    recipes = [resource.recipe for resource in draft.resources.values() if resource.recipe]
    return {
        "chapters": len(draft.zones),
        "items": len(draft.items),
        "products": len(draft.resources),
        "recipes": len(recipes),
        "components": sum(len(recipe.rows) for recipe in recipes),
        "measurements": sum(bool(item.measured) for item in draft.items),
        "measurement_lines": sum(len(item.measured) for item in draft.items),
        "markups": len(draft.markups),
    } | draft.counts


def _path(zones, key):
    """A zone and those it is in, outwards."""
    path = []
    while key in zones and key not in path:
        path.append(key)
        key = zones[key].parent
    return path
