"""Whom and when people type into the dialogs of steps: who works here, a day and an hour."""

from datetime import datetime, time, timedelta

import pytz

from odoo.exceptions import UserError


def check_works_here(user):
    """
    :raises UserError: this user was archived
    """
    if not user.active:
        raise UserError(
            user.env._("%(user)s does not work here any more. Choose a colleague who does.", user=user.name)
        )


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
