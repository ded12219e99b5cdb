from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.estimate.draft_exporter import DraftExporter


class ConstructionExport(models.TransientModel):
    _inherit = "construction.export"

    order_id = fields.Many2one("sale.order", string="Quote", readonly=True)

    @api.depends("order_id")
    def _compute_with_analysis(self):
        return super()._compute_with_analysis()

    def _make_draft(self):
        if not self.order_id:
            return super()._make_draft()
        if not self.order_id._is_construction_quote():
            raise UserError(
                self.env._("%(quote)s belongs to no construction deal: there are no chapters.", quote=self.order_id.name)
            )
        may_see = self.env.user.has_group("construction_crm.group_cost")
        exporter = DraftExporter(self.env, self.order_id.company_id, with_analysis=may_see and self.with_analysis)
        return exporter.from_order(self.order_id)

    def _get_record(self):
        return self.order_id or super()._get_record()
