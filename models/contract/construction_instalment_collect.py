from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context


class ConstructionInstalment(models.Model):
    _inherit = "construction.instalment"

    def action_collect(self):
        """Open the question how much was received, where and when.

        :raises AccessError: without invoicing rights
        :raises UserError: the contract is not signed or all is collected
        """
        self.ensure_one()
        self._check_invoicing_rights()
        self._check_can_collect()
        return {
            "name": self.env._("Collect"),
            "type": "ir.actions.act_window",
            "res_model": "construction.collect",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_instalment_id": self.id},
        }

    # === BUSINESS === #

    def _collect(self, token, journal, amount, currency, date, memo=False):
        """Record money received for this instalment, once for each token.

        An open invoice is paid through stock's Register Payment; without one, the payment is the client's
        prepayment and is reconciled when the invoice is posted.

        :param str token: identifies the request; asked again, the same collection is returned
        :param journal: account.journal, bank or cash
        :param float amount: received, in `currency`
        :return: construction.collection
        :raises AccessError: without invoicing rights
        :raises UserError: amount not positive or more than is left to collect
        """
        self.ensure_one()
        self._check_invoicing_rights()
        self._lock_rows()
        # the defaults of the wizard are not those of the payment's journal entry
        self = self.with_env(self.env(context=clean_context(self.env.context)))
        journal = journal.with_env(self.env)
        collection = self.env["construction.collection"].search([("token", "=", token)])
        if collection:
            return collection
        self._check_can_collect()
        self._check_amount_to_collect(amount, currency, date)
        lines = self._get_open_receivables()
        if lines:
            payment = self._register_payment(lines, journal, amount, currency, date, memo)
        else:
            payment = self._create_prepayment(journal, amount, currency, date, memo)
        return self.env["construction.collection"].create(
            {
                "payment_id": payment.id,
                "contract_id": self.contract_id.id,
                "instalment_id": self.id,
                "amount": amount,
                "token": token,
            }
        )

    def _get_amount_to_collect(self, currency, date):
        """What is left to collect, in a currency: of the open invoices, else of the instalment.

        :return: float, rounded
        """
        self.ensure_one()
        lines = self._get_open_receivables()
        if not lines:
            return self._convert_residual(self.amount_residual, self.currency_id, currency, date)
        return sum(
            self._convert_residual(line.amount_residual_currency, line.currency_id, currency, date) for line in lines
        )

    def _convert_residual(self, amount, source, target, date):
        if not target or source == target:
            return amount
        return source._convert(amount, target, self.company_id, date or fields.Date.context_today(self))

    def _check_can_collect(self):
        self.ensure_one()
        if self.contract_id.state not in ("signed", "running", "completed"):
            raise UserError(
                self.env._(
                    "Nothing can be collected on “%(name)s”: contract %(contract)s is not signed.",
                    name=self.name,
                    contract=self.contract_id.name,
                )
            )
        if self.currency_id.compare_amounts(self.amount_residual, 0.0) <= 0:
            raise UserError(self.env._("Instalment “%(name)s” is already collected.", name=self.name))

    def _check_amount_to_collect(self, amount, currency, date):
        if currency.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Enter the amount received for “%(name)s”.", name=self.name))
        left = self._get_amount_to_collect(currency, date)
        if currency.compare_amounts(amount, left) > 0:
            raise UserError(
                self.env._(
                    "“%(name)s” only asks for %(left)s: %(amount)s is too much. Record the rest on another instalment.",
                    name=self.name,
                    left=currency.format(left),
                    amount=currency.format(amount),
                )
            )

    def _get_open_receivables(self):
        """Receivable lines of the posted invoices of this instalment that still wait for money."""
        self.ensure_one()
        invoices = self.invoice_ids.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
        return invoices.line_ids.filtered(lambda line: line.display_type == "payment_term" and not line.reconciled)

    def _register_payment(self, lines, journal, amount, currency, date, memo):
        """Pay open invoice lines by stock's Register Payment.

        :return: account.payment
        """
        # a journal entry in any edition: what a payment paid is read from it
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move.line",
            active_ids=lines.ids,
            force_payment_move=True,
        )
        wizard = wizard.create(
            {
                "journal_id": journal.id,
                "currency_id": currency.id,
                "payment_date": date,
                "amount": amount,
                "communication": memo or self.display_name,
                "group_payment": True,
                "payment_difference_handling": "open",
            }
        )
        return wizard._create_payments()

    def _create_prepayment(self, journal, amount, currency, date, memo):
        """Post a payment of the customer that no invoice takes yet.

        :return: account.payment
        """
        partner = self.contract_id.order_ids[:1].partner_invoice_id or self.partner_id
        # a journal entry in any edition: what is left of a payment is read from it
        payment = (
            self.env["account.payment"]
            .with_context(force_payment_move=True)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": partner.commercial_partner_id.id,
                    "journal_id": journal.id,
                    "currency_id": currency.id,
                    "amount": amount,
                    "date": date,
                    "memo": memo or self.display_name,
                }
            )
        )
        payment.action_post()
        return payment
