from odoo import api, fields, models


class ProjectProject(models.Model):
    """The warning of a deal whose client owes too much, where the works are led."""

    _inherit = "project.project"

    is_over_limit = fields.Boolean(
        string="Overdue Beyond Limit",
        compute="_compute_is_over_limit",
        # as the deal itself tells it
        compute_sudo=True,
        groups="project.group_project_user,sales_team.group_sale_salesman,"
        "account.group_account_invoice,account.group_account_readonly",
    )

    @api.depends("lead_id.is_over_limit", "contract_id.is_over_limit")
    def _compute_is_over_limit(self):
        for project in self:
            source = project.lead_id or project.contract_id
            project.is_over_limit = bool(source) and source.is_over_limit
