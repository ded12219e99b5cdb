from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """The tax id of a deal whose client is not yet a contact."""

    _name = "crm.lead"
    _inherit = ["crm.lead", "construction.tax.fetch"]

    vat = fields.Char(
        "Tax ID",
        compute="_compute_vat",
        # Stored: typed before there is a client, and searched; precomputed, so that a new deal costs no query.
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        help="The number under which the client pays taxes. Name and address can be fetched by it.",
    )

    @api.depends("partner_id", "construction_type_id")
    def _compute_vat(self):
        """On a construction deal, the number of the client, if the client has one."""
        for lead in self:
            if lead.construction_type_id and lead.partner_id.vat:
                lead.vat = lead.partner_id.vat
            else:
                lead.vat = lead.vat

    def _compute_potential_lead_duplicates(self):
        """Deals with the same tax id are duplicates, too, even where none of them has a client."""
        result = super()._compute_potential_lead_duplicates()
        for lead in self.filtered(lambda lead: lead.vat and lead.construction_type_id):
            found = self.with_context(active_test=False).search(
                [("id", "!=", lead._origin.id), ("vat", "=", lead.vat)], limit=21
            )
            found -= lead.duplicate_lead_ids
            if found and len(found) <= 20:
                lead.duplicate_lead_ids += found
                lead.duplicate_lead_count += len(found)
        return result

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        """A new client takes the tax id of the deal along, the company rather than its contact."""
        values = super()._prepare_customer_values(partner_name, is_company=is_company, parent_id=parent_id)
        if self.vat and (is_company or not (parent_id or self.partner_name)):
            values["vat"] = self.vat
        return values

    # === HOOKS === #

    def _get_open_deals_domain(self, numbers):
        return super()._get_open_deals_domain(numbers) & Domain("id", "not in", self.ids)

    def _get_foreign_clients_domain(self):
        own = self.partner_id.commercial_partner_id
        return Domain("commercial_partner_id", "not in", own.ids) if own else Domain.TRUE

    def _prepare_company_values(self, tax_number, company):
        values = {"vat": str(tax_number)} | self._prepare_address_values(tax_number, company)
        defaults = {"phone": company.phone} if company.phone else {}
        if company.name:
            values["partner_name"] = company.name
            defaults["name"] = company.name
        return values, defaults
