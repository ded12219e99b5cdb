from ast import literal_eval
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..query_count import counting
from .step_common import ZONE, StepCommon


@tagged("post_install", "-at_install")
class TestStepActivities(StepCommon):
    """The activity and the meeting of a step follow it, and a step never falls out of the activities of its owner."""

    def setUp(self):
        super().setUp()
        self.tomorrow = fields.Date.add(fields.Date.today(), days=1)

    def _activate_with_meeting(self):
        self.activate(date_contact=self.tomorrow, hour=10.5)
        return self.deal.step_id, self.deal.step_id.activity_ids.calendar_event_id

    def _reschedule(self, step, user, **values):
        wizard = self.env["construction.step.reschedule"].with_user(user)
        wizard.create({"step_id": step.id, "user_id": step.user_id.id, **values}).action_apply()

    def test_the_meeting_moves_the_step_and_the_step_the_meeting(self):
        step, event = self._activate_with_meeting()
        event.with_user(self.salesperson).write(
            {"start": event.start + timedelta(days=3), "stop": event.stop + timedelta(days=3)}
        )
        self.assertEqual(step.date_deadline, self.tomorrow + timedelta(days=3))
        day = self.tomorrow + timedelta(days=6)
        self._reschedule(step, self.salesperson, date_deadline=day)
        self.assertEqual((event.start.date(), step.activity_ids.date_deadline), (day, day))

    def test_rescheduling_to_another_hour_keeps_the_meeting_and_who_is_invited(self):
        step, event = self._activate_with_meeting()
        event.partner_ids += self.client
        self._reschedule(step, self.salesperson, date_deadline=self.tomorrow, hour=14)
        self.assertEqual(step.activity_ids.calendar_event_id, event)
        self.assertIn(self.client, event.partner_ids)
        local = fields.Datetime.context_timestamp(event.with_context(tz=ZONE), event.start)
        self.assertEqual((local.hour, event.stop - event.start), (14, timedelta(hours=1)), "As on her clock.")

    def test_a_step_handed_over_takes_its_meeting_along(self):
        step, event = self._activate_with_meeting()
        self._reschedule(step, self.salesperson, date_deadline=self.tomorrow, user_id=self.rival.id)
        self.assertEqual((event.user_id, event.partner_ids), (self.rival, self.rival.partner_id))
        step.activity_ids.with_user(self.manager).user_id = self.salesperson
        self.assertEqual((step.user_id, event.user_id), (self.salesperson, self.salesperson))
        self.assertEqual(event.partner_ids, self.salesperson.partner_id)

    def test_the_meeting_keeps_the_instructions_of_the_step(self):
        self.kind_contact.instructions = "Ask for the plans."
        step, _event = self._activate_with_meeting()
        self.assertIn("Ask for the plans.", step.activity_ids.note)

    def test_an_open_step_stays_among_the_activities(self):
        step, event = self._activate_with_meeting()
        event.with_user(self.salesperson).unlink()
        self.assertEqual(step.activity_ids.user_id, self.salesperson)
        before = step.activity_ids
        before.with_user(self.salesperson).unlink()
        self.assertFalse(before.exists())
        self.assertEqual(step.activity_ids.date_deadline, step.date_deadline)
        self.assertEqual(step.state, "open")

    def test_what_was_lost_leaves_the_calendar_unless_others_are_invited(self):
        _step, event = self._activate_with_meeting()
        self.deal.with_user(self.salesperson).action_set_lost(lost_reason_id=self.reason.id)
        self.assertFalse(event.exists())
        other = self.make_deal()
        self.activate(other, date_contact=self.tomorrow, hour=9)
        meeting = other.step_id.activity_ids.calendar_event_id
        meeting.partner_ids = [Command.link(self.client.id)]
        other.with_user(self.salesperson).action_set_lost(lost_reason_id=self.reason.id)
        self.assertTrue(meeting.exists(), "the client would wait in vain: a person calls it off")

    def test_a_step_closed_early_leaves_the_calendar_and_its_activity_in_the_history(self):
        step, event = self._activate_with_meeting()
        activity = step.activity_ids
        self.close(summary="She called herself: come on Friday.")
        self.assertEqual(step.state, "done")
        self.assertFalse(event.exists())
        self.assertTrue(activity.exists(), "What was done stays in the history.")
        self.assertFalse(activity.active)
        self.assertIn("was taken out of the calendar", "".join(self.deal.message_ids.mapped("body")))

    def test_an_activity_done_early_leaves_the_calendar(self):
        step, event = self._activate_with_meeting()
        step.activity_ids.with_user(self.salesperson).action_feedback(feedback="Spoke already.")
        self.assertEqual(step.state, "done")
        self.assertFalse(event.exists())

    def test_a_meeting_others_are_invited_to_outlives_its_step_and_says_so(self):
        _step, event = self._activate_with_meeting()
        event.partner_ids = [Command.link(self.client.id)]
        self.close(summary="She called herself.")
        self.assertTrue(event.exists())
        last = "".join(self.deal.message_ids.mapped("body"))
        self.assertIn("stays in the calendar", last)
        self.assertIn("Ana Client", last)

    def test_a_meeting_that_has_begun_stays_in_the_calendar(self):
        _step, event = self._activate_with_meeting()
        start = fields.Datetime.now() - timedelta(minutes=5)
        event.write({"start": start, "stop": start + timedelta(hours=1)})
        self.close(summary="She is here.")
        self.assertTrue(event.exists())
        self.assertNotIn("calendar", "".join(self.deal.message_ids.mapped("body")))

    def test_a_deal_put_away_waits_for_nobody(self):
        self.activate()
        domain = literal_eval(self.env.ref("construction_crm.construction_step_action").domain)
        steps = self.env["construction.step"].with_user(self.salesperson)
        self.assertEqual(steps.search(domain).lead_id, self.deal)
        self.deal.write({"probability": 30, "active": False})
        self.assertFalse(steps.search(domain))
        self.deal.active = True
        self.assertTrue(steps.search(domain))

    def test_deleting_a_deal_takes_everything_along(self):
        step, _event = self._activate_with_meeting()
        activity = step.activity_ids
        self.deal.unlink()
        self.assertFalse(step.exists() or activity.exists())


