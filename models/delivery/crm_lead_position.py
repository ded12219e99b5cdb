from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _start_project(self, values=None):
        """The works of the project are measured from its start."""
        project = super()._start_project(values)
        project._sync_positions()
        return project
