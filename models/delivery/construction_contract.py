from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionContract(models.Model):
    _inherit = "construction.contract"

    # Related fields are read with sudo: who reads the contract sees how the works stand.
    construction_project_id = fields.Many2one(
        related="lead_id.construction_project_id",
        string="Project",
    )
    project_stage_id = fields.Many2one(
        related="lead_id.project_stage_id",
        string="Stage of the Works",
    )

    can_start_project = fields.Boolean(related="lead_id.can_start_project", export_string_translation=False)
    can_top_up_project = fields.Boolean(related="lead_id.can_top_up_project", export_string_translation=False)

    plan_has_stage = fields.Boolean(compute="_compute_plan_columns", export_string_translation=False)
    plan_has_progress = fields.Boolean(compute="_compute_plan_columns", export_string_translation=False)

    def _compute_plan_columns(self):
        result = super()._compute_plan_columns()
        for contract in self:
            triggers = set(contract.instalment_ids.mapped("trigger"))
            contract.plan_has_stage = "stage" in triggers
            contract.plan_has_progress = "progress" in triggers
        return result

    def action_start_project(self):
        """Start the project of this contract's deal, or open it."""
        self.ensure_one()
        # sudo: a project manager may not read the deal; only the link is taken, the deal checks the rights.
        lead = self.sudo().lead_id.sudo(False)
        if not lead:
            raise UserError(
                self.env._(
                    "The contract %(contract)s belongs to no deal. Set its deal first: the project starts from there.",
                    contract=self.name,
                )
            )
        return lead.action_start_project()

    def action_view_construction_project(self):
        self.ensure_one()
        return self.construction_project_id.action_view_construction_project()

    # === BUSINESS === #

    @api.depends("instalment_ids.project_stage_id", "instalment_ids.progress_percent")
    def _compute_missing_data(self):
        return super()._compute_missing_data()

    def _get_stage_milestones(self):
        """The stages of works of the project of this contract, in their order."""
        self.ensure_one()
        milestones = self.lead_id.construction_project_id.milestone_ids
        return milestones.filtered("project_stage_id")
