"""The days a company works, to lay and move the dates of works."""

from datetime import datetime, time, timedelta

from odoo import fields

from ...core.delivery import working_days


class WorkDays:
    """Counts in the working days of a company, or in calendar days where it is set so.

    Days off come from the working hours of the company with their holidays, a year at a time.
    """

    def __init__(self, company):
        # sudo: the hours a company works are no secret, whoever plans
        self.company = company.sudo()
        self.calendar = self.company.resource_calendar_id
        self.counts_all = self.company.construction_calendar_days or not self.calendar
        self._off = {}

    def is_off(self, day):
        """Tell whether nobody works on that day."""
        if self.counts_all:
            return False
        if day.year not in self._off:
            self._off[day.year] = self._read_days_off(day.year)
        return day in self._off[day.year]

    def _read_days_off(self, year):
        # A day more on both sides: the hours of the calendar may lie in another day of UTC.
        first = datetime.combine(datetime(year, 1, 1) - timedelta(days=1), time.min)
        last = datetime.combine(datetime(year, 12, 31) + timedelta(days=1), time.max)
        days = self.calendar._get_unusual_days(first, last, self.company)
        return {fields.Date.to_date(day) for day, is_off in days.items() if is_off}

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
