from odoo import api, models


class ConstructionContract(models.Model):
    """Following up a contract."""

    _name = "construction.contract"
    _inherit = ["construction.contract", "construction.overdue.mixin"]

    @api.depends("amount_overdue", "construction_type_id", "company_id")
    def _compute_is_over_limit(self):
        return super()._compute_is_over_limit()

    @api.model
    def _get_instalment_link(self):
        return "contract_id"

    def _get_overdue_currency(self):
        return self.currency_id

    def _get_statement_contracts(self):
        return self
