from odoo import models


class CrmLead(models.Model):
    """Qualifying a construction lead: contact, company and deal in one go, without a second card of either."""

    _inherit = "crm.lead"

    def _find_matching_partner(self):
        """Stock looks by e-mail; a construction lead is also known by its phone or by its name at its company."""
        partner = super()._find_matching_partner()
        if not partner and self.construction_type_id:
            partner = self._find_contact_by_phone() or self._find_contact_by_name()
        return partner

    def _create_customer(self, with_parent=None):
        """Put the contact of a construction lead into the company we have already."""
        if self.construction_type_id and not with_parent:
            with_parent = self._find_company_by_name() or None
            if with_parent and not self.contact_name and not self.email_from:
                return with_parent
        return super()._create_customer(with_parent=with_parent)

    def _find_company_by_name(self):
        """The company of that name, if we have just one."""
        name = (self.partner_name or "").strip()
        return self._find_one_partner([("name", "=ilike", _escape(name)), ("is_company", "=", True)]) if name else False

    def _find_contact_by_name(self):
        """The person of that name at that company, or the company itself when no person is named."""
        company = self._find_company_by_name()
        name = (self.contact_name or "").strip()
        if not company or not name:
            return company
        return self._find_one_partner([("name", "=ilike", _escape(name)), ("parent_id", "=", company.id)])

    def _find_contact_by_phone(self):
        """The person with that phone, if it is just one."""
        if not self.phone_sanitized:
            return False
        return self._find_one_partner([("phone_sanitized", "=", self.phone_sanitized)])

    def _find_one_partner(self, domain):
        Partner = self.env["res.partner"]
        company = self.company_id or self.env.company
        found = Partner.search([*domain, *Partner._check_company_domain(company)], limit=2)
        return found if len(found) == 1 else Partner


def _escape(name):
    """The name as it stands, where `=ilike` would take % and _ for wildcards."""
    return name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
