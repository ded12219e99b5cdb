from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .stage_common import StageCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-06")
class TestStageMove(StageCommon):
    """Moving the dates of stages: shown first, then done, and never hiding that the works are late."""

    def _open(self, record, user=None):
        action = record.with_user(user or self.manager).action_move_dates()
        Wizard = self.env["construction.plan.what.if"].with_user(user or self.manager)
        return Form(Wizard.with_context(**action["context"]), view=action["views"][0][0])

    def _dates(self):
        return [(stage.date_start, stage.deadline) for stage in self.project.milestone_ids]

    def test_the_preview_shows_old_and_new_dates_and_writes_nothing(self):
        before = self._dates()
        form = self._open(self.paint)
        form.days = 7
        self.assertEqual(form.date_to, date(2026, 5, 28))
        for text in ("05/21/2026", "05/28/2026", "Painted", "06/02/2026"):
            self.assertIn(text, form.content)
        self.assertEqual(self._dates(), before)

    def test_a_stage_moves_with_those_after_it(self):
        form = self._open(self.build)
        form.days = 3
        form.longer = False
        form.reason = "Rain"
        form.save().action_move()
        self.assertEqual(
            self._dates(),
            [
                (date(2026, 5, 1), date(2026, 5, 1)),
                (date(2026, 5, 7), date(2026, 5, 15)),
                (date(2026, 5, 18), date(2026, 5, 24)),
            ],
        )
        self.assertEqual(self.painted.date_expected, date(2026, 5, 29))
        note = self.project.message_ids[0]
        self.assertIn("Rain", note.body)
        self.assertIn("05/12/2026", note.body)
        self.assertEqual(note.author_id, self.manager.partner_id)
        self.assertEqual(self.project.date, date(2026, 5, 24))

    def test_a_stage_that_has_begun_takes_longer(self):
        form = self._open(self.build)
        self.assertTrue(form.longer)
        form.with_following = False
        form.date_to = date(2026, 5, 14)
        self.assertEqual(form.days, 2)
        form.reason = "Rain"
        form.save().action_move()
        self.assertEqual(
            self._dates()[1:],
            [(date(2026, 5, 4), date(2026, 5, 14)), (date(2026, 5, 15), date(2026, 5, 21))],
        )

    def test_working_days_leave_weekends_out(self):
        form = self._open(self.paint)
        form.in_work_days = True
        form.days = 2  # from Thursday over Friday to Monday
        self.assertEqual(form.date_to, date(2026, 5, 25))
        form.reason = "Rain"
        form.save().action_move()
        self.assertEqual(self._dates()[2], (date(2026, 5, 19), date(2026, 5, 25)))

    def test_the_start_moves_all_that_is_open(self):
        form = self._open(self.project)
        form.days = 10
        form.reason = "The permit came late"
        form.save().action_move()
        self.assertEqual(
            (self.project.date_start, self.project.date, self._dates()[0]),
            (date(2026, 5, 11), date(2026, 5, 31), (date(2026, 5, 11), date(2026, 5, 11))),
        )
        self.assertEqual(self.dug.date_expected, date(2026, 5, 11))

    def test_reached_stages_stay(self):
        self._tick(self.dig)
        self.dig.with_user(self.foreman).action_reach()
        form = self._open(self.project)
        form.days = 2
        form.reason = "Rain"
        form.save().action_move()
        self.assertEqual(self._dates()[0], (date(2026, 5, 1), date(2026, 5, 1)))
        self.assertEqual(self.project.date_start, date(2026, 5, 1))
        with self.assertRaisesRegex(UserError, "Dig is reached"):
            self.dig._write_dates({self.dig: {"date_start": False, "deadline": False}})

    def test_tasks_move_along_or_stay(self):
        tasks = self.env["project.task"].create(
            [
                {"name": name, "project_id": self.project.id, "milestone_id": self.paint.id,
                 "date_deadline": datetime(2026, 5, 20, 16, 0), "state": state}
                for name, state in (("Open", "01_in_progress"), ("Done", "1_done"))
            ]
        )  # fmt: skip
        form = self._open(self.paint)
        form.days = 1
        form.with_tasks = False
        form.reason = "Rain"
        form.save().action_move()
        self.assertEqual(set(tasks.mapped("date_deadline")), {datetime(2026, 5, 20, 16, 0)})
        form = self._open(self.paint)
        form.days = 1
        form.reason = "More rain"
        form.save().action_move()
        self.assertEqual(tasks.mapped("date_deadline"), [datetime(2026, 5, 21, 16, 0), datetime(2026, 5, 20, 16, 0)])

    def test_moving_asks_for_a_reason_and_for_days(self):
        form = self._open(self.paint)
        form.reason = " "
        with self.assertRaisesRegex(UserError, "Say why"):
            form.save().action_move()
        form = self._open(self.paint)
        form.days = 0
        form.reason = "Rain"
        with self.assertRaisesRegex(UserError, "Nothing moves"):
            form.save().action_move()

    def test_a_salesperson_asks_and_moves_nothing(self):
        form = Form(
            self.env["construction.plan.what.if"]
            .with_user(self.salesman)
            .with_context(default_contract_id=self.contract.id, default_event="stage_slip")
        )
        form.milestone_id = self.paint
        self.assertIn("Painted", form.content)
        wizard = form.save()
        wizard.reason = "Mine"
        with self.assertRaises(UserError):
            wizard.action_move()

    def test_lateness_counts_from_the_first_plan(self):
        self.assertEqual(self.dig.deadline_original, date(2026, 5, 1))
        self.assertEqual((self.dig.days_late, self.project.days_late), (5, 5))
        self.dig.with_user(self.foreman).deadline = date(2026, 5, 20)
        self.assertEqual((self.dig.days_late, self.dig.days_moved, self.project.days_late), (5, 19, 5))
        self._tick(self.dig)
        self.dig.with_user(self.foreman)._reach(date(2026, 5, 4))
        self.assertEqual((self.dig.days_late, self.project.days_late), (3, 0))
        self.dig.with_user(self.foreman).action_unreach()
        self.assertTrue(self.env["project.project"].search([("days_late", "=", 5), ("id", "=", self.project.id)]))

    def test_only_the_manager_sets_a_new_plan(self):
        self.dig.with_user(self.foreman).deadline = date(2026, 5, 5)
        for change in (
            lambda: self.dig.with_user(self.foreman).action_keep_plan(),
            lambda: self.dig.with_user(self.foreman).write({"deadline_original": "2026-05-05"}),
        ):
            with self.assertRaisesRegex(UserError, "Only the manager"), self.cr.savepoint():
                change()
        self.dig.with_user(self.manager).action_keep_plan()
        self.assertEqual((self.dig.deadline_original, self.dig.days_late), (date(2026, 5, 5), 1))
        self.assertIn("05/05/2026", self.project.message_ids[0].body)

    def test_agreed_days_are_not_late(self):
        form = self._open(self.paint)
        form.days = 7
        form.agreed = True
        form.reason = "Variation 1"
        form.save().action_move()
        self.assertEqual((self.paint.deadline, self.paint.deadline_original), (date(2026, 5, 28), date(2026, 5, 28)))

    def test_another_part_of_the_addon_moves_stages(self):
        moved = self.build.with_user(self.manager)._shift_stages(4, reason="Variation 2", agreed=True)
        self.assertEqual(moved, self.build + self.paint)
        self.assertEqual(self.paint.deadline_original, date(2026, 5, 25))

    def test_dates_in_the_wrong_order_are_refused_and_nothing_moves(self):
        before = self._dates()
        with self.assertRaisesRegex(UserError, "before it starts"), self.cr.savepoint():
            self.build.with_user(self.manager)._shift_stages(-30, longer=True)
        self.env.invalidate_all()
        self.assertEqual(self._dates(), before)

    def test_weights_that_are_not_a_hundred_are_told(self):
        self.assertFalse(self.project.is_stage_weight_wrong)
        self.paint.weight = 20
        self.assertEqual((self.project.stage_weight_total, self.project.is_stage_weight_wrong), (90, True))

    def test_lateness_of_many_projects_is_read_at_once(self):
        projects = self.project
        for number in range(5):
            copy = (
                self.env["project.project"]
                .sudo()
                .create(
                    {"name": f"P{number}", "construction_type_id": self.construction_type.id, "allow_milestones": True}
                )
            )
            self.env["project.milestone"].sudo().create(
                {"name": "Dig", "project_id": copy.id, "project_stage_id": self.stages[0].id,
                 "deadline": date(2026, 5, 1) + timedelta(number)}
            )  # fmt: skip
            projects |= copy
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self.assertEqual(projects.sudo().mapped("days_late"), [5, 5, 4, 3, 2, 1])
        found = self.env["project.project"].search([("days_late", ">", 3), ("id", "in", projects.ids)])
        self.assertEqual(len(found), 3)
