from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...core.pipeline import tax_number as tax_ids
from ...core.pipeline.tax_register import BUSY, CLOSED, TIMEOUT, UNKNOWN, Company, RegisterError, ask

# How many known records a warning names.
MOST_KNOWN = 5


class ConstructionTaxFetch(models.AbstractModel):
    """What a document needs whose company is fetched by its tax id."""

    _name = "construction.tax.fetch"
    _description = "Fetching a Company by its Tax ID"

    register_note = fields.Char(
        compute="_compute_register_note",
        inverse="_inverse_register_note",
        help="What a public register says beside name and address. Saving it writes it into the history.",
    )

    def _compute_register_note(self):
        self.register_note = False

    def _inverse_register_note(self):
        for document in self.filtered("register_note"):
            document.message_post(body=document.register_note, subtype_xmlid="mail.mt_note")

    # === ACTION === #

    def fetch_company(self, vat, country_id=False):
        """Look a company up in the public registers of its country; nothing is written.

        Only whoever may write the document (or make one, without a document) may ask, and nothing but the number
        leaves the house.

        :param str vat: the number as typed
        :param int country_id: the country of the address, if there is one
        :return: dict: values for the form, `defaults` for what is empty on it, `known` documents with the same number
            ({model, id, name, text}), `warnings` as sentences
        :raise UserError: the number is wrong, or no register gave an answer and nobody is known by it
        """
        if self:
            self.ensure_one()
            self.check_access("write")
        else:
            self.check_access("create")
        tax_number = self._read_tax_number(vat, self.env["res.country"].browse(country_id or []))
        known, warnings = self._get_known_documents(tax_ids.spellings(vat, tax_number))
        try:
            company, sources = self._ask_registers(tax_number)
        except UserError as error:
            if not known and not warnings:
                raise
            # Who is known by that number is told all the same; the form stays as it is.
            return {"values": {}, "defaults": {}, "known": known, "warnings": [*warnings, *str(error).splitlines()]}
        if company.is_inactive:
            warnings.append(self.env._("The register lists this company as inactive."))
        if company.is_vat_payer is False:
            warnings.append(self.env._("The company does not pay VAT."))
        values, defaults = self._prepare_company_values(tax_number, company)
        values["register_note"] = self._get_register_note(tax_number, company, sources)
        return {"values": values, "defaults": defaults, "known": known, "warnings": warnings}

    # === BUSINESS === #

    @api.model
    def _read_tax_number(self, vat, country):
        """The number as a TaxId, checked by the rules of its country; UserError where it cannot be one."""
        if not (vat or "").strip():
            raise UserError(self.env._("Type the tax id first."))
        company = self.env.company
        countries = [country.code] if country else [company.account_fiscal_country_id.code or company.country_id.code]
        try:
            return tax_ids.read(vat, countries)
        except tax_ids.WrongTaxId as error:
            named = self.env["res.country"].search([("code", "=", error.country)], limit=1) if error.country else None
            if named:
                message = self.env._(
                    "“%(number)s” is no tax id of %(country)s. Check its digits, or choose another country.",
                    number=vat.strip(),
                    country=named.name,
                )
            else:
                message = self.env._(
                    "“%(number)s” is no tax id. Check its digits, or choose the country first.", number=vat.strip()
                )
            raise UserError(message) from error

    @api.model
    def _ask_registers(self, tax_number):
        """Ask the registers of that country in turn, until name and address are whole.

        :return: (Company, names of the registers that knew it)
        """
        registers = [
            register
            for register in self.env["res.partner"]._get_tax_registers()
            if tax_number.country in register.countries
        ]
        if not registers:
            raise UserError(
                self.env._(
                    "No public register is known for %(number)s. Fill in name and address by hand.",
                    number=str(tax_number),
                )
            )
        company, sources, failures = Company(), [], []
        for register in registers:
            try:
                answer = ask(register, tax_number)
            except RegisterError as error:
                failures.append((register.name, error.kind))
                continue
            company, sources = company.fill_with(answer), [*sources, register.name]
            if company.is_complete:
                break
        if not sources:
            raise UserError("\n".join(self._get_failure_texts(failures, tax_number)))
        return company, sources

    @api.model
    def _get_failure_texts(self, failures, tax_number):
        """One sentence for each way to fail; what is said of one service only stays apart."""
        silent = {}
        for name, kind in failures:
            key = kind if kind in (TIMEOUT, CLOSED) else (kind, name)
            silent.setdefault(key, (kind, []))[1].append(name)
        return [self._get_failure_text(", ".join(names), kind, tax_number) for kind, names in silent.values()]

    @api.model
    def _get_failure_text(self, register, kind, tax_number):
        """Why one register gave nothing, as a sentence that says what to do."""
        names = {"register": register, "number": str(tax_number)}
        if kind == UNKNOWN:
            return self.env._("%(register)s knows no company with the tax id %(number)s.", **names)
        if kind == TIMEOUT:
            return self.env._("%(register)s did not answer in time. Try again, or fill in the data by hand.", **names)
        if kind == BUSY:
            return self.env._("%(register)s is busy just now. Try again in a minute.", **names)
        if kind == CLOSED:
            return self.env._("%(register)s cannot be reached. Try again later, or fill in the data by hand.", **names)
        return self.env._(
            "%(register)s gave an answer that cannot be read. Try again later, or fill in the data by hand.", **names
        )

    @api.model
    def _get_register_note(self, tax_number, company, sources):
        """What goes into the history when the form is saved."""
        note = [
            self.env._(
                "%(number)s was looked up in %(registers)s on %(date)s.",
                number=str(tax_number),
                registers=", ".join(sources),
                date=format_date(self.env, fields.Date.context_today(self)),
            )
        ]
        if company.is_vat_payer is not None:
            note.append(
                self.env._("The company pays VAT.")
                if company.is_vat_payer
                else self.env._("The company does not pay VAT.")
            )
        if company.registration:
            note.append(self.env._("Registration number: %(number)s.", number=company.registration))
        if company.is_inactive:
            note.append(self.env._("The register lists this company as inactive."))
        return " ".join(note)

    @api.model
    def _prepare_address_values(self, tax_number, company):
        """Address of a register as values of a form; empty where the register gives none."""
        country = self.env["res.country"].search(
            [("code", "=", {"XI": "GB"}.get(tax_number.country, tax_number.country))]
        )
        values = {"country_id": {"id": country.id, "display_name": country.display_name}} if country else {}
        if company.street or company.city:
            values |= {"street": company.street, "street2": False, "zip": company.zip, "city": company.city}
            state = self._find_state(country, company.state)
            values["state_id"] = {"id": state.id, "display_name": state.display_name} if state else False
        return values

    @api.model
    def _find_state(self, country, name):
        """The state or county of that name; some registers write it in capitals."""
        if not country or not name:
            return self.env["res.country.state"]
        return self.env["res.country.state"].search(
            [("country_id", "=", country.id), ("name", "=ilike", name.replace("%", "").replace("_", ""))], limit=1
        )

    def _get_known_documents(self, numbers):
        """Clients and open deals with one of these numbers.

        :return: (list of dicts for links, list of warnings)
        """
        partners = self.env["res.partner"].search(
            Domain("vat", "in", list(numbers)) & self._get_foreign_clients_domain(), limit=MOST_KNOWN
        )
        known = [
            {
                "model": "res.partner",
                "id": partner.id,
                "name": partner.display_name,
                "text": self.env._("Client with this tax id: %(name)s", name=partner.display_name),
            }
            for partner in partners
        ]
        domain = self._get_open_deals_domain(list(numbers))
        deals = self.env["crm.lead"].search(domain, limit=MOST_KNOWN)
        known += [
            {
                "model": "crm.lead",
                "id": deal.id,
                "name": deal.name,
                "text": self.env._("Open deal with this tax id: %(name)s", name=deal.name),
            }
            for deal in deals
        ]
        # sudo: a colleague's deal is not shown, but it is said that there is one and whose.
        hidden = self.env["crm.lead"].sudo().search(domain & Domain("id", "not in", deals.ids), limit=MOST_KNOWN)
        names = ", ".join(sorted(set(hidden.user_id.mapped("name"))))
        warnings = []
        if names:
            warnings.append(
                self.env._("A colleague has an open deal with this tax id already: %(names)s.", names=names)
            )
        return known, warnings

    def _get_open_deals_domain(self, numbers):
        """Open deals of the user's companies with one of these numbers, but for this one."""
        return (
            (Domain("vat", "in", numbers) | Domain("partner_id.vat", "in", numbers))
            & Domain("won_status", "=", "pending")
            & Domain("company_id", "in", [False, *self.env.companies.ids])
        )

    # === HOOKS === #

    def _get_foreign_clients_domain(self):
        """Clients that are somebody else than the one this document is about."""
        return Domain.TRUE

    def _prepare_company_values(self, tax_number, company):
        """What a company of a register is on this form.

        :return: (values that replace what stands there, values for what is empty)
        """
        raise NotImplementedError
