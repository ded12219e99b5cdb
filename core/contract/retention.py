"""What a client keeps back of each invoice, and when which part of it is released.

Plain arithmetic without Odoo. Sums are made in whole units of the currency (cents), so that no float ever
decides where a cent goes; what rounding leaves goes to the part released last.
"""

from decimal import ROUND_HALF_UP, Decimal

HANDOVER = "handover"
WARRANTY = "warranty"
PARTS = (HANDOVER, WARRANTY)


def withhold(base, percent, rounding=0.01, room=None, most=None):
    """Amount kept back of one invoice.

    :param float base: what the percentage is taken of, positive
    :param float percent: share kept back, 0 to 100
    :param float rounding: smallest unit of the currency
    :param room: what the cap of the contract leaves, None without a cap
    :param most: never more than this, the total of the invoice
    :return: float, never negative

    >>> withhold(1000, 5)
    50.0
    >>> withhold(333.33, 7.5)
    25.0
    >>> withhold(1000, 5, room=12.5)
    12.5
    >>> withhold(1000, 5, room=-3)
    0.0
    >>> withhold(1000, 50, most=121)
    121.0
    >>> withhold(-1000, 5)
    0.0
    >>> withhold(1005, 5, rounding=1)
    50.0
    """
    unit = Decimal(repr(rounding))
    amount = _round(_decimal(base) * _decimal(percent) / 100, unit)
    for limit in (room, most):
        if limit is not None:
            amount = min(amount, _units(limit, unit))
    return float(max(amount, 0) * unit)


def get_room(value, cap_percent, kept, rounding=0.01):
    """What a cap leaves to keep back, None without a cap.

    :param float value: value of the contract
    :param float cap_percent: the most that may be kept back, in % of it; 0: no cap
    :param float kept: kept back so far

    >>> get_room(10000, 5, 480)
    20.0
    >>> get_room(10000, 5, 600)
    0.0
    >>> get_room(10000, 0, 600) is None
    True
    """
    if not cap_percent:
        return None
    unit = Decimal(repr(rounding))
    room = _round(_decimal(value) * _decimal(cap_percent) / 100, unit) - _units(kept, unit)
    return float(max(room, 0) * unit)


def get_open_percent(percent, release_percent, released=()):
    """The percentage still to keep back once parts are released: a released part is not kept back again.

    >>> get_open_percent(10, 40), get_open_percent(10, 40, ["handover"]), get_open_percent(10, 40, PARTS)
    (10.0, 6.0, 0.0)
    """
    shares = {HANDOVER: _decimal(release_percent), WARRANTY: 100 - _decimal(release_percent)}
    left = sum((share for part, share in shares.items() if part not in released), Decimal(0))
    return float(_decimal(percent) * left / 100)


def split_parts(amount, release_percent, rounding=0.01, released=()):
    """Split what is kept back by the day it is released.

    :param float amount: what is kept back in all
    :param float release_percent: share of it released at handover, the rest at the end of the warranty
    :param released: parts released already, which take nothing
    :return: dict of part → amount, parts without an amount left out

    >>> split_parts(100.01, 50)
    {'handover': 50.01, 'warranty': 50.0}
    >>> split_parts(100, 0), split_parts(100, 100)
    ({'warranty': 100.0}, {'handover': 100.0})
    >>> split_parts(60, 40, released=["handover"])
    {'warranty': 60.0}
    >>> split_parts(60, 40, released=PARTS)
    {}
    """
    open_parts = [part for part in PARTS if part not in released]
    unit = Decimal(repr(rounding))
    total = _units(amount, unit)
    if not open_parts or total <= 0:
        return {}
    if len(open_parts) == 1:
        units = {open_parts[0]: total}
    else:
        first = _round(total * unit * _decimal(release_percent) / 100, unit)
        units = {HANDOVER: first, WARRANTY: total - first}
    return {part: float(value * unit) for part, value in units.items() if value}


def take_share(total, part, whole, rounding=0.01):
    """The part of `total` that corresponds to `part` of `whole`: what a credit note takes back.

    >>> take_share(500, 50, 1000)
    25.0
    >>> take_share(1000, 50.01, 1000)
    50.01
    >>> take_share(100, 50, 0)
    0.0
    """
    if not whole:
        return 0.0
    unit = Decimal(repr(rounding))
    return float(_round(_decimal(total) * _decimal(part) / _decimal(whole), unit) * unit)


def _decimal(value):
    return Decimal(repr(float(value)))


def _units(amount, unit):
    return _round(_decimal(amount), unit)


def _round(value, unit):
    """Whole units of a decimal amount, half up as currencies round."""
    return int((value / unit).quantize(Decimal(1), ROUND_HALF_UP))


def spread_retention(rows, percent=0.0):
    """Rows of a plan without those of retention; what these asked for goes to the last row of work.

    For contracts that keep back of each invoice: their rows of work bill in full.

    :param rows: list of dicts (kind, amount_type, percent, amount); left as they are
    :param float percent: what a row of retention without a percentage asks for
    :return: list of dicts

    >>> advance, half = {"kind": "advance", "percent": 30}, {"kind": "progress", "percent": 65}
    >>> [row["percent"] for row in spread_retention([advance, half, {"kind": "retention", "percent": 5}])]
    [30, 70]
    >>> [row["percent"] for row in spread_retention([advance, half, {"kind": "retention"}], percent=5)]
    [30, 70]
    >>> rest = {"kind": "final", "amount_type": "rest"}
    >>> spread_retention([advance, rest, {"kind": "retention", "percent": 5}]) == [advance, rest]
    True
    >>> fixed = {"kind": "retention", "amount_type": "fixed", "amount": 50}
    >>> [row.get("amount_type") for row in spread_retention([advance, half, fixed])]
    [None, 'rest']
    """
    rows = [dict(row) for row in rows]
    gone = [row for row in rows if row.get("kind") == "retention"]
    rows = [row for row in rows if row.get("kind") != "retention"]
    work = [row for row in rows if row.get("kind") != "advance"]
    if not work or any(row.get("amount_type") == "rest" for row in rows):
        return rows
    for row in gone:
        kind = row.get("amount_type") or "percent"
        takers = [other for other in work if (other.get("amount_type") or "percent") == kind]
        if not takers:
            work[-1]["amount_type"] = "rest"
        elif kind == "percent":
            asked = row.get("percent") or percent
            takers[-1]["percent"] = min((takers[-1].get("percent") or 0.0) + asked, 100.0)
        else:
            takers[-1]["amount"] = (takers[-1].get("amount") or 0.0) + (row.get("amount") or 0.0)
    return rows
