from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _may_survey(self, company):
        """Tell whether a person of ours can be the surveyor of a sheet of this company."""
        return bool(self) and not self.share and company in self.company_ids
