from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .site_common import PIXEL, SiteCommon


@tagged("post_install", "-at_install")
class TestHandover(SiteCommon):
    """The signed act starts the warranty, frees the retention and delivers the project; undone, it takes that back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._invoice(cls.contract.instalment_ids[1])
        cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=cls.move.ids).create(
            {}
        )._create_payments()
        cls.first, cls.last = cls.project.milestone_ids
        cls.first.action_reach()

    def _withdraw(self, act, reason="wrong day", user=None):
        act = act.with_user(user or self.manager)
        action = act.action_ask_withdraw()
        wizard = self.env["construction.reason"].with_user(act.env.user).with_context(**action["context"])
        wizard.create({"reason": reason}).action_confirm()

    # === SIGNING === #

    def test_the_final_act_delivers_the_works(self):
        day = self.today - timedelta(days=2)
        act = self._act(date=day)
        act.action_sign()
        self.assertEqual(act.state, "signed")
        self.assertRecordValues(
            self.contract, [{"state": "completed", "date_end": day, "date_released_handover": self.today}]
        )
        self.assertEqual(act.date_warranty_end, self.contract.date_warranty_end)
        self.assertTrue(act.date_warranty_end)
        self.assertRetention(self.contract, 24.2, 24.2)
        self.assertRecordValues(self.last, [{"is_reached": True, "reached_date": day}])
        self.assertRecordValues(
            self.project,
            [{"date_delivered": day, "last_update_status": "done", "active": True}],
        )
        self.assertEqual(self.project.construction_stage_id, self.stages[1])
        for record in (self.project, self.contract):
            self.assertTrue(any(act.name in (body or "") for body in record.message_ids.mapped("body")))
        self.assertFollowsLedger(self.contract)

    def test_plan_rows_that_wait_for_the_handover_get_due(self):
        row = self.contract.instalment_ids[2]
        row.sudo().write({"trigger": "handover", "date_event": False})
        act = self._act()
        self.assertEqual(row.state, "waiting")
        act.action_sign()
        self.assertEqual(row.state, "due")
        self._withdraw(act)
        self.assertEqual(row.state, "waiting")

    def test_signing_twice_is_signing_once(self):
        act = self._act()
        act.action_sign()
        messages = len(self.project.message_ids)
        act.with_user(self.administrator).action_sign()
        self.assertEqual(len(self.project.message_ids), messages)

    def test_a_project_has_one_final_act(self):
        self._act(ready=False)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._act(ready=False)

    def test_a_partial_act_completes_nothing(self):
        act = self._act(kind="partial", milestone_id=self.first.id)
        act.action_sign()
        self.assertEqual(act.state, "signed")
        self.assertEqual(self.contract.state, "signed")
        self.assertFalse(self.project.date_delivered)
        self.assertFalse(self.last.is_reached)

    def test_a_partial_act_says_which_part(self):
        act = self._act(ready=False, kind="partial")
        with self.assertRaisesRegex(UserError, "which part"):
            act.action_ready()
        act.scope = "Ground floor"
        act.action_ready()

    def test_both_sides_sign_or_the_paper_is_added(self):
        act = self._act(sign=False)
        with self.assertRaisesRegex(UserError, "not signed by both sides"):
            act.action_sign()
        act.signature_own = PIXEL
        with self.assertRaisesRegex(UserError, "not signed by both sides"):
            act.action_sign()
        act.write({"signed_copy": PIXEL, "signed_copy_name": "act.png"})
        act.action_sign()
        self.assertEqual(self.contract.state, "completed")

    def test_the_day_of_the_act_is_not_one_to_come_nor_before_the_works(self):
        act = self._act(ready=False, date=self.today + timedelta(days=1))
        with self.assertRaisesRegex(UserError, "day to come"):
            act.action_ready()
        act.date = "2025-12-31"
        act.action_ready()
        self._put_signatures(act)
        with self.assertRaisesRegex(UserError, "before the works of contract"):
            act.action_sign()
        self.assertRecordValues(self.contract, [{"state": "signed"}])

    def test_an_unsigned_contract_keeps_the_act_from_being_signed(self):
        contract = self._create_withheld(sign=False)
        project = self._make_project(contract.lead_id)
        act = self._act(project_id=project.id)
        with self.assertRaisesRegex(UserError, "not signed yet"):
            act.action_sign()

    def test_a_checklist_keeps_the_act_from_being_signed(self):
        self.env["construction.stage.check"].create(
            {"milestone_id": self.last.id, "name": "Clean the site", "is_required": True}
        )
        act = self._act()
        self.assertIn("Clean the site", act.obstacles)
        action = act.action_view_checklist()
        stage = self.env["project.milestone"].browse(action["res_id"])
        self.assertIn("Clean the site", stage.check_ids.mapped("name"))
        # a page loaded again goes by the address
        self.assertTrue(action["path"])
        self.assertEqual(action["views"], [(stage.get_formview_id(), "form")])
        with self.assertRaisesRegex(UserError, "Clean the site"):
            act.action_sign()
        self.assertEqual(self.contract.state, "signed")

    # === SNAGS === #

    def test_critical_snags_keep_it_from_being_signed(self):
        snag = self._snag(severity="critical", name="No water")
        act = self._act()
        self.assertIn("No water", act.obstacles)
        with self.assertRaisesRegex(UserError, "No water"):
            act.action_sign()
        self.assertEqual((act.state, self.contract.state), ("ready", "signed"))
        snag.action_fix()
        snag.with_user(self.manager).action_verify()
        with self.assertRaisesRegex(UserError, "no longer those in the annex"):
            act.action_sign()
        act.action_draft()
        act.action_ready()
        self._put_signatures(act)
        act.action_sign()
        self.assertEqual(self.contract.state, "completed")

    def test_other_snags_go_into_the_annex_and_stay_there_as_signed(self):
        snag = self._snag(severity="major", name="Door stuck")
        act = self._act()
        self.assertRecordValues(
            act.snag_ids,
            [{"number": snag.number, "name": "Door stuck", "holds": "retention", "date_due": snag.date_due}],
        )
        act.action_sign()
        self.assertTrue(self.contract.is_retention_waiting, "the retention waits for it")
        self.assertFalse(self.contract.date_released_handover)
        snag.action_fix()
        snag.with_user(self.manager).action_verify()
        self.assertEqual(act.snag_ids.name, "Door stuck")
        self.assertTrue(self.contract.date_released_handover)

    def test_snags_without_a_day_are_not_annexed(self):
        snag = self._snag()
        snag.date_due = False
        act = self._act()
        with self.assertRaisesRegex(UserError, "need a day"):
            act.action_sign()

    # === WHAT IS SIGNED STAYS === #

    def test_what_is_ready_or_signed_is_not_changed_by_any_road(self):
        act = self._act(document_ids=[Command.create({"name": "Keys"})])
        for state in ("ready", "signed"):
            if state == "signed":
                act.action_sign()
            for user in (self.manager, self.administrator):
                record = act.with_user(user)
                for values in ({"date": "2026-01-05"}, {"remarks": "x"}, {"document_ids": [Command.clear()]}):
                    with self.subTest(state=state, values=values), self.assertRaises(UserError):
                        record.write(values)
                with self.assertRaises(UserError):
                    record.document_ids.count = 9
                with self.assertRaises(UserError):
                    record.document_ids.unlink()
                with self.assertRaises(UserError):
                    record.write({"state": "draft"})
                with self.assertRaises(UserError):
                    record.unlink()
        with self.assertRaises(UserError):
            act.signature_client = False

    def test_a_new_act_is_a_draft(self):
        for values in ({"state": "signed"}, {"delivered": {"contracts": {}}}, {"date_signed": "2026-01-01 10:00:00"}):
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "buttons"):
                self._act(ready=False, **values)

    def test_the_annex_is_not_written_by_hand(self):
        act = self._act(ready=False)
        with self.assertRaises(AccessError):
            self.env["construction.handover.snag"].with_user(self.manager).create(
                {"handover_id": act.id, "name": "Invented"}
            )

    # === UNDOING === #

    def test_signing_is_undone_with_all_it_did(self):
        self.contract.action_start()
        self.contract.date_end = "2026-12-01"
        self.project.last_update_status = "on_track"
        act = self._act()
        act.action_sign()
        self._withdraw(act)
        self.assertRecordValues(act, [{"state": "draft", "signature_client": False, "date_signed": False}])
        self.assertRecordValues(self.contract, [{"state": "running", "date_released_handover": False}])
        self.assertEqual(str(self.contract.date_end), "2026-12-01")
        self.assertFalse(self.last.is_reached)
        self.assertRecordValues(self.project, [{"date_delivered": False, "last_update_status": "on_track"}])
        self.assertRetention(self.contract, 48.4, 0.0)
        self.assertTrue(any("wrong day" in body for body in self.project.message_ids.mapped("body")))
        act.action_ready()
        self._put_signatures(act)
        act.action_sign()
        self.assertEqual(self.contract.state, "completed")

    def test_signing_is_not_undone_once_the_released_retention_is_paid(self):
        act = self._act()
        act.action_sign()
        self._register(self.move, 24.2)
        with self.assertRaisesRegex(UserError, "the client paid with"):
            self._withdraw(act)
        self.assertEqual((act.state, self.contract.state), ("signed", "completed"))

    def test_signing_is_not_undone_once_what_it_made_due_is_invoiced(self):
        row = self.contract.instalment_ids[0]
        row.sudo().write({"trigger": "handover", "date_event": False})
        act = self._act()
        act.action_sign()
        self._invoice(row)
        with self.assertRaisesRegex(UserError, row.name):
            self._withdraw(act)
        self.assertTrue(self.project.date_delivered)

    def test_the_contract_is_not_reopened_behind_the_act(self):
        act = self._act()
        act.action_sign()
        with self.assertRaisesRegex(UserError, act.name):
            self.contract.with_user(self.salesman).action_reopen()

    def test_only_the_manager_takes_steps(self):
        act = self._act(ready=False).with_user(self.foreman)
        for step in (act.action_ready, act.action_sign, act.action_draft):
            with self.assertRaisesRegex(AccessError, "Only the manager"):
                step()
        with self.assertRaisesRegex(AccessError, "Only the manager"):
            self._withdraw(act, user=self.foreman)

    def test_a_signed_act_is_not_cancelled(self):
        act = self._act()
        act.action_sign()
        with self.assertRaisesRegex(UserError, "undo signing first"):
            act._cancel("no")
        self._withdraw(act)
        act._cancel("no")
        self.assertEqual(act.state, "cancelled")

    # === WHAT IS PROPOSED AND PRINTED === #

    def test_the_form_proposes_who_takes_part_and_what_is_handed_over(self):
        self.withheld_type.handover_item_ids = [Command.create({"name": "Fire certificate"})]
        form = Form(
            self.env["construction.handover"].with_user(self.manager).with_context(default_project_id=self.project.id)
        )
        act = form.save()
        self.assertEqual(act.document_ids.mapped("name"), ["Fire certificate"])
        self.assertIn(self.partner_a.name, act.participant_ids.mapped("name"))
        self.assertIn(self.manager.name, act.participant_ids.mapped("name"))
        self.assertRecordValues(act, [{"partner_id": self.partner_a.id, "contract_id": self.contract.id}])
        self.assertTrue(act.meter_ids)

    def test_the_print_speaks_the_language_of_the_client_and_tells_no_price(self):
        self._snag(severity="major", name="Door stuck")
        act = self._act(remarks="Very nice")
        html = (
            self.env["ir.actions.report"]
            .with_user(self.manager)
            ._render_qweb_html("construction_crm.action_report_construction_handover", act.ids)[0]
            .decode()
        )
        for text in ("Door stuck", "Very nice", act.name, self.contract.name):
            self.assertIn(text, html)
        for amount in ("1,000", "1,210", "121.00"):
            self.assertNotIn(amount, html)
