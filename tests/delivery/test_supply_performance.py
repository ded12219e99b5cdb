from odoo.fields import Command
from odoo.tests import tagged

from ..query_count import counting
from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestSupplyPerformance(DeliveryCommon):
    """Materials and work orders of projects with many chapters take as many queries as those of a few."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.materials = cls.env["product.product"].create(
            [{"name": f"Material {number}", "cost_nature": "material"} for number in range(8)]
        )
        vendor = cls.env["res.partner"].create({"name": "Wholesaler"})
        cls.env["product.supplierinfo"].create(
            [
                {"partner_id": vendor.id, "product_tmpl_id": product.product_tmpl_id.id, "price": 1}
                for product in cls.materials
            ]
        )
        recipe = cls.env["construction.recipe"].create(
            {
                "product_tmpl_id": cls.roof.product_tmpl_id.id,
                "line_ids": [Command.create({"product_id": product.id, "quantity": 1.0}) for product in cls.materials],
            }
        )
        recipe.action_activate()
        cls.recipe = recipe
        cls.small, cls.large = cls._make_project(10), cls._make_project(100)

    @classmethod
    def _make_project(cls, count):
        """A project of so many chapters of eight components, and as many items priced as one line."""
        lead = cls._make_deal(name=f"{count} chapters")
        commands = []
        for number in range(count):
            commands += cls._prepare_chapter(
                str(number), cls.wall, [(product, 2, cls.unit) for product in cls.materials]
            )
        # outside chapters
        commands.append(Command.create({"display_type": "line_section", "name": "Others"}))
        commands += [
            Command.create({"product_id": cls.roof.id, "product_uom_qty": 1, "recipe_id": cls.recipe.id})
            for _number in range(count)
        ]
        cls._make_order(lead, commands)
        return lead.with_user(cls.pm)._start_project({}).with_user(cls.pm)

    def _count(self, action, *args):
        with counting(self.env) as queries:
            action(*args)
        return queries.count

    def _compare(self, action, budget):
        """Both sizes within the budget; the larger one may take more for its batches of rows only."""
        action(self.small)  # what is cached once for all
        small, large = self._count(action, self.small), self._count(action, self.large)
        self.assertLessEqual(small, budget)
        self.assertLessEqual(large, small + 4, f"{small} queries for 10 chapters, {large} for 100")

    def test_reading_components(self):
        self._compare(lambda project: project._get_work_positions()._get_components(), 25)

    def test_refreshing_the_list(self):
        self._compare(lambda project: self.env["construction.material"]._refresh(project), 30)

    def test_making_the_list(self):
        def make(project):
            materials = self.env["construction.material"]
            materials.search([("project_id", "=", project.id)]).unlink()
            materials._refresh(project)

        self._compare(make, 45)

    def test_reading_the_list(self):
        # Twice as many rows: one in each of two stages.
        def read(project):
            materials = self.env["construction.material"].with_user(self.pm)
            materials.search([("project_id", "=", project.id)]).read(
                ["quantity_missing", "quantity_over", "pack_count", "vendor_id", "date_needed", "amount"]
                if materials.env.user.has_group("construction_crm.group_cost")
                else ["quantity_missing", "quantity_over", "pack_count", "vendor_id", "date_needed"]
            )

        self._compare(read, 25)

    def test_a_work_order_of_all_chapters(self):
        def make(project):
            wizard = self.env["construction.work.order.make"].with_user(self.pm).create({"project_id": project.id})
            order = self.env["construction.work.order"].browse(wizard.action_make()["res_id"])
            order.with_user(self.pm)._prepare_print_values()
            # what it took is left for the next
            order.sudo().unlink()

        self._compare(make, 110)

    def test_the_lines_of_a_work_order(self):
        order = self.env["construction.work.order"]
        for project in (self.small, self.large):
            wizard = self.env["construction.work.order.make"].with_user(self.pm).create({"project_id": project.id})
            order |= order.browse(wizard.action_make()["res_id"])

        def read(project):
            lines = order.filtered(lambda found: found.project_id == project).with_user(self.pm).line_ids
            lines.read(["quantity", "quantity_left", "is_over", "takes", "hours"])

        self._compare(read, 45)
