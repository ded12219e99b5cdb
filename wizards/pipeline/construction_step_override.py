from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ConstructionStepOverride(models.TransientModel):
    """Ask a sales manager why a deal passes a gate without what was asked for."""

    _name = "construction.step.override"
    _description = "Let a Deal Pass"

    lead_id = fields.Many2one("crm.lead", string="Deal", required=True, readonly=True, ondelete="cascade")
    stage_id = fields.Many2one("crm.stage", string="Moves To", required=True, readonly=True, ondelete="cascade")
    holds = fields.Text(string="Still Missing", compute="_compute_holds")
    fix_label = fields.Char(compute="_compute_holds", export_string_translation=False)
    reason = fields.Char(required=True, help="Why it passes all the same; kept on the deal.")

    @api.depends("lead_id", "stage_id")
    def _compute_holds(self):
        for wizard in self:
            closed = wizard.lead_id._get_closed_gates(wizard.lead_id._get_step_types(), wizard.stage_id)
            wizard.holds = "\n".join(hold for step in closed for hold in step._get_requirement_holds())
            wizard.fix_label = closed[0]._get_fix_label() if closed else False

    def action_apply(self):
        """Move the deal.

        :raises AccessError: for anyone but sales managers
        :raises UserError: without a reason
        """
        self.ensure_one()
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only sales managers let a deal pass. Ask one of them."))
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why this deal passes all the same."))
        self.lead_id._pass_gate(self.stage_id, reason)
        # The screen under the dialog still shows the deal as it was when the gate held it.
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_fix(self):
        """Open what is missing instead."""
        self.ensure_one()
        closed = self.lead_id._get_closed_gates(self.lead_id._get_step_types(), self.stage_id)
        return closed[0].with_env(self.env)._get_fix_action()[0] if closed else False
