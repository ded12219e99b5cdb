from odoo import fields, models


class SaleReport(models.Model):
    _inherit = "sale.report"

    decline_reason_id = fields.Many2one("crm.lost.reason", readonly=True)

    def _select_additional_fields(self):
        return {**super()._select_additional_fields(), "decline_reason_id": "s.decline_reason_id"}

    def _group_by_sale(self):
        return f"{super()._group_by_sale()}, s.decline_reason_id"
