from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestProjectTemplate(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["project.project"].create(
            {
                "name": "Template house",
                "is_template": True,
                "allow_milestones": True,
                "allow_task_dependencies": True,
                "privacy_visibility": "employees",
            }
        )
        cls.template.type_ids = cls.env["project.task.type"].create(
            [{"name": "Planned"}, {"name": "Done", "fold": True}]
        )
        cls.type.project_template_id = cls.template

    def _make_chain(self, count, reverse=False):
        """Tasks of the template, each waiting for the one before (or after)."""
        Task = self.env["project.task"].with_context(tracking_disable=True)
        tasks = Task.create([{"name": f"Task {i}", "project_id": self.template.id} for i in range(count)])
        order = tasks[::-1] if reverse else tasks
        self.env.flush_all()
        self.env.cr.executemany(
            "INSERT INTO task_dependencies_rel (task_id, depends_on_id) VALUES (%s, %s)",
            [(task.id, before.id) for before, task in zip(order, order[1:], strict=False)],
        )
        self.env.invalidate_all()
        return tasks

    def test_the_template_gives_its_settings_tasks_and_columns(self):
        tag = self.env["project.tags"].create({"name": "Fence"})
        self.env["project.task"].create(
            {
                "name": "Fence the site",
                "project_id": self.template.id,
                "tag_ids": [Command.link(tag.id)],
                "allocated_hours": 6,
                "child_ids": [Command.create({"name": "Order panels", "project_id": self.template.id})],
            }
        )
        project = self._start()
        self.assertFalse(project.is_template)
        self.assertEqual(project.privacy_visibility, "employees")
        self.assertEqual(project.type_ids, self.template.type_ids)
        fence = project.task_ids.filtered(lambda t: t.name == "Fence the site")
        self.assertEqual(fence.tag_ids, tag)
        self.assertEqual(fence.allocated_hours, 6)
        self.assertEqual(fence.child_ids.name, "Order panels")
        self.assertEqual(fence.child_ids.project_id, project)
        self.assertEqual(fence.partner_id, self.client)
        self.assertEqual(
            set(project.task_ids.mapped("name")),
            {"Fence the site", "Order panels", "1 Brick wall", "2 Roof"},
        )
        self.assertEqual(len(self.template.task_ids), 2, "the template stays as it was")

    def test_dependencies_are_copied_and_hold_the_tasks_back(self):
        tasks = self._make_chain(3)
        project = self._start()
        copies = {task.name: task for task in project.task_ids}
        self.assertEqual(copies["Task 1"].depend_on_ids, copies["Task 0"])
        self.assertEqual(copies["Task 2"].depend_on_ids, copies["Task 1"])
        self.assertEqual(copies["Task 0"].state, "01_in_progress")
        self.assertEqual(copies["Task 1"].state, "04_waiting_normal")
        copies["Task 0"].state = "1_done"
        self.assertEqual(copies["Task 1"].state, "01_in_progress")
        self.assertEqual(copies["Task 2"].state, "04_waiting_normal")
        self.assertEqual(tasks[0].state, "01_in_progress")

    def test_a_chain_of_a_thousand_dependencies_starts_both_ways(self):
        for reverse in (False, True):
            self.template.task_ids.unlink()
            self._make_chain(1000, reverse=reverse)
            lead = self._make_deal()
            self._make_order(lead)
            project = self._start(lead)
            self.assertEqual(len(project.task_ids), 1002)
            waiting = project.task_ids.filtered(lambda t: t.state == "04_waiting_normal")
            self.assertEqual(len(waiting), 999)
            first = project.task_ids.filtered(
                lambda t: t.name == ("Task 999" if reverse else "Task 0")  # noqa: B023
            )
            first.state = "1_done"
            self.env.flush_all()
            self.assertEqual(first.dependent_ids.state, "01_in_progress", "the next one is freed, the rest waits")

    def test_roles_of_the_template_become_people(self):
        foreman, painter = self.env["project.role"].create([{"name": "Foreman"}, {"name": "Painter"}])
        ana, ion = (
            new_test_user(self.env, f"delivery_{name}", "project.group_project_user") for name in ("ana", "ion")
        )
        self.env["project.task"].create(
            [
                {
                    "name": "Open the site",
                    "project_id": self.template.id,
                    "role_ids": [Command.link(foreman.id)],
                    "user_ids": [Command.link(ion.id)],
                },
                {
                    "name": "Paint",
                    "project_id": self.template.id,
                    "role_ids": [Command.link(painter.id)],
                    "user_ids": [],
                },
            ]
        )
        action = self.lead.with_user(self.pm).action_start_project()
        wizard = self.env["construction.project.start"].with_user(self.pm).browse(action["res_id"])
        self.assertEqual(wizard.role_line_ids.role_id, foreman | painter)
        self.assertEqual(wizard.template_task_count, 2)
        wizard.role_line_ids.filtered(lambda line: line.role_id == foreman).user_ids = ana
        project = self.env["project.project"].browse(wizard.action_start()["res_id"])
        tasks = {task.name: task for task in project.sudo().task_ids}
        self.assertEqual(tasks["Open the site"].user_ids, ana | ion)
        self.assertFalse(tasks["Paint"].user_ids)
        self.assertFalse(project.sudo().task_ids.role_ids)
        told = self.env["mail.message"].search(
            [
                ("model", "=", "project.project"),
                ("res_id", "=", project.id),
                ("message_type", "=", "user_notification"),
                ("subject", "like", "on the team"),
            ]
        )
        self.assertEqual(told.notified_partner_ids, (ana | ion).partner_id)

    def test_milestones_of_the_template_that_are_a_stage_take_its_dates(self):
        self.env["project.milestone"].create(
            [
                {
                    "name": "Works on site",
                    "project_id": self.template.id,
                    "project_stage_id": self.works.id,
                },
                {"name": "Roof party", "project_id": self.template.id},
            ]
        )
        milestone = self.template.milestone_ids.filtered("project_stage_id")
        self.env["project.task"].create({"name": "Dig", "project_id": self.template.id, "milestone_id": milestone.id})
        project = self._start()
        self.assertEqual(
            set(project.milestone_ids.mapped("name")),
            {"Design", "Works on site", "Handover", "Roof party"},
        )
        works = project.milestone_ids.filtered(lambda m: m.project_stage_id == self.works)
        self.assertTrue(works.deadline)
        dig = project.task_ids.filtered(lambda t: t.name == "Dig")
        self.assertEqual(dig.milestone_id, works)

    def test_a_template_of_another_company_is_refused_on_the_type(self):
        company = self.env["res.company"].create({"name": "Other builder"})
        self.template.company_id = company
        with self.assertRaises(UserError):
            self.type.company_id = self.env.company
