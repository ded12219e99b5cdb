from odoo import api, models


class CrmLead(models.Model):
    """Following up a deal."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "construction.overdue.mixin"]

    @api.depends("amount_overdue", "construction_type_id", "company_id")
    def _compute_is_over_limit(self):
        return super()._compute_is_over_limit()

    @api.model
    def _get_instalment_link(self):
        return "lead_id"

    def _get_overdue_currency(self):
        return self.company_currency

    def _get_statement_contracts(self):
        return self.contract_ids
