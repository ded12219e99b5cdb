"""The days a company works, to lay and move the dates of works."""

from datetime import datetime, time, timedelta

from odoo import fields

from ...core.delivery import working_days

# How much of the calendar is read at once, around a day that is not known yet.
BEFORE, AFTER, ONE_DAY = timedelta(days=15), timedelta(days=250), timedelta(days=1)


class WorkDays:
    """Counts in the working days of a company, or in calendar days where it is set so.

    Days off come from the working hours of the company with their holidays, many months at a time.
    """

    def __init__(self, company):
        # sudo: the hours a company works are no secret, whoever plans
        self.company = company.sudo()
        self.calendar = self.company.resource_calendar_id
        self.counts_all = self.company.construction_calendar_days or not self.calendar
        self._off, self._known = set(), None

    def is_off(self, day):
        """Tell whether nobody works on that day."""
        if self.counts_all:
            return False
        if not (self._known and self._known[0] <= day <= self._known[1]):
            self._read_days_off(day)
        return day in self._off

    def _read_days_off(self, day):
        first, last = day - BEFORE, day + AFTER
        # A day more on both sides: the hours of the calendar may lie in another day of UTC.
        days = self.calendar._get_unusual_days(
            datetime.combine(first - ONE_DAY, time.min), datetime.combine(last + ONE_DAY, time.max), self.company
        )
        self._off = {fields.Date.to_date(day) for day, is_off in days.items() if is_off}
        self._known = (first, last)

    def schedule(self, start, durations):
        """Lay stages one after another: a list of (first day, last day), (None, None) for one without duration."""
        return working_days.schedule(start, durations, self.is_off)

    def add(self, day, count):
        """Give the day so many working days after (before, when negative) `day`."""
        return working_days.add_days(day, count, self.is_off)

    def count(self, start, end):
        """Count the working days from `start` on and before `end`."""
        return working_days.count_days(start, end, self.is_off)

    def move(self, day, start, new_start):
        """Give the day as far from `new_start` as `day` is from `start`; False stays False."""
        return day and working_days.move(day, start, new_start, self.is_off)
