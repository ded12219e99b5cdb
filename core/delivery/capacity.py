"""Which hours of work fall into which week, and which week has room for more.

Weeks are told by their Monday. Hours are floats of people's work; nothing here rounds, so hours put in are hours
got out.
"""

from bisect import bisect_right
from datetime import date, timedelta
from itertools import accumulate

# A job may start in a week in which this part of the crew is free (or the whole job fits) …
START_SHARE = 0.25
# … and must be done within this many times the weeks the whole crew would need for it.
STRETCH = 2
EPSILON = 1e-6


def week_of(day: date) -> date:
    """Return the Monday of the week of a day.

    >>> week_of(date(2026, 6, 7))
    datetime.date(2026, 6, 1)
    """
    return day - timedelta(days=day.weekday())


def list_weeks(first, count):
    """Return ``count`` Mondays from the week of ``first``.

    >>> list_weeks(date(2026, 6, 3), 2)
    [datetime.date(2026, 6, 1), datetime.date(2026, 6, 8)]
    """
    return [week_of(first) + timedelta(weeks=number) for number in range(count)]


class Workdays:
    """The working hours of one person, day by day from ``first``.

    >>> days = Workdays(date(2026, 6, 1), [8, 8, 8, 8, 8, 0, 0] * 2)
    >>> days.between(date(2026, 6, 5), date(2026, 6, 8))
    16.0
    """

    def __init__(self, first, hours):
        self.first = first
        self.last = first + timedelta(days=max(len(hours) - 1, 0))
        self._sums = [0.0, *accumulate(float(value) for value in hours)]

    def between(self, start, end):
        """Return the hours of the days ``start`` to ``end``, both included; days not known have none."""
        low = max((start - self.first).days, 0)
        high = min((end - self.first).days + 1, len(self._sums) - 1)
        return self._sums[high] - self._sums[low] if high > low else 0.0

    def clamp(self, day):
        return min(max(day, self.first), self.last)

    def next_workday(self, day):
        """Return the first day from ``day`` on with working hours; ``day`` itself where none is known.

        >>> Workdays(date(2026, 6, 6), [0, 0, 8]).next_workday(date(2026, 6, 6))
        datetime.date(2026, 6, 8)
        """
        done = bisect_right(self._sums, self._sums[self.clamp_index(day)])
        return self.first + timedelta(days=done - 1) if done < len(self._sums) else day

    def clamp_index(self, day):
        return min(max((day - self.first).days, 0), len(self._sums) - 1)


def order_span(start, end):
    """Return first and last day of a job whose dates may be missing or the wrong way round; None without any.

    >>> order_span(None, date(2026, 6, 5))
    (datetime.date(2026, 6, 5), datetime.date(2026, 6, 5))
    >>> order_span(date(2026, 6, 9), date(2026, 6, 5))
    (datetime.date(2026, 6, 5), datetime.date(2026, 6, 9))
    """
    if not start and not end:
        return None
    return tuple(sorted((start or end, end or start)))


def spread(hours, start, end, workdays):
    """Spread the hours of a job over its working days: ``{Monday: hours}``, adding up to ``hours``.

    :param workdays: :class:`Workdays`; days outside of those it knows count as its first or last one. A job whose
        days are all free ones falls on its first day.

    >>> days = Workdays(date(2026, 6, 1), [8, 8, 8, 8, 8, 0, 0] * 2)
    >>> spread(30, date(2026, 6, 4), date(2026, 6, 8), days)
    {datetime.date(2026, 6, 1): 20.0, datetime.date(2026, 6, 8): 10.0}
    >>> spread(5, date(2026, 6, 6), date(2026, 6, 7), days)
    {datetime.date(2026, 6, 1): 5}
    """
    start, end = workdays.clamp(start), workdays.clamp(end)
    whole = workdays.between(start, end)
    week = week_of(start)
    if whole <= EPSILON or week_of(end) == week:
        return {week: hours}
    result = {}
    while week <= end:
        part = workdays.between(max(start, week), min(end, week + timedelta(days=6)))
        if part:
            result[week] = hours * part / whole
        week += timedelta(weeks=1)
    return result


def place(hours, capacity, first=0):
    """Let a crew do a job from the week ``first`` on, with all its people: hours by week, adding up to ``hours``.

    What does not fit into the weeks known comes in the last one; a start beyond them, too.

    >>> place(100, [40, 40, 0, 40])
    [40, 40, 0.0, 20]
    >>> place(100, [40, 40], first=1)
    [0.0, 100]
    """
    result = [0.0] * len(capacity)
    if not result:
        return result
    for week in range(min(first, len(capacity) - 1), len(capacity)):
        part = hours if week == len(capacity) - 1 else min(hours, capacity[week])
        if part:
            result[week] = part
        hours -= part
        if hours <= EPSILON:
            break
    return result


def free_hours(load, capacity):
    """Return the hours free in each week when what a week cannot do is done in those after it.

    >>> free_hours([60, 10, 0], [40, 40, 40])
    [0.0, 10.0, 40.0]
    """
    free, behind = [], 0.0
    for planned, room in zip(load, capacity, strict=True):
        due = planned + behind
        free.append(max(room - due, 0.0))
        behind = max(due - room, 0.0)
    return free


def first_room(hours, load, capacity, first=0):
    """Return the first week, from ``first`` on, in which a job of so many hours can start, or None.

    Room is where a quarter of the crew is free, or enough for the whole job, and what is free from there on does
    the job in at most twice the weeks the whole crew would take.

    >>> first_room(30, [40, 20, 0], [40, 40, 40])
    2
    >>> first_room(15, [40, 20, 0], [40, 40, 40])
    1
    >>> first_room(70, [80, 30, 10, 0, 0], [40] * 5)
    3
    >>> first_room(10, [0, 0], [0, 0]) is None
    True
    """
    free = free_hours(load, capacity)
    for week in range(first, len(capacity)):
        if free[week] <= EPSILON or free[week] + EPSILON < min(hours, capacity[week] * START_SHARE):
            continue
        end = _weeks_alone(hours, capacity, week)
        if end is None:
            return None
        if sum(free[week : week + end * (STRETCH if end > 1 else 1)]) + EPSILON >= hours:
            return week
    return None


def _weeks_alone(hours, capacity, first):
    """How many weeks the whole crew takes from ``first`` on; None when the weeks known are too few."""
    done = 0.0
    for number, room in enumerate(capacity[first:], start=1):
        done += room
        if done + EPSILON >= hours:
            return number
    return None


def percent(load, capacity):
    """Return how much of the capacity is taken, in percent; None where there is work and nobody to do it.

    >>> percent(30, 40)
    75.0
    >>> percent(0, 0)
    0.0
    >>> percent(1, 0) is None
    True
    """
    if capacity <= EPSILON:
        return 0.0 if load <= EPSILON else None
    return 100.0 * load / capacity


def share(hours, weights):
    """Divide hours among crews in proportion to their weights; equally where all weigh nothing.

    >>> share(30, {"a": 2, "b": 1})
    {'a': 20.0, 'b': 10.0}
    >>> share(30, {"a": 0, "b": 0})
    {'a': 15.0, 'b': 15.0}
    """
    whole = sum(weights.values())
    if not whole:
        return {key: hours / len(weights) for key in weights}
    return {key: hours * weight / whole for key, weight in weights.items()}


def add(*rows):
    """Add up hours week by week.

    >>> add([1, 2], [10, 20])
    [11, 22]
    """
    return [sum(values) for values in zip(*rows, strict=True)]
