from odoo import models

from ...core.contract.retention import spread_retention


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_contract_values(self):
        values = super()._prepare_contract_values()
        return {**values, **self.opportunity_id.construction_type_id._prepare_retention_values()}

    def _prepare_instalments_values(self):
        """What is kept back of each invoice needs no row of its own."""
        rows = super()._prepare_instalments_values()
        construction_type = self.opportunity_id.construction_type_id
        if construction_type.retention_method == "withheld":
            rows = spread_retention(rows, construction_type.retention_percent)
        return rows
