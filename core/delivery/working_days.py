"""Counting in days that are worked; which days are off is told by the caller."""

from datetime import timedelta

# A calendar that is never worked must not be searched for ever: after so long every day counts.
LONGEST_BREAK = 370


def next_day(day, is_off):
    """Give the first worked day from ``day`` on.

    :param is_off: function that tells of a date whether nobody works then

    >>> from datetime import date
    >>> weekend = lambda day: day.weekday() > 4
    >>> next_day(date(2026, 3, 7), weekend)
    datetime.date(2026, 3, 9)
    >>> next_day(date(2026, 3, 7), lambda day: True)
    datetime.date(2026, 3, 7)
    """
    found = day
    for _day in range(LONGEST_BREAK):
        if not is_off(found):
            return found
        found += timedelta(days=1)
    return day


def add_days(day, count, is_off):
    """Give the day that lies so many worked days after ``day`` (before it, when negative).

    >>> from datetime import date
    >>> weekend = lambda day: day.weekday() > 4
    >>> add_days(date(2026, 3, 6), 1, weekend), add_days(date(2026, 3, 9), -1, weekend)
    (datetime.date(2026, 3, 9), datetime.date(2026, 3, 6))
    >>> add_days(date(2026, 3, 7), 0, weekend)
    datetime.date(2026, 3, 9)
    """
    step = timedelta(days=1 if count >= 0 else -1)
    found = next_day(day, is_off)
    for _day in range(abs(count)):
        found += step
        for _break in range(LONGEST_BREAK):
            if not is_off(found):
                break
            found += step
        else:
            found -= step * LONGEST_BREAK
    return found


def count_days(start, end, is_off):
    """Count the worked days from ``start`` on and before ``end``; negative when ``end`` comes first.

    >>> from datetime import date
    >>> weekend = lambda day: day.weekday() > 4
    >>> count_days(date(2026, 3, 2), date(2026, 3, 9), weekend), count_days(date(2026, 3, 9), date(2026, 3, 2), weekend)
    (5, -5)
    """
    if end < start:
        return -count_days(end, start, is_off)
    return sum(not is_off(start + timedelta(days=number)) for number in range((end - start).days))


def move(day, start, new_start, is_off):
    """Give the day that lies as many worked days after ``new_start`` as ``day`` lies after ``start``.

    >>> from datetime import date
    >>> weekend = lambda day: day.weekday() > 4
    >>> move(date(2026, 3, 6), date(2026, 3, 2), date(2026, 3, 4), weekend)
    datetime.date(2026, 3, 10)
    """
    return add_days(new_start, count_days(next_day(start, is_off), day, is_off), is_off)


def schedule(start, durations, is_off):
    """Lay stages one after another; give the first and last day of each, None for one that takes no time.

    >>> from datetime import date
    >>> weekend = lambda day: day.weekday() > 4
    >>> days = schedule(date(2026, 3, 7), [5, 0, 2], weekend)
    >>> [first and (first.isoformat(), last.isoformat()) for first, last in days]
    [('2026-03-09', '2026-03-13'), None, ('2026-03-16', '2026-03-17')]
    """
    days, first = [], next_day(start, is_off)
    for duration in durations:
        if duration <= 0:
            days.append((None, None))
            continue
        last = add_days(first, duration - 1, is_off)
        days.append((first, last))
        first = add_days(last, 1, is_off)
    return days
