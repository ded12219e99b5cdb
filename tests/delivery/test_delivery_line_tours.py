from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..contract.line_common import LineCommon
from .site_common import PIXEL

PHONE = {"browser_size": "390x844", "touch_enabled": True}


@tagged("post_install", "-at_install")
class TestDeliveryLineTours(LineCommon):
    """One job from the won deal to the signed handover, by the people who do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.env.company.id, "company_ids": [Command.set(cls.env.company.ids)]}
        cls.foreman = new_test_user(
            cls.env, login="line_foreman", groups="project.group_project_user", name="Frank Works", **company
        )
        cls.consultant = new_test_user(cls.env, login="line_consultant", groups="base.group_system", **company)
        cls.crew = cls.env["construction.crew"].create({"name": "Tilers", "leader_id": cls.foreman.id})

    def test_one_job_goes_from_the_won_deal_to_the_handover(self):
        self._prepare_job()
        contract = self.make_contract()
        project = self._start(contract)
        self._walk_stage(project)
        self._walk_work_order(project)
        self._walk_money(contract, project, {self.tiling: 10.0})
        self._walk_variation(contract)
        self._walk_snag(project)
        self._walk_handover(contract, project)
        self.start_tour("/odoo", "construction_line_delivered", login=self.project_manager.login)

    def test_a_consultant_sets_up_a_type_and_a_job_runs_through_it(self):
        self.start_tour("/odoo", "construction_stage_consultant", login=self.consultant.login)
        attic = self.env["construction.type"].search([("name", "=", "Attic conversion")])
        usual = attic.stage_ids
        own = self.env["project.project.stage"].with_user(self.consultant).create({"name": "Roof windows"})
        template = (
            self.env["construction.plan.template"]
            .with_user(self.consultant)
            .create(
                {
                    "name": "Windows, then as done",
                    "line_ids": [
                        Command.create(
                            {"name": "Windows", "percent": 30, "trigger": "stage", "project_stage_id": own.id}
                        ),
                        self._prepare_pot(),
                    ],
                }
            )
        )
        attic.with_user(self.consultant).write(
            {
                "stage_ids": [Command.link(own.id)],
                "plan_template_id": template.id,
                "user_invoicing_id": self.accountant.id,
            }
        )
        with patch.object(type(self), "bathroom", attic):
            contract = self.make_contract()
        project = self._start(contract)
        self.assertEqual(project.milestone_ids.project_stage_id, usual + own)
        finishing = project.milestone_ids.filtered(lambda stage: stage.project_stage_id.name == "Finishing")
        self.assertIn("Roof windows adjusted", finishing.check_ids.mapped("name"))
        windows = project.milestone_ids.filtered(lambda stage: stage.project_stage_id == own)
        windows.with_user(self.project_manager).action_reach()
        due = contract.instalment_ids.filtered(lambda row: row.trigger == "stage")
        self.assertEqual(due.state, "due")
        self._walk_money(contract, project, {self.tiling: 5.0, self.shower: 1.0})

    # === STEPS OF THE WALK === #

    @classmethod
    def _prepare_pot(cls):
        return Command.create({"name": "Works", "amount_type": "rest", "kind": "progress", "trigger": "certificate"})

    def _prepare_job(self):
        self.plan_template.line_ids = [
            Command.clear(),
            Command.create({"name": "Advance", "kind": "advance", "percent": 30, "trigger": "signature"}),
            self._prepare_pot(),
        ]
        self.stages[0].write(
            {
                "needs_approval": True,
                "check_template_ids": [
                    Command.create({"name": "Photos taken"}),
                    Command.create({"name": "Skip emptied"}),
                ],
            }
        )
        self.stages[2].is_handover = True

    def _start(self, contract):
        manager = self.project_manager
        project = contract.lead_id.with_user(manager)._start_project({"user_id": manager.id})
        contract.lead_id.handoff_ids.with_user(manager).action_accept()
        self.env.flush_all()
        return project.with_env(self.env)

    def _walk_stage(self, project):
        stage = project.milestone_ids[0]
        with patch.multiple(self, **PHONE):
            self.start_tour("/odoo/construction-project-stages", "construction_stage_foreman", login=self.foreman.login)
        self.env.invalidate_all()
        self.assertEqual(stage.approval_state, "asked")
        stage.check_ids.with_user(self.foreman).write({"is_done": True})
        stage.with_user(self.project_manager).action_reach()
        self.assertRecordValues(stage, [{"is_reached": True, "approval_state": "approved"}])

    def _walk_work_order(self, project):
        action = project.with_user(self.project_manager).action_make_work_order()
        wizard = self.env[action["res_model"]].with_user(self.project_manager)
        wizard = wizard.browse(action.get("res_id")) or wizard.with_context(**action["context"]).create({})
        wizard.write({"crew_id": self.crew.id, "user_id": self.foreman.id})
        wizard.line_ids.filtered(lambda line: line.position_id.product_id == self.tiling).quantity = 10.0
        wizard.action_make()
        order = self.env["construction.work.order"].search([("project_id", "=", project.id)])
        order.with_user(self.project_manager).action_issue()
        self.env.flush_all()
        with patch.multiple(self, **PHONE):
            self.start_tour("/odoo/work-orders", "construction_supply_done", login=self.foreman.login)
        self.env.invalidate_all()
        self.assertRecordValues(order, [{"state": "done", "done_by_id": self.foreman.id}])

    def _walk_money(self, contract, project, done):
        """What the foreman reports is approved, certified and invoiced."""
        report = self.env["construction.progress"].with_user(self.foreman).create({"project_id": project.id})
        for product, quantity in done.items():
            line = report.line_ids.filtered(lambda line, item=product: line.position_id.product_id == item)
            line.quantity = quantity
        report.action_submit()
        report.with_user(self.project_manager).action_approve()
        contract.with_user(self.project_manager).action_make_certificate()
        certificate = contract.certificate_ids
        certificate.with_user(self.project_manager).action_approve()
        certificate.with_user(self.accountant).action_invoice()
        self.assertEqual(certificate.state, "invoiced")
        self.assertAlmostEqual(sum(contract.instalment_ids.mapped("amount")), contract.amount_total, 2)

    def _walk_variation(self, contract):
        value = contract.amount_total
        contract = contract.with_user(self.project_manager)
        action = contract.action_propose_variation()
        wizard = self.env[action["res_model"]].with_user(self.project_manager).browse(action["res_id"])
        wizard.line_ids.filtered(lambda line: line.position_id.product_id == self.tiling).change = -3.47
        wizard.item_ids = [Command.create({"product_id": self.adhesive.id, "quantity": 1})]
        wizard.action_apply()
        order = contract.with_env(self.env).variation_order_ids
        order.write({"require_signature": True, "require_payment": False})
        order.with_user(self.salesperson).action_quotation_sent()
        self.start_tour(order.get_portal_url(), "construction_variation_signature")
        self.env.invalidate_all()
        self.assertRecordValues(order, [{"variation_state": "applied", "signed_by": "Ana Ionescu"}])
        self.assertAlmostEqual(contract.amount_total, value + order.amount_total, 2)

    def _walk_snag(self, project):
        values = {"name": "Tile cracked", "project_id": project.id, "severity": "major"}
        snag = self.env["construction.snag"].with_user(self.foreman).create(values)
        snag.action_fix()
        snag.with_user(self.project_manager).action_verify()
        self.assertRecordValues(snag, [{"state": "verified", "verified_by_id": self.project_manager.id}])

    def _walk_handover(self, contract, project):
        project.milestone_ids[1].with_user(self.project_manager).action_reach()
        values = {"project_id": project.id, "date": fields.Date.context_today(project)}
        act = self.env["construction.handover"].with_user(self.project_manager).create(values)
        act.action_ready()
        act.write({"signature_own": PIXEL, "signature_client": PIXEL})
        act.action_sign()
        self.assertEqual((act.state, contract.state), ("signed", "completed"))
        self.assertTrue(project.milestone_ids[2].is_reached)
        self.env.flush_all()
