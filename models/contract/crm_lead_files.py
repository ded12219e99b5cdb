from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_file_owners(self):
        # The signed paper, and what else was filed with it, hangs on the contract or on one of its documents.
        contracts = self._get_readable("contract_ids")
        return [*super()._get_file_owners(), contracts]
