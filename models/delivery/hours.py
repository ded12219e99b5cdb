"""Working time in hours, whatever unit it is sold in."""

from odoo.tools import float_round


def get_hour(env):
    """Give the unit hour, without a query each time it is asked for."""
    return env["uom.uom"].browse(env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_hour", raise_if_not_found=True))


def round_to_minutes(hours):
    """Give hours in whole minutes, half a minute up as screens do: stock's prints round it to the even one.

    >>> round(round_to_minutes(262.775) * 60), round(round_to_minutes(262.7) * 60)
    (15767, 15762)
    """
    return float_round(hours * 60, precision_digits=0) / 60


def to_hours(quantity, uom, hour):
    """Give a quantity of time in hours; what is no time counts nothing."""
    if uom == hour:
        return quantity
    return uom._compute_quantity(quantity, hour, round=False) if uom and uom._has_common_reference(hour) else 0.0
