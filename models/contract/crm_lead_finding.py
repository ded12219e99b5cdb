from odoo import api, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """Finding a deal by the number of its contract."""

    _inherit = "crm.lead"

    # === HOOKS === #

    @api.model
    def _get_document_domain(self, text):
        # any!: whoever sees the deal may know the numbers of its contracts
        return super()._get_document_domain(text) | Domain("contract_ids", "any!", [("name", "ilike", text)])
