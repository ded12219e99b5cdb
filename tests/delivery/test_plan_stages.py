from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..contract.common import ContractCommon


@tagged("post_install", "-at_install")
class TestPlanStages(ContractCommon):
    """Instalments that wait for the works: a stage, or a share of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("project.group_project_manager")
        cls.stages = cls.env["project.project.stage"].create(
            [{"name": name, "sequence": 200 + i} for i, name in enumerate(("Dig", "Build", "Paint"))]
        )
        cls.construction_type.stage_ids = cls.stages
        cls.template.line_ids = [
            Command.clear(),
            Command.create({"name": "Dug", "percent": 30, "trigger": "stage", "project_stage_id": cls.stages[0].id}),
            Command.create({"name": "60 %", "percent": 30, "trigger": "progress", "progress_percent": 60}),
            Command.create({"name": "Painted", "amount_type": "rest", "trigger": "stage", "delay_days": 5,
                            "project_stage_id": cls.stages[2].id, "kind": "final"}),
        ]  # fmt: skip
        cls.contract = cls._create_contract(sign=False)
        project = cls.contract.lead_id.with_user(cls.project_user)._start_project(
            {
                "stages": [
                    {"project_stage_id": stage.id, "deadline": date(2026, 5, day), "weight": weight}
                    for stage, day, weight in zip(cls.stages, (1, 11, 21), (30, 40, 30), strict=True)
                ]
            }
        )
        cls.project = project.with_env(cls.env)
        cls.dig, cls.build, cls.paint = cls.project.milestone_ids
        cls.dug, cls.sixty, cls.painted = cls.contract.instalment_ids

    def _reach(self, *milestones, reached=True):
        for milestone in milestones:
            milestone.with_user(self.project_user).is_reached = reached

    def test_stages_give_the_expected_days(self):
        self.assertEqual(
            self.contract.instalment_ids.mapped("date_expected"),
            [date(2026, 5, 1), date(2026, 5, 11), date(2026, 5, 26)],
        )
        self.build.deadline = "2026-05-15"
        self.assertEqual(self.sixty.date_expected, date(2026, 5, 15))
        self.build.weight = 20
        self.assertEqual(self.sixty.date_expected, date(2026, 5, 21))

    def test_the_stage_that_hands_over_gives_the_expected_day_of_a_handover(self):
        self.painted.write({"trigger": "handover", "project_stage_id": False})
        self.contract.write({"date_start": "2026-04-01", "date_end": "2026-05-30"})
        self.assertEqual(self.painted.date_expected, date(2026, 6, 4), "only the contract has an end yet")
        self.stages[2].is_handover = True
        self.paint.deadline = "2026-05-22"
        self.assertEqual(self.painted.date_expected, date(2026, 5, 27))
        self.paint._shift_stages(7, reason="Rain")
        self.assertEqual(self.painted.date_expected, date(2026, 6, 3))
        self.paint.deadline = False
        self.assertEqual(self.painted.date_expected, date(2026, 6, 4))

    def test_a_stage_reached_by_a_project_user_makes_its_instalment_due(self):
        self.contract.action_sign()
        self._reach(self.dig)
        self.assertEqual(self.contract.instalment_ids.mapped("state"), ["due", "waiting", "waiting"])
        self.assertEqual(self.dug.activity_id.user_id, self.contract.user_id)

    def test_reached_unreached_and_reached_again_is_once(self):
        self.contract.action_sign()
        for _time in range(2):
            self._reach(self.dig, self.dig)
            self.assertEqual(self.dug.state, "due")
            self.assertEqual(len(self.contract.activity_ids), 1)
            self._reach(self.dig, reached=False)
            self.assertEqual((self.dug.state, self.dug.date_due), ("waiting", False))
            self.assertFalse(self.contract.activity_ids)

    def test_progress_counts_the_weights_of_reached_stages(self):
        self.contract.action_sign()
        self._reach(self.paint)
        self.assertEqual(self.sixty.state, "waiting")
        self._reach(self.dig)
        self.assertEqual((self.project._get_stage_progress(), self.sixty.state), (60, "due"))
        self._reach(self.dig, reached=False)
        self.assertEqual(self.sixty.state, "waiting")

    def test_a_stage_whose_instalment_is_invoiced_stays_reached(self):
        self.contract.action_sign()
        self._reach(self.dig, self.build)
        self._invoice(self.dug, post=False)
        with self.assertRaisesRegex(UserError, "Dig.*“Dug”.*invoiced"), self.cr.savepoint():
            self._reach(self.dig, reached=False)
        self.assertTrue(self.dig.is_reached)
        self._invoice(self.sixty, post=False)
        with self.assertRaisesRegex(UserError, "60 %.*invoiced"):
            self._reach(self.build, reached=False)

    def test_a_stage_reached_before_the_signature_fires_at_signing(self):
        self._reach(self.dig)
        self.assertEqual((self.dug.state, self.dug.activity_id), ("waiting", self.env["mail.activity"]))
        self.contract.action_sign()
        self.assertEqual(self.dug.state, "due")
        self.assertTrue(self.dug.activity_id)

    def test_a_contract_made_after_the_stage_knows_it(self):
        self._reach(self.dig)
        late = self._create_contract(lead=self.contract.lead_id)
        self.assertEqual(late.instalment_ids[0].state, "due")

    def test_delays_count_from_the_day_the_stage_was_reached(self):
        self.contract.action_sign()
        self._reach(self.paint)
        self.assertEqual(self.painted.date_due, self.paint.reached_date + timedelta(5))
        self.dug.delay_days = -10
        self.assertEqual(self.dug.date_due, date(2026, 4, 21))

    def test_a_cancelled_contract_hears_nothing(self):
        self.contract.action_cancel()
        self._reach(self.dig)
        self.assertFalse(self.dug.date_event)

    def test_signing_asks_for_the_stage(self):
        self.dug.project_stage_id = False
        self.sixty.progress_percent = 0
        with self.assertRaisesRegex(UserError, "(?s)stage.*“Dug”.*progress.*“60 %”"):
            self.contract.action_sign()

    def test_stages_of_plain_projects_cost_nothing_more(self):
        project = self.env["project.project"].sudo().create({"name": "Plain", "allow_milestones": True})
        milestone = self.env["project.milestone"].create({"name": "Any", "project_id": project.id})
        with self.assertQueryCount(0):
            milestone._refresh_plans()
            milestone.filtered("project_stage_id")._tell_contracts()

    def _ask(self, user, event, milestone=None, **context):
        wizard = self.env["construction.plan.what.if"].with_user(user).with_context(**context)
        form = Form(wizard)
        form.event = event
        if milestone:
            form.milestone_id = milestone
        return form

    def test_what_becomes_due_if_a_stage_is_reached(self):
        self._reach(self.dig)
        self.contract.action_sign()
        before = self.contract.instalment_ids.read(["date_event", "date_due", "state"])
        form = self._ask(self.salesman, "stage", default_contract_id=self.contract.id)
        self.assertIn("Choose the stage", form.content)
        form.milestone_id = self.build
        self.assertIn("60 %", form.content)
        self.assertNotIn("Painted", form.content)
        action = self.paint.with_user(self.project_user).action_what_if()
        form = self._ask(self.project_user, "stage", **action["context"])
        self.assertIn("Painted", form.content)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.contract.instalment_ids.read(["date_event", "date_due", "state"]), before)

    def test_what_moves_if_a_stage_slips(self):
        form = self._ask(self.project_user, "stage_slip", default_milestone_id=self.build.id)
        form.days = 7
        wizard = form.save()
        moved = self.contract._list_moved_if(wizard._get_shifts())
        self.assertEqual(
            moved,
            [
                (self.sixty, date(2026, 5, 11), date(2026, 5, 18)),
                (self.painted, date(2026, 5, 26), date(2026, 6, 2)),
            ],
        )
        self.assertIn("Painted", form.content)
        form.with_following = False
        self.assertNotIn("Painted", form.content)
        self.assertEqual(self.build.deadline, date(2026, 5, 11))

    def test_a_template_keeps_stages_and_shares_of_works(self):
        action = self.contract.with_user(self.sale_manager).action_save_plan_template()
        lines = self.env["construction.plan.template"].browse(action["res_id"]).line_ids
        self.assertEqual(lines.project_stage_id, self.stages[0] + self.stages[2])
        self.assertEqual(lines.mapped("progress_percent"), [0, 60, 0])
        self.assertEqual(
            [line._describe_due() for line in lines],
            ["Stage reached: Dig", "60 % of the works done", "Stage reached: Paint, after 5 days"],
        )
