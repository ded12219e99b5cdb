from odoo import models
from odoo.exceptions import UserError


class ConstructionCollection(models.Model):
    """What of a payment pays what: matching with invoices, and money on account that finds its use."""

    _inherit = "construction.collection"

    def _match(self):
        """Reconcile what these collections have open with the posted invoices they are meant for, to the cent.

        A collection on account pays invoices of the contract that belong to no instalment.
        """
        steps = []
        for payment, collections in self.filtered("is_live").grouped("payment_id").items():
            source = payment._get_receivable_line()
            if not source or source.reconciled:
                continue
            shares = payment._share_open_amount()
            for collection in collections.sorted("id"):
                amount, _company_amount = shares.get(collection, (0.0, 0.0))
                account = source.account_id
                targets = collection._get_targets().filtered(lambda line, account=account: line.account_id == account)
                if targets and payment.currency_id.compare_amounts(amount, 0.0) > 0:
                    steps.append((source, targets, amount))
        self.env["account.move.line"]._reconcile_shares(steps)

    def _get_targets(self):
        """Receivable lines this collection is meant to pay."""
        self.ensure_one()
        if self.instalment_id:
            return self.instalment_id._get_open_receivables(early=self.pays_retention)
        return self.contract_id._get_plain_invoices()._get_open_terms()

    def _get_matched_amount(self, lines):
        """What of the payment's receivable `lines` was taken by posted invoices meant here, in its currency."""
        self.ensure_one()
        matched = 0.0
        for partial in lines.matched_debit_ids:
            move = partial.debit_move_id.move_id
            if move.state == "posted" and self._is_meant_for(move):
                matched += partial.credit_amount_currency
        return matched

    def _is_meant_for(self, move):
        if self.instalment_id:
            return move.instalment_id == self.instalment_id
        # invoices of instalments this payment has a collection for count there
        others = self.payment_id.collection_ids.instalment_id
        return move.contract_id == self.contract_id and move.instalment_id not in others

    def _use_on(self, contract, instalment, amount):
        """Move a part of these collections that no invoice took to another instalment, or back on account.

        :param instalment: construction.instalment, empty for on account of the contract
        :param float amount: in the currency of the payment
        :return: the construction.collection that holds it now
        :raises UserError: more than is open
        """
        self.ensure_one()
        self._check_can_use(amount)
        currency = self.currency_id
        target = self.payment_id.collection_ids.filtered(
            lambda row: row.contract_id == contract and row.instalment_id == instalment
        )
        if target == self:
            return self
        is_all = not currency.compare_amounts(amount, self.amount)
        if is_all and not target:
            self.write({"contract_id": contract.id, "instalment_id": instalment.id, "pays_retention": False})
            return self
        payment = self.payment_id
        if is_all:
            self.unlink()
        else:
            self.amount = currency.round(self.amount - amount)
        if target:
            target.amount = currency.round(target.amount + amount)
            return target
        return self.create(
            {
                "payment_id": payment.id,
                "contract_id": contract.id,
                "instalment_id": instalment.id,
                "amount": amount,
            }
        )

    def _check_can_use(self, amount):
        """Refuse to use more of this collection than no invoice took."""
        currency = self.currency_id
        open_amount, _company_amount = self.payment_id._share_open_amount().get(self, (0.0, 0.0))
        if currency.compare_amounts(amount, 0.0) <= 0 or currency.compare_amounts(amount, open_amount) > 0:
            raise UserError(
                self.env._(
                    "“%(name)s” has %(open)s that can be used: enter an amount up to that.",
                    name=self.display_name,
                    open=currency.format(open_amount),
                )
            )

    def _leave_instalment(self):
        """Payments that never came stay recorded on the contract, when the instalment they were for is deleted."""
        for row in self.filtered(lambda row: row.state in ("cancelled", "bounced")):
            others = row.payment_id.collection_ids - row
            twin = others.filtered(
                lambda other, row=row: other.contract_id == row.contract_id and not other.instalment_id
            )
            if twin:
                amount = row.currency_id.round(twin.amount + row.amount)
                row.unlink()
                twin.amount = amount
            else:
                row.instalment_id = False

    def _use_on_instalment(self, instalment):
        """Let as much of this collection as the open invoices of an instalment ask for pay them."""
        self.ensure_one()
        need = instalment._get_amount_to_collect(self.currency_id, self.date)
        open_amount, _company_amount = self.payment_id._share_open_amount().get(self, (0.0, 0.0))
        amount = self.currency_id.round(min(need, open_amount))
        if instalment._get_open_receivables() and self.currency_id.compare_amounts(amount, 0.0) > 0:
            self._use_on(instalment.contract_id, instalment, amount)._match()
