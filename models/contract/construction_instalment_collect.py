from odoo import fields, models
from odoo.exceptions import UserError

from .construction_collection_record import COLLECT_STATES, Receipt


class ConstructionInstalment(models.Model):
    _inherit = "construction.instalment"

    def action_collect(self):
        """Ask how much was received for these instalments, where and when.

        :raises AccessError: neither invoicing rights nor the own contract
        :raises UserError: a contract is not signed or all is collected
        """
        self.contract_id._check_collecting_rights()
        open_rows = self.filtered(lambda row: row.currency_id.compare_amounts(row.amount_residual, 0.0) > 0)
        for instalment in open_rows or self:
            instalment._check_can_collect()
        return self.env["construction.collect"]._get_action(instalments=open_rows)

    # === BUSINESS === #

    def _collect(self, token, journal, amount, currency, date, memo=False):
        """Record money received for this instalment, once for each token. What is more goes on account.

        :param str token: identifies the request; asked again, the same collection is returned
        :param journal: account.journal, bank or cash
        :param float amount: received, in `currency`
        :return: construction.collection
        :raises AccessError: neither invoicing rights nor the own contract
        :raises UserError: amount not positive, or nothing left to collect
        """
        self.ensure_one()
        self.contract_id._check_collecting_rights()
        left = self._get_amount_to_collect(currency, date)
        own = min(amount, left) if currency.compare_amounts(left, 0.0) > 0 else amount
        rows = [(self.contract_id, self, own)]
        if currency.compare_amounts(amount, own) > 0:
            rows.append((self.contract_id, self.browse(), currency.round(amount - own)))
        receipt = Receipt(token, journal, currency, date, tuple(rows), memo=memo)
        return self.env["construction.collection"]._record([receipt])

    def _get_amount_to_collect(self, currency, date, early=False):
        """What is left to collect, in a currency: of the open invoices, else of the instalment.

        :param bool early: see `_get_open_receivables`
        :return: float, rounded
        """
        self.ensure_one()
        lines = self._get_open_receivables(early)
        if not lines:
            return self._convert_residual(self.amount_residual, self.currency_id, currency, date)
        return sum(
            self._convert_residual(line.amount_residual_currency, line.currency_id, currency, date) for line in lines
        )

    def _get_claim_date(self):
        """Since when this instalment asks for money, to pay the oldest first; a far day when not known yet."""
        self.ensure_one()
        # reason of sudo: salespeople split money over instalments whose invoices they may not read
        terms = self.sudo()._get_open_receivables().filtered("date_maturity")
        return min(terms.mapped("date_maturity"), default=self.date_due or fields.Date.to_date("9999-12-31"))

    def _convert_residual(self, amount, source, target, date):
        if not target or source == target:
            return amount
        return source._convert(amount, target, self.company_id, date or fields.Date.context_today(self))

    def _check_can_collect(self):
        self.ensure_one()
        if self.contract_id.state not in COLLECT_STATES:
            raise UserError(
                self.env._(
                    "Nothing can be collected on “%(name)s”: contract %(contract)s is not signed.",
                    name=self.name,
                    contract=self.contract_id.name,
                )
            )
        if self.currency_id.compare_amounts(self.amount_residual, 0.0) <= 0:
            raise UserError(self.env._("Instalment “%(name)s” is already collected.", name=self.name))

    def _check_amount_to_collect(self, amount, currency, date, early=False):
        if currency.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Enter the amount received for “%(name)s”.", name=self.name))
        left = self._get_amount_to_collect(currency, date, early)
        if currency.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "“%(name)s” only asks for %(left)s: %(amount)s is too much. Leave the rest on account.",
                    name=self.name,
                    left=currency.format(left),
                    amount=currency.format(amount),
                )
            )

    def _get_open_receivables(self, early=False):
        """Receivable lines of the posted invoices of this instalment that still wait for money.

        :param bool early: those the client may still keep back, too
        """
        self.ensure_one()
        return self.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")._get_open_terms()
