from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..contract.line_common import LineCommon


@tagged("post_install", "-at_install")
class TestStageTours(LineCommon):
    """Stages in the browser: set up by the consultant, ticked on a phone, approved by the manager."""

    def test_a_consultant_sets_up_a_type_with_its_stages(self):
        new_test_user(
            self.env,
            login="stage_consultant",
            groups="base.group_system",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        self.start_tour("/odoo", "construction_stage_consultant", login="stage_consultant")
        new_type = self.env["construction.type"].search([("name", "=", "Attic conversion")])
        self.assertEqual(len(new_type.stage_ids), 6)
        finishing = new_type.stage_ids.filtered(lambda stage: stage.name == "Finishing")
        self.assertIn("Roof windows adjusted", finishing.check_template_ids.mapped("name"))

    def test_a_stage_from_the_phone_to_the_manager(self):
        foreman = new_test_user(
            self.env,
            login="stage_foreman",
            groups="project.group_project_user",
            name="Frank Works",
            company_id=self.env.company.id,
            company_ids=[Command.set(self.env.company.ids)],
        )
        strip_out = self.stages[0]
        strip_out.needs_approval = True
        strip_out.check_template_ids = [
            Command.create({"name": "Photos taken"}),
            Command.create({"name": "Skip emptied"}),
        ]
        contract = self.make_contract()
        project = contract.lead_id.with_user(self.project_manager)._start_project({})
        project.sudo().user_id = self.project_manager
        stage = project.milestone_ids[0].with_env(self.env)
        self.env.flush_all()
        with patch.multiple(self, browser_size="390x844", touch_enabled=True):
            url = f"/odoo/project.project/{project.id}"
            self.start_tour(url, "construction_stage_from_project", login=foreman.login)
            self.start_tour("/odoo/construction-project-stages", "construction_stage_foreman", login=foreman.login)
        self.assertEqual((stage.approval_state, stage.approval_asked_by_id), ("asked", foreman))
        before = stage.deadline
        self.start_tour("/odoo", "construction_stage_manager", login=self.project_manager.login)
        self.assertRecordValues(
            stage,
            [{"is_reached": True, "approval_state": "approved", "reach_reason": "The skip leaves tomorrow"}],
        )
        self.assertEqual((stage.deadline - before).days, 3)
