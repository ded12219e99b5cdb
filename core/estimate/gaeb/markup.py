"""What a percentage position (Zuschlagsposition) is taken of."""

from decimal import Decimal

from .figures import cents, decimal
from .xmlfile import child, children, is_yes, value


def get_base(bill, position, amounts, prices):
    """Sum up the positions a percentage is on, in the three ways a file can name them.

    :param amounts: `{(number, place): amount}` of the positions priced so far
    :param prices: `{(number, place): item}`
    """
    kind = value(position.element, "MarkupType")
    if kind == "ListInSubQty":
        return _get_listed(bill, position, prices)
    inside = {position.category}
    for category in bill.categories:
        if category.parent in inside and category.parent:
            inside.add(category.key)
    return sum(
        (
            amounts.get((other.number, other.place), Decimal(0))
            for other in bill.positions
            if not other.is_markup
            and not other.excluded
            and (other.category in inside if kind == "AllInCat" else is_yes(other.element, "MarkupIt"))
        ),
        Decimal(0),
    )


def _get_listed(bill, position, prices):
    by_id = {other.element.get("ID"): other for other in bill.positions}
    base = Decimal(0)
    for row in children(position.element, "MarkupSubQty"):
        reference = child(row, "RefItem")
        other = by_id.get(reference.get("IDRef")) if reference is not None else None
        item = prices.get((other.number, other.place)) if other else None
        if item is None or item.price is None:
            continue
        quantity = decimal(value(row, "SubQty"))
        quantity = item.quantity if quantity is None else quantity
        base += cents(item.price * (quantity or 0))
    return base
