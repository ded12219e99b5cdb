from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _prepare_contract_values(self):
        values = super()._prepare_contract_values()
        return {**values, **self.opportunity_id.construction_type_id._prepare_retention_values()}

    def _prepare_instalments_values(self):
        """A retention row of the plan asks for the retention of the contract, unless it says how much itself.

        What is kept back of each invoice needs no row.
        """
        construction_type = self.opportunity_id.construction_type_id
        rows = []
        for values in super()._prepare_instalments_values():
            if values.get("kind") == "retention":
                if construction_type.retention_method == "withheld":
                    continue
                if values.get("amount_type") == "percent" and not values.get("percent"):
                    values = {**values, "percent": construction_type.retention_percent}
            rows.append(values)
        return rows
