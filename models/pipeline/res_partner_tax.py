from odoo import api, models
from odoo.fields import Domain

from ...core.pipeline import anaf, vies


class ResPartner(models.Model):
    """A client whose name and address are fetched by its tax id."""

    _name = "res.partner"
    _inherit = ["res.partner", "construction.tax.fetch"]

    @api.model
    def _get_tax_registers(self):
        """The public registers that are asked for a company, in this order.

        Add yours by extending this: an object with `name`, `countries` (codes), `url`, `make_request(tax_number)` and
        `read_answer(status, body)`, like those in core/pipeline. Their addresses are fixed; only whoever may change
        system parameters can send the numbers elsewhere.
        """
        # sudo: any salesperson may ask, and the address is no secret.
        parameters = self.env["ir.config_parameter"].sudo()
        return [
            vies.Vies(parameters.get_param("construction_crm.register_vies_url") or vies.URL),
            anaf.Anaf(parameters.get_param("construction_crm.register_anaf_url") or anaf.URL),
        ]

    # === HOOKS === #

    def _get_foreign_clients_domain(self):
        return Domain("id", "not in", self.ids) & (
            Domain("commercial_partner_id", "not in", self.commercial_partner_id.ids) if self else Domain.TRUE
        )

    def _prepare_company_values(self, tax_number, company):
        values = {"vat": str(tax_number), "is_company": True} | self._prepare_address_values(tax_number, company)
        if company.name:
            values["name"] = company.name
        if company.registration:
            values["company_registry"] = company.registration
        return values, {"phone": company.phone} if company.phone else {}
