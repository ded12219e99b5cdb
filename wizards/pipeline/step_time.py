"""A day and an hour as people type them."""

from datetime import datetime, time, timedelta

import pytz


def to_utc(user, day, hour):
    """The moment of a day and an hour of the clock where the user is; None without an hour.

    :param date day: a day
    :param float hour: 9.5 is half past nine; 0 is no hour
    """
    if not hour:
        return None
    zone = pytz.timezone(user.tz or "UTC")
    local = datetime.combine(day, time.min) + timedelta(hours=hour)
    return zone.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
