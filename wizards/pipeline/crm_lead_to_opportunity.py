from odoo import api, models


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    @api.depends("lead_id")
    def _compute_commercial_partner_id(self):
        """Propose the company of a construction lead where we have it by its name already."""
        result = super()._compute_commercial_partner_id()
        for convert in self.filtered(lambda convert: convert.lead_id.construction_type_id):
            if not convert.commercial_partner_id:
                convert.commercial_partner_id = convert.lead_id._find_company_by_name()
        return result
