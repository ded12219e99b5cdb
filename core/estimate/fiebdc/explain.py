"""Why a recipe states another price than its components make, where the usual reasons fit."""

from collections import Counter
from decimal import Decimal

from .figures import CONTEXT, capped, multiply, round_half_up
from .prices import row_amounts

UNROUNDED = "its rows are added up unrounded"
OWN_PRICE = "its percentage rows count at their own price"
MARKUP = "its components and {percentage} % more"

#: Prices looked at to find a common mark-up; a price base has thousands.
SAMPLE = 200

#: Percentages tried: 0.5 to 50 in halves, those of indirect costs and profit.
_MARKUPS = [Decimal(halves) / 2 for halves in range(1, 101)]


def explain_prices(concepts, prices):
    """The reason of each contradiction of prices, by code; a code without one is not in it.

    A mark-up is a reason only where it explains most of what nothing else does: one price alone fits some percentage
    by chance.
    """
    reasons, rest = {}, []
    for code, price in prices.items():
        if not price.contradicts:
            continue
        reason = _explain_rows(concepts, concepts[code], price.stated, prices)
        if reason:
            reasons[code] = reason
        elif price.computed:
            rest.append(code)
    markup = _common_markup([prices[code] for code in rest])
    for code in rest:
        if markup and _fits(prices[code], markup):
            reasons[code] = MARKUP.format(percentage=f"{markup.normalize():f}")
    return reasons


def _explain_rows(concepts, concept, stated, prices):
    def unit_price(code):
        return prices[code].used if code in prices else None

    unrounded = sum(row_amounts(concepts, concept.components, unit_price, None), Decimal(0))
    if _same(unrounded, stated):
        return UNROUNDED
    own = (multiply(row.quantity, unit_price(row.code) or Decimal(0)) for row in concept.components)
    return OWN_PRICE if _same(sum(own, Decimal(0)), stated) else None


def _same(computed, stated):
    """Equal as far as the stated figure has decimals, and as far as figures of 1995 were exact."""
    places = max(0, -stated.as_tuple().exponent)
    return round_half_up(capped(computed), places) == stated or abs(computed - stated) <= abs(stated) / 1_000_000


def _common_markup(prices):
    prices = prices[:: 1 + len(prices) // SAMPLE]
    fits = Counter(percentage for price in prices for percentage in _MARKUPS if _fits(price, percentage))
    if not fits:
        return None
    percentage, count = max(fits.items(), key=lambda found: (found[1], -found[0]))
    return percentage if count >= 3 and count * 2 > len(prices) else None


def _fits(price, percentage):
    """Whether the stated price is the computed one and so much more, rounded as it is.

    >>> from .prices import Price
    >>> _fits(Price(Decimal(91), Decimal("86.60")), Decimal(5))
    True
    """
    places = max(0, -price.stated.as_tuple().exponent)
    raised = CONTEXT.multiply(price.computed, 1 + percentage / 100)
    return round_half_up(capped(raised), places) == price.stated
