from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import DeliveryCommon

START = "construction_crm.mail_activity_type_start_project"


@tagged("post_install", "-at_install")
class TestHandoff(DeliveryCommon):
    """From the client's yes to a project whose manager knows what was promised."""

    def _get_asked(self, lead):
        """Who is asked to start the project of a deal."""
        return lead.sudo().handoff_ids.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(START)
        )

    def _handoff(self, user=None, lead=None):
        action = (lead or self.lead).with_user(self.salesperson).action_view_handoff()
        return self.env["construction.handoff"].with_user(user or self.salesperson).browse(action["res_id"])

    # ------------------------------------------------------------
    # Asking to start
    # ------------------------------------------------------------

    def test_the_order_asks_the_salesperson_once_and_the_start_settles_it(self):
        self.assertEqual(self._get_asked(self.lead).user_id, self.salesperson)
        self._make_order(self.lead)
        self.assertEqual(len(self._get_asked(self.lead)), 1, "a second order asks nobody again")
        self._start()
        self.env.invalidate_all()
        self.assertFalse(self._get_asked(self.lead))
        self._make_order(self.lead)
        self.assertFalse(self._get_asked(self.lead), "the project runs")

    def test_the_planned_manager_of_the_type_is_asked_and_leads_the_project(self):
        self.type.project_manager_id = self.project_admin
        lead = self._make_deal()
        self._make_order(lead)
        self.assertEqual(self._get_asked(lead).user_id, self.project_admin)
        lead.planned_manager_id = self.pm
        self.assertEqual(self._start(lead, user=self.project_admin).user_id, self.pm)

    def test_the_clients_signature_in_the_portal_asks_too(self):
        lead = self._make_deal()
        order = self._make_order(lead, confirm=False)
        self.client.user_ids = [Command.link(self.portal.id)]
        order.with_user(self.portal).sudo().action_confirm()
        self.assertEqual(self._get_asked(lead).user_id, self.salesperson)

    def test_cancelling_the_only_order_asks_no_more(self):
        self.order._action_cancel()
        self.env.invalidate_all()
        self.assertFalse(self._get_asked(self.lead))
        self.order.action_draft()
        self.order.action_confirm()
        self.assertEqual(len(self._get_asked(self.lead)), 1)

    def test_a_deal_of_stock_asks_nobody(self):
        lead = self._make_deal(construction_type_id=False)
        self._make_order(lead)
        self.assertFalse(lead.handoff_ids)

    # ------------------------------------------------------------
    # Checklist
    # ------------------------------------------------------------

    def _get_done(self, handoff):
        return {check.key for check in handoff.sudo()._get_checks() if check.is_done}

    def test_the_checklist_ticks_itself_from_the_records(self):
        handoff = self._handoff()
        self.assertEqual(self._get_done(handoff), {"advance"}, "no advance was agreed")
        self.client.phone = "+40 21 555 0100"
        self.env["ir.attachment"].create({"name": "plan.pdf", "res_model": "crm.lead", "res_id": self.lead.id})
        handoff.write({"hazards": "Gas pipe under the drive", "are_promises_complete": True})
        self.order.action_create_contract()
        contract = self.order.contract_id
        contract.instalment_ids = [
            Command.create({"name": "Advance", "kind": "advance", "amount_type": "percent", "percent": 30}),
            Command.create({"name": "Rest", "kind": "final", "amount_type": "rest"}),
        ]
        contract.sudo().write({"state": "signed", "date_signed": fields.Date.today()})
        self.env.invalidate_all()
        self.assertEqual(self._get_done(handoff), {"contract", "drawings", "promises", "hazards", "contacts"})
        self.assertEqual(handoff.missing_count, 1)
        self.assertIn("Advance", handoff.checks)

    def test_the_checklist_tells_no_amount(self):
        self.order.action_create_contract()
        handoff = self._handoff(self.pm)
        self.assertNotRegex(str(handoff.checks), r"\d[.,]\d\d")
        values = handoff.read()[0]
        self.assertNotIn("77.77", str(values))

    # ------------------------------------------------------------
    # Accept, return
    # ------------------------------------------------------------

    def test_accepting_makes_tasks_of_open_promises_once(self):
        handoff = self._handoff()
        handoff.promise_ids = [
            Command.create({"name": "Sockets in the garage", "date_due": "2026-05-04"}),
            Command.create({"name": "Paint the fence", "state": "dropped"}),
        ]
        self.assertEqual(handoff.promise_ids.lead_id, self.lead)
        project = self._start()
        own = handoff.with_user(self.pm)
        own.action_accept()
        self.assertRecordValues(own, [{"state": "accepted", "accepted_by_id": self.pm.id}])
        tasks = project.task_ids.filtered(lambda task: "Promise" in task.name)
        self.assertEqual(tasks.mapped("name"), ["Promise: Sockets in the garage"])
        self.assertEqual(handoff.sudo().promise_ids[0].task_id, tasks)
        with self.assertRaisesRegex(UserError, "Accepted"):
            own.action_accept()
        self.env["construction.promise"].with_user(self.salesperson).create(
            {"lead_id": self.lead.id, "name": "A lamp at the gate"}
        )
        tasks = project.task_ids.filtered(lambda task: "Promise" in task.name)
        self.assertEqual(
            sorted(tasks.mapped("name")), ["Promise: A lamp at the gate", "Promise: Sockets in the garage"]
        )

    def test_a_promise_with_a_task_is_not_deleted(self):
        handoff = self._handoff()
        handoff.promise_ids = [Command.create({"name": "Sockets"})]
        self._start()
        handoff.with_user(self.pm).action_accept()
        with self.assertRaisesRegex(UserError, "No Longer Valid"):
            handoff.promise_ids.unlink()

    def test_returning_needs_a_reason_and_asks_the_salesperson(self):
        project = self._start()
        own = self._handoff(self.pm)
        self.assertEqual(project.action_view_handoff()["res_id"], own.id)
        with self.assertRaisesRegex(UserError, "what is missing"):
            own.action_return()
        own.return_reason = "Where are the drawings?"
        own.action_return()
        activity = own.sudo().activity_ids
        self.assertEqual((own.state, activity.user_id), ("returned", self.salesperson))
        self.assertIn("drawings", activity.note)
        own.with_user(self.salesperson).action_hand_over()
        self.assertEqual((own.state, own.sudo().activity_ids.user_id), ("open", self.pm))
        own.action_accept()
        self.assertFalse(own.sudo().activity_ids)

    def test_only_the_manager_of_the_project_decides(self):
        handoff = self._handoff()
        with self.assertRaisesRegex(UserError, "has not started"):
            handoff.with_user(self.pm).action_accept()
        self._start()
        other = new_test_user(self.env, "delivery_other_pm", "project.group_project_user")
        for user in (other, self.salesperson):
            with self.assertRaises(AccessError):
                handoff.with_user(user).action_accept()
        with self.assertRaisesRegex(UserError, "by its buttons"):
            handoff.with_user(self.pm).write({"state": "accepted"})
        handoff.with_user(self.project_admin).action_accept()

    # ------------------------------------------------------------
    # Who sees what
    # ------------------------------------------------------------

    def test_each_role_sees_its_hand_overs(self):
        handoff = self._handoff()
        colleague = new_test_user(self.env, "delivery_colleague", "sales_team.group_sale_salesman")
        surveyor = new_test_user(self.env, "delivery_surveyor", "construction_crm.group_surveyor")
        for user in (self.salesperson, self.sale_manager, self.pm, self.accountant):
            self.assertTrue(handoff.with_user(user).read(["checks", "promise_ids", "manager_id"]))
        for user in (colleague, surveyor, self.portal):
            with self.assertRaises(AccessError):
                handoff.with_user(user).read(["checks"])
        with self.assertRaises(AccessError):
            self.env["construction.promise"].with_user(colleague).create({"lead_id": self.lead.id, "name": "x"})

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other builder"})
        handoff = self._handoff()
        self.lead.sudo().company_id = self.env.company
        stranger = new_test_user(
            self.env,
            "delivery_stranger",
            "project.group_project_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            handoff.with_user(stranger).read(["hazards"])

    def test_merging_deals_keeps_promises_and_team(self):
        role = self.env["project.role"].create({"name": "Foreman"})
        other = self._make_deal(name="The same house", probability=90)
        other.promise_ids = [Command.create({"name": "Sockets"})]
        other.member_ids = [Command.create({"role_id": role.id, "user_id": self.pm.id})]
        merged = (other | self.lead).merge_opportunity(auto_unlink=True)
        self.assertEqual(merged.promise_ids.name, "Sockets")
        self.assertEqual(merged.promise_ids.handoff_id, merged.handoff_ids)
        self.assertEqual(merged.member_ids.user_id, self.pm)


@tagged("post_install", "-at_install")
class TestStartTeam(DeliveryCommon):
    """Roles and who takes them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreman, cls.painter = cls.env["project.role"].create([{"name": "Foreman"}, {"name": "Painter"}])
        cls.ion = new_test_user(cls.env, "delivery_ion", "project.group_project_user")
        template = cls.env["project.project"].create({"name": "Template", "is_template": True})
        cls.env["project.task"].create(
            {"name": "Dig", "project_id": template.id, "role_ids": [Command.link(cls.foreman.id)], "user_ids": []}
        )
        cls.type.project_template_id = template

    def _open(self, lead):
        action = lead.with_user(self.pm).action_start_project()
        return self.env["construction.project.start"].with_user(self.pm).browse(action["res_id"])

    def test_people_of_the_last_project_of_the_type_are_proposed(self):
        wizard = self._open(self.lead)
        self.assertEqual(wizard.role_line_ids.role_id, self.foreman)
        self.assertFalse(wizard.role_line_ids.user_ids)
        wizard.role_line_ids.user_ids = self.ion
        wizard.action_start()
        project = self.lead.construction_project_id
        self.assertEqual(project.member_ids.user_id, self.ion)
        lead = self._make_deal()
        self._make_order(lead)
        self.assertEqual(self._open(lead).role_line_ids.user_ids, self.ion)

    def test_the_deals_team_comes_first_and_who_has_no_login_is_shown(self):
        helper = self.env["res.partner"].create({"name": "Old Vasile"})
        self.lead.member_ids = [
            Command.create({"role_id": self.foreman.id, "user_id": self.pm.id}),
            Command.create({"role_id": self.painter.id, "partner_id": helper.id}),
        ]
        wizard = self._open(self.lead)
        rows = {row.role_id: row for row in wizard.role_line_ids}
        self.assertEqual(rows[self.foreman].user_ids, self.pm)
        self.assertFalse(rows[self.painter].user_ids)
        self.assertEqual(rows[self.painter].without_user, "Old Vasile")
        project = self.env["project.project"].browse(wizard.action_start()["res_id"])
        dig = project.task_ids.filtered(lambda task: task.name == "Dig")
        self.assertEqual(dig.sudo().user_ids, self.pm)
        self.assertEqual(len(project.member_ids), 2)

    def test_parties_and_team_of_the_deal_are_those_of_the_project(self):
        role = self.env["construction.party.role"].create({"name": "Architect"})
        self.lead.party_ids = [Command.create({"partner_id": self.client.id, "role_id": role.id})]
        project = self._start()
        self.assertEqual(project.with_user(self.pm).party_ids.partner_id, self.client)
        self.env["construction.member"].with_user(self.pm).create(
            {"lead_id": self.lead.id, "role_id": self.painter.id, "user_id": self.ion.id}
        )
        self.assertEqual(project.member_ids.role_id, self.painter)
        self.lead.party_ids = [Command.create({"partner_id": self.site.id, "role_id": role.id})]
        self.assertEqual(len(project.party_ids), 2)
