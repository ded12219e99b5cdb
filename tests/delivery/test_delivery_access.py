from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryAccess(DeliveryCommon):
    # ------------------------------------------------------------
    # Who starts
    # ------------------------------------------------------------

    def test_project_users_and_administrators_start_from_ready_to_start(self):
        for user in (self.pm, self.project_admin):
            lead = self._make_deal()
            self._make_order(lead)
            candidate = self.env["construction.project.candidate"].with_user(user).browse(lead.id)
            values = candidate.read(["name", "partner_id", "site_id", "user_id", "date_won"])[0]
            self.assertEqual(values["name"], "Ionescu house")
            self.assertEqual(values["user_id"][0], self.salesperson.id)
            action = candidate.action_start_project()
            wizard = self.env["construction.project.start"].with_user(user).browse(action["res_id"])
            # What the web client reads to draw the wizard.
            wizard.web_read(
                {
                    "partner_id": {"fields": {"display_name": {}}},
                    "lead_id": {"fields": {"display_name": {}}},
                    "order_names": {},
                    "task_line_ids": {
                        "fields": {
                            "name": {},
                            "chapter_line_id": {"fields": {"display_name": {}}},
                            "allocated_hours": {},
                        }
                    },
                    "stage_line_ids": {"fields": {"project_stage_id": {"fields": {"display_name": {}}}}},
                }
            )
            project = self.env["project.project"].with_user(user).browse(wizard.action_start()["res_id"])
            self.assertEqual(project.user_id, user)
            self.assertFalse(candidate.search([("id", "=", lead.id)]))

    def test_others_are_refused_starting_with_a_clear_message(self):
        for user in (self.salesperson, self.accountant, self.portal):
            with self.assertRaisesRegex(AccessError, "Only project users"):
                self.lead.with_user(user).action_start_project()
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_start_project()
            with self.assertRaises(AccessError):
                self.env["construction.project.start"].with_user(user).create({"lead_id": self.lead.id})
            with self.assertRaises(AccessError):
                self.env["construction.project.candidate"].with_user(user).search([])

    def test_a_refusal_does_not_name_a_deal_the_user_may_not_read(self):
        plain = self.env["crm.lead"].create({"name": "Secret tower", "type": "opportunity"})
        unsold = self._make_deal(name="Secret villa")
        abroad = self._make_deal(name="Secret bridge", user_id=False)
        company = self.env["res.company"].create({"name": "Other builder"})
        self.env.user.company_ids += company
        self._make_order(abroad, company_id=company.id)
        for lead in (plain, unsold, abroad):
            with self.subTest(lead=lead.name), self.assertRaises(UserError) as refused:
                lead.with_user(self.pm).action_start_project()
            self.assertNotIn("Secret", str(refused.exception))
        boss = new_test_user(self.env, "start_boss", "project.group_project_user,sales_team.group_sale_manager")
        with self.assertRaisesRegex(UserError, "Secret villa"):
            unsold.with_user(boss).action_start_project()

    def test_a_contact_with_a_foreign_deal_does_not_name_it(self):
        project = self._start()
        unsold = self._make_deal(name="Secret villa")
        values = {"project_id": project.id, "lead_id": unsold.id, "summary": "Hello"}
        with self.assertRaises(UserError) as refused:
            self.env["construction.contact.record"].with_user(self.pm).create(values)
        self.assertNotIn("Secret", str(refused.exception))

    def test_a_project_manager_leads_stages_and_tasks_but_no_other_project(self):
        project = self._start()
        self.assertEqual(project.construction_stage_id, self.design)
        project.milestone_ids[0].write({"is_reached": True, "weight": 35})
        self.assertEqual(project.construction_stage_id, self.works)
        project.milestone_ids[0].is_reached = False
        self.assertEqual(project.construction_stage_id, self.design)
        project.milestone_ids.write({"is_reached": True})
        self.assertEqual(project.construction_stage_id, self.handover)
        project.task_ids[0].write({"allocated_hours": 3, "user_ids": [(4, self.pm.id)]})
        with self.assertRaises(AccessError):
            self.env["project.project"].with_user(self.pm).create({"name": "Not from a deal"})

    # ------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------

    def test_ready_to_start_lists_sold_construction_deals_without_project(self):
        draft = self._make_deal(name="Not sold")
        self._make_order(draft, confirm=False)
        stock = self._make_deal(name="Stock deal", construction_type_id=False)
        self._make_order(stock)
        Candidate = self.env["construction.project.candidate"].with_user(self.pm)
        deals = [self.lead.id, draft.id, stock.id]
        self.assertEqual(Candidate.search([("id", "in", deals)]).ids, self.lead.ids)
        project = self._start()
        self.assertFalse(Candidate.search([("id", "in", deals)]))
        project.sudo().active = False
        self.assertEqual(Candidate.search([("id", "in", deals)]).ids, self.lead.ids)

    def test_a_project_manager_reads_no_deal(self):
        with self.assertRaises(AccessError):
            self.lead.with_user(self.pm).read(["expected_revenue"])
        fields = set(self.env["construction.project.candidate"].fields_get())
        self.assertFalse({f for f in fields if "amount" in f or "revenue" in f or "cost" in f})

    def test_no_cost_reaches_a_project_manager_by_any_road(self):
        self.pm.group_ids += self.env.ref("base.group_allow_export")
        project = self._start().with_user(self.pm)
        project.invalidate_recordset()
        # Stock fails on reading its rotting fields while Project Stages is off.
        names = [name for name in project.fields_get() if "rotting" not in name]
        read = project.read(names) + project.task_ids.read() + project.milestone_ids.read()
        self.assertNotIn("77.77", str(read))
        names = ["name", "code", "next_stage_milestone_id", "task_ids/name", "task_ids/description"]
        self.assertNotIn("77.77", str(project.export_data(names)))
        groups = project.task_ids.formatted_read_group(
            [("project_id", "=", project.id)], ["milestone_id"], ["allocated_hours:sum"]
        )
        self.assertNotIn("77.77", str(groups))
        self.assertNotIn("77.77", str(project.sudo().message_ids.mapped("body")))
        for model in (
            "construction.project.candidate",
            "construction.project.start",
            "construction.project.start.task",
        ):
            for name, field in self.env[model]._fields.items():
                self.assertFalse(field.type == "monetary", f"{model}.{name}")
                self.assertNotIn("cost", name)
                self.assertNotIn("price", name)

    def test_a_salesperson_sees_stage_and_manager_on_the_deal(self):
        project = self._start()
        lead = self.lead.with_user(self.salesperson)
        lead.invalidate_recordset()
        values = lead.read(["construction_project_id", "project_stage_id", "project_manager_id"])[0]
        self.assertEqual(values["construction_project_id"][0], project.id)
        self.assertEqual(values["project_stage_id"][1], "Design")
        self.assertEqual(values["project_manager_id"][0], self.pm.id)
        self.assertEqual(lead.action_view_construction_project()["res_id"], project.id)
        order = self.order.with_user(self.salesperson)
        self.assertEqual(order.construction_project_stage_id, self.design)

    def test_the_stage_shows_and_groups_while_the_stock_feature_is_off(self):
        stages = self.env.ref("project.group_project_stages")
        self.env.ref("base.group_user").implied_ids -= stages
        project = self._start().with_user(self.project_admin)
        self.assertFalse(project.env.user.has_group("project.group_project_stages"))
        self.assertEqual(project.construction_stage_id, self.design)
        found = project.search([("construction_stage_id", "=", self.design.id)])
        self.assertEqual(found, project)
        groups = project.with_context(read_group_expand=True).web_read_group(
            [("id", "=", project.id)], ["construction_stage_id"], ["__count"]
        )["groups"]
        counts = {group["construction_stage_id"][1]: group["__count"] for group in groups}
        self.assertEqual((counts["Design"], counts["Works"], counts["Handover"]), (1, 0, 0))
        project.construction_stage_id = self.works
        self.assertEqual(project.sudo().stage_id, self.works)
        with self.assertRaises(AccessError):
            project.with_user(self.pm).write({"construction_stage_id": self.handover.id})

    def test_a_portal_client_following_the_project_sees_nothing_internal(self):
        project = self._start()
        self.client.user_ids = [(4, self.portal.id)]
        project.sudo().message_subscribe(self.portal.partner_id.ids)
        project.task_ids.sudo().message_subscribe(self.portal.partner_id.ids)
        shared = project.with_user(self.portal)
        self.assertEqual(shared.name, "Ionescu house")
        for name in ("lead_id", "construction_type_id", "priority", "date_approved"):
            with self.assertRaises(AccessError):
                shared.read([name])
        with self.assertRaises(AccessError):
            shared.task_ids.read(["chapter_line_id"])

    def test_the_consultant_and_the_sales_manager_configure_stages(self):
        consultant = self.env["res.users"].create(
            {
                "name": "Consultant",
                "login": "delivery_consultant",
                "group_ids": [(6, 0, self.env.ref("base.group_system").ids)],
            }
        )
        for user in (consultant, self.sale_manager):
            stage = self.env["project.project.stage"].with_user(user).create({"name": "Snagging"})
            self.type.with_user(user).stage_ids = [(4, stage.id)]
            self.assertIn(stage, self.type.stage_ids)
        for user in (self.salesperson, self.pm):
            with self.assertRaises(AccessError):
                self.type.with_user(user).write({"name": "Mine"})

    # ------------------------------------------------------------
    # Companies
    # ------------------------------------------------------------

    def test_a_deal_sold_by_another_company_is_neither_listed_nor_started(self):
        company = self.env["res.company"].create({"name": "Other builder"})
        self.env.user.company_ids += company
        lead = self._make_deal(company_id=company.id, user_id=False)
        self._make_order(lead, company_id=company.id)
        Candidate = self.env["construction.project.candidate"].with_user(self.pm)
        self.assertFalse(Candidate.search([("id", "=", lead.id)]))
        with self.assertRaisesRegex(AccessError, "not working in"):
            lead.with_user(self.pm).action_start_project()
        self.pm.company_ids += company
        project = (
            lead.with_user(self.pm).with_context(allowed_company_ids=(self.env.company + company).ids)._start_project()
        )
        self.assertEqual(project.company_id, company)

    def test_a_stage_of_another_company_is_not_taken(self):
        company = self.env["res.company"].create({"name": "Other builder"})
        self.stages[1].company_id = company
        project = self._start()
        self.assertEqual(project.milestone_ids.project_stage_id, self.design | self.handover)
