from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from ..contract.retention_common import RetentionCommon

# One red pixel.
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


class SiteCommon(RetentionCommon):
    """A signed contract that keeps back 10 %, its project with a stage of handover, and the people on its site."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("project.group_project_manager")
        cls.stages = cls.env["project.project.stage"].create(
            [
                {"name": "Works", "sequence": 101, "duration_days": 20},
                {"name": "Handing over", "sequence": 102, "duration_days": 3, "is_handover": True},
            ]
        )
        cls.withheld_type.stage_ids = cls.stages
        for login, group in (
            ("manager", "project.group_project_user"),
            ("foreman", "project.group_project_user"),
            ("administrator", "project.group_project_manager"),
        ):
            setattr(cls, login, cls._new_user(login, group))
        cls.portal = new_test_user(cls.env, "site_client", "base.group_portal")
        cls.other_portal = new_test_user(cls.env, "site_other_client", "base.group_portal")
        cls.partner_a.write({"child_ids": [Command.link(cls.portal.partner_id.id)]})
        cls.contract = cls._create_withheld()
        cls.project = cls._make_project(cls.contract.lead_id)
        cls.crew = cls.env["construction.crew"].create({"name": "Tilers", "size": 3, "leader_id": cls.foreman.id})
        cls.today = fields.Date.context_today(cls.contract)

    @classmethod
    def _make_project(cls, lead):
        lead.with_user(cls.administrator)._start_project({})
        project = lead.construction_project_id
        project.user_id = cls.manager
        return project

    def _snag(self, user=None, **values):
        values = {"name": "Tile cracked", "project_id": self.project.id, **values}
        return self.env["construction.snag"].with_user(user or self.foreman).create(values)

    def _diary(self, user=None, **values):
        values = {"project_id": self.project.id, "work_done": "Tiling", **values}
        return self.env["construction.diary"].with_user(user or self.foreman).create(values)

    def _act(self, ready=True, sign=True, **values):
        values = {"project_id": self.project.id, "date": self.today, **values}
        act = self.env["construction.handover"].with_user(self.manager).create(values)
        if ready:
            act.action_ready()
        if ready and sign:
            self._put_signatures(act)
        return act

    def _put_signatures(self, act):
        act.write({"signature_own": PIXEL, "signature_client": PIXEL})
