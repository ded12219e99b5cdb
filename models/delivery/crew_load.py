"""The load of crews, week by week, and which week has room for more."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from pytz import timezone, utc

from odoo.tools.intervals import Intervals

from ...core.delivery import capacity as core
from . import crew_work

# So many weeks are looked at: a year and what a long job takes after it.
HORIZON_WEEKS = 78
# Work planned for longer than this counts as done by then.
MAX_DAYS = 3 * 366


class CrewLoad:
    """What the crews of some companies can do and have to do, from today on.

    ``capacity``, ``firm`` (of these ``sold``: the project has not started), ``tentative`` (quotes by their
    probability) and ``wanted`` (quotes in full) map a crew's id to a list of hours, one for each of ``weeks``
    (Mondays). Work that is overdue is due from today on. Hours only: who sees a load need not see the deals behind it.
    """

    def __init__(self, env, companies, skip_orders=(), skip_leads=()):
        """
        :param companies: whose crews, tasks and quotes
        :param skip_orders: ids of orders to leave out, where room is looked for just these
        :param skip_leads: ids of deals whose orders to leave out
        """
        # sudo: all crews' work makes the load, whoever asks; what is shown of it are sums of hours.
        self.env = env(su=True)
        self.companies = companies.sudo()
        self.today = crew_work.get_today(env)
        self.weeks = core.list_weeks(self.today, HORIZON_WEEKS)
        self._index = {week: number for number, week in enumerate(self.weeks)}
        self._workdays = {}
        self._intervals = {}  # when one person works, by calendar and company
        self._able = {}  # crews by company, trade and stage's crew
        # Archived crews too: what they still have to do must not get lost.
        self.crews = (
            self.env["construction.crew"]
            .with_context(active_test=False)
            .search([("company_id", "in", self.companies.ids)])
        )
        self.tasks = crew_work.read_tasks(self.env, self.companies)
        self.quotes = [
            work
            for work in crew_work.read_quotes(self.env, self.companies, self.today)
            if work.order_id not in skip_orders and work.lead_id not in skip_leads
        ]
        self._last = self._get_last_day()
        self._away = self._read_leaves()
        self.capacity = {crew.id: self._get_capacity(crew) for crew in self.crews}
        self.firm = {crew.id: self._get_empty() for crew in self.crews}
        self.sold = {crew.id: self._get_empty() for crew in self.crews}
        self.tentative = {crew.id: self._get_empty() for crew in self.crews}
        self.wanted = {crew.id: self._get_empty() for crew in self.crews}
        self.undated = defaultdict(float)  # hours of tasks without dates, by crew
        self.homeless = defaultdict(float)  # hours of quotes no crew can do, by trade
        self.parts = []  # (crew id, kind, record id, hours by week)
        self._add_tasks()
        self._add_quotes()
        self.crews = self.crews.filtered(lambda crew: crew.active or any(self.firm[crew.id]) or self.undated[crew.id])

    # === WHAT A CREW CAN DO === #

    def _get_empty(self):
        return [0.0] * len(self.weeks)

    def _get_last_day(self):
        end = self.weeks[-1] + timedelta(days=6)
        ends = [work.end for work in self.tasks if work.end]
        return min(max([end, *ends]), self.today + timedelta(days=MAX_DAYS))

    def get_workdays(self, crew):
        """Return when one person of this crew works, from today on; read once for each calendar."""
        calendar = crew.resource_calendar_id or crew.company_id.resource_calendar_id
        key = calendar.id, crew.company_id.id
        if key not in self._workdays:
            self._workdays[key] = core.Workdays(self.today, self._read_hours(calendar, crew.company_id))
        return self._workdays[key]

    def _read_hours(self, calendar, company):
        """Return the working hours of each day until the last one, leaves taken out."""
        if not calendar:
            return self._add_up_days([])
        zone = timezone(calendar.tz or "UTC")
        start = zone.localize(datetime.combine(self.today, time.min))
        end = zone.localize(datetime.combine(self._last, time.max))
        away = [("time_type", "=", "leave"), ("company_id", "in", [company.id, False])]
        intervals = calendar._work_intervals_batch(start, end, domain=away, tz=zone)[False]
        self._intervals[calendar.id, company.id] = zone, intervals
        return self._add_up_days(intervals, zone)

    def _add_up_days(self, intervals, zone=utc):
        hours = [0.0] * ((self._last - self.today).days + 1)
        for begin, stop, _attendance in intervals:
            day = begin.astimezone(zone).date()
            # In UTC: the clock of the place may be set forward or back in between.
            hours[(day - self.today).days] += (stop.astimezone(utc) - begin.astimezone(utc)).total_seconds() / 3600
        return hours

    def _read_leaves(self):
        """Return when members of the crews are away by themselves: user id → list of (from, to, company id)."""
        members = self.crews.member_ids
        found = {}
        if not members:
            return found
        leaves = self.env["resource.calendar.leaves"].search_fetch(
            [
                ("resource_id.user_id", "in", members.ids),
                ("time_type", "=", "leave"),
                ("date_to", ">=", datetime.combine(self.today, time.min)),
                ("date_from", "<=", datetime.combine(self._last, time.max)),
            ],
            ["resource_id", "date_from", "date_to", "company_id"],
        )
        for leave in leaves:
            span = utc.localize(leave.date_from), utc.localize(leave.date_to), leave.company_id.id
            found.setdefault(leave.resource_id.user_id.id, []).append(span)
        return found

    def _get_absences(self, crew):
        """Return the hours members of this crew are away while it works, as one person's; None where nobody is."""
        calendar = crew.resource_calendar_id or crew.company_id.resource_calendar_id
        zone, work = self._intervals.get((calendar.id, crew.company_id.id), (utc, None))
        hours = None
        for member in crew.member_ids if work else ():
            spans = [
                (begin, stop, member)
                for begin, stop, company_id in self._away.get(member.id, ())
                if company_id in (crew.company_id.id, False)
            ]
            if spans:
                away = self._add_up_days(work & Intervals(spans), zone)
                hours = core.add(hours, away) if hours else away
        return hours and core.Workdays(self.today, hours)

    def _get_capacity(self, crew):
        """Return the hours of each week: people by working hours, less what members are away."""
        if not crew.active or not crew.size:
            return self._get_empty()
        workdays = self.get_workdays(crew)
        absences = self._get_absences(crew)
        factor = 1 + crew.overtime_percent / 100
        capacity = []
        for week in self.weeks:
            last = week + timedelta(days=6)
            hours = crew.size * workdays.between(week, last) - (absences.between(week, last) if absences else 0.0)
            # a crew may have more members than people who work in it
            capacity.append(max(hours, 0.0) * factor)
        return capacity

    # === WHAT IT HAS TO DO === #

    def _add_tasks(self):
        crews = {crew.id: crew for crew in self.crews}
        for work in self.tasks:
            span = core.order_span(work.start, work.end)
            if not span:
                self.undated[work.crew_id] += work.hours
                self.parts.append((work.crew_id, "undated", work.task_id, {}))
                continue
            by_week = self.spread(crews[work.crew_id], work.hours, *span)
            row = self.firm[work.crew_id]
            for number, part in by_week.items():
                row[number] += part
            self.parts.append((work.crew_id, "task", work.task_id, by_week))

    def spread(self, crew, hours, start, end):
        """Return the hours of a job of this crew by number of the week; what is overdue is due from today on."""
        workdays = self.get_workdays(crew)
        if start < self.today or end < self.today:
            today = workdays.next_workday(self.today)
            start, end = max(start, today), max(end, today)
        parts = core.spread(hours, start, end, workdays)
        return {self._index[week]: part for week, part in parts.items() if week in self._index}

    def _add_quotes(self):
        for work in self.quotes:
            crews = self.find_crews(work.company_id, work.trade_id, work.stage_crew_id)
            if not crews:
                self.homeless[work.trade_id] += work.hours * work.probability / 100
                continue
            shares = core.share(work.hours, {crew.id: crew.size for crew in crews})
            for crew_id, hours in shares.items():
                self._add_quote(crew_id, work, hours)

    def _add_quote(self, crew_id, work, hours):
        placed = core.place(hours, self.capacity[crew_id], self.get_index(work.start))
        factor = work.probability / 100
        for number, part in enumerate(placed):
            if work.is_sold:
                self.firm[crew_id][number] += part
                self.sold[crew_id][number] += part
            else:
                self.tentative[crew_id][number] += part * factor
                self.wanted[crew_id][number] += part
        by_week = {number: part * factor for number, part in enumerate(placed) if part}
        self.parts.append((crew_id, "order" if work.is_sold else "quote", work.order_id, by_week))

    # === WHO, AND WHEN === #

    def find_crews(self, company_id, trade_id, stage_crew_id=0):
        """Return the crews of a company that do a trade; without one, the usual crew of the stage."""
        key = company_id, trade_id, stage_crew_id
        if key not in self._able:
            self._able[key] = self._find_crews(*key)
        return self._able[key]

    def _find_crews(self, company_id, trade_id, stage_crew_id):
        own = self.crews.filtered(lambda crew: crew.active and crew.company_id.id == company_id)
        able = own.filtered(lambda crew: trade_id in crew.trade_ids.ids) if trade_id else own.browse()
        return able or own.filtered(lambda crew: crew.id == stage_crew_id)

    def get_index(self, day):
        """Return the number of the week of a day, the first or the last one for days outside."""
        week = core.week_of(day)
        return self._index.get(week, 0 if week < self.weeks[0] else len(self.weeks) - 1)

    def find_room(self, crews, hours, start, extra=None, with_quotes=False):
        """Return the crew that has room for a job first, and its week.

        :param crews: who could do it
        :param hours: how much it is
        :param start: the day from which on it may start
        :param dict extra: crew id → hours by week, planned besides
        :param with_quotes: as if every open quote were won
        :return: ``(crew, Monday)``, both empty where nobody has room within the weeks looked at
        """
        best = (None, crews.browse())
        for crew in crews:
            load = self.firm[crew.id]
            if with_quotes:
                load = core.add(load, self.wanted[crew.id])
            if extra and crew.id in extra:
                load = core.add(load, extra[crew.id])
            week = core.first_room(hours, load, self.capacity[crew.id], self.get_index(start))
            if week is not None and (best[0] is None or week < best[0]):
                best = (week, crew)
        week, crew = best
        return crew, (None if week is None else self.weeks[week])
