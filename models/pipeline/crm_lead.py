from odoo import api, fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    construction_type_id = fields.Many2one(
        "construction.type",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        help="What is to be built. It decides the project, the stages and the payment plan of this job.",
    )
    site_id = fields.Many2one(
        "res.partner",
        compute="_compute_site_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        help="Where the works are carried out, when it is not the client's own address.",
    )

    @api.depends("partner_id.commercial_partner_id")
    def _compute_site_id(self):
        """Drop a site that belongs to another client; never choose one for the user."""
        for lead in self:
            if lead.site_id.commercial_partner_id != lead.partner_id.commercial_partner_id:
                lead.site_id = False
