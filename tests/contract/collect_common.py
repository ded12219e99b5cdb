from uuid import uuid4

from odoo import fields

from ...models.contract.construction_collection_record import Receipt
from .common import ContractCommon
from .ledger_check import assert_money_true


class CollectCommon(ContractCommon):
    """A signed contract of three instalments (363.00, 403.29, 443.71) and short ways to collect on it."""

    def setUp(self):
        super().setUp()
        self.contract = self._create_contract()
        self.first, self.second, self.last = self.contract.instalment_ids
        self.bank = self.company_data["default_journal_bank"]
        self.cash = self.company_data["default_journal_cash"]
        self.none = self.env["construction.instalment"]

    def _record(self, *rows, token=None, journal=None, currency=None, **values):
        """Collect by the road itself: rows are (instalment or contract, amount)."""
        parts = tuple(
            (row, self.none, amount) if row._name == "construction.contract" else (row.contract_id, row, amount)
            for row, amount in rows
        )
        receipt = Receipt(
            token or uuid4().hex,
            journal or self.bank,
            currency or self.env.company.currency_id,
            fields.Date.context_today(self.contract),
            parts,
            **values,
        )
        return self.env["construction.collection"]._record([receipt])

    def _ask(self, user, **values):
        """What the screen asks a user."""
        model = self.env["construction.collect"].with_user(user)
        return model.create({"journal_id": self.bank.id, **values})

    def _true(self, *contracts):
        for contract in contracts or (self.contract,):
            assert_money_true(contract)

    def _terms(self, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")
