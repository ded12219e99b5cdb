from odoo import fields, models


class ConstructionParty(models.Model):
    _inherit = "construction.party"

    project_id = fields.Many2one(
        related="lead_id.construction_project_id",
        string="Project",
        store=True,
        index="btree_not_null",
        help="The running project of the deal: its parties are those of the works.",
    )


class ConstructionMember(models.Model):
    _inherit = "construction.member"

    project_id = fields.Many2one(
        related="lead_id.construction_project_id",
        string="Project",
        store=True,
        index="btree_not_null",
        help="The running project of the deal: its team is that of the works.",
    )

    def _get_followed(self):
        project = self.project_id
        return [*super()._get_followed(), *(project if project.active else [])]


class ProjectProject(models.Model):
    _inherit = "project.project"

    party_ids = fields.One2many(
        "construction.party",
        "project_id",
        string="Parties",
        groups="base.group_user",
        help="Who has a part in this job beside the client: owner, architect, whoever pays…",
    )
    member_ids = fields.One2many(
        "construction.member",
        "project_id",
        string="Team",
        groups="base.group_user",
        help="Who of us does what on this job.",
    )
