from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionPlanWhatIf(models.TransientModel):
    """… if a stage of works were reached, or came later."""

    _inherit = "construction.plan.what.if"

    event = fields.Selection(
        selection_add=[
            ("stage", "A stage is reached"),
            ("stage_slip", "A stage slips"),
        ],
        ondelete={"stage": "cascade", "stage_slip": "cascade"},
    )
    project_id = fields.Many2one("project.project", compute="_compute_project_id", compute_sudo=True)
    milestone_id = fields.Many2one(
        "project.milestone",
        string="Stage",
        domain="[('project_id', '=', project_id), ('project_stage_id', '!=', False), ('is_reached', '=', False)]",
        ondelete="cascade",
    )
    with_following = fields.Boolean(
        string="And Those After It", default=True, help="The stages after it slip by as many days."
    )

    # === COMPUTE === #

    @api.depends("contract_id")
    def _compute_project_id(self):
        for wizard in self:
            milestone = wizard.milestone_id
            wizard.project_id = milestone.project_id or wizard.contract_id.lead_id.construction_project_id

    @api.depends("milestone_id", "with_following")
    def _compute_content(self):
        return super()._compute_content()

    # === BUSINESS === #

    def _get_contracts(self):
        contracts = super()._get_contracts()
        if contracts or not self.milestone_id:
            return contracts
        # reason of sudo: a stage does not lead to deals; only contracts the user may read are left
        return self.milestone_id._origin.sudo()._get_contracts().sudo(False)._filtered_access("read")

    def _get_milestone(self):
        if not self.milestone_id:
            raise UserError(self.env._("Choose the stage."))
        # reason of sudo: who reads the plan sees how the works stand
        return self.milestone_id._origin.sudo()

    def _list_events(self, contract):
        if self.event != "stage":
            return super()._list_events(contract)
        milestone = self._get_milestone()
        percent = milestone.project_id._get_stage_progress() + milestone.weight
        return [
            ("stage", self.day, {"project_stage_id": milestone.project_stage_id.id}),
            ("progress", self.day, {"progress_percent": percent}),
        ]
