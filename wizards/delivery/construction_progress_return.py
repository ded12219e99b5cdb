from odoo import fields, models


class ConstructionProgressReturn(models.TransientModel):
    """Ask why a progress report goes back to whoever reported."""

    _name = "construction.progress.return"
    _description = "Return a Progress Report"

    report_id = fields.Many2one("construction.progress", required=True, ondelete="cascade")
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.ensure_one()
        return self.report_id.action_return(self.reason)
