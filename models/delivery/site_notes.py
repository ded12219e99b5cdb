"""What is known of the site, wherever those who measure and build look for it."""

from odoo import models


class ProjectProject(models.Model):
    _name = "project.project"
    _inherit = ["project.project", "construction.site.mixin"]

    def _get_site_partner(self):
        # Stock's own projects have no site.
        return super()._get_site_partner() if self.sudo().construction_type_id else self.env["res.partner"]


class ConstructionHandoff(models.Model):
    _name = "construction.handoff"
    _inherit = ["construction.handoff", "construction.site.mixin"]


class ConstructionWorkOrder(models.Model):
    _name = "construction.work.order"
    _inherit = ["construction.work.order", "construction.site.mixin"]

    def _get_known_notes(self):
        """What is kept with the site stands before what sales wrote for this job."""
        note, hazards = super()._get_known_notes()
        site = self._get_site_partner()
        known = site._get_site_notes() if site else ""
        return "\n".join(filter(None, [known, note])) or False, hazards

    def _get_site_partner(self):
        self.ensure_one()
        # sudo: as the mixin
        order = self.sudo()
        return order.site_id or order.project_id.partner_id