@tagged("post_install", "-at_install")
class TestManySteps(StepCommon):
    """What is done to many deals at once costs no query more for each of them."""

    def _make_deals(self, count):
        deals = self.env["crm.lead"].create(
            [
                {
                    "name": f"Deal {number}",
                    "type": "opportunity",
                    "construction_type_id": self.type.id,
                    "user_id": self.salesperson.id,
                    "stage_id": self.first.id,
                    "is_activated": False,
                }
                for number in range(count)
            ]
        )
        self.activate(deals, user=self.manager)
        self.env.flush_all()
        self.env.invalidate_all()
        return deals.with_user(self.manager)

    def _count(self, act, size):
        deals = self._make_deals(size)
        with counting(self.env) as queries:
            act(deals)
        return queries.count

    def _assert_no_query_a_deal(self, act):
        act(self._make_deals(2))
        few, many = self._count(act, 5), self._count(act, 45)
        self.assertLessEqual(many - few, 40, f"{few} queries for 5 deals, {many} for 45")

    def test_moving_many_deals_to_a_stage(self):
        def move(deals):
            deals.write({"stage_id": self.visited.id})
            self.assertEqual(deals.step_type_id, self.kind_visit)

        self._assert_no_query_a_deal(move)

    def test_losing_many_deals(self):
        def lose(deals):
            deals.action_set_lost(lost_reason_id=self.reason.id)
            self.assertEqual(deals.with_context(active_test=False).step_ids.mapped("state"), ["refused"] * len(deals))

        self._assert_no_query_a_deal(lose)

    def test_handing_many_steps_over(self):
        def hand_over(deals):
            deals.step_id.write({"user_id": self.rival.id})
            self.assertEqual(deals.step_id.activity_ids.user_id, self.rival)

        self._assert_no_query_a_deal(hand_over)
