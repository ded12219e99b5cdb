from odoo import api, fields, models

# Context of the action Deals: what is made on its screens is a construction deal, and needs its type.
DEALS_SCREEN = "construction_deals"
# Of merged deals the first that has one gives it; the mode goes along with the expected revenue.
MERGED_FIELDS = ("construction_type_id", "amount_mode", "segment_id", "department_id", "import_reference")


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

    import_reference = fields.Char(
        "Reference",
        copy=False,
        index="btree_not_null",
        help="The number of this deal in the list or the program it came from. Importing it again updates this deal.",
    )
    party_ids = fields.One2many(
        "construction.party",
        "lead_id",
        string="Parties",
        help="Who has a part in this job beside the client: owner, architect, whoever pays…",
    )

    member_ids = fields.One2many(
        "construction.member",
        "lead_id",
        string="Team",
        help="Who of us does what on this job. It is proposed when the project starts.",
    )

    @api.model
    def default_get(self, fields):
        """On the screen Deals, propose the construction type where there is just one."""
        values = super().default_get(fields)
        if (
            self.env.context.get(DEALS_SCREEN)
            and "construction_type_id" in fields
            and not values.get("construction_type_id")
        ):
            types = self.env["construction.type"].search([("company_id", "in", (False, self.env.company.id))], limit=2)
            if len(types) == 1:
                values["construction_type_id"] = types.id
        return values

    @api.depends("partner_id.commercial_partner_id")
    def _compute_site_id(self):
        """Drop a site that belongs to another client; never choose one for the user."""
        for lead in self:
            if lead.site_id.commercial_partner_id != lead.partner_id.commercial_partner_id:
                lead.site_id = False

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), *MERGED_FIELDS]

    def _merge_get_fields_specific(self):
        """The site goes along with the client it belongs to."""
        return {
            **super()._merge_get_fields_specific(),
            "site_id": lambda fname, leads: (
                leads.filtered(lambda lead: lead.partner_id == leads.partner_id[:1]).site_id[:1].id
            ),
        }

    def _merge_dependences(self, opportunities):
        """Carry the parties of merged deals over to the one that remains."""
        result = super()._merge_dependences(opportunities)
        # sudo: whoever may merge the deals may not see every party.
        opportunities.sudo().party_ids._relink_lead(self.sudo())
        return result
