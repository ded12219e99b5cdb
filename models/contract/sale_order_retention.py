from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_contract_values(self):
        values = super()._prepare_contract_values()
        return {**values, **self.opportunity_id.construction_type_id._prepare_retention_values()}

    def _prepare_instalments_values(self):
        """What is kept back of each invoice needs no row of its own."""
        rows = super()._prepare_instalments_values()
        if self.opportunity_id.construction_type_id.retention_method == "withheld":
            rows = [values for values in rows if values.get("kind") != "retention"]
        return rows
