from odoo import api, models

from .construction_site_mixin import SITE_FIELDS


class CrmLead(models.Model):
    """What is known of the site of a deal."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "construction.site.mixin"]

    @api.depends(*(f"{path}.{name}" for path in ("site_id", "partner_id") for name in SITE_FIELDS))
    def _compute_site(self):
        return super()._compute_site()

    def _get_site_partner(self):
        # Stock's own leads have no site.
        return super()._get_site_partner() if self.construction_type_id else self.env["res.partner"]
