from odoo import fields, models

TASK_DETAILS = [("chapter", "For each chapter"), ("part", "For each part of a chapter")]


class ConstructionType(models.Model):
    _inherit = "construction.type"

    project_template_id = fields.Many2one(
        "project.project",
        domain="[('is_template', '=', True), ('company_id', 'in', [company_id, False])]",
        check_company=True,
        ondelete="restrict",
        help="Its tasks, roles and settings are copied into every project started for a deal of this type. "
        "Leave empty to start with an empty project.",
    )
    stage_ids = fields.Many2many(
        "project.project.stage",
        string="Stages of Works",
        check_company=True,
        help="Each becomes a dated milestone of the project, in this order; the project starts in the first one.",
    )

    project_manager_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Proposed on deals of this type: is asked to start the project once the client has ordered.",
    )
    task_detail = fields.Selection(
        TASK_DETAILS,
        string="Tasks Are Made",
        default="chapter",
        required=True,
        help="What becomes a task when a project of this type starts. Parts are the recipes inside a chapter's item; "
        "what the item takes directly stays one task.",
    )

    def _get_project_stages(self, company):
        """Return the stages a project of ``company`` goes through, in order."""
        return self.stage_ids.filtered(lambda stage: not stage.company_id or stage.company_id == company)
