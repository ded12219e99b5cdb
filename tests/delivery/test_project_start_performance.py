from odoo.fields import Command
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestProjectStartPerformance(DeliveryCommon):
    """70 queries and one a task, at two sizes, from chapters and from a template."""

    def _count_queries(self, lead):
        # A running server has its registry caches (defaults, external ids) filled; records are read anew.
        other = self._make_deal()
        self._make_order(other)
        self._start(other)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        project = self._start(lead)
        self.env.flush_all()
        return project, self.env.cr.sql_log_count - before

    def _make_chapters_deal(self, count):
        lead = self._make_deal()
        commands = []
        for number in range(count):
            commands += self._prepare_chapter(
                str(number + 1), self.wall, [(self.mason, 3, self.hour), (self.brick, 7, self.unit)]
            )
        self._make_order(lead, commands)
        return lead

    def _make_template(self, count):
        template = self.env["project.project"].create(
            {
                "name": f"Template {count}",
                "is_template": True,
                "allow_milestones": True,
                "allow_task_dependencies": True,
                "milestone_ids": [Command.create({"name": f"M{i}"}) for i in range(5)],
            }
        )
        milestones = template.milestone_ids
        tasks = self.env["project.task"].create(
            [
                {
                    "name": f"T{i}",
                    "project_id": template.id,
                    "milestone_id": milestones[i % 5].id,
                }
                for i in range(count)
            ]
        )
        for before, task in zip(tasks, tasks[1:], strict=False):
            task.depend_on_ids = before
        return template

    def test_chapters_cost_one_query_a_task_at_most(self):
        for count in (20, 300):
            lead = self._make_chapters_deal(count)
            project, queries = self._count_queries(lead)
            self.assertEqual(len(project.task_ids), count)
            self.assertLessEqual(queries, 70 + count, f"{count} chapters")

    def test_a_template_costs_one_query_a_task_at_most(self):
        for count in (50, 150):
            self.type.project_template_id = self._make_template(count)
            lead = self._make_deal()
            self._make_order(lead, [Command.create({"product_id": self.brick.id})])
            project, queries = self._count_queries(lead)
            self.assertEqual(len(project.task_ids), count)
            self.assertLessEqual(queries, 70 + count, f"template of {count} tasks")
