from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_file_owners(self):
        return [*super()._get_file_owners(), self._get_readable("order_ids")]
