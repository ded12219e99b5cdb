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
                # sudo: their names only
                raise ValidationError(
                    self.env._(
                        "The project %(project)s carries out another deal than %(deal)s. Choose one of the two.",
                        project=record.sudo().project_id.name,
                        deal=record.sudo().lead_id.name,
                    )
                )

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
