import random
from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ...models.delivery.crew_load import CrewLoad
from ..query_count import counting
from .crew_common import MONDAY, TODAY, CrewCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCrewLoad(CrewCommon):
    """What crews can do and have to do, week by week."""

    # === WHAT A CREW CAN DO === #

    def test_the_capacity_is_people_times_working_hours(self):
        load = self._load()
        self.assertEqual(load.capacity[self.masons.id][:3], [120, 120, 120])
        self.assertEqual(load.capacity[self.roofers.id][:3], [40, 40, 40])

    def test_leaves_of_the_company_take_capacity_away(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Bridge days",
                "calendar_id": self.calendar.id,
                "company_id": self.env.company.id,
                "date_from": datetime(2026, 6, 10, 21),  # Thursday and Friday in Bucharest
                "date_to": datetime(2026, 6, 12, 20),
            }
        )
        self.assertEqual(self._load().capacity[self.masons.id][:3], [120, 72, 120])

    def test_time_off_of_a_member_takes_his_hours_away(self):
        user = self.env["res.users"].create({"name": "Mason Mark", "login": "mason_mark"})
        resource = self.env["resource.resource"].create(
            {"name": "Mark", "user_id": user.id, "company_id": self.env.company.id, "calendar_id": self.calendar.id}
        )
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Wedding",
                "resource_id": resource.id,
                "calendar_id": self.calendar.id,
                "date_from": datetime(2026, 6, 9, 21),  # Wednesday to Friday in Bucharest
                "date_to": datetime(2026, 6, 12, 20),
            }
        )
        self.assertEqual(self._load().capacity[self.masons.id][:3], [120, 120, 120], "he is no member")
        self.masons.member_ids = user
        self.assertEqual(self._load().capacity[self.masons.id][:3], [120, 96, 120])
        self.masons.overtime_percent = 50
        self.assertEqual(self._load().capacity[self.masons.id][:2], [180, 144])
        # the holiday of all is not counted twice
        leave.copy({"name": "Bridge day", "resource_id": False, "date_from": datetime(2026, 6, 11, 21)})
        self.assertEqual(self._load().capacity[self.masons.id][1], (96 - 16) * 1.5)
        self.roofers.size = 0
        self.roofers.member_ids = user
        self.assertFalse(any(self._load().capacity[self.roofers.id]))

    def test_overtime_is_room(self):
        self.masons.overtime_percent = 25
        self.assertEqual(self._load().capacity[self.masons.id][0], 150)

    def test_the_days_gone_by_of_this_week_are_no_room_any_more(self):
        with freeze_time("2026-06-04"):
            self.assertEqual(self._load().capacity[self.masons.id][:2], [48, 120])

    def test_a_crew_without_people_or_hours_has_no_room_and_breaks_nothing(self):
        empty = self.env["resource.calendar"].create({"name": "None", "attendance_ids": [Command.clear()]})
        nobody = self.masons.copy({"size": 0})
        idle = self.masons.copy({"resource_calendar_id": empty.id})
        self._make_task(10, MONDAY, MONDAY, crew_id=nobody.id)
        self._make_task(10, MONDAY, MONDAY, crew_id=idle.id)
        load = self._load()
        for crew in nobody | idle:
            self.assertFalse(any(load.capacity[crew.id]))
            self.assertEqual(load.firm[crew.id][0], 10)
            self.assertEqual(load.find_room(crew, 8, MONDAY), (crew.browse(), None))
        rows = self.env["construction.crew.week"]._create_rows(0, 2)
        self.assertEqual(rows.filtered(lambda row: row.crew_id == nobody)[0].percent, 999)
        board = self.env["construction.crew"].get_load_board(hours=8)
        self.assertIn("None in a year", [crew["room"] for crew in board["crews"]])

    def test_a_crew_cannot_have_fewer_than_no_people(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.masons.size = -1
            self.env.flush_all()

    # === WHAT IT HAS TO DO === #

    def test_hours_are_spread_over_the_working_days_of_a_task(self):
        self._make_task(80, self._day(days=3), self._day(weeks=1, days=2))
        self.assertEqual(self._firm(), [32, 48, 0, 0])

    def test_every_hour_is_counted_once(self):
        """Whatever the dates, the load holds as many hours as the tasks."""
        chance = random.Random(7)
        for _round in range(6):
            hours = [chance.choice([0, 1, 7.5, 40, 333.3]) for _task in range(15)]
            tasks = self.env["project.task"]
            for value in hours:
                start = self._day(days=chance.randint(-90, 200)) if chance.random() < 0.7 else None
                end = self._day(days=chance.randint(-90, 300)) if chance.random() < 0.7 else None
                tasks |= self._make_task(value, start, end, crew_id=chance.choice([self.masons.id, self.roofers.id]))
            load = self._load()
            counted = sum(sum(row) for row in load.firm.values()) + sum(load.undated.values())
            self.assertAlmostEqual(counted, sum(hours), places=4)
            self.assertFalse(any(week < -1e-9 for row in load.firm.values() for week in row))
            tasks.unlink()

    def test_a_task_without_dates_has_those_of_its_stage(self):
        stage = self.env["project.milestone"].create(
            {
                "name": "Works",
                "project_id": self.project.id,
                "date_start": self._day(weeks=1),
                "deadline": self._day(weeks=2, days=4),
            }
        )
        task = self._make_task(100, milestone_id=stage.id)
        self.assertEqual(self._firm(), [0, 50, 50, 0])
        task.date_work_start = self._day(weeks=2)
        self.assertEqual(self._firm(), [0, 0, 100, 0], "its own first day, the last one of the stage")
        task.date_deadline = datetime(2026, 6, 3, 12)
        task.date_work_start = False
        self.assertEqual(self._firm(), [100, 0, 0, 0], "done before the stage starts")

    def test_work_nobody_dated_is_told_as_such(self):
        self._make_task(30)
        load = self._load()
        self.assertEqual(load.undated[self.masons.id], 30)
        self.assertFalse(any(load.firm[self.masons.id]))

    def test_what_is_overdue_is_due_now(self):
        self._make_task(30, self._day(weeks=-5), self._day(weeks=-3))
        self.assertEqual(self._firm(), [30, 0, 0, 0])
        with freeze_time("2026-06-07"):  # a Sunday: nobody works before Monday
            self.assertEqual(self._firm(weeks=3), [0, 30, 0])

    def test_a_deadline_before_the_first_day_is_read_the_other_way_round(self):
        self._make_task(100, self._day(weeks=1, days=4), self._day())
        self.assertEqual(self._firm(), [50, 50, 0, 0])

    def test_the_deadline_counts_in_the_time_of_the_crew(self):
        task = self._make_task(10)
        task.date_deadline = datetime(2026, 6, 7, 21, 30)  # Monday, half past midnight, in Bucharest
        self.assertEqual(self._firm(), [0, 10, 0, 0])

    def test_done_cancelled_archived_and_template_tasks_are_no_load(self):
        self._make_task(10, MONDAY, MONDAY, state="1_done")
        self._make_task(10, MONDAY, MONDAY, state="1_canceled")
        self._make_task(10, MONDAY, MONDAY).active = False
        template = self.env["project.project"].create({"name": "Template", "is_template": True})
        self._make_task(10, MONDAY, MONDAY, project_id=template.id)
        self.assertEqual(self._firm(), [0, 0, 0, 0])
        self._make_task(10, MONDAY, MONDAY)
        self.project.active = False
        self.assertEqual(self._firm(), [0, 0, 0, 0])

    def test_hours_of_subtasks_are_part_of_their_task(self):
        task = self._make_task(50, MONDAY, MONDAY)
        self._make_task(20, self._day(weeks=1), self._day(weeks=1), parent_id=task.id)
        self.assertEqual(self._firm(), [30, 20, 0, 0])

    def test_an_archived_crew_keeps_what_it_has_to_do_and_has_no_room(self):
        self._make_task(50, MONDAY, MONDAY)
        (self.masons | self.roofers).active = False
        load = self._load()
        self.assertEqual(load.crews, self.masons)
        self.assertFalse(any(load.capacity[self.masons.id]))
        self.assertFalse(load.find_crews(self.env.company.id, self.masonry.id))

    def test_a_crew_of_another_company_is_refused_and_not_seen(self):
        other = self.env["res.company"].create({"name": "Other firm"})
        theirs = self.env["construction.crew"].create({"name": "Theirs", "company_id": other.id})
        self.assertEqual(theirs.resource_calendar_id, other.resource_calendar_id)
        with self.assertRaisesRegex(ValidationError, "belongs to Other firm"):
            self._make_task(10, crew_id=theirs.id)
        self.assertNotIn(theirs, self._load().crews)
        self.assertIn(theirs, CrewLoad(self.env, self.env.company | other).crews)

    # === SPEED === #

    def _count_queries(self):
        with counting(self.env) as queries:
            self.env["construction.crew"].get_load_board(hours=40)
        return queries.count

    def test_the_load_takes_as_many_queries_for_many_crews_and_tasks(self):
        self._make_task(10, MONDAY, MONDAY)
        self._make_quote(40)
        self._count_queries()
        few = self._count_queries()
        crews = self.env["construction.crew"].create(
            [
                {
                    "name": f"Crew {n}",
                    "resource_calendar_id": self.calendar.id,
                    "trade_ids": [Command.set(self.masonry.ids)],
                }
                for n in range(30)
            ]
        )
        self.env["project.task"].create(
            [
                {
                    "name": f"Work {n}",
                    "project_id": self.project.id,
                    "crew_id": crews[n % 30].id,
                    "allocated_hours": 8,
                    "date_work_start": MONDAY + timedelta(days=n % 50),
                }
                for n in range(300)
            ]
        )
        for _quote in range(10):
            self._make_quote(40)
        many = self._count_queries()
        self.assertLessEqual(many, few + 1)
        self.assertLessEqual(many, 30)
