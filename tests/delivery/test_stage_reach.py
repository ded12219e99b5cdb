from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ...models.delivery.holds import HardHold
from .stage_common import StageCommon


@tagged("post_install", "-at_install")
class TestStageReach(StageCommon):
    """A stage is reached when its checks are done and its manager approves, by whichever road."""

    def _hold(self, hold):
        """Another room has something against any stage."""
        self.patch(type(self.env["project.milestone"]), "_get_reach_holds", lambda stage: [hold])

    # === CHECKLIST === #

    def test_a_project_gets_the_checks_of_its_stages(self):
        self.assertEqual(self.dig.check_ids.mapped("name"), ["Photos", "Depth"])
        self.assertEqual(self.dig.check_progress, "0 / 2")
        self.assertFalse(self.build.check_ids)

    def test_setting_up_checks_again_is_once_and_tops_up(self):
        self._tick(self.dig)
        self.assertFalse(self.project.milestone_ids._set_up_checks())
        self.stages[0].check_template_ids = self._prepare_checks("Fence")
        self.dig.with_user(self.foreman).action_add_usual_checks()
        self.assertEqual(self.dig.check_ids.mapped("is_done"), [True, True, False])
        self.assertFalse(self.dig._set_up_checks())

    def test_a_tick_notes_who_and_when_and_takes_neither_from_outside(self):
        check = self.dig.check_ids[0].with_user(self.foreman)
        check.write({"is_done": True, "done_by_id": self.manager.id, "date_done": "2020-01-01"})
        self.assertEqual((check.done_by_id, check.date_done.year), (self.foreman, fields.Datetime.now().year))
        check.done_by_id = self.manager
        self.assertEqual(check.done_by_id, self.foreman)
        first = check.date_done
        check.with_user(self.manager).is_done = True
        self.assertEqual((check.done_by_id, check.date_done), (self.foreman, first))
        check.action_toggle_done()
        self.assertFalse(check.done_by_id or check.date_done)

    def test_a_foreman_adds_checks_and_takes_off_his_own_only(self):
        Check = self.env["construction.stage.check"].with_user(self.foreman)
        own = Check.create({"milestone_id": self.dig.id, "name": "Pump", "is_required": True})
        own.unlink()
        given = self.dig.check_ids[0].with_user(self.foreman)
        for loosen in (
            lambda: given.unlink(),
            lambda: given.write({"is_required": False}),
            lambda: given.write({"milestone_id": self.paint.id}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                loosen()
        given.with_user(self.manager).unlink()

    def test_the_checklist_of_a_reached_stage_stays(self):
        self._tick(self.dig)
        self.dig.with_user(self.foreman).action_reach()
        check = self.dig.check_ids[0].with_user(self.manager)
        for change in (
            lambda: check.write({"is_done": False}),
            lambda: check.unlink(),
            lambda: check.create({"milestone_id": self.dig.id, "name": "Late"}),
        ):
            with self.assertRaisesRegex(UserError, "Dig is reached"), self.cr.savepoint():
                change()

    # === REACHING === #

    def test_every_road_names_what_is_open(self):
        stage = self.dig.with_user(self.manager)
        roads = {
            "button": lambda: stage.action_reach(),
            "write": lambda: stage.write({"is_reached": True}),
            "dashboard": lambda: stage.toggle_is_reached(True),
            "list": lambda: stage.web_save({"is_reached": True}, {}),
            "project": lambda: self.project.sudo().write(
                {"milestone_ids": [Command.update(stage.id, {"is_reached": True})]}
            ),
            "server": lambda: stage.sudo().action_reach(),
        }
        message = "(?s)Dig is not reached yet.*“Photos”.*“Depth”"
        for name, road in roads.items():
            with self.subTest(road=name), self.assertRaisesRegex(UserError, message), self.cr.savepoint():
                road()
        self.assertEqual((self.dig.is_reached, self.dug.state), (False, "waiting"))
        with self.assertRaisesRegex(UserError, "not reached yet"), self.cr.savepoint():
            self.env["project.milestone"].create(
                {"name": "X", "project_id": self.project.id, "project_stage_id": self.stages[0].id, "is_reached": True}
            )

    def test_ticked_it_is_reached_and_the_note_says_what_became_due(self):
        self._tick(self.dig)
        self.dig.with_user(self.foreman).action_reach()
        self.assertEqual((self.dug.state, self.project.construction_stage_id), ("due", self.stages[1]))
        note = self.project.message_ids[0]
        self.assertIn("Stage Dig reached", note.body)
        self.assertIn("“Dug”", note.body)
        self.assertEqual(note.author_id, self.foreman.partner_id)

    def test_a_check_that_is_not_required_holds_nothing(self):
        self.dig.check_ids.is_required = False
        self.dig.with_user(self.foreman).action_reach()
        self.assertTrue(self.dig.is_reached)

    def test_the_day_is_today_or_earlier(self):
        self._tick(self.dig)
        today = fields.Date.context_today(self.dig)
        stage = self.dig.with_user(self.foreman)
        for write in (
            lambda: stage._reach(today + timedelta(1)),
            lambda: stage.write({"is_reached": True, "reached_date": today + timedelta(1)}),
        ):
            with self.assertRaisesRegex(UserError, "still to come"), self.cr.savepoint():
                write()
        stage._reach(today - timedelta(3))
        self.assertEqual((stage.reached_date, self.dug.date_due), (today - timedelta(3), today - timedelta(3)))
        with self.assertRaisesRegex(UserError, "today or an earlier"), self.cr.savepoint():
            stage.reached_date = today + timedelta(1)
        stage.reached_date = today - timedelta(1)
        self.assertEqual(self.dug.date_due, today - timedelta(1))

    def test_a_manager_goes_on_with_a_reason_that_is_kept(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self.dig.with_user(self.foreman)._reach(reason="It is fine")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.dig.with_user(self.manager)._reach(reason="  ")
        self.dig.with_user(self.manager)._reach(reason="Photos come on Monday")
        self.assertEqual((self.dig.is_reached, self.dig.reach_reason), (True, "Photos come on Monday"))
        self.assertIn("Photos come on Monday", self._read_notes())
        self.assertIn("“Depth” is not ticked", self._read_notes())
        self.dig.with_user(self.manager).action_unreach()
        self.assertFalse(self.dig.reach_reason)

    def test_a_hard_hold_stands_against_any_reason(self):
        self._hold(HardHold("Two snags are open."))
        with self.assertRaisesRegex(UserError, "Two snags"), self.cr.savepoint():
            self.paint.with_user(self.manager)._reach(reason="Never mind")
        self._hold("One snag is open.")
        self.paint.with_user(self.manager)._reach(reason="Never mind")
        self.assertTrue(self.paint.is_reached)

    def test_out_of_order_is_told_and_not_refused(self):
        self.paint.with_user(self.foreman).action_reach()
        self.assertIn("Stages before it that are still open: Dig, Build", self.project.message_ids[0].body)
        self.assertEqual(self.project.construction_stage_id, self.stages[0])

    def test_the_same_click_twice_is_once(self):
        self._tick(self.dig)
        today = fields.Date.context_today(self.dig)
        self.dig.with_user(self.foreman)._reach(today - timedelta(2))
        notes = len(self.project.message_ids)
        self.dig.with_user(self.manager)._reach(today, reason="again")
        self.dig.with_user(self.manager).action_reach()
        self.assertEqual((self.dig.reached_date, self.dig.reach_reason), (today - timedelta(2), False))
        self.assertEqual(len(self.project.message_ids), notes)
        self.assertEqual(len(self.contract.activity_ids), 1)

    def test_a_stage_says_what_it_is_while_it_is_reached(self):
        self._tick(self.dig)
        stage = self.dig.with_user(self.manager)
        stage.action_reach()
        for change in (
            lambda: stage.write({"project_stage_id": self.stages[2].id}),
            lambda: stage.unlink(),
            lambda: stage.write({"reached_date": False}),
        ):
            with self.assertRaisesRegex(UserError, "Dig"), self.cr.savepoint():
                change()

    def test_the_wizard_shows_what_is_open_and_what_becomes_due(self):
        action = self.dig.with_user(self.manager).action_ask_reach()
        Wizard = self.env["construction.stage.reach"].with_user(self.manager).with_context(**action["context"])
        form = Form(Wizard)
        self.assertIn("“Photos” is not ticked", form.holds)
        self.assertIn("Dug", form.due)
        form.reason = "Agreed by phone"
        form.save().action_reach()
        self.assertTrue(self.dig.is_reached)

    # === UNDOING === #

    def test_undoing_takes_back_what_is_not_invoiced(self):
        self._tick(self.dig)
        self.dig.with_user(self.foreman).action_reach()
        self.dig.with_user(self.foreman).action_unreach()
        self.assertEqual((self.dug.state, self.dug.date_due), ("waiting", False))
        self.assertEqual(self.project.construction_stage_id, self.stages[0])
        self.assertIn("Dug", self.project.message_ids[0].body)
        notes = len(self.project.message_ids)
        self.dig.with_user(self.foreman).action_unreach()
        self.assertEqual(len(self.project.message_ids), notes)

    def test_undoing_what_is_invoiced_is_refused_by_every_road(self):
        self._tick(self.dig)
        self.dig.with_user(self.foreman).action_reach()
        self._invoice(self.dug, post=False)
        stage = self.dig.with_user(self.manager)
        for road in (
            lambda: stage.action_unreach(),
            lambda: stage.write({"is_reached": False}),
            lambda: stage.toggle_is_reached(False),
        ):
            with self.assertRaisesRegex(UserError, "“Dug”.*invoiced"), self.cr.savepoint():
                road()
        self.assertEqual((self.dig.is_reached, self.dug.state), (True, "invoiced"))

    # === APPROVAL === #

    def test_a_foreman_asks_once_and_the_manager_approves(self):
        stage = self.build.with_user(self.foreman)
        with self.assertRaisesRegex(UserError, "approves it"), self.cr.savepoint():
            stage.action_reach()
        stage.action_ask_approval()
        stage.action_ask_approval()
        asked = self.project.activity_ids.filtered(lambda activity: "Build" in (activity.summary or ""))
        self.assertEqual((len(asked), asked.user_id), (1, self.manager))
        self.build.with_user(self.manager).action_reach()
        self.assertRecordValues(
            self.build, [{"approval_state": "approved", "approved_by_id": self.manager.id, "is_reached": True}]
        )
        self.assertFalse(asked.exists())
        self.assertEqual(self.built.state, "due")
        with self.assertRaisesRegex(AccessError, "Only the manager"), self.cr.savepoint():
            stage.action_unreach()
        self.build.with_user(self.manager).action_unreach()
        self.assertFalse(self.build.approval_state or self.build.approved_by_id)

    def test_a_manager_returns_with_a_reason(self):
        stage = self.build.with_user(self.foreman)
        stage.action_ask_approval()
        manager = self.build.with_user(self.manager)
        with self.assertRaisesRegex(AccessError, "Only the manager"), self.cr.savepoint():
            stage._return("Mine")
        with self.assertRaisesRegex(UserError, "Say why"), self.cr.savepoint():
            manager._return(" ")
        context = manager.action_return()["context"]
        wizard = self.env["construction.reason"].with_user(self.manager).with_context(**context)
        wizard.create({"reason": "The north wall leans"}).action_confirm()
        self.assertEqual((self.build.approval_state, self.build.return_reason), ("returned", "The north wall leans"))
        self.assertEqual(self.build.approval_activity_id.user_id, self.foreman)
        with self.assertRaisesRegex(UserError, "Nobody waits"), self.cr.savepoint():
            manager._return("Again")
        stage.action_ask_approval()
        self.assertEqual((self.build.approval_activity_id.user_id, self.build.return_reason), (self.manager, False))

    def test_nobody_writes_an_approval_by_hand(self):
        for values in (
            {"approved_by_id": self.foreman.id},
            {"approval_state": "approved"},
            {"reach_reason": "Because"},
            {"client_told_date": "2026-01-01"},
            {"is_reached": True, "approved_by_id": self.foreman.id},
        ):
            with self.assertRaisesRegex(UserError, "noted by itself"), self.cr.savepoint():
                self.paint.with_user(self.manager).write(values)

    def test_who_decides_on_a_project(self):
        admin = self._add_role("stage_admin", "project.group_project_manager")
        for user, decides in ((self.manager, True), (self.foreman, False), (admin, True), (self.salesman, False)):
            self.assertEqual(self.project.with_user(user)._is_manager(), decides, user.login)
        with self.assertRaisesRegex(AccessError, "Ask contract_project_user"):
            self.project.with_user(self.foreman)._check_is_manager()
        self.project.user_id = self.salesman
        self.assertFalse(self.project.with_user(self.salesman)._is_manager())

    def test_other_roles_read_stages_and_reach_none(self):
        for user in (self.salesman, self.accountant, self.surveyor):
            self.assertEqual(self.dig.with_user(user).check_ids.mapped("name"), ["Photos", "Depth"])
            for road in (
                lambda user=user: self.paint.with_user(user).action_reach(),
                lambda user=user: self.dig.check_ids.with_user(user).write({"is_done": True}),
                lambda user=user: self.paint.with_user(user).action_ask_approval(),
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    road()
        self.assertFalse(self.paint.is_reached)

    # === THE CLIENT === #

    def _get_mails(self):
        return self.paint.message_ids.filtered(lambda message: message.message_type == "comment")

    def test_the_client_is_told_once_where_the_stage_says_so(self):
        self.paint.with_user(self.foreman).action_reach()
        self.assertFalse(self._get_mails())
        self.paint.with_user(self.foreman).action_unreach()
        self.stages[2].tell_client = True
        role = self.env["construction.party.role"].create({"name": "Architect", "receives_report": True})
        architect = self.env["res.partner"].create({"name": "Arch", "email": "arch@example.com"})
        self.env["construction.party"].create(
            {"lead_id": self.contract.lead_id.id, "partner_id": architect.id, "role_id": role.id}
        )
        for _time in range(2):
            self.paint.with_user(self.foreman).action_reach()
            self.paint.with_user(self.manager).action_unreach()
        mail = self._get_mails()
        self.assertEqual((len(mail), mail.partner_ids), (1, self.partner_a + architect))
        self.assertIn("Paint", mail.body)
        self.assertTrue(self.paint.client_told_date)

    def test_the_client_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        template = self.env.ref("construction_crm.mail_template_stage_reached")
        template.with_context(lang="fr_FR").subject = "Étape : {{ object.name }}"
        self.stages[2].tell_client = True
        self.paint.with_user(self.foreman).action_reach()
        self.assertEqual(self._get_mails().subject, "Étape : Paint")

    def test_a_client_without_address_holds_nothing(self):
        self.partner_a.email = False
        self.stages[2].tell_client = True
        self.paint.with_user(self.foreman).action_reach()
        self.assertFalse(self._get_mails())
        self.assertIn("no mail address", self._read_notes())

    def test_the_message_by_hand_is_shown_first(self):
        self.paint.with_user(self.foreman).action_reach()
        context = self.paint.with_user(self.foreman).action_tell_client()["context"]
        composer = self.env["mail.compose.message"].with_user(self.foreman).with_context(**context).create({})
        self.assertIn("Paint", composer.body)
        self.assertIn(self.partner_a, composer.partner_ids)
        composer.action_send_mail()
        self.assertTrue(self.paint.client_told_date)
        self.assertEqual(len(self._get_mails()), 1)

    # === PLAIN MILESTONES === #

    def test_plain_milestones_are_as_stock_has_them(self):
        project = self.env["project.project"].sudo().create({"name": "Plain", "allow_milestones": True})
        milestone = self.env["project.milestone"].create({"name": "Any", "project_id": project.id})
        milestone.with_user(self.foreman).toggle_is_reached(True)
        self.assertFalse(milestone.check_ids or project.message_ids.filtered(lambda m: "reached" in (m.body or "")))
        milestone.unlink()
