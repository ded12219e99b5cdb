from datetime import date

from odoo.fields import Command
from odoo.tests import new_test_user

from ..contract.common import ContractCommon


class StageCommon(ContractCommon):
    """A signed contract whose plan waits for the stages of its running project: dig, build, paint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("project.group_project_manager")
        cls.manager = cls.project_user
        cls.foreman = cls._new_user("foreman", "project.group_project_user")
        cls.stages = cls.env["project.project.stage"].create(
            [
                {"name": "Dig", "sequence": 200, "check_template_ids": cls._prepare_checks("Photos", "Depth")},
                {"name": "Build", "sequence": 201, "needs_approval": True},
                {"name": "Paint", "sequence": 202},
            ]
        )
        cls.construction_type.stage_ids = cls.stages
        cls.template.line_ids = [
            Command.clear(),
            Command.create({"name": "Dug", "percent": 30, "trigger": "stage", "project_stage_id": cls.stages[0].id}),
            Command.create({"name": "Built", "percent": 30, "trigger": "stage", "project_stage_id": cls.stages[1].id}),
            Command.create({"name": "Painted", "amount_type": "rest", "trigger": "stage", "delay_days": 5,
                            "project_stage_id": cls.stages[2].id, "kind": "final"}),
        ]  # fmt: skip
        cls.partner_a.email = "client@example.com"
        cls.contract = cls._create_contract()
        project = cls.contract.lead_id.with_user(cls.manager)._start_project(
            {
                "date_start": date(2026, 5, 1),
                "date": date(2026, 5, 21),
                "stages": [
                    {
                        "project_stage_id": stage.id,
                        "date_start": date(2026, 5, first),
                        "deadline": date(2026, 5, last),
                        "weight": weight,
                    }
                    for stage, first, last, weight in zip(
                        cls.stages, (1, 4, 15), (1, 12, 21), (30, 40, 30), strict=True
                    )
                ],
            }
        )
        cls.project = project.with_env(cls.env)
        cls.project.user_id = cls.manager
        cls.dig, cls.build, cls.paint = cls.project.milestone_ids
        cls.dug, cls.built, cls.painted = cls.contract.instalment_ids
        cls.env.flush_all()

    @classmethod
    def _prepare_checks(cls, *names, **values):
        return [Command.create({"name": name, **values}) for name in names]

    @classmethod
    def _add_role(cls, login, group):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"base.group_user,{group}",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )

    def _tick(self, stage, user=None):
        stage.check_ids.with_user(user or self.foreman).write({"is_done": True})

    def _read_notes(self):
        """The notes of the project, the latest first, as text."""
        return "\n".join(self.project.message_ids.mapped("body"))
