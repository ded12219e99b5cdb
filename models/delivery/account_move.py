from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    construction_project_id = fields.Many2one(
        "project.project",
        string="Project",
        compute="_compute_construction_project_id",
        # stored: accountants group and filter their invoices by it
        store=True,
        # read by lines of the accounting, whoever looks at them
        compute_sudo=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The project of the deal of this invoice, whether it started before the invoice or after.",
    )

    # === COMPUTE === #

    @api.depends("lead_id.construction_project_id", "contract_id.lead_id.construction_project_id")
    def _compute_construction_project_id(self):
        for move in self:
            lead = move.lead_id or move.contract_id.lead_id
            move.construction_project_id = lead.construction_project_id
