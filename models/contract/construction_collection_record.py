from dataclasses import dataclass, replace
from datetime import date as Date

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

COLLECT_STATES = ("signed", "running", "completed")
ACCOUNT_STATES = ("draft", *COLLECT_STATES)


@dataclass(frozen=True)
class Receipt:
    """Money of one transfer, or handed over at once, and what it pays.

    `rows` are tuples (construction.contract, construction.instalment or empty for on account, amount); amounts are
    in `currency` and add up to the transfer. `token` identifies the request: asked again, nothing new is recorded.
    `early`: it also pays what the client may still keep back.
    """

    token: str
    journal: models.BaseModel
    currency: models.BaseModel
    date: Date
    rows: tuple
    memo: str | bool = False
    reference: str | bool = False
    method: models.BaseModel | None = None
    early: bool = False

    @property
    def amount(self):
        return self.currency.round(sum(amount for _contract, _instalment, amount in self.rows))

    def read_with(self, instalments):
        """The same receipt, its instalments read together with others: one by one is what makes many slow."""
        by_id = {instalment.id: instalment for instalment in instalments}
        rows = tuple((contract, by_id.get(row.id, row), amount) for contract, row, amount in self.rows)
        return replace(self, rows=rows)

    def get_contracts(self):
        return self.rows[0][0].union(*(contract for contract, _instalment, _amount in self.rows))

    def get_instalments(self):
        return self.rows[0][1].union(*(instalment for _contract, instalment, _amount in self.rows))


class ConstructionCollection(models.Model):
    """The one road by which money is recorded on contracts."""

    _inherit = "construction.collection"

    @api.model
    def _record(self, receipts):
        """Record money received: one payment a receipt, once for each token.

        With invoicing rights the payments are posted and pay the open invoices of their instalments, what has none is
        the client's advance. Without, they stay drafts the invoicing person is asked to confirm.

        :param receipts: list of `Receipt`
        :return: construction.collection
        :raises AccessError: neither invoicing rights nor the own contract
        :raises UserError: an amount that is not positive or more than is left to collect
        """
        # the defaults of the screen are not those of the payment's journal entry
        self = self.with_env(self.env(context=clean_context(self.env.context)))
        receipts = [receipt for receipt in receipts if receipt.rows]
        contracts = self.env["construction.contract"].union(*(receipt.get_contracts() for receipt in receipts))
        contracts._check_collecting_rights()
        may_post = self._may_post()
        # reason of sudo: salespeople record drafts on their own contracts, checked above; the accounting is not theirs
        self = self if may_post else self.sudo()
        instalments = self.env["construction.instalment"].union(*(receipt.get_instalments() for receipt in receipts))
        if instalments:
            instalments._lock_rows()
        if on_account := contracts - instalments.contract_id:
            on_account._lock_rows()
        known = self.search([("token", "in", [receipt.token for receipt in receipts])])
        tokens = set(known.mapped("token"))
        fresh = [receipt.read_with(instalments) for receipt in receipts if receipt.token not in tokens]
        # read all at once what the checks below read one by one
        instalments.sudo(self.env.su).invoice_ids._get_open_terms()
        for receipt in fresh:
            self._check_receipt(receipt)
        payments = self._create_payments(fresh)
        if may_post:
            payments.action_post()
        else:
            payments._ask_to_confirm()
        return known.payment_id.collection_ids | payments.collection_ids

    @api.model
    def _may_post(self):
        return self.env.su or self.env.user.has_group("account.group_account_invoice")

    @api.model
    def _check_receipt(self, receipt):
        first = receipt.rows[0][1] or receipt.rows[0][0]
        for contract, instalment, amount in receipt.rows:
            if receipt.currency.compare_amounts(amount, 0.0) <= 0:
                name = (instalment or contract).name
                raise UserError(self.env._("Enter the amount received for “%(name)s”.", name=name))
            if instalment:
                instalment.sudo(self.env.su)._check_can_collect()
                instalment.sudo(self.env.su)._check_amount_to_collect(
                    amount, receipt.currency, receipt.date, receipt.early
                )
            else:
                contract._check_can_collect_on_account()
        contracts = receipt.get_contracts()
        if len(contracts.company_id) > 1 or len(contracts._get_payers()) > 1:
            raise UserError(
                self.env._(
                    "One payment comes from one client to one company: "
                    "choose instalments that share both with “%(name)s”.",
                    name=first.name,
                )
            )

    @api.model
    def _create_payments(self, receipts):
        """Create the draft payments of receipts, with their collections.

        :return: account.payment
        """
        # a journal entry in any edition: what is left of a payment is read from it
        payments = (
            self.env["account.payment"]
            .with_context(force_payment_move=True)
            .create([self._prepare_payment_values(receipt) for receipt in receipts])
        )
        values = []
        for payment, receipt in zip(payments, receipts, strict=True):
            for number, (contract, instalment, amount) in enumerate(receipt.rows):
                values.append(
                    {
                        "payment_id": payment.id,
                        "contract_id": contract.id,
                        "instalment_id": instalment.id,
                        "amount": amount,
                        "token": False if number else receipt.token,
                        "pays_retention": receipt.early,
                    }
                )
        self.create(values)
        return payments.with_context(force_payment_move=False)

    @api.model
    def _prepare_payment_values(self, receipt):
        contracts, instalments = receipt.get_contracts(), receipt.get_instalments()
        lines = self.env["account.move.line"]
        for instalment in instalments.sudo(self.env.su):
            lines |= instalment._get_open_receivables(receipt.early)
        values = {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": (lines.partner_id or contracts._get_payers())[:1].id,
            "company_id": contracts.company_id.id,
            "journal_id": receipt.journal.id,
            "currency_id": receipt.currency.id,
            "amount": receipt.amount,
            "date": receipt.date,
            "memo": receipt.memo or ", ".join((instalments or contracts).mapped("display_name")),
            "payment_reference": receipt.reference,
        }
        if receipt.method:
            values["payment_method_line_id"] = receipt.method.id
        if len(lines.account_id) > 1:
            due = lines.filtered(lambda line: not line._is_kept_back())
            if len(due.account_id) == 1:
                raise UserError(
                    self.env._(
                        "What the client keeps back of %(names)s is booked on an account of its own: collect what is "
                        "due first, then what is kept back.",
                        names=", ".join(instalments.mapped("display_name")),
                    )
                )
            raise UserError(
                self.env._(
                    "The invoices of %(names)s are booked on different receivable accounts: collect them one by one.",
                    names=", ".join(instalments.mapped("display_name")),
                )
            )
        if lines:
            values["destination_account_id"] = lines.account_id.id
        return values
