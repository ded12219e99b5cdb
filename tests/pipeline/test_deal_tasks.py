from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .step_common import StepCommon


@tagged("post_install", "-at_install")
class TestDealTasks(StepCommon):
    def add(self, user=None, **values):
        return (
            self.env["construction.deal.task"]
            .with_user(user or self.salesperson)
            .create({"name": "Ask for the drainage plan", "lead_id": self.deal.id, **values})
        )

    def test_each_assignee_finds_it_among_his_activities(self):
        day = fields.Date.today() + timedelta(days=3)
        task = self.add(user_ids=[Command.set((self.salesperson + self.surveyor).ids)], date_deadline=day)
        self.assertEqual(task.activity_ids.user_id, self.salesperson + self.surveyor)
        task.write({"user_ids": [Command.unlink(self.surveyor.id)], "date_deadline": day + timedelta(days=1)})
        self.assertRecordValues(
            task.activity_ids, [{"user_id": self.salesperson.id, "date_deadline": day + timedelta(days=1)}]
        )
        task.action_done()
        self.assertFalse(task.activity_ids)
        self.assertEqual(self.deal.deal_task_count, 0)

    def test_an_assignee_without_a_right_on_the_deal_sees_and_does_his_own(self):
        task = self.add(user_ids=[Command.set(self.surveyor.ids)])
        self.add(name="Not his")
        own = self.env["construction.deal.task"].with_user(self.surveyor).search([])
        self.assertEqual(own.ids, task.ids)
        own.read(["display_name", "partner_id", "state"])
        own.action_done()
        self.assertEqual((task.state, task.done_by_id), ("done", self.surveyor))
        with self.assertRaises(UserError):
            own.write({"lead_id": self.make_deal().id})

    def test_others_do_not_touch_the_todos_of_a_deal(self):
        task = self.add()
        for user in (self.rival, self.surveyor, self.consultant):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                task.with_user(user).action_done()
        for user in (self.rival, self.surveyor, self.accountant, self.project_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.add(user=user)
        for user in (self.accountant, self.project_user):
            self.assertTrue(task.with_user(user).read(["name"]))
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                task.with_user(user).write({"name": "x"})

    def test_the_state_is_not_set_by_hand(self):
        task = self.add()
        with self.assertRaises(UserError):
            task.write({"state": "done"})
        with self.assertRaises(UserError):
            self.add(state="done")

    def test_somebody_has_to_do_it(self):
        with self.assertRaises(ValidationError):
            self.add(user_ids=[Command.clear()])

    def test_losing_drops_and_restoring_reopens(self):
        task = self.add()
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.assertEqual(task.state, "dropped")
        self.deal.action_restore()
        self.assertEqual(task.state, "open")

    def test_winning_closes_what_is_not_carried_over(self):
        closed, carried = self.add(on_win="close"), self.add()
        self.deal.action_set_won()
        self.assertEqual((closed.state, carried.state), ("done", "open"))
