from odoo import models


class ConstructionEvaluation(models.Model):
    """What is known of the site, for whoever goes there to measure."""

    _name = "construction.evaluation"
    _inherit = ["construction.evaluation", "construction.site.mixin"]

    def _get_site_partner(self):
        self.ensure_one()
        # sudo: a surveyor may not read the contact, but must get there
        return self.sudo()._get_delivery_partner()
