from odoo import api, models
from odoo.exceptions import ValidationError


class ConstructionContactRecord(models.Model):
    """A contact on a deal stands on its project too, and the other way round."""

    _inherit = "construction.contact.record"

    @api.constrains("lead_id", "project_id")
    def _check_same_job(self):
        for record in self:
            # sudo: to compare the two, whichever of them the user may read
            deal = record.sudo().project_id.lead_id
            if deal and record.lead_id and not record._is_same_job():
                raise ValidationError(record._describe_other_job())

    def _describe_other_job(self):
        """Why deal and project do not go together; names only of what this user may read."""
        self.ensure_one()
        # records are created, and checked, with sudo
        reader = self.sudo(False)
        if reader.lead_id.has_access("read") and reader.project_id.has_access("read"):
            return self.env._(
                "The project %(project)s carries out another deal than %(deal)s. Choose one of the two.",
                project=self.project_id.name,
                deal=self.lead_id.name,
            )
        return self.env._("This project carries out another deal than the one chosen. Choose one of the two.")

    @api.model
    def _complete_links(self, vals):
        vals = super()._complete_links(vals)
        # sudo: only the link between a deal and its project; the one that was given is checked for the user's rights
        if vals.get("lead_id") and not vals.get("project_id"):
            vals["project_id"] = self.env["crm.lead"].sudo().browse(vals["lead_id"]).construction_project_id.id
        elif vals.get("project_id") and not vals.get("lead_id"):
            vals["lead_id"] = self.env["project.project"].sudo().browse(vals["project_id"]).lead_id.id
        return vals

    def _is_same_job(self):
        self.ensure_one()
        # sudo: to compare the two, whichever of them the user may read
        deal = self.sudo().project_id.lead_id
        return bool(deal) and deal == self.sudo().lead_id
