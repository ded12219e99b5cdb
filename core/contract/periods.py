"""Days and shares of the rows a payment plan is made of: plain arithmetic without Odoo."""

from calendar import monthrange
from datetime import date, timedelta

MONTH = "month"
QUARTER = "quarter"
WEEK = "week"
MONTHS = {MONTH: 1, QUARTER: 3}


def list_days(first, period, count, every=1):
    """List the first days of `count` periods, each counted from `first` so that no month end drifts.

    :param date first: the first day
    :param str period: "month", "quarter" or "week"
    :param int every: so many periods from one to the next
    :raises ValueError: an unknown period, or less than one of anything

    >>> [day.isoformat() for day in list_days(date(2024, 1, 31), "month", 4)]
    ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30']
    >>> [day.isoformat() for day in list_days(date(2026, 11, 30), "quarter", 3)]
    ['2026-11-30', '2027-02-28', '2027-05-30']
    >>> [day.isoformat() for day in list_days(date(2026, 12, 21), "week", 3, every=2)]
    ['2026-12-21', '2027-01-04', '2027-01-18']
    >>> list_days(date(2026, 1, 1), "year", 1)
    Traceback (most recent call last):
    ...
    ValueError: unknown period: year
    """
    if count < 1 or every < 1:
        raise ValueError("less than one period")
    if period == WEEK:
        return [first + timedelta(weeks=every * number) for number in range(count)]
    if period not in MONTHS:
        raise ValueError(f"unknown period: {period}")
    return [_add_months(first, MONTHS[period] * every * number) for number in range(count)]


def count_periods(first, last, period, every=1, most=600):
    """Tell how many periods begin from `first` to `last`, at least one.

    >>> count_periods(date(2026, 1, 15), date(2026, 12, 31), "month")
    12
    >>> count_periods(date(2026, 1, 15), date(2026, 1, 1), "month")
    1
    >>> count_periods(date(2026, 1, 1), date(2026, 2, 1), "week", every=2)
    3
    """
    return max(sum(day <= last for day in list_days(first, period, most, every)), 1)


def share_percents(values, whole=100.0, digits=4):
    """Give each value its percentage of all, of `whole`; the last one is None: it takes the rest.

    >>> share_percents([100, 300, 200])
    [16.6667, 50.0, None]
    >>> share_percents([1, 1], whole=90)
    [45.0, None]
    >>> share_percents([0, 0])
    Traceback (most recent call last):
    ...
    ValueError: nothing to share
    """
    total = sum(values)
    if total <= 0 or min(values) < 0:
        raise ValueError("nothing to share")
    return [round(value * whole / total, digits) for value in values[:-1]] + [None]


def _add_months(day, months):
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
