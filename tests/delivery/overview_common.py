from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from ..contract.common import ContractCommon


class OverviewCommon(ContractCommon):
    """A signed contract of 1,210.00 in three instalments, its project with three stages, and one user a role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("project.group_project_manager")
        cls.project_admin = cls._new_user("project_admin", "project.group_project_manager")
        cls.estimator = cls._new_user("estimator", "construction_crm.group_estimator")
        cls.employee = new_test_user(cls.env, "contract_employee", "base.group_user", company_id=cls.env.company.id)
        cls.portal = new_test_user(cls.env, "contract_portal", "base.group_portal", company_id=cls.env.company.id)
        cls.today = fields.Date.context_today(cls.env.user)
        cls.stages = cls.env["project.project.stage"].create(
            [{"name": name, "sequence": 200 + i} for i, name in enumerate(("Dig", "Build", "Paint"))]
        )
        cls.construction_type.stage_ids = cls.stages
        cls.lead = cls._create_deal()
        cls.contract = cls._create_contract(cls.lead, taxes=cls.tax_21)
        cls.project = cls._start_project(cls.lead)
        cls.dig, cls.build, cls.paint = cls.project.milestone_ids

    @classmethod
    def _start_project(cls, lead, days=(10, 20, 30)):
        """A project whose stages end in so many days."""
        project = lead.with_user(cls.project_user)._start_project(
            {
                "stages": [
                    {"project_stage_id": stage.id, "deadline": cls.today + timedelta(days=day), "weight": weight}
                    for stage, day, weight in zip(cls.stages, days, (30, 40, 30), strict=True)
                ]
            }
        )
        return project.with_env(cls.env)
