from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .step_common import StepCommon


@tagged("post_install", "-at_install")
class TestSteps(StepCommon):
    def test_closing_a_step_opens_the_next_one_and_moves_the_deal(self):
        self.activate()
        contact = self.deal.step_id
        self.close(summary="Wants a bath")
        self.assertEqual((contact.state, contact.summary), ("done", "Wants a bath"))
        self.assertTrue(contact.date_done)
        self.assertEqual(self.deal.step_type_id, self.kind_visit)
        self.assertEqual(self.deal.stage_id, self.visited)
        self.assertEqual(self.deal.step_deadline, fields.Date.today() + timedelta(days=2))
        self.assertEqual(self.deal.activity_ids.construction_step_id, self.deal.step_id)

    def test_a_step_cannot_be_closed_before_its_condition_holds(self):
        self.activate()
        with self.assertRaises(RedirectWarning):
            self.close()
        self.env["construction.contact.record"].with_user(self.salesperson).create(
            {"lead_id": self.deal.id, "summary": "Called her"}
        )
        self.assertEqual(self.deal.step_id.contact_record_ids.summary, "Called her")
        self.close()
        with self.assertRaises(RedirectWarning) as caught:
            self.deal.with_user(self.salesperson).action_next_step()
        self.assertEqual(caught.exception.args[1]["res_model"], "construction.evaluation")

    def test_closing_twice_is_closing_once(self):
        self.activate()
        wizard = self.close(summary="Wants a bath")
        wizard.action_apply()
        self.assertEqual(self.deal.step_type_id, self.kind_visit)
        self.assertEqual(len(self.deal.step_ids), 2)

    def test_the_next_step_is_the_users_choice(self):
        self.activate()
        self.close(
            summary="Has a bill of quantities",
            next_type_id=self.kind_offer.id,
            user_id=self.rival.id,
            date_deadline=fields.Date.today() + timedelta(days=30),
        )
        self.assertEqual(self.deal.step_type_id, self.kind_offer)
        self.assertEqual(self.deal.step_user_id, self.rival)

    def test_doing_the_activity_closes_the_step_with_its_feedback(self):
        self.activate()
        activity = self.deal.activity_ids.with_user(self.salesperson)
        with self.assertRaises(RedirectWarning):
            activity.action_feedback()
        activity.action_feedback(feedback="Wants a bath")
        self.assertEqual(self.deal.step_type_id, self.kind_visit)
        self.assertEqual(self.deal.step_ids.filtered(lambda step: step.state == "done").summary, "Wants a bath")

    def test_closing_the_step_does_its_activity(self):
        self.activate()
        activity = self.deal.activity_ids
        self.close(summary="Wants a bath")
        self.assertFalse(activity.active)

    def test_moving_the_activity_moves_the_step_and_the_other_way_round(self):
        self.activate(hour=10)
        day = fields.Date.today() + timedelta(days=9)
        activity = self.deal.activity_ids
        activity.date_deadline = day
        self.assertEqual(self.deal.step_deadline, day)
        self.assertEqual(activity.calendar_event_id.start.date(), day)
        self.deal.step_id.with_user(self.salesperson).write({"user_id": self.rival.id})
        self.assertEqual(activity.user_id, self.rival)
        activity.calendar_event_id.start += timedelta(days=3)
        self.assertEqual(self.deal.step_deadline, day + timedelta(days=3))

    def test_rescheduling_keeps_what_was_planned(self):
        self.activate()
        planned = self.deal.step_deadline
        day = planned + timedelta(days=5)
        action = self.deal.with_user(self.salesperson).action_reschedule_step()
        wizard = self.env[action["res_model"]].with_user(self.salesperson).with_context(**action["context"])
        wizard.create({"date_deadline": day, "reason": "She is abroad"}).action_apply()
        self.assertRecordValues(self.deal.step_id, [{"date_planned": planned, "date_deadline": day}])
        self.assertIn("She is abroad", self.deal.message_ids[0].body)
        with self.assertRaises(UserError):
            wizard.create({"date_deadline": fields.Date.today() - timedelta(days=1)}).action_apply()

    def test_refusing_loses_the_deal_and_taking_it_up_again_reopens_the_step(self):
        self.activate()
        step = self.deal.step_id
        action = self.deal.with_user(self.salesperson).action_refuse_step()
        self.assertEqual(action["res_model"], "crm.lead.lost")
        self.env["crm.lead.lost"].with_user(self.salesperson).create(
            {"lead_ids": action["context"]["default_lead_ids"], "lost_reason_id": self.reason.id}
        ).action_lost_reason_apply()
        self.assertEqual((step.state, step.summary), ("refused", "Too dear"))
        self.assertFalse(self.deal.step_id)
        self.assertFalse(step.activity_ids)
        self.deal.with_user(self.salesperson).action_restore()
        self.assertEqual((step.state, self.deal.step_id), ("open", step))
        self.assertTrue(step.activity_ids)

    def test_steps_of_other_types_are_left_out(self):
        other = self.env["construction.type"].create({"name": "New house"})
        self.kind_visit.construction_type_ids = other
        self.activate()
        self.close(summary="Wants a bath")
        self.assertEqual(self.deal.step_type_id, self.kind_offer)

    def test_the_timeline_tells_what_is_ahead(self):
        self.activate(date_contact=fields.Date.today())
        ahead = self.deal.steps_ahead.split("\n")
        self.assertEqual([line.split(": ")[1] for line in ahead], ["Visit", "Offer", "Contract"])

    # === RULES THAT NEVER BREAK === #

    @mute_logger("odoo.sql_db")
    def test_a_deal_never_has_two_open_steps(self):
        self.activate()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.deal.step_id.copy()

    def test_the_state_of_a_step_is_not_set_by_hand(self):
        self.activate()
        step = self.deal.step_id
        for user in (self.salesperson, self.manager):
            with self.assertRaises(UserError):
                step.with_user(user).write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["construction.step"].with_user(self.salesperson).create(
                {"lead_id": self.deal.id, "type_id": self.kind_visit.id, "date_deadline": fields.Date.today()}
            )

    def test_a_used_step_type_is_archived_not_deleted(self):
        self.activate()
        with self.assertRaises(UserError):
            self.kind_contact.unlink()

    def test_a_gate_without_a_condition_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["construction.step.type"].create({"name": "Empty gate", "is_gate": True})

    def test_a_stock_lead_has_no_steps_and_asks_nothing_for_them(self):
        lead = self.env["crm.lead"].create({"name": "Stock lead"})
        self.env.flush_all()
        with self.assertRaises(UserError):
            lead.action_activate_lead()
        lead.action_set_won()
        self.assertFalse(lead.step_ids)

    def test_merging_deals_keeps_one_open_step(self):
        other = self.make_deal(name="The same house")
        self.activate(self.deal + other, user=self.manager)
        kept = (self.deal + other).with_user(self.manager).merge_opportunity(auto_unlink=False)
        self.assertEqual(len(kept.step_ids), 2)
        self.assertEqual(len(kept.step_ids.filtered(lambda step: step.state == "open")), 1)

    # === RIGHTS === #

    def test_steps_are_seen_by_whom_the_deal_concerns(self):
        self.activate()
        step = self.deal.step_id
        Step = self.env["construction.step"]
        for user in (self.salesperson, self.manager, self.accountant):
            self.assertEqual(Step.with_user(user).search([]), step, user.login)
        for user in (self.rival, self.surveyor, self.project_user, self.consultant):
            self.assertFalse(Step.with_user(user).search([]), user.login)
        with self.assertRaises(AccessError):
            Step.with_user(self.portal).search([])
        with self.assertRaises(AccessError):
            step.with_user(self.accountant).write({"summary": "x"})

    def test_a_surveyor_sees_and_closes_his_own_step(self):
        self.activate()
        self.close(summary="Wants a bath", user_id=self.surveyor.id)
        step = self.deal.step_id
        own = step.with_user(self.surveyor)
        self.assertEqual(self.env["construction.step"].with_user(self.surveyor).search([]), own)
        own.read(["display_name", "lead_id", "partner_id", "date_deadline", "state"])
        with self.assertRaises(RedirectWarning):
            own.action_next_step()
        self.make_final_sheet()
        action = own.action_next_step()
        wizard = self.env[action["res_model"]].with_user(self.surveyor).with_context(**action["context"])
        wizard.create({"summary": "Measured", "user_id": self.salesperson.id}).action_apply()
        self.assertEqual(step.state, "done")
        self.assertEqual(self.deal.step_type_id, self.kind_offer)
        self.assertEqual(self.deal.stage_id, self.offered)

    def test_a_rival_cannot_close_a_step(self):
        self.activate()
        wizard = self.env["construction.step.next"].with_user(self.rival)
        with self.assertRaises(AccessError):
            wizard.create({"step_id": self.deal.step_id.id, "summary": "x"}).action_apply()
        with self.assertRaises(AccessError):
            self.deal.step_id.with_user(self.rival).action_reschedule()

    def test_only_a_sales_manager_closes_a_step_without_its_condition(self):
        self.activate()
        self.close(summary="Wants a bath")
        wizard = self.env["construction.step.next"]
        values = {"step_id": self.deal.step_id.id, "override_reason": "The client measured himself"}
        with self.assertRaises(AccessError):
            wizard.with_user(self.salesperson).create(values).action_apply()
        wizard.with_user(self.manager).create(values).action_apply()
        self.assertEqual(self.deal.step_type_id, self.kind_offer)
        self.assertIn("The client measured himself", "".join(self.deal.message_ids.mapped("body")))

    def test_the_consultant_and_the_sales_manager_configure_steps(self):
        for user in (self.consultant, self.manager):
            kind = self.env["construction.step.type"].with_user(user).create({"name": "Credit check", "sequence": 25})
            kind.write({"name": "Credit", "sequence": 26})
        for user in (self.salesperson, self.surveyor, self.accountant, self.project_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.kind_visit.with_user(user).write({"name": "x"})
