from markupsafe import Markup, escape

from odoo import models
from odoo.tools import format_date, is_html_empty

from ...core.contract import placeholders
from ..pipeline.formats import format_percent

BLANK = "____________"
TABLES = {
    "works": "construction_crm.contract_works_table",
    "payment_plan": "construction_crm.contract_plan_table",
    "delivery_plan": "construction_crm.contract_delivery_table",
}


class ConstructionContract(models.Model):
    """The text of the contract: its placeholders and what they stand for."""

    _inherit = "construction.contract"

    # === BUSINESS === #

    def _get_lang(self):
        """The language the client reads the contract in."""
        self.ensure_one()
        return self.partner_id.lang or self.env.lang or "en_US"

    def _get_terms_html(self, is_print=True):
        """The terms with their placeholders filled in, as signed once the contract is.

        :param bool is_print: leave a line to write on where a value is not known yet
        :return: Markup, empty when there are none
        """
        self.ensure_one()
        if not is_html_empty(self.body_signed):
            return Markup(self.body_signed)
        if is_html_empty(self.body):
            return Markup("")
        values = self._get_placeholder_values(placeholders.find(self.body))
        known = {name: escape(value or (BLANK if is_print else "")) for name, value in values.items()}
        return Markup(placeholders.fill(self.body, known))

    def _has_table(self, name):
        """Whether the terms bring a table themselves, so that the print need not."""
        return name in placeholders.find(self.body)

    def _get_placeholder_values(self, names):
        """What placeholders stand for, in the language of the client.

        :param names: the placeholders in use; unknown ones are left out
        :return: dict of name → text or Markup, empty where the contract does not say it
        """
        self.ensure_one()
        contract = self.with_context(lang=self._get_lang())
        getters = contract._get_placeholders()
        return {name: getters[name][2]() for name in names if name in getters}

    def _get_placeholder_labels(self):
        """:return: dict of placeholder → what it stands for"""
        return {name: label for name, (label, _place, _getter) in self._get_placeholders().items()}

    def _get_placeholder_place(self, name):
        """Where a missing value is filled in.

        :return: field and page of the form, False where it is on none
        """
        return self._get_placeholders()[name][1]

    def _get_placeholders(self):
        """All placeholders there are. Other rooms add theirs.

        :return: dict of name → (label, (field, page) to fill it in, function that gives the value)
        """
        return {
            **self._get_contract_placeholders(),
            **self._get_client_placeholders(),
            **self._get_company_placeholders(),
            **self._get_term_placeholders(),
            **self._get_table_placeholders(),
        }

    def _get_contract_placeholders(self):
        lead = self.sudo().lead_id  # reason of sudo: a project manager may print the contract and not read the deal
        return {
            "contract_number": (self.env._("Number of the contract"), ("name", False), lambda: self.name),
            "client_number": (
                self.env._("Number under which the client keeps it"),
                ("external_number", "terms"),
                lambda: self.external_number,
            ),
            "contract_date": (
                self.env._("Day of signature"),
                ("date_signed", False),
                lambda: format_date(self.env, self.date_signed),
            ),
            "contract_place": (self.env._("Place of signing"), ("place_signed", "terms"), lambda: self.place_signed),
            "deal_name": (self.env._("Name of the deal"), ("lead_id", False), lambda: lead.name),
            "site_address": (
                self.env._("Address of the site"),
                ("lead_id", False),
                # reason of sudo: the contract is about this address, whoever prints it
                lambda: self._format_address(lead.site_id or self.sudo().partner_id),
            ),
            "order_numbers": (
                self.env._("Numbers of the orders"),
                (False, False),
                lambda: ", ".join(self.order_ids.mapped("name")),
            ),
            "amount": (
                self.env._("Value of the contract, taxes included"),
                (False, False),
                lambda: self.currency_id.format(self.amount_total),
            ),
            "amount_untaxed": (
                self.env._("Value of the contract without taxes"),
                (False, False),
                lambda: self.currency_id.format(self.amount_untaxed),
            ),
            "amount_words": (self.env._("Value of the contract in words"), (False, False), self._get_total_in_words),
            "currency": (self.env._("Currency"), (False, False), lambda: self.currency_id.name),
        }

    def _get_client_placeholders(self):
        partner = self.partner_id
        page = ("signatory_ids", "signatories")
        return {
            "client_name": (
                self.env._("Name of the client"),
                ("partner_id", False),
                lambda: partner.commercial_partner_id.name,
            ),
            "client_address": (
                self.env._("Address of the client"),
                ("partner_id", False),
                lambda: self._format_address(partner),
            ),
            "client_vat": (self.env._("Tax number of the client"), ("partner_id", False), lambda: partner.vat),
            "client_registry": (
                self.env._("Company number of the client"),
                ("partner_id", False),
                lambda: partner.company_registry,
            ),
            "client_phone": (self.env._("Telephone of the client"), ("partner_id", False), lambda: partner.phone),
            "client_email": (self.env._("E-mail of the client"), ("partner_id", False), lambda: partner.email),
            "client_signatory": (
                self.env._("Who signs for the client"),
                page,
                lambda: self._join_signatories("client", "name"),
            ),
            "client_position": (
                self.env._("Position of who signs for the client"),
                page,
                lambda: self._join_signatories("client", "position"),
            ),
            "client_basis": (
                self.env._("On what basis the client's signatory signs"),
                page,
                lambda: self._join_signatories("client", "basis"),
            ),
            "client_document": (
                self.env._("Document number of the client's signatory"),
                page,
                lambda: self._join_signatories("client", "document_number"),
            ),
        }

    def _get_company_placeholders(self):
        company = self.company_id
        page = ("signatory_ids", "signatories")
        nowhere = (False, False)
        return {
            "company_name": (self.env._("Name of our company"), nowhere, lambda: company.name),
            "company_address": (
                self.env._("Address of our company"),
                nowhere,
                # reason of sudo: our own address is no secret
                lambda: self._format_address(company.sudo().partner_id),
            ),
            "company_vat": (self.env._("Tax number of our company"), nowhere, lambda: company.vat),
            "company_registry": (self.env._("Number of our company"), nowhere, lambda: company.company_registry),
            "company_bank_account": (
                self.env._("Bank account of our company"),
                nowhere,
                # reason of sudo: the account the client pays to stands on every invoice
                lambda: company.sudo().partner_id.bank_ids[:1].acc_number,
            ),
            "company_signatory": (self.env._("Who signs for us"), page, lambda: self._join_signatories("own", "name")),
            "company_position": (
                self.env._("Position of who signs for us"),
                page,
                lambda: self._join_signatories("own", "position"),
            ),
            "company_basis": (
                self.env._("On what basis our signatory signs"),
                page,
                lambda: self._join_signatories("own", "basis"),
            ),
            "responsible": (
                self.env._("Person responsible for the contract"),
                ("user_id", False),
                lambda: self.user_id.name,
            ),
        }

    def _get_term_placeholders(self):
        page = "terms"
        percents = {
            "penalty_own_percent": self.env._("Penalty for us, % per day"),
            "penalty_own_cap": self.env._("Penalty for us, at most"),
            "penalty_client_percent": self.env._("Penalty for the client, % per day"),
            "penalty_client_cap": self.env._("Penalty for the client, at most"),
        }
        return {
            "start_date": (
                self.env._("Day the works start"),
                ("date_start", False),
                lambda: format_date(self.env, self.date_start),
            ),
            "end_date": (
                self.env._("Day the works end"),
                ("date_end", False),
                lambda: format_date(self.env, self.date_end),
            ),
            "warranty_months": (
                self.env._("Warranty in months"),
                ("warranty_months", False),
                lambda: str(self.warranty_months),
            ),
            "retention_percent": (
                self.env._("Retention"),
                ("retention_percent", "invoicing"),
                lambda: self._format_percent(self.retention_percent),
            ),
            "defect_repair_days": (
                self.env._("Days to repair a defect"),
                ("defect_repair_days", page),
                lambda: str(self.defect_repair_days or ""),
            ),
            **{
                name: (
                    label,
                    (name, page),
                    lambda name=name: self._format_percent(self[name]) if self[name] else "",
                )
                for name, label in percents.items()
            },
        }

    def _get_table_placeholders(self):
        labels = {
            "works": (self.env._("Table of the works"), (False, False)),
            "payment_plan": (self.env._("Table of the payment plan"), ("instalment_ids", "plan")),
            "delivery_plan": (self.env._("Table of the delivery plan"), ("delivery_ids", "delivery")),
        }
        return {
            name: (label, place, lambda name=name: self._render_table(name)) for name, (label, place) in labels.items()
        }

    def _render_table(self, name):
        """One of the tables of the print, to stand in the terms; empty without rows."""
        rows = {
            "works": self._get_work_rows,
            "payment_plan": self._get_plan_rows,
            "delivery_plan": self._get_delivery_rows,
        }[name]()
        return self.env["ir.qweb"]._render(TABLES[name], {"doc": self, "rows": rows}) if rows else ""

    def _join_signatories(self, side, name):
        texts = self.signatory_ids.filtered(lambda signatory: signatory.side == side).mapped(name)
        return ", ".join(text for text in texts if text)

    def _format_address(self, partner):
        """An address on one line."""
        address = partner._display_address(without_company=True)
        return ", ".join(line.strip() for line in address.splitlines() if line.strip())

    def _format_percent(self, percent):
        return format_percent(self.env, percent, digits=3)

    def _get_total_in_words(self):
        """The value of the contract spelled in the language of the client."""
        self.ensure_one()
        return self.currency_id._get_amount_in_words(self.amount_total, self._get_lang())

    def _render_placeholder_help(self):
        """The list of placeholders, for whoever writes a text."""
        rows = Markup("").join(
            Markup("<tr><td><code>{%s}</code></td><td>%s</td></tr>") % (name, label)
            for name, label in self._get_placeholder_labels().items()
        )
        return Markup('<table class="table table-sm"><tbody>%s</tbody></table>') % rows
