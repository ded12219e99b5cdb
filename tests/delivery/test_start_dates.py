from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestStartDates(DeliveryCommon):
    """The dates a project starts with: working days, the template's offsets, and the days of the stages."""

    def _make_holiday(self, first, last):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Closed",
                "calendar_id": self.env.company.resource_calendar_id.id,
                "company_id": self.env.company.id,
                "date_from": f"{first} 00:00:00",
                "date_to": f"{last} 23:59:59",
            }
        )

    def _make_template(self, **values):
        self.type.project_template_id = self.env["project.project"].create(
            {"name": "Template", "is_template": True, "allow_milestones": True, **values}
        )
        return self.type.project_template_id

    def _get_days(self, project):
        return [(m.date_start, m.deadline) for m in project.milestone_ids]

    def test_stages_leave_out_weekends_and_holidays_of_the_company(self):
        self._make_holiday("2026-03-09", "2026-03-10")
        project = self._start()
        self.assertEqual(
            self._get_days(project),
            [
                (date(2026, 3, 2), date(2026, 3, 17)),
                (date(2026, 3, 18), date(2026, 4, 14)),
                (date(2026, 4, 15), date(2026, 4, 17)),
            ],
        )

    def test_a_start_on_a_day_off_begins_on_the_next_working_day(self):
        rows = self.lead._prepare_stage_rows(date(2026, 3, 7))
        self.assertEqual(rows[0]["date_start"], date(2026, 3, 9))

    def test_the_company_may_count_calendar_days(self):
        self.env.company.construction_calendar_days = True
        self.assertEqual(
            self._get_days(self._start()),
            [
                (date(2026, 3, 2), date(2026, 3, 11)),
                (date(2026, 3, 12), date(2026, 3, 31)),
                (date(2026, 4, 1), date(2026, 4, 3)),
            ],
        )

    def test_a_company_that_never_works_counts_every_day(self):
        self.env.company.resource_calendar_id.attendance_ids.unlink()
        self.assertEqual(len(self._get_days(self._start())), 3)

    def test_the_start_the_client_wants_is_proposed_unless_it_is_over(self):
        self.lead.date_start_wanted = "2026-04-01"
        self.assertEqual(self.lead._prepare_start_values()["date_start"], date(2026, 4, 1))
        self.lead.date_start_wanted = "2026-02-01"
        self.assertEqual(self.lead._prepare_start_values()["date_start"], date(2026, 3, 2))

    def test_tasks_of_chapters_take_the_days_of_their_stage(self):
        project = self._start()
        wall = project.task_ids.filtered(lambda task: task.name == "1 Brick wall")
        self.assertEqual(wall.date_work_start, date(2026, 3, 16))
        self.assertEqual(wall.date_deadline.date(), date(2026, 4, 10))
        roof = project.task_ids - wall
        self.assertFalse(roof.date_deadline, "it belongs to no stage")

    def test_dates_of_the_template_move_by_working_days(self):
        template = self._make_template(date_start="2025-01-06", date="2025-02-28")
        template.milestone_ids = [
            Command.create({"name": "Roof party", "deadline": "2025-01-13"}),
            Command.create({"name": "Works", "project_stage_id": self.works.id, "deadline": "2025-01-20"}),
        ]
        self.env["project.task"].create(
            [
                {"name": "Fence", "project_id": template.id, "date_deadline": "2025-01-10 12:00:00"},
                {"name": "Dig", "project_id": template.id, "milestone_id": template.milestone_ids[1].id},
            ]
        )
        project = self._start(date_start=date(2026, 3, 4))
        tasks = {task.name: task for task in project.task_ids}
        self.assertEqual(tasks["Fence"].date_deadline, datetime(2026, 3, 10, 12, 0, 0))
        party = project.milestone_ids.filtered(lambda milestone: milestone.name == "Roof party")
        self.assertEqual(party.deadline, date(2026, 3, 11))
        works = project.milestone_ids.filtered(lambda milestone: milestone.project_stage_id == self.works)
        self.assertEqual(works.deadline, tasks["Dig"].date_deadline.date(), "a task of a stage ends with it")
        self.assertEqual(template.task_ids.filtered(lambda t: t.name == "Fence").date_deadline.year, 2025)

    def test_dates_of_a_template_without_a_start_count_from_the_first(self):
        template = self._make_template()
        self.env["project.task"].create(
            [
                {"name": name, "project_id": template.id, "date_deadline": f"{day} 12:00:00"}
                for name, day in (("First", "2025-01-06"), ("Later", "2025-01-09"))
            ]
        )
        tasks = {task.name: task.date_deadline.date() for task in self._start().task_ids if task.date_deadline}
        self.assertEqual(tasks["First"], date(2026, 3, 2))
        self.assertEqual(tasks["Later"], date(2026, 3, 5))

    def test_changing_the_start_moves_every_row_of_the_preview(self):
        action = self.lead.with_user(self.pm).action_start_project()
        wizard = self.env["construction.project.start"].with_user(self.pm).browse(action["res_id"])
        with Form(wizard) as form:
            with form.stage_line_ids.edit(0) as design:
                design.deadline = "2026-03-16"
            form.date_start = "2026-03-06"
            with form.stage_line_ids.edit(0) as design:
                self.assertEqual(design.date_start, date(2026, 3, 6))
                self.assertEqual(design.deadline, date(2026, 3, 20), "what was typed keeps its working days")
            with form.task_line_ids.edit(0) as wall:
                self.assertEqual(wall.date_start, date(2026, 3, 20))
            form.date_start = "2026-03-02"
            with form.stage_line_ids.edit(0) as design:
                self.assertEqual(design.deadline, date(2026, 3, 16), "and there is a way back")
        self.assertEqual(wizard.stage_line_ids[1].task_count, 1)
        self.assertEqual(wizard.date_end, date(2026, 4, 15))
