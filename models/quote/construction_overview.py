from datetime import UTC, datetime, time

from odoo import api, fields, models
from odoo.fields import Domain


class ConstructionOverview(models.Model):
    _inherit = "construction.overview"

    key = fields.Selection(selection_add=[("quoted", "Quoted This Month")])

    @api.model
    def _get_tiles(self):
        # the month begins when it does where the user is
        start = self.env.tz.localize(datetime.combine(self._get_first_of_month(), time.min))
        domain = Domain("opportunity_id.construction_type_id", "!=", False) & Domain("superseded_by_id", "=", False)
        return {
            **super()._get_tiles(),
            "quoted": {
                "model": "sale.order",
                "domain": domain & Domain("date_sent", ">=", start.astimezone(UTC).replace(tzinfo=None)),
                "amount": "amount_total",
                "action": "construction_crm.sale_order_action_construction",
            },
        }
