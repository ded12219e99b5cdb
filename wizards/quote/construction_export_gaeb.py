from odoo import api, models

from ...models.quote.tender_draft import get_order_draft


class ConstructionExport(models.TransientModel):
    _inherit = "construction.export"

    @api.depends("order_id")
    def _compute_has_tender(self):
        return super()._compute_has_tender()

    def _make_draft(self):
        if self.order_id and self.format in ("x83", "x84"):
            return get_order_draft(self.order_id)
        return super()._make_draft()

    def _get_tender_sheet(self):
        return self.order_id.evaluation_id if self.order_id else super()._get_tender_sheet()

    def _get_total_record(self):
        return self.order_id or super()._get_total_record()

    def _get_offer_total(self):
        return self.order_id.amount_untaxed if self.order_id else super()._get_offer_total()
