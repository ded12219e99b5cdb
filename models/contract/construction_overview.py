from odoo import api, fields, models
from odoo.fields import Domain


class ConstructionOverview(models.Model):
    _inherit = "construction.overview"

    key = fields.Selection(selection_add=[("signed", "Signed This Month")])

    @api.model
    def _get_tiles(self):
        domain = Domain("state", "not in", ("draft", "cancelled"))
        return {
            **super()._get_tiles(),
            "signed": {
                "model": "construction.contract",
                "domain": domain & Domain("date_signed", ">=", self._get_first_of_month()),
                "amount": "amount_total",
                "action": "construction_crm.construction_contract_action",
            },
        }
