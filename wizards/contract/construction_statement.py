from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# These see the whole account of a client; other salespeople the part of their own contracts.
WHOLE_ACCOUNT_GROUPS = (
    "account.group_account_invoice,account.group_account_readonly,sales_team.group_sale_salesman_all_leads"
)


class ConstructionStatement(models.TransientModel):
    """What a client was billed, what he paid and what is open, over a period, as the ledger has it."""

    _name = "construction.statement"
    _description = "Statement of Account"

    partner_id = fields.Many2one("res.partner", string="Client", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    contract_ids = fields.Many2many(
        "construction.contract",
        string="Only These Contracts",
        domain="[('partner_id', 'child_of', partner_id), ('company_id', '=', company_id)]",
        help="Leave empty for the whole account of the client, as far as you may see it.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.start_of(fields.Date.context_today(self), "year"),
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)

    # === ACTION === #

    def action_print(self):
        """Print the statement.

        :raises UserError: the period ends before it starts
        """
        self.ensure_one()
        self._check_period()
        action = self.env.ref("construction_crm.action_report_construction_statement").report_action(self)
        return {**action, "close_on_report_download": True}

    # === BUSINESS === #

    @api.model
    def _create_for_client(self, partner, company):
        """The statement of the year so far, attached to reminders."""
        return self.create({"partner_id": partner.commercial_partner_id.id, "company_id": company.id})

    def _render_pdf(self):
        """:return: (file name, PDF as bytes)"""
        self.ensure_one()
        report = self.env["ir.actions.report"]
        content, kind = report._render_qweb_pdf("construction_crm.action_report_construction_statement", self.ids)
        return f"{self._get_file_name()}.{kind}", content

    def _get_file_name(self):
        self.ensure_one()
        statement = self.with_context(lang=self._get_lang())
        return self.env._("Statement of account %(client)s", client=statement.partner_id.name).replace("/", "-")

    def _get_lang(self):
        self.ensure_one()
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _check_period(self):
        if self.date_from > self.date_to:
            raise UserError(self.env._("The statement ends before it starts: correct one of the two dates."))

    def _get_contracts(self):
        """The contracts the statement is limited to; empty for the whole account.

        :raises AccessError: the user sees no contract of this client
        """
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_groups(WHOLE_ACCOUNT_GROUPS):
            return self.contract_ids
        client = self.partner_id.commercial_partner_id
        domain = [("partner_id", "child_of", client.ids), ("company_id", "=", self.company_id.id)]
        if self.contract_ids:
            domain.append(("id", "in", self.contract_ids.ids))
        # the contracts the user may read
        contracts = self.env["construction.contract"].search(domain)
        if not contracts:
            raise AccessError(
                self.env._("You have no contract with %(client)s to make a statement of.", client=client.display_name)
            )
        return contracts

    def _get_lines(self, contracts):
        """Posted receivable lines of the client's account, or of the invoices of some contracts."""
        domain = [
            ("parent_state", "=", "posted"),
            ("account_type", "=", "asset_receivable"),
            ("company_id", "=", self.company_id.id),
            ("date", "<=", self.date_to),
        ]
        if contracts:
            domain += [("move_id.contract_id", "in", contracts.ids)]
            domain += [("move_id.move_type", "in", ("out_invoice", "out_refund"))]
        else:
            domain += [("partner_id", "child_of", self.partner_id.commercial_partner_id.ids)]
        # reason of sudo: salespeople get the statement of their contracts without accounting rights
        return self.env["account.move.line"].sudo().search(domain, order="date, id")

    def _get_accounts(self):
        """What the statement says, one part a currency.

        :return: list of dicts (currency, opening, entries, debit, credit, closing, words, open_lines, open_total)
        """
        self.ensure_one()
        self._check_period()
        contracts = self._get_contracts()
        lines = self._get_lines(contracts)
        entries = defaultdict(list)
        for entry in [
            *self._get_document_entries(lines),
            *self._get_match_entries(lines, bool(contracts)),
            *self._get_unmatched_entries(contracts),
        ]:
            entries[entry["currency"]].append(entry)
        open_lines = self._get_open_lines(lines)
        currencies = (
            sorted(entries, key=lambda currency: (currency != self.company_id.currency_id, currency.name))
            or self.company_id.currency_id
        )
        return [self._get_account(currency, entries[currency], open_lines.get(currency, [])) for currency in currencies]

    def _get_account(self, currency, entries, open_lines):
        entries = sorted(entries, key=lambda entry: (entry["date"], entry["id"]))
        opening = currency.round(sum(entry["amount"] for entry in entries if entry["date"] < self.date_from))
        shown = [entry for entry in entries if self.date_from <= entry["date"] <= self.date_to]
        balance = opening
        for entry in shown:
            balance = currency.round(balance + entry["amount"])
            entry["balance"] = balance
        return {
            "currency": currency,
            "opening": opening,
            "entries": shown,
            "debit": currency.round(sum(entry["amount"] for entry in shown if entry["amount"] > 0)),
            "credit": currency.round(-sum(entry["amount"] for entry in shown if entry["amount"] < 0)),
            "closing": balance,
            "words": currency._get_amount_in_words(abs(balance), self._get_lang()) if balance else "",
            "open_lines": open_lines,
            "open_total": currency.round(sum(line["amount"] for line in open_lines)),
        }

    def _prepare_entry(self, date, amount, currency, name, text, key):
        return {"date": date, "amount": amount, "currency": currency, "name": name, "text": text, "id": key}

    def _get_document_entries(self, lines):
        """One entry a document: the parts of an invoice are told in the list of what is open."""
        result = []
        for (move, currency), parts in lines.grouped(lambda line: (line.move_id, line.currency_id)).items():
            amount = currency.round(sum(parts.mapped("amount_currency")))
            if currency.is_zero(amount):
                continue
            date = min(parts.mapped("date"))
            result.append(self._prepare_entry(date, amount, currency, move.name, self._describe_move(move), move.id))
        return result

    def _describe_move(self, move):
        kinds = {"out_invoice": self.env._("Invoice"), "out_refund": self.env._("Credit note")}
        label = kinds.get(move.move_type) or (
            self.env._("Payment") if move.origin_payment_id else move.ref or self.env._("Entry")
        )
        return " · ".join(part for part in (label, move.instalment_id.display_name) if part)

    def _get_match_entries(self, lines, is_part):
        """What settles lines without being among them in their currency.

        Of contracts only: what came from payments. Of the whole account: payments in another currency, which
        lower the claim in its own currency and are used up in theirs.
        """
        result = []
        known = set(lines.ids)
        for partial in lines.matched_debit_ids | lines.matched_credit_ids:
            debit, credit = partial.debit_move_id, partial.credit_move_id
            inside = (debit.id in known, credit.id in known)
            if partial.max_date > self.date_to:
                continue
            if all(inside) and debit.currency_id == credit.currency_id:
                continue
            if not all(inside) and not is_part:
                continue
            if inside[0]:
                result.append(self._prepare_match(partial, debit, credit, -partial.debit_amount_currency))
            if inside[1]:
                result.append(self._prepare_match(partial, credit, debit, partial.credit_amount_currency))
        return result

    def _prepare_match(self, partial, line, other, amount):
        text = self.env._(
            "%(what)s, for %(document)s", what=self._describe_move(other.move_id), document=line.move_name
        )
        return self._prepare_entry(partial.max_date, amount, line.currency_id, other.move_name, text, other.move_id.id)

    def _get_unmatched_entries(self, contracts):
        """Payments recorded on the contracts that wait for their invoice; the whole account has them anyway."""
        # reason of sudo: see _get_lines
        collections = contracts.sudo().collection_ids.filtered(
            lambda collection: collection.amount_open and collection.date <= self.date_to
        )
        return [
            self._prepare_entry(
                collection.date,
                -collection.amount_open,
                collection.contract_currency_id,
                collection.payment_id.name,
                self.env._("Payment on account"),
                collection.payment_id.move_id.id,
            )
            for collection in collections
        ]

    def _get_open_lines(self, lines):
        """What of the documents was open at the end of the period.

        :return: dict of currency → list of dicts (name, invoice, date, days, amount)
        """
        result = defaultdict(list)
        for line in lines.sorted(lambda line: (line.date_maturity or line.date, line.id)):
            debits = line.matched_debit_ids.filtered(lambda partial: partial.max_date <= self.date_to)
            credits = line.matched_credit_ids.filtered(lambda partial: partial.max_date <= self.date_to)
            amount = line.currency_id.round(
                line.amount_currency
                + sum(debits.mapped("credit_amount_currency"))
                - sum(credits.mapped("debit_amount_currency"))
            )
            if line.currency_id.is_zero(amount):
                continue
            due = line.date_maturity or line.date
            move = line.move_id
            result[line.currency_id].append(
                {
                    "name": move.instalment_id.name or self._describe_move(move),
                    "contract": move.contract_id.name or "",
                    "invoice": move.name,
                    "date": due,
                    "days": max((self.date_to - due).days, 0) if amount > 0 else 0,
                    "amount": amount,
                }
            )
        return result
