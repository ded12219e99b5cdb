from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestProjectStart(DeliveryCommon):
    # ------------------------------------------------------------
    # What a start makes
    # ------------------------------------------------------------

    def test_start_makes_one_staged_project_linked_both_ways(self):
        project = self._start()
        self.assertRecordValues(
            project.sudo(),
            [
                {
                    "name": "Ionescu house",
                    "lead_id": self.lead.id,
                    "construction_type_id": self.type.id,
                    "partner_id": self.client.id,
                    "site_id": self.site.id,
                    "user_id": self.pm.id,
                    "priority": "2",
                    "stage_id": self.design.id,
                    "construction_stage_id": self.design.id,
                    "date_start": date(2026, 3, 2),
                    "date_approved": date(2026, 3, 2),
                    "allow_milestones": True,
                    "allow_billable": True,
                    "is_template": False,
                    "company_id": self.order.company_id.id,
                    "reinvoiced_sale_order_id": self.order.id,
                }
            ],
        )
        self.assertRegex(project.code, r"^P\d{5}$")
        self.assertEqual(self.lead.construction_project_id, project)
        self.assertEqual(self.lead.project_ids, project)
        self.assertEqual(self.order.project_id, project)
        self.assertEqual(self.order.construction_project_id, project)
        self.assertEqual(self.order.project_ids, project)

    def test_stages_become_dated_milestones_whose_weights_add_up(self):
        milestones = self._start().milestone_ids
        self.assertRecordValues(
            milestones,
            [
                {
                    "name": "Design",
                    "project_stage_id": self.design.id,
                    "date_start": date(2026, 3, 2),
                    "deadline": date(2026, 3, 13),
                    "weight": 30.30,
                },
                {
                    "name": "Works",
                    "project_stage_id": self.works.id,
                    "date_start": date(2026, 3, 16),
                    "deadline": date(2026, 4, 10),
                    "weight": 60.61,
                },
                {
                    "name": "Handover",
                    "project_stage_id": self.handover.id,
                    "date_start": date(2026, 4, 13),
                    "deadline": date(2026, 4, 15),
                    "weight": 9.09,
                },
            ],
        )
        self.assertEqual(round(sum(milestones.mapped("weight")), 2), 100)

    def test_the_status_bar_shows_the_stages_of_the_project_only(self):
        project = self._start()
        self.env["project.project.stage"].create({"name": "Of other projects"})
        self.assertEqual(project.own_stage_ids, project.milestone_ids.project_stage_id)
        project.milestone_ids.unlink()
        self.assertEqual(project.own_stage_ids, self.type.stage_ids)

    def test_chapters_become_tasks_with_the_hours_of_their_labour(self):
        project = self._start()
        wall, roof = project.task_ids.sorted("sequence")
        self.assertEqual((wall.name, roof.name), ("1 Brick wall", "2 Roof"))
        hours = self.day._compute_quantity(2, self.hour) + 4
        self.assertEqual(wall.allocated_hours, hours, "a flat 5 units of labour are no hours")
        self.assertEqual(roof.allocated_hours, 0)
        self.assertEqual(wall.milestone_id.project_stage_id, self.works)
        self.assertFalse(roof.milestone_id)
        self.assertEqual(wall.chapter_line_id, self.order.order_line[0])
        self.assertEqual(wall.sale_line_id.product_id, self.mason)
        self.assertEqual(roof.sale_order_id, self.order)
        self.assertEqual(wall.partner_id, self.client)
        self.assertEqual(wall.stage_id, project.type_ids[0])
        self.assertFalse(wall.user_ids)

    def test_a_task_lists_its_materials_and_never_a_price(self):
        text = self._start().task_ids.filtered(lambda t: t.name == "1 Brick wall").description
        self.assertIn("12.00 Units", text)
        self.assertIn("Brick: 500.00 Units", text)
        self.assertIn("Crane: 3.00 Units", text)
        self.assertNotIn("Mason", text)
        self.assertNotIn("77.77", text)
        self.assertNotIn("100.0", text)

    def test_an_option_left_at_zero_makes_no_task(self):
        order = self._make_order(self._make_deal(), self._prepare_chapter("1", self.wall, [(self.brick, 0, self.unit)]))
        self.assertFalse(self._start(order.opportunity_id).task_ids)

    def test_the_manager_gets_a_kick_off_activity_and_follows(self):
        project = self._start(user_id=self.project_admin.id)
        activity = project.sudo().activity_ids
        self.assertEqual(activity.user_id, self.project_admin)
        self.assertEqual(activity.summary, "Kick-off: Ionescu house")
        followers = project.message_partner_ids
        self.assertIn(self.project_admin.partner_id, followers)
        self.assertIn(self.pm.partner_id, followers)
        self.assertIn(self.pm.partner_id, project.task_ids.message_partner_ids)

    def test_a_deal_without_stages_or_chapters_starts_a_plain_project(self):
        bare = self.env["construction.type"].create({"name": "Repair"})
        lead = self._make_deal(construction_type_id=bare.id)
        self._make_order(lead, [Command.create({"product_id": self.brick.id})])
        project = self._start(lead)
        self.assertFalse(project.milestone_ids)
        self.assertFalse(project.task_ids)
        self.assertTrue(project.type_ids)

    # ------------------------------------------------------------
    # Twice is once
    # ------------------------------------------------------------

    def test_a_second_run_opens_the_same_project(self):
        project = self._start()
        action = self.lead.with_user(self.pm).action_start_project()
        self.assertEqual((action["res_model"], action["res_id"]), ("project.project", project.id))
        self.assertEqual(self._start(), project)
        self.assertEqual(len(project.task_ids), 2)
        self.assertEqual(len(project.milestone_ids), 3)
        self.assertEqual(len(project.sudo().activity_ids), 1)
        self.assertEqual(self.env["project.project"].search([("lead_id", "=", self.lead.id)]), project)

    def test_a_second_order_tops_up_only_its_chapters(self):
        project = self._start()
        project.task_ids[0].name = "Edited by hand"
        second = self._make_order(self.lead)
        action = self.lead.with_user(self.pm).action_start_project()
        wizard = self.env["construction.project.start"].with_user(self.pm).browse(action["res_id"])
        self.assertTrue(wizard.is_top_up)
        self.assertEqual(len(wizard.task_line_ids), 2)
        self.assertFalse(wizard.stage_line_ids)
        opened = wizard.action_start()
        self.assertEqual(opened["res_id"], project.id)
        self.assertEqual(len(project.task_ids), 4)
        self.assertEqual(len(project.milestone_ids), 3)
        self.assertIn("Edited by hand", project.task_ids.mapped("name"))
        new_tasks = project.task_ids.filtered(lambda t: t.chapter_line_id.order_id == second)
        self.assertEqual(new_tasks.sale_order_id, second)
        self.assertEqual(second.project_id, project)
        self.assertEqual(self._start(), project)
        self.assertEqual(len(project.task_ids), 4)

    def test_a_task_archived_by_the_manager_does_not_come_back(self):
        project = self._start()
        project.task_ids[0].action_archive()
        self._start()
        self.assertEqual(len(project.task_ids), 1)

    def test_the_database_refuses_a_second_project_of_a_deal(self):
        self._start()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            self.env["project.project"].create({"name": "Twin", "lead_id": self.lead.id})

    def test_a_start_changes_the_row_of_the_deal(self):
        """A concurrent start waits for that row, is retried by Odoo and finds the project: see _lock_to_start."""
        self.env.flush_all()
        self.env.cr.execute("SELECT ctid::text FROM crm_lead WHERE id = %s", [self.lead.id])
        before = self.env.cr.fetchone()
        self._start()
        self._start()
        self.env.flush_all()
        self.env.cr.execute("SELECT ctid::text FROM crm_lead WHERE id = %s", [self.lead.id])
        self.assertNotEqual(self.env.cr.fetchone(), before)

    # ------------------------------------------------------------
    # Beside stock
    # ------------------------------------------------------------

    def test_the_project_stock_made_for_the_order_is_adopted(self):
        service = self.env["product.product"].create(
            {"name": "Supervision", "type": "service", "service_tracking": "task_in_project"}
        )
        lead = self._make_deal()
        order = self._make_order(lead, [*self._prepare_chapters(), Command.create({"product_id": service.id})])
        stock_project = order.project_id
        self.assertTrue(stock_project)
        project = self._start(lead)
        self.assertEqual(project, stock_project)
        self.assertEqual(lead.construction_project_id, stock_project)
        self.assertEqual(len(project.task_ids), 3)
        self.assertEqual(len(project.milestone_ids), 3)
        self.assertTrue(project.code)
        self.assertEqual(order.project_ids, project)

    def test_a_project_shared_with_other_clients_is_not_adopted(self):
        shared = self.env["project.project"].create({"name": "Repairs", "allow_billable": True})
        other = self.env["res.partner"].create({"name": "Somebody"})
        self.env["sale.order"].create({"partner_id": other.id, "project_id": shared.id})
        lead = self._make_deal()
        order = self._make_order(lead, project_id=shared.id)
        project = self._start(lead)
        self.assertNotEqual(project, shared)
        self.assertEqual(order.project_id, shared)
        self.assertEqual(lead.construction_project_id, project)
        self.assertIn(project, order.project_ids)

    def test_stock_create_project_makes_no_second_one(self):
        order = self.order.with_user(self.env.ref("base.user_admin"))
        self.assertFalse(order.show_create_project_button)
        self.assertEqual(order.action_create_project()["res_model"], "construction.project.start")
        project = self._start()
        order.invalidate_recordset()
        self.assertFalse(order.show_create_project_button)
        self.assertEqual(order.action_create_project()["res_id"], project.id)

    def test_an_order_without_construction_deal_keeps_stock_create_project(self):
        order = self._make_order(self._make_deal(construction_type_id=False))
        order = order.with_user(self.env.ref("base.user_admin"))
        self.assertTrue(order.show_create_project_button)

    def test_starting_keeps_the_analytic_distribution_of_the_order(self):
        account = self.env["account.analytic.account"].create(
            {"name": "Site", "plan_id": self.env["account.analytic.plan"].create({"name": "Sites"}).id}
        )
        line = self.order.order_line.filtered(lambda sol: sol.product_id == self.crane)
        line.analytic_distribution = {str(account.id): 100}
        self._start()
        self.assertEqual(line.analytic_distribution, {str(account.id): 100})

    def test_the_contract_and_the_project_lead_to_each_other_in_any_order(self):
        project = self._start()
        self.order.action_create_contract()
        contract = self.order.contract_id
        self.assertEqual(project.contract_id, contract)
        self.assertEqual(contract.construction_project_id, project)
        self.assertEqual(contract.with_user(self.pm).action_start_project()["res_id"], project.id)
        lead = self._make_deal()
        order = self._make_order(lead)
        order.action_create_contract()
        order.contract_id.sudo().write({"state": "signed", "date_signed": "2026-02-01"})
        second = self._start(lead)
        self.assertEqual(second.contract_id, order.contract_id)
        self.assertEqual(second.date_approved, date(2026, 2, 1))

    # ------------------------------------------------------------
    # Refusals and undoing
    # ------------------------------------------------------------

    def test_refusals_say_what_is_missing(self):
        with self.assertRaisesRegex(UserError, "no construction deal"):
            self._start(self._make_deal(construction_type_id=False))
        with self.assertRaisesRegex(UserError, "no confirmed order"):
            self._start(self._make_deal())
        lead = self._make_deal()
        self._make_order(lead, confirm=False)
        with self.assertRaisesRegex(UserError, "no confirmed order"):
            self._start(lead)
        order = self.env["sale.order"].create({"partner_id": self.client.id})
        with self.assertRaisesRegex(UserError, "belongs to no deal"):
            order.with_user(self.pm).action_start_project()

    def test_a_negative_weight_is_refused_and_others_are_scaled(self):
        rows = [{"project_stage_id": self.design.id, "weight": -1.0, "date_start": False, "deadline": False}]
        with self.assertRaisesRegex(UserError, "Design is negative"):
            self._start(stages=rows)
        rows = [
            {"project_stage_id": stage.id, "weight": 7.0, "date_start": False, "deadline": False}
            for stage in self.stages
        ]
        project = self._start(stages=rows)
        self.assertEqual(project.milestone_ids.mapped("weight"), [33.34, 33.33, 33.33])

    def test_an_archived_or_deleted_project_frees_the_deal(self):
        project = self._start()
        project.sudo().action_archive()
        self.assertFalse(self.lead.construction_project_id)
        second = self._start()
        self.assertNotEqual(second, project)
        self.assertEqual(len(second.task_ids), 2)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.cr.savepoint():
            project.sudo().action_unarchive()
        second.sudo().unlink()
        self.assertFalse(self.lead.construction_project_id)
        self.assertTrue(self._start())

    def test_cancelling_the_order_deletes_nothing(self):
        project = self._start()
        self.order._action_cancel()
        self.assertTrue(project.exists())
        self.assertEqual(len(project.task_ids), 2)
        self.assertEqual(self.lead.construction_project_id, project)

    def test_a_deal_with_a_running_project_is_not_deleted(self):
        self._start()
        with self.assertRaisesRegex(UserError, "running project"):
            self.lead.unlink()

    def test_merging_deals_keeps_the_project(self):
        project = self._start()
        other = self._make_deal(name="The same house", probability=90)
        merged = (other | self.lead).merge_opportunity(auto_unlink=True)
        self.assertEqual(merged.construction_project_id, project)
        self.assertTrue(project.exists())

    def test_a_project_of_stages_without_durations_is_saved_on_its_form(self):
        self.stages.duration_days = 0
        project = self._start().with_user(self.project_admin)
        self.assertEqual((project.date_start, project.date), (date(2026, 3, 2), False))
        with Form(project) as form:
            # the browser wants both days of a range when its first one is required
            for name in ("date_start", "date"):
                self.assertIn("not code", form._view["modifiers"][name]["required"])
            form.name = "House on the hill"
        self.assertEqual(project.name, "House on the hill")
        self.assertEqual((project.date_start, project.date), (date(2026, 3, 2), False))

    # ------------------------------------------------------------
    # The wizard
    # ------------------------------------------------------------

    def test_the_wizard_shows_what_it_will_make_and_takes_the_answers(self):
        action = self.lead.with_user(self.pm).action_start_project()
        wizard = self.env["construction.project.start"].with_user(self.pm).browse(action["res_id"])
        self.assertEqual(wizard.chapter_count, 2)
        self.assertEqual(wizard.order_names, self.order.name)
        with Form(wizard) as form:
            form.name = "House on the hill"
            form.date_start = "2026-03-12"
            with form.task_line_ids.edit(1) as task:
                task.allocated_hours = 8
                task.project_stage_id = self.handover
        self.assertEqual(wizard.stage_line_ids[0].date_start, date(2026, 3, 12))
        self.assertEqual(wizard.stage_line_ids[2].deadline, date(2026, 4, 27))
        opened = wizard.action_start()
        project = self.env["project.project"].browse(opened["res_id"])
        self.assertEqual(project.name, "House on the hill")
        self.assertEqual((project.date_start, project.date), (date(2026, 3, 12), date(2026, 4, 27)))
        roof = project.task_ids.filtered(lambda t: t.name == "2 Roof")
        self.assertEqual(roof.allocated_hours, 8)
        self.assertEqual(roof.milestone_id.project_stage_id, self.handover)

    def test_the_wizard_opened_by_default_values_is_filled_the_same(self):
        Wizard = self.env["construction.project.start"].with_user(self.pm)
        form = Form(Wizard.with_context(default_lead_id=self.lead.id))
        self.assertEqual(form.name, "Ionescu house")
        project = self.env["project.project"].browse(form.save().action_start()["res_id"])
        self.assertEqual(len(project.task_ids), 2)
        self.assertEqual(len(project.milestone_ids), 3)

    def test_default_keys_of_the_screen_do_not_reach_the_project(self):
        lead = self.lead.with_context(default_user_id=self.salesperson.id, default_name="X", default_type="lead")
        project = lead.with_user(self.pm)._start_project()
        self.assertEqual(project.user_id, self.pm)
        self.assertEqual(set(project.task_ids.mapped("name")), {"1 Brick wall", "2 Roof"})
