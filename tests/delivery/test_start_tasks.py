from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestStartTasks(DeliveryCommon):
    """What becomes a task: chapters, parts of chapters, items that stand as one priced line."""

    def _prepare_parts(self):
        """A chapter that takes labour directly, and two parts with labour of their own."""
        commands = self._prepare_chapter("1", self.wall, [(self.mason, 4, self.hour)])
        for number, name, hours in (("1.2", "Formwork", 6), ("1.3", "Concrete", 2)):
            part = self._prepare_chapter(
                number, self.roof, [(self.mason, hours, self.hour), (self.brick, 9, self.unit)]
            )
            part[0][2].update(display_type="line_subsection", name=name)
            commands += part
        return commands + self._prepare_chapter("2", self.roof, [(self.brick, 30, self.unit)])

    def _start_parts(self):
        self.type.task_detail = "part"
        lead = self._make_deal()
        self._make_order(lead, self._prepare_parts())
        return lead, self._start(lead)

    def _make_recipe(self):
        """A brick wall: 1.5 hours of a mason each, and a mortar recipe inside with a quarter of an hour more."""
        mortar = self.env["product.product"].create({"name": "Mortar"})
        Recipe = self.env["construction.recipe"]
        inner = Recipe.create(
            {
                "product_tmpl_id": mortar.product_tmpl_id.id,
                "line_ids": [Command.create({"product_id": self.mason.id, "quantity": 0.25})],
            }
        )
        inner.action_activate()
        recipe = Recipe.create(
            {
                "product_tmpl_id": self.wall.product_tmpl_id.id,
                "line_ids": [
                    Command.create({"product_id": self.mason.id, "quantity": 1.5}),
                    Command.create({"product_id": self.brick.id, "quantity": 50}),
                    Command.create({"product_id": mortar.id, "quantity": 1}),
                ],
            }
        )
        recipe.action_activate()
        return recipe

    def test_each_part_of_a_chapter_becomes_a_task_where_the_type_says_so(self):
        _lead, project = self._start_parts()
        tasks = project.task_ids.sorted("sequence")
        self.assertEqual(
            [(task.name, task.allocated_hours) for task in tasks],
            [("1 Brick wall", 4), ("1.2 Formwork", 6), ("1.3 Concrete", 2), ("2 Roof", 0)],
        )
        self.assertEqual(len(tasks[:3].chapter_line_id), 1, "all belong to their chapter")
        self.assertEqual(tasks[:3].milestone_id.project_stage_id, self.works)
        self.assertIn("Brick: 9.00", tasks[1].description)
        self.assertNotIn("Brick", tasks[0].description.replace("Brick wall", ""))

    def test_parts_are_made_once(self):
        lead, project = self._start_parts()
        self.assertEqual(self._start(lead), project)
        self.assertEqual(len(project.task_ids), 4)
        project._add_chapter_tasks(lead.order_ids._get_chapters_of_works())
        self.assertEqual(len(project.task_ids), 4, "also by the road others use")
        project.task_ids.filtered(lambda task: task.name == "1.2 Formwork").unlink()
        self.env.invalidate_all()
        self.assertEqual(project.sudo().chapters_to_add, 1)
        self._start(lead)
        self.assertEqual(len(project.task_ids), 4)

    def test_a_project_of_whole_chapters_stays_one_of_whole_chapters(self):
        lead = self._make_deal()
        self._make_order(lead, self._prepare_parts())
        project = self._start(lead)
        wall = project.task_ids.sorted("sequence")[0]
        self.assertEqual(wall.allocated_hours, 12, "hours of its parts included")
        self.type.task_detail = "part"
        self._start(lead)
        self.assertEqual(len(project.task_ids), 2)

    def test_the_wizard_asks_for_parts_and_previews_them(self):
        lead = self._make_deal()
        self._make_order(lead, self._prepare_parts())
        wizard = self.env["construction.project.start"].with_user(self.pm)
        wizard = wizard.browse(lead.with_user(self.pm).action_start_project()["res_id"])
        self.assertTrue(wizard.has_parts)
        self.assertEqual(len(wizard.task_line_ids), 2)
        wizard.task_detail = "part"
        self.assertEqual(len(wizard.task_line_ids), 4)
        wizard.task_line_ids[1].allocated_hours = 7
        project = self.env["project.project"].browse(wizard.action_start()["res_id"])
        self.assertEqual(
            project.task_ids.sorted("sequence").mapped("allocated_hours"),
            [4, 7, 2, 0],
        )
        self.assertEqual(project.task_detail, "part")

    def test_the_preview_tells_of_tasks_without_a_stage_and_of_no_dates_the_template_lacks(self):
        template = self.env["project.project"].create({"name": "Usual", "is_template": True})
        self.env["project.task"].create({"name": "Open the site", "project_id": template.id})
        self.type.project_template_id = template
        wizard = self.env["construction.project.start"].with_user(self.pm)
        wizard = wizard.browse(self.lead.with_user(self.pm).action_start_project()["res_id"])
        self.assertEqual(wizard.template_task_count, 1)
        self.assertIs(wizard.template_dates, False)
        self.assertEqual(wizard.unstaged_count, 1)
        wizard.task_line_ids.filtered(lambda line: not line.project_stage_id).project_stage_id = self.works
        self.assertEqual(wizard.unstaged_count, 0)

    def test_tasks_stand_in_the_order_of_the_stages(self):
        self.roof.construction_stage_id = self.design
        tasks = self._start().task_ids.sorted("sequence")
        self.assertEqual(tasks.mapped("name"), ["2 Roof", "1 Brick wall"])

    def test_an_item_as_one_priced_line_takes_the_hours_of_its_recipe(self):
        self._make_recipe()
        lead = self._make_deal()
        self._make_order(
            lead,
            [
                Command.create({"display_type": "line_section", "name": "Ground floor"}),
                Command.create({"product_id": self.wall.id, "product_uom_qty": 10, "price_unit": 90}),
                Command.create({"product_id": self.brick.id, "product_uom_qty": 10, "price_unit": 1}),
            ],
        )
        task = self._start(lead).task_ids
        self.assertEqual(task.name, "1.1 Brick wall", "bricks alone are nothing to build")
        self.assertEqual(task.allocated_hours, 17.5, "labour of the recipe inside included")
        self.assertIn("10.00 Units", task.description)
        self.assertIn("Brick: 500.00 Units", task.description)
        self.assertEqual(task.milestone_id.project_stage_id, self.works)

    def test_a_chapter_of_one_priced_item_takes_its_hours_too(self):
        self._make_recipe()
        lead = self._make_deal()
        commands = self._prepare_chapter("1", self.roof, [(self.wall, 4, self.unit)])
        self._make_order(lead, commands)
        self.assertEqual(self._start(lead).task_ids.allocated_hours, 7)

    def test_a_service_stock_made_a_task_of_is_not_doubled(self):
        service = self.env["product.product"].create(
            {"name": "Survey", "type": "service", "service_tracking": "task_in_project"}
        )
        recipe = self.env["construction.recipe"].create(
            {
                "product_tmpl_id": service.product_tmpl_id.id,
                "line_ids": [Command.create({"product_id": self.mason.id, "quantity": 2})],
            }
        )
        recipe.action_activate()
        lead = self._make_deal()
        self._make_order(lead, [Command.create({"product_id": service.id})])
        self.assertEqual(self._start(lead).task_ids.mapped("chapter_line_id"), self.env["sale.order.line"])
        self.assertEqual(len(lead.construction_project_id.task_ids), 1)

    def test_buttons_say_what_a_later_order_adds(self):
        project = self._start()
        self.assertEqual((self.lead.can_top_up_project, project.sudo().chapters_to_add), (False, 0))
        self._make_order(self.lead)
        self.env.invalidate_all()
        self.assertTrue(self.lead.can_top_up_project)
        self.assertEqual(project.with_user(self.pm).chapters_to_add, 2)
        action = project.with_user(self.pm).action_add_chapters()
        wizard = self.env["construction.project.start"].with_user(self.pm).browse(action["res_id"])
        self.assertEqual((wizard.chapter_count, wizard.is_top_up), (2, True))
        wizard.action_start()
        self.env.invalidate_all()
        self.assertFalse(self.lead.can_top_up_project)
        self.assertEqual(project.sudo().chapters_to_add, 0)
        added = project.task_ids.filtered(lambda task: task.chapter_line_id.order_id != self.order)
        self.assertEqual(added[0].date_deadline.date(), self.works_of(project).deadline)

    def works_of(self, project):
        return project.milestone_ids.filtered(lambda milestone: milestone.project_stage_id == self.works)
