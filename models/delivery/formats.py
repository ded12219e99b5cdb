"""How figures of works are written, in the language of the reader."""

from odoo.tools import formatLang

# More are written only where there is something to say.
LEAST_DECIMALS = 2


def get_decimals(quantity, decimals):
    """How many decimals a quantity of works is written with.

    >>> get_decimals(228.5, 3), get_decimals(30.518, 3), get_decimals(4.0, 0)
    (2, 3, 0)
    """
    for shown in range(min(LEAST_DECIMALS, decimals), decimals):
        if round(quantity, shown) == round(quantity, decimals):
            return shown
    return decimals


def format_quantity(env, quantity, uom):
    """A quantity of works with its unit. Long loops use `sale.order.line._get_quantity_format` instead."""
    decimals = get_decimals(quantity, env["decimal.precision"].precision_get("Product Unit"))
    return f"{formatLang(env, quantity, digits=decimals)} {uom.name or ''}".strip()
