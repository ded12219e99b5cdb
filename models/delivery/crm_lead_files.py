from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_file_owners(self):
        # Whoever may not read the project does not get its files either.
        projects = self._get_readable("project_ids")._filtered_access("read")
        return [*super()._get_file_owners(), projects, self._get_readable("handoff_ids")]
