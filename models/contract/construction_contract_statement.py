from odoo import fields, models
from odoo.tools import groupby

from ..pipeline.formats import format_figure


class ConstructionContract(models.Model):
    """The retention statement: what a client keeps back, contract by contract."""

    _inherit = "construction.contract"

    # === ACTION === #

    def action_print_retention_statement(self):
        """One statement for each client, of these contracts."""
        return self.env.ref("construction_crm.action_report_retention_statement").report_action(self)

    def action_print_client_retention(self):
        """The statement of all contracts with the client of this one."""
        self.ensure_one()
        contracts = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id.commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("state", "not in", ("draft", "cancelled")),
            ],
            order="date_signed, id",
        )
        return (contracts or self).action_print_retention_statement()

    # === BUSINESS === #

    def _has_withheld_retention(self):
        self.ensure_one()
        return self.retention_method == "withheld" and bool(self.retention_percent)

    def _describe_retention(self):
        """How much the client keeps back and until when, as the client reads it."""
        self.ensure_one()
        values = {
            "percent": format_figure(self.env, self.retention_percent),
            "share": format_figure(self.env, self._get_release_percent()),
        }
        if self._get_release_percent() >= 100:
            return self.env._(
                "The client keeps back %(percent)s %% of each progress and final invoice until handover.", **values
            )
        return self.env._(
            "The client keeps back %(percent)s %% of each progress and final invoice: "
            "%(share)s %% of that is released at handover, the rest at the end of the warranty.",
            **values,
        )

    def _get_retention_statements(self):
        """What the statements print, one for each company and client.

        :return: list of dicts (partner, company, lang, contracts, totals); `contracts` is a list of dicts
            (contract, rows, totals), `totals` one of dicts (currency, amount, paid, due, kept, words)
        """
        statements = []
        parties = groupby(self, lambda contract: (contract.company_id, contract.partner_id.commercial_partner_id))
        for (company, partner), group in parties:
            lang = group[0].partner_id.lang or partner.lang or self.env.lang or "en_US"
            contracts = self.browse().concat(*group).sorted("name").with_context(lang=lang)
            rows = contracts._get_retention_rows()
            statements.append(
                {
                    "partner": group[0].partner_id.with_context(lang=lang),
                    "company": company,
                    "lang": lang,
                    "contracts": [
                        {
                            "contract": contract,
                            "rows": own,
                            "totals": self._sum_retentions(own, lang),
                        }
                        for contract in contracts
                        if (own := rows.filtered(lambda row, contract=contract: row.contract_id == contract))
                    ],
                    "totals": self._sum_retentions(rows, lang),
                }
            )
        return statements

    def _get_retention_rows(self):
        rows = self.env["construction.retention"].search([("contract_id", "in", self.ids)])
        today = fields.Date.context_today(self)
        return rows.sorted(lambda row: (row.date or today, row.invoice_name or "", row.part, row.id))

    def _sum_retentions(self, rows, lang):
        """Totals of rows of the statement, one dict a currency."""
        return [
            {
                "currency": currency,
                "amount": currency.round(sum(own.mapped("amount"))),
                "paid": currency.round(sum(own.mapped("amount_paid"))),
                "due": currency.round(sum(own.mapped("amount_due"))),
                "kept": currency.round(sum(own.mapped("amount_kept"))),
                "words": currency._get_amount_in_words(
                    currency.round(sum(own.mapped("amount_kept")) + sum(own.mapped("amount_due"))), lang
                ),
            }
            for currency, own in rows.grouped("currency_id").items()
        ]
