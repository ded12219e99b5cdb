from odoo.fields import Command
from odoo.tests import tagged

from ..query_count import counting
from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestProjectStartPerformance(DeliveryCommon):
    """At most 70 queries and one a task, at two sizes, from chapters and from a template.

    Tasks, positions, materials and crews are made in batches: what a start asks hardly grows with its size.
    """

    def _count_queries(self, lead):
        # A running server has its registry caches (defaults, external ids) filled; records are read anew.
        other = self._make_deal()
        self._make_order(other)
        self._start(other)
        with counting(self.env) as queries:
            project = self._start(lead)
        return project, queries.count

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
        found = {}
        for count in (60, 300):
            lead = self._make_chapters_deal(count)
            project, found[count] = self._count_queries(lead)
            self.assertEqual(len(project.task_ids), count)
            self.assertLessEqual(found[count], 70 + count, f"{count} chapters")
        self.assertLessEqual(found[300] - found[60], 60, found)

    def test_figures_given_at_the_start_are_those_computed_later(self):
        """Positions and materials are made with what follows from other fields: it must be what Odoo works out."""
        commands = self._prepare_chapter("1", self.wall, [(self.mason, 3, self.hour), (self.brick, 7.5, self.unit)])
        lead = self._make_deal()
        self._make_order(lead, [*commands, Command.create({"product_id": self.brick.id, "product_uom_qty": 2})])
        self._start(lead)
        self.env.flush_all()
        for model in ("construction.position", "construction.material"):
            records = self.env[model].search([("project_id", "=", lead.construction_project_id.id)])
            self.assertTrue(records)
            fields = [field for field in records._fields.values() if field.compute and field.store]
            given = {field.name: records.mapped(field.name) for field in fields}
            for field in fields:
                self.env.add_to_compute(field, records)
            for field in fields:
                self.assertEqual(records.mapped(field.name), given[field.name], f"{model}.{field.name}")

    def test_a_template_costs_one_query_a_task_at_most(self):
        for count in (70, 150):
            self.type.project_template_id = self._make_template(count)
            lead = self._make_deal()
            self._make_order(lead, [Command.create({"product_id": self.brick.id})])
            project, queries = self._count_queries(lead)
            self.assertEqual(len(project.task_ids), count)
            self.assertLessEqual(queries, 70 + count, f"template of {count} tasks")

    def test_products_of_the_chapters_are_read_together(self):
        self.type.project_template_id = self._make_template(1)
        counts = set()
        for count in (5, 60):
            bricks = self.env["product.product"].create(
                [{"name": f"Brick {number}", "cost_nature": "material"} for number in range(count)]
            )
            lead = self._make_deal()
            self._make_order(lead, self._prepare_chapter("1", self.wall, [(brick, 7, self.unit) for brick in bricks]))
            # The wizard stands between the deal and the project, and forgets what was read before it.
            wizard = self.env["construction.project.start"].browse(lead.action_start_project()["res_id"])
            with counting(self.env) as queries:
                wizard.action_start()
            counts.add(queries.count)
            self.assertIn(bricks[-1].name, lead.construction_project_id.task_ids[-1].description)
        self.assertLessEqual(max(counts) - min(counts), 12)

    def test_winning_a_deal_costs_the_same_at_any_size(self):
        """Confirming a quote asks 35 queries more than an order of stock: it wins the deal and adds up its money."""
        counts = {}
        for count in (5, 60):
            lines = [(self.brick, 7, self.unit)] * count
            quote = self._make_order(self._make_deal(), self._prepare_chapter("1", self.wall, lines), confirm=False)
            stock = quote.copy({"opportunity_id": False})
            for order in (stock.copy(), quote.copy(), stock, quote):
                with counting(self.env) as queries:
                    order.browse(order.id).action_confirm()
                counts[order == quote, count] = queries.count
        for count in (5, 60):
            self.assertLessEqual(counts[True, count], counts[False, count] + 35, counts)
