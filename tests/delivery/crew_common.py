from datetime import date, datetime, timedelta

from odoo.fields import Command

from ...models.delivery.crew_load import CrewLoad
from .common import DeliveryCommon

# The tests of crews live in the week of Monday, the 1st of June 2026.
TODAY = "2026-06-01"
MONDAY = date(2026, 6, 1)


class CrewCommon(DeliveryCommon):
    """A crew of masons (120 hours a week), one of roofers (40), and a project to give them work in."""

    monday = MONDAY  # of the week the tests begin in

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Five days of eight hours",
                "tz": "Europe/Bucharest",
                "company_id": cls.env.company.id,
                "attendance_ids": [Command.clear()]
                + [
                    Command.create({"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 16})
                    for day in range(5)
                ],
            }
        )
        cls.masonry, cls.roofing = cls.env["construction.trade"].create([{"name": "Masonry"}, {"name": "Roofing"}])
        cls.masons, cls.roofers = cls.env["construction.crew"].create(
            [
                {
                    "name": "Masons",
                    "size": 3,
                    "resource_calendar_id": cls.calendar.id,
                    "trade_ids": [Command.set(cls.masonry.ids)],
                },
                {
                    "name": "Roofers",
                    "size": 1,
                    "resource_calendar_id": cls.calendar.id,
                    "trade_ids": [Command.set(cls.roofing.ids)],
                },
            ]
        )
        cls.mason.trade_id = cls.masonry
        cls.project = cls.env["project.project"].create(
            {"name": "House in the hills", "company_id": cls.env.company.id, "allow_milestones": True}
        )
        # The deal of the common class is sold and not started: out of the way of what is counted here.
        cls.order.action_cancel()

    @classmethod
    def _make_task(cls, hours, start=None, end=None, **values):
        return cls.env["project.task"].create(
            {
                "name": "Work",
                "project_id": cls.project.id,
                "crew_id": cls.masons.id,
                "allocated_hours": hours,
                "date_work_start": start,
                "date_deadline": end and datetime(end.year, end.month, end.day, 12),
                **values,
            }
        )

    @classmethod
    def _make_quote(cls, hours, probability=50, lead=None, product=None, **values):
        """A quote with so many hours of masons; its deal wants to start today."""
        lead = lead or cls._make_deal(date_start_wanted=cls.monday)
        lead.probability = probability
        commands = cls._prepare_chapter("1", cls.wall, [(product or cls.mason, hours, cls.hour)])
        return cls._make_order(lead, commands, confirm=False, **{"user_id": lead.user_id.id, **values})

    @classmethod
    def _day(cls, weeks=0, days=0):
        return cls.monday + timedelta(weeks=weeks, days=days)

    def _load(self, **options):
        self.env.flush_all()
        return CrewLoad(self.env, self.env.company, **options)

    def _firm(self, crew=None, weeks=4):
        return [round(hours, 2) for hours in self._load().firm[(crew or self.masons).id][:weeks]]
