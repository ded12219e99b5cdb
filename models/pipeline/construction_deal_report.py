from odoo import fields, models


class ConstructionDealReport(models.AbstractModel):
    """What the reports over deals share: the deal of each row, and what rows are filtered, grouped and protected by."""

    _name = "construction.deal.report"
    _description = "Report over Deals"

    lead_id = fields.Many2one("crm.lead", string="Deal", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    construction_type_id = fields.Many2one("construction.type", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)

    # === ACTION === #

    def action_open(self):
        """Open the deal of this row."""
        self.ensure_one()
        return self.lead_id._get_records_action(name=self.env._("Deal"))
