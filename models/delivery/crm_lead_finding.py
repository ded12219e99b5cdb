from odoo import api, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """Finding a deal by the number of its project."""

    _inherit = "crm.lead"

    # === HOOKS === #

    @api.model
    def _get_document_domain(self, text):
        # any!: salespeople know the project of their deal, be it not theirs to open
        named = Domain("code", "ilike", text) | Domain("name", "ilike", text)
        return super()._get_document_domain(text) | Domain("construction_project_id", "any!", named)
