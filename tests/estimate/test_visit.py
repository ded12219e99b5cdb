from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestVisit(EstimateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.soon = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        cls.later = cls.soon + timedelta(days=4, hours=2)

    def make_visit(self, **values):
        values = {"user_id": self.surveyor.id, "date_visit": self.soon, **values}
        return self.make_sheet(**values)

    def get_events(self, sheet):
        events = self.env["calendar.event"].with_context(active_test=False)
        return events.search([("res_model", "=", sheet._name), ("res_id", "=", sheet.id)])

    # === MADE ONCE ===

    def test_a_visit_is_an_appointment_of_the_surveyor(self):
        sheet = self.make_visit()
        self.assertRecordValues(
            sheet.visit_event_id,
            [
                {
                    "start": self.soon,
                    "user_id": self.surveyor.id,
                    "partner_ids": self.surveyor.partner_id.ids,
                    "opportunity_id": self.lead.id,
                    "res_id": sheet.id,
                    "active": True,
                }
            ],
        )
        self.assertIn("Ana Popescu", sheet.visit_event_id.name)
        self.assertIn("Quay 7", sheet.visit_event_id.location)

    def test_the_surveyor_sees_one_thing(self):
        sheet = self.make_visit()
        self.assertFalse(sheet.activity_ids)
        self.assertFalse(sheet.visit_event_id.activity_ids)
        self.assertFalse(self.lead.activity_ids)

    def test_the_client_gets_no_mail(self):
        self.client.email = "ana@example.com"
        sheet = self.make_visit()
        sheet.date_visit = self.later
        mails = self.env["mail.mail"].search([])
        self.assertNotIn(self.client, mails.recipient_ids)
        self.assertNotIn(self.client, sheet.visit_event_id.message_ids.notified_partner_ids)

    def test_there_is_no_appointment_before_there_is_a_surveyor_and_a_date(self):
        sheet = self.make_sheet(user_id=self.surveyor.id)
        self.assertFalse(sheet.visit_event_id)
        sheet.date_visit = self.soon
        self.assertTrue(sheet.visit_event_id)

    def test_planned_twice_it_is_one_appointment(self):
        sheet = self.make_visit()
        sheet.write({"date_visit": self.later, "user_id": self.estimator.id})
        sheet.date_visit = self.soon
        sheet.date_visit = False
        sheet.date_visit = self.later
        self.assertEqual(len(self.get_events(sheet)), 1)
        self.assertTrue(sheet.visit_event_id.active)

    def test_a_copy_has_no_visit(self):
        self.assertFalse(self.make_visit().copy().visit_event_id)

    # === BOTH MOVE TOGETHER ===

    def test_moving_the_sheet_moves_the_appointment(self):
        sheet = self.make_visit()
        sheet.visit_event_id.duration = 2.5
        sheet.date_visit = self.later
        self.assertEqual(sheet.visit_event_id.start, self.later)
        self.assertEqual(sheet.visit_event_id.stop, self.later + timedelta(hours=2.5))

    def test_moving_the_appointment_moves_the_sheet(self):
        sheet = self.make_visit()
        event = sheet.visit_event_id.with_user(self.surveyor)
        event.write({"start": self.later, "stop": self.later + timedelta(hours=1)})
        self.assertEqual(sheet.date_visit, self.later)

    def test_whoever_moves_the_appointment_need_not_see_the_sheet(self):
        sheet = self.make_visit()
        sheet.visit_event_id.with_user(self.project_manager).start = self.later
        self.assertEqual(sheet.date_visit, self.later)

    def test_another_surveyor_takes_the_appointment_over(self):
        sheet = self.make_visit()
        sheet.visit_event_id.partner_ids += self.project_manager.partner_id
        sheet.user_id = self.estimator
        self.assertEqual(sheet.visit_event_id.user_id, self.estimator)
        self.assertEqual(sheet.visit_event_id.partner_ids, self.project_manager.partner_id + self.estimator.partner_id)
        sheet.visit_event_id.user_id = self.surveyor
        self.assertEqual(sheet.user_id, self.surveyor)

    def test_somebody_of_another_company_does_not_take_the_sheet(self):
        sheet = self.make_visit()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_user(
            "stranger", "base.group_user", company_id=elsewhere.id, company_ids=[fields.Command.set(elsewhere.ids)]
        )
        sheet.visit_event_id.user_id = stranger
        self.assertEqual(sheet.user_id, self.surveyor)

    def test_other_appointments_move_as_ever(self):
        sheet = self.make_visit()
        event = self.env["calendar.event"].create({"name": "Lunch", "start": self.soon, "stop": self.soon})
        event.write({"start": self.later})
        event.unlink()
        self.assertEqual(sheet.date_visit, self.soon)

    # === IT ENDS ===

    def test_a_visit_that_took_place_stays_on_the_calendar(self):
        past = fields.Datetime.now().replace(microsecond=0) - timedelta(days=1)
        sheet = self.make_visit(date_visit=past)
        sheet.action_measure()
        self.assertTrue(sheet.visit_event_id.active)

    def test_what_was_measured_before_needs_no_visit(self):
        for action in ("action_measure", "action_check", "action_finalize", "action_cancel"):
            sheet = self.make_visit()
            getattr(sheet, action)()
            self.assertFalse(sheet.visit_event_id.active, action)
            self.assertEqual(sheet.date_visit, self.soon)

    def test_a_reset_sheet_is_visited_again(self):
        sheet = self.make_visit()
        sheet.action_cancel()
        sheet.action_reset()
        self.assertTrue(sheet.visit_event_id.active)
        self.assertEqual(len(self.get_events(sheet)), 1)

    def test_moving_an_old_appointment_leaves_a_measured_sheet_alone(self):
        sheet = self.make_visit()
        sheet.action_finalize()
        sheet.visit_event_id.write({"active": True, "start": self.later})
        self.assertEqual(sheet.date_visit, self.soon)

    def test_deleting_the_appointment_takes_the_visit_off(self):
        for how in ("unlink", "action_archive"):
            sheet = self.make_visit()
            getattr(sheet.visit_event_id.with_user(self.surveyor), how)()
            self.assertFalse(sheet.date_visit)
            self.assertIn("taken off the calendar", sheet.message_ids[0].body)
            sheet.date_visit = self.later
            self.assertTrue(sheet.visit_event_id.active)

    def test_deleting_the_sheet_takes_the_appointment_off(self):
        sheet = self.make_visit()
        event = sheet.visit_event_id
        sheet.unlink()
        self.assertFalse(event.active)

    # === IT DID NOT HAPPEN ===

    def miss(self, sheet, user, **values):
        action = sheet.with_user(user).action_visit_missed()
        form = Form(self.env["construction.visit.missed"].with_user(user).with_context(**action["context"]))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_a_missed_visit_says_why_and_moves(self):
        sheet = self.make_visit()
        wizard = self.miss(sheet, self.surveyor, reason="nobody", note="Rang twice", date_new=self.later)
        wizard.action_confirm()
        wizard.action_confirm()
        self.assertEqual((sheet.date_visit, sheet.missed_visits), (self.later, 1))
        self.assertEqual(sheet.visit_event_id.start, self.later)
        message = sheet.message_ids.filtered(lambda message: "did not happen" in message.body)
        self.assertEqual(len(message), 1)
        self.assertIn("Nobody was there (Rang twice)", message.body)
        self.assertEqual(message.author_id, self.surveyor.partner_id)
        self.assertEqual(message.notified_partner_ids, self.salesperson.partner_id)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))

    def test_a_missed_visit_may_be_agreed_again(self):
        sheet = self.make_visit()
        self.miss(sheet, self.salesperson, reason="client").action_confirm()
        self.assertFalse(sheet.date_visit)
        self.assertFalse(sheet.visit_event_id.active)

    def test_a_missed_visit_needs_a_reason_and_a_date_to_come(self):
        sheet = self.make_visit()
        with self.assertRaisesRegex(UserError, "few words"):
            self.miss(sheet, self.surveyor, reason="other", note=" ").action_confirm()
        with self.assertRaisesRegex(UserError, "in the future"):
            past = self.soon - timedelta(days=30)
            self.miss(sheet, self.surveyor, reason="us", date_new=past).action_confirm()
        sheet.action_measure()
        with self.assertRaisesRegex(UserError, "No visit is planned"):
            sheet.action_visit_missed()
