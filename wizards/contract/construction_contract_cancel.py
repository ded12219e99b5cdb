from odoo import fields, models


class ConstructionContractCancel(models.TransientModel):
    """Ask why a contract is cancelled."""

    _name = "construction.contract.cancel"
    _description = "Cancel a Contract"

    contract_id = fields.Many2one("construction.contract", required=True, ondelete="cascade")
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.contract_id.action_cancel()
        self.contract_id.cancel_reason = self.reason
        return True
