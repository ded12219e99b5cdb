from odoo import api, fields, models


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    construction_type_id = fields.Many2one(
        "construction.type",
        compute="_compute_construction_type_id",
        readonly=False,
        store=True,
        help="What is to be built. With it the lead becomes a construction deal; without it an opportunity of CRM.",
    )

    @api.depends("lead_id")
    def _compute_construction_type_id(self):
        for convert in self:
            convert.construction_type_id = convert.lead_id.construction_type_id

    @api.depends("lead_id")
    def _compute_commercial_partner_id(self):
        """Propose the company of a construction lead where we have it by its name already."""
        result = super()._compute_commercial_partner_id()
        for convert in self.filtered(lambda convert: convert.lead_id.construction_type_id):
            if not convert.commercial_partner_id:
                convert.commercial_partner_id = convert.lead_id._find_company_by_name()
        return result

    def _convert_and_allocate(self, leads, user_ids, team_id=False):
        """Give the leads their type first: whether contact and company are looked for depends on it."""
        if self.construction_type_id:
            leads.filtered(lambda lead: not lead.construction_type_id).write(
                {"construction_type_id": self.construction_type_id.id}
            )
        return super()._convert_and_allocate(leads, user_ids, team_id=team_id)
