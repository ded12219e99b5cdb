"""How figures of works are written, in the language of the reader."""

from odoo.tools import formatLang


def format_quantity(env, quantity, uom):
    """A quantity of works with its unit. Long loops use `sale.order.line._get_quantity_format` instead."""
    return f"{formatLang(env, quantity, dp='Product Unit')} {uom.name or ''}".strip()
