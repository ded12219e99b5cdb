from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDealTaskCarry(DeliveryCommon):
    def test_open_todos_go_on_as_tasks_of_the_project_once(self):
        todo, closed = (
            self.env["construction.deal.task"]
            .with_user(self.salesperson)
            .create(
                [
                    {"name": "Ask for the drainage plan", "lead_id": self.lead.id, "note": "At the town hall"},
                    {"name": "Send flowers", "lead_id": self.lead.id, "on_win": "close"},
                ]
            )
        )
        closed.action_done()
        project = self.lead.with_user(self.pm)._start_project({})
        task = todo.task_id
        self.assertEqual(todo.state, "carried")
        self.assertEqual(task.project_id, project.sudo(False))
        self.assertEqual((task.name, task.user_ids), ("Ask for the drainage plan", self.salesperson))
        self.assertIn("town hall", task.description)
        self.lead.with_user(self.pm)._start_project({})
        self.assertEqual(todo.task_id, task)
        self.assertFalse(closed.task_id)
