from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DeliveryCommon

PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestWorkOrder(DeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreman = new_test_user(cls.env, "supply_foreman", "project.group_project_user", name="Frank Foreman")
        cls.project = cls.lead.with_user(cls.pm)._start_project({}).with_user(cls.pm)
        cls.wall_works, cls.roof_works = cls.project._get_work_positions()

    def _make(self, user=None, **quantities):
        """A draft of the wall (and the roof), through the dialog."""
        action = self.project.with_user(user or self.pm).action_make_work_order()
        wizard = self.env["construction.work.order.make"].with_user(user or self.pm)
        wizard = wizard.with_context(**action["context"]).create({"user_id": self.foreman.id})
        for line in wizard.line_ids:
            line.quantity = quantities.get("wall" if line.position_id == self.wall_works else "roof", 0.0)
        return self.env["construction.work.order"].with_user(user or self.pm).browse(wizard.action_make()["res_id"])

    # === MAKING === #

    def test_the_dialog_proposes_what_is_left_of_each_chapter(self):
        self._make(wall=5.0)
        wizard = Form(
            self.env["construction.work.order.make"].with_user(self.pm).with_context(default_project_id=self.project.id)
        )
        rows = [
            (row["position_id"], row["quantity_left"], row["quantity"])
            for row in (wizard.line_ids.edit(index)._values for index in range(len(wizard.line_ids)))
        ]
        self.assertEqual(rows, [(self.wall_works.id, 7.0, 7.0), (self.roof_works.id, 12.0, 12.0)])

    def test_what_was_reported_done_is_not_proposed_again(self):
        self._make(wall=3.0)
        wizards = self.env["construction.work.order.make"].with_user(self.pm)
        done = self.wall_works.sudo()
        done.quantity_done = 8.0
        rows = {line.position_id: line.quantity for line in wizards.create({"project_id": self.project.id}).line_ids}
        self.assertEqual(rows[self.wall_works], 4.0)
        done.quantity_done = 12.0
        again = wizards.create({"project_id": self.project.id})
        self.assertNotIn(self.wall_works, again.line_ids.position_id)

    def test_the_dialog_lists_the_chapters_of_a_stage(self):
        wizard = self.env["construction.work.order.make"].with_user(self.pm)
        wizard = wizard.create({"project_id": self.project.id, "project_stage_id": self.works.id})
        self.assertEqual(wizard.line_ids.position_id, self.wall_works)
        self.assertEqual(wizard.stage_ids, self.works)

    def test_the_dialog_proposes_the_days_the_works_are_planned_on(self):
        today = fields.Date.context_today(self.pm)
        first, last = fields.Date.add(today, days=20), fields.Date.add(today, days=30)
        wizards = self.env["construction.work.order.make"].with_user(self.pm)
        stage = self.project.milestone_ids.filtered(lambda stage: stage.project_stage_id == self.works)
        stage.write({"date_start": first, "deadline": last})
        tasks = self.wall_works.task_ids
        tasks.write({"date_work_start": False, "date_deadline": False})
        wizard = wizards.create({"project_id": self.project.id, "project_stage_id": self.works.id})
        self.assertEqual((wizard.date_start, wizard.date_end), (first, last))
        tasks.date_work_start = fields.Date.add(today, days=25)
        wizard = wizards.create({"project_id": self.project.id, "task_ids": tasks.ids})
        self.assertEqual((wizard.date_start, wizard.date_end), (tasks.date_work_start, last))
        tasks.date_work_start = fields.Date.add(today, days=-25)
        tasks.date_deadline = fields.Date.add(today, days=-5)
        wizard = wizards.create({"project_id": self.project.id, "task_ids": tasks.ids})
        self.assertEqual((wizard.date_start, wizard.date_end), (today, False))
        wizard = wizards.create({"project_id": self.project.id})
        self.assertEqual((wizard.date_start, wizard.date_end), (today, False))

    def test_the_dialog_opens_on_a_stage_that_has_works_left(self):
        self.roof_works.sudo().project_stage_id = self.handover
        self.project.milestone_ids[0].is_reached = True
        self.assertEqual(self.project._get_stage_to_order(), self.works)
        self._make(wall=self.wall_works.quantity)
        action = self.project.action_make_work_order()
        self.assertEqual(action["context"]["default_project_stage_id"], self.handover.id)

    def test_pressing_twice_makes_one_order(self):
        wizard = self.env["construction.work.order.make"].with_user(self.pm).create({"project_id": self.project.id})
        first, second = wizard.action_make(), wizard.action_make()
        self.assertEqual(first["res_id"], second["res_id"])
        self.assertEqual(self.env["construction.work.order"].search_count([("project_id", "=", self.project.id)]), 1)

    def test_choosing_nothing_is_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "Choose at least one chapter"):
            self._make()

    def test_tasks_go_on_a_work_order(self):
        tasks = self.project.task_ids.with_user(self.pm)
        action = tasks.filtered(lambda task: "Brick wall" in task.name).action_make_work_order()
        wizard = self.env["construction.work.order.make"].with_user(self.pm).with_context(**action["context"])
        self.assertEqual(wizard.create({}).line_ids.position_id, self.wall_works)
        other = self.env["project.task"].create({"name": "Tidy up", "project_id": self.project.id})
        with self.assertRaisesRegex(UserError, "no chapter"):
            other.with_user(self.pm).action_make_work_order()

    def test_a_line_proposes_the_rest_and_its_share_of_the_hours(self):
        self._make(wall=3.0)
        form = Form(
            self.env["construction.work.order"].with_user(self.pm).with_context(default_project_id=self.project.id)
        )
        with form.line_ids.new() as line:
            line.position_id = self.wall_works
            self.assertEqual((line.quantity, line.quantity_left), (9.0, 9.0))
            line.quantity = 6.0
            # two days and four hours of the mason for all twelve
            self.assertAlmostEqual(line.hours, self.wall_works.hours_planned / 2)
        order = form.save()
        self.assertTrue(order.name.startswith("WO/"))
        self.assertEqual(order.hours, self.wall_works.hours_planned / 2)
        self.assertGreater(order.hours, 0)

    def test_more_than_is_left_warns_and_goes_on(self):
        self._make(wall=10.0)
        order = self._make(wall=3.0)
        self.assertFalse(self._make(roof=12.0).warning)
        self.assertTrue(order.line_ids.is_over)
        self.assertIn("Brick wall", order.warning)
        order.action_issue()
        self.assertEqual(order.state, "issued")
        order.action_cancel()
        self.assertEqual(self._make(wall=2.0).line_ids.quantity_left, 2.0)

    def test_the_same_chapter_twice_on_one_order_counts_together(self):
        order = self._make(wall=8.0)
        order.line_ids = [Command.create({"position_id": self.wall_works.id, "quantity": 5.0})]
        self.assertEqual(order.line_ids.mapped("quantity_left"), [7.0, 4.0])
        self.assertEqual(order.line_ids.mapped("is_over"), [True, True])

    def test_a_chapter_of_another_project_is_refused(self):
        lead = self._make_deal(name="Other house")
        self._make_order(lead)
        other = lead.with_user(self.pm)._start_project({})
        with self.assertRaisesRegex(ValidationError, "another one"):
            self.env["construction.work.order"].with_user(self.pm).create(
                {
                    "project_id": self.project.id,
                    "line_ids": [Command.create({"position_id": other._get_work_positions()[0].id})],
                }
            )

    # === WHAT IT TAKES === #

    def test_a_share_of_the_chapter_takes_a_share_of_its_components(self):
        line = self._make(wall=3.0).line_ids
        parts = {part["product"]: part["quantity"] for part in line._get_parts()[line]}
        self.assertEqual(parts[self.brick], 125.0)
        self.assertEqual(parts[self.crane], 0.75)
        self.assertIn("Brick: 125.00 Units", line.takes)
        self.assertIn("Crane: 0.75 Units", line.takes)
        self.assertNotIn("Mason", line.takes)

    def test_an_item_priced_as_one_line_is_taken_apart_by_its_recipe(self):
        recipe = self.env["construction.recipe"].create(
            {
                "product_tmpl_id": self.roof.product_tmpl_id.id,
                "line_ids": [
                    Command.create({"product_id": self.brick.id, "quantity": 4.0, "waste_percent": 25.0}),
                    Command.create({"product_id": self.mason.id, "quantity": 0.5}),
                ],
            }
        )
        recipe.action_activate()
        lead = self._make_deal(name="Roof alone")
        self._make_order(
            lead,
            [
                Command.create(
                    {"product_id": self.roof.id, "product_uom_qty": 10, "price_unit": 90, "recipe_id": recipe.id}
                )
            ],
        )
        project = lead.with_user(self.pm)._start_project({}).with_user(self.pm)
        position = project._get_work_positions()
        parts = {part["product"]: part for part in position._get_components()[position]}
        self.assertEqual(parts[self.brick]["quantity"], 50.0)
        self.assertEqual(parts[self.brick]["nature"], "material")
        self.assertEqual(parts[self.mason]["quantity"], 5.0)

    # === STEPS === #

    def test_an_issued_order_stays_as_it_is(self):
        order = self._make(wall=3.0)
        order.action_issue()
        for record, vals in (
            (order, {"note": "Something else"}),
            (order, {"date_start": fields.Date.add(fields.Date.today(), days=3)}),
            (order, {"line_ids": [Command.create({"position_id": self.roof_works.id})]}),
            (order.line_ids, {"quantity": 4.0}),
            (order.line_ids, {"hours": 99.0}),
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "the crew has it"):
                record.write(vals)
        with self.assertRaises(UserError):
            order.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "Cancel it instead"):
            order.unlink()

    def test_steps_cannot_be_written_by_hand(self):
        order = self._make(wall=3.0)
        for vals in ({"state": "done"}, {"correction": 4}, {"name": "WO/1"}, {"done_by_id": self.pm.id}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "buttons"):
                order.write(vals)
        with self.assertRaisesRegex(UserError, "buttons"):
            order.create({"project_id": self.project.id, "state": "issued"})

    def test_a_correction_says_why_before_it_is_issued_again(self):
        order = self._make(wall=3.0)
        order.action_issue()
        order.action_correct()
        self.assertEqual((order.state, order.correction), ("draft", 1))
        order.line_ids.quantity = 2.0
        with self.assertRaisesRegex(UserError, "reason of the correction"):
            order.action_issue()
        order.correction_reason = "The north wall waits"
        order.action_issue()
        self.assertEqual(order.state, "issued")

    def test_an_order_without_works_quantity_or_people_is_not_issued(self):
        order = self.env["construction.work.order"].with_user(self.pm).create({"project_id": self.project.id})
        with self.assertRaisesRegex(UserError, "no works yet"):
            order.action_issue()
        order.line_ids = [Command.create({"position_id": self.wall_works.id, "quantity": 0.0})]
        with self.assertRaisesRegex(UserError, "how much"):
            order.action_issue()
        order.line_ids.quantity = 1.0
        with self.assertRaisesRegex(UserError, "who carries out"):
            order.action_issue()
        crew = self.env["construction.crew"].create({"name": "Masons", "leader_id": self.foreman.id})
        order.crew_id = crew
        self.assertEqual(order.user_id, self.foreman)
        order.action_issue()
        self.assertEqual(order.state, "issued")

    def test_the_foreman_is_asked_and_reports_it_done_once(self):
        order = self._make(wall=3.0)
        order.action_issue()
        order.action_issue()
        activity = order.activity_ids
        self.assertEqual(activity.user_id, self.foreman, "issued twice, he is asked once")
        mine = order.with_user(self.foreman)
        mine.done_note = "One pallet left over"
        mine.action_done()
        mine.action_done()
        self.assertRecordValues(order, [{"state": "done", "done_by_id": self.foreman.id}])
        self.assertFalse(order.activity_ids)
        self.assertEqual(self.wall_works.quantity_done, 0.0, "progress is recorded elsewhere")
        with self.assertRaisesRegex(UserError, "Done"):
            order.action_cancel()
        order.action_reopen()
        self.assertRecordValues(order, [{"state": "issued", "done_by_id": False, "date_done": False}])

    def test_a_draft_is_not_reported_done(self):
        with self.assertRaisesRegex(UserError, "Draft"):
            self._make(wall=3.0).with_user(self.foreman).action_done()

    def test_only_who_leads_the_project_issues_corrects_and_cancels(self):
        order = self._make(wall=3.0)
        mine = order.with_user(self.foreman)
        for step in ("action_issue", "action_correct", "action_cancel", "action_reopen"):
            with self.subTest(step=step), self.assertRaises(AccessError):
                getattr(mine, step)()
        self.assertFalse(mine.is_manager)
        order.with_user(self.project_admin).action_issue()
        self.assertEqual(order.state, "issued")

    # === OTHERS === #

    def test_who_sees_work_orders(self):
        order = self._make(wall=3.0)
        surveyor = new_test_user(self.env, "supply_surveyor", "base.group_user,construction_crm.group_surveyor")
        other_seller = new_test_user(self.env, "supply_seller", "sales_team.group_sale_salesman")
        for user in (self.foreman, self.salesperson, self.sale_manager, self.accountant):
            self.assertTrue(order.with_user(user).has_access("read"), user.name)
            self.assertTrue(order.line_ids.with_user(user).read(["quantity", "takes", "quantity_left"]))
        for user in (surveyor, other_seller, self.portal):
            self.assertFalse(order.with_user(user).has_access("read"), user.name)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertFalse(self.env["construction.work.order"].with_user(other_seller).search([]))
        for user in (self.salesperson, self.accountant):
            with self.assertRaises(AccessError):
                order.with_user(user).write({"note": "Mine"})

    def test_a_project_of_its_followers_hides_its_orders(self):
        order = self._make(wall=3.0)
        self.project.sudo().privacy_visibility = "followers"
        self.assertFalse(order.with_user(self.foreman).search([("id", "=", order.id)]))
        self.project.sudo().message_subscribe(self.foreman.partner_id.ids)
        self.assertTrue(order.with_user(self.foreman).search([("id", "=", order.id)]))

    def test_no_price_and_no_cost_stands_on_an_order(self):
        order = self._make(wall=3.0)
        self.foreman.group_ids += self.env.ref("base.group_allow_export")
        mine = order.with_user(self.foreman)
        found = str(mine.read()) + str(mine.line_ids.read()) + str(self._print(mine))
        for secret in ("77.77", "100.0", "54400"):
            self.assertNotIn(secret, found)
        for model in ("construction.work.order", "construction.work.order.line"):
            for name, field in self.env[model]._fields.items():
                self.assertNotEqual(field.type, "monetary", f"{model}.{name}")

    def test_pictures_are_printed_and_other_files_named(self):
        files = (
            self.env["ir.attachment"]
            .with_user(self.pm)
            .create(
                [
                    {"name": "corner.png", "datas": PIXEL},
                    {"name": "plan.pdf", "raw": b"%PDF-1.4 plan"},
                    {"name": "broken.png", "raw": b"no picture", "mimetype": "image/png"},
                ]
            )
        )
        order = self._make(wall=3.0)
        order.attachment_ids = files
        values = order._prepare_print_values()
        self.assertEqual([name for name, _data in values["images"]], ["corner.png"])
        self.assertEqual(values["files"], ["plan.pdf", "broken.png"])
        # whoever sees the order sees them
        self.assertEqual(files.with_user(self.foreman).mapped("name"), ["corner.png", "plan.pdf", "broken.png"])

    def test_the_print_tells_what_how_much_with_what_and_where(self):
        order = self._make(wall=3.0, roof=12.0)
        order.write({"safety_note": "Live cable in the wall", "access_note": "Key at number 9", "note": "Dry first"})
        order.action_issue()
        text = self._print(order.with_user(self.foreman))
        for expected in (
            order.name,
            "Brick wall",
            "3.00 Units",
            "125.00 Units",
            "Crane",
            "Roof",
            "House in the hills",
            "Frank Foreman",
            "Live cable in the wall",
            "Key at number 9",
            "Dry first",
        ):
            self.assertIn(expected, text)
        surveyor = new_test_user(self.env, "supply_printer", "base.group_user,construction_crm.group_surveyor")
        with self.assertRaises(AccessError):
            self._print(order.with_user(surveyor))

    def test_the_first_order_knows_what_sales_handed_over(self):
        handoffs = self.env["construction.handoff"]
        handoff = handoffs.search([("lead_id", "=", self.lead.id)]) or handoffs.create({"lead_id": self.lead.id})
        handoff.write({"note": "The dog is in the yard", "hazards": "Asbestos roof"})
        order = self._make(wall=3.0)
        self.assertEqual((order.access_note, order.safety_note), ("The dog is in the yard", "Asbestos roof"))

    def test_a_new_order_knows_the_site_of_the_last(self):
        self._make(wall=3.0).write({"safety_note": "Live cable", "access_note": "Key at number 9"})
        order = self._make(wall=1.0)
        self.assertEqual((order.safety_note, order.access_note), ("Live cable", "Key at number 9"))

    def test_the_print_says_the_hours_of_the_screen(self):
        order = self._make(wall=3.0)
        # half a minute: 262:47 on screens, 262:46 as stock prints it
        order.line_ids[0].hours = 262.775
        self.assertIn("262:47", self._print(order))

    def _print(self, order):
        report = self.env["ir.actions.report"].with_user(order.env.user)
        html, _type = report._render_qweb_html("construction_crm.report_work_order", order.ids)
        return " ".join(html.decode().split())
