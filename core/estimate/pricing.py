"""From priced components to the price of an item and the total of a sheet."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """What one component costs the client, tax excluded: `raw`, and `rounded` to the currency."""

    raw: float
    rounded: float


@dataclass(frozen=True, slots=True)
class ItemPrice:
    """The price of an item: of one unit, of all of it, and all of it before rounding."""

    unit: float
    subtotal: float
    raw: float


def item_price(amounts, quantity, unit_price, round_amount):
    """Add up the components of an item.

    The subtotal is the sum of the rounded components, as the lines of a quote will show them. The
    unit price is what makes the subtotal; an item without a quantity shows `unit_price` instead.

    :param amounts: the `Amount` of each component
    :param quantity: quantity of the item
    :param unit_price: the price of one unit by the exact, unrounded quantities
    :param round_amount: rounds an amount of money to its currency

    >>> price = item_price([Amount(1.004, 1.0), Amount(2.006, 2.01)], 2.0, 1.505, lambda a: round(a, 2))
    >>> price.unit, price.subtotal, round(price.raw, 3)
    (1.505, 3.01, 3.01)
    """
    subtotal = round_amount(sum(amount.rounded for amount in amounts))
    raw = sum(amount.raw for amount in amounts)
    return ItemPrice(subtotal / quantity if quantity else unit_price, subtotal, raw)


def sheet_total(subtotals, raws, round_globally, round_amount):
    """Add up a sheet as the accounting adds up an order, tax excluded.

    A company that rounds per tax ("globally") rounds the sum of the exact amounts, one that rounds
    per line adds up rounded amounts.

    >>> sheet_total([1.7, 1.7, 1.7], [1.6965] * 3, True, lambda amount: round(amount, 2))
    5.09
    >>> sheet_total([1.7, 1.7, 1.7], [1.6965] * 3, False, lambda amount: round(amount, 2))
    5.1
    """
    return round_amount(sum(raws if round_globally else subtotals))
