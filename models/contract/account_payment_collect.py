from odoo import fields, models

from ..pipeline.compute_again import compute_again


class AccountPayment(models.Model):
    """A payment that is collected on contracts: asked for, posted, refused, bounced."""

    _inherit = "account.payment"

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # reason of sudo: what a payment is worth to a contract follows, whoever posts or cancels it
            compute_again(self.sudo().collection_ids, "state", "is_live")
        if {"amount", "currency_id"} & vals.keys():
            # reason of sudo: whoever may change the payment changes what it pays
            for payment in self.filtered("collection_ids").sudo():
                payment._fit_collections()
        return result

    # === ACTION === #

    def action_post(self):
        """What was collected counts from now on and pays the invoices it is meant for."""
        result = super().action_post()
        # reason of sudo: invoices are paid whoever posts the payment
        collections = self.sudo().collection_ids
        if collections:
            payments = collections.payment_id
            payments._number_cash_receipts()
            payments._finish_request()
            collections._match()
        return result

    def action_cancel(self):
        self._tell_refused()
        return super().action_cancel()

    def action_reject(self):
        """A bounced payment pays nothing: invoices of contracts are open again."""
        result = super().action_reject()
        bounced = self.filtered(lambda payment: payment.move_id and payment._is_construction())
        bounced.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable").remove_move_reconcile()
        return result

    # === BUSINESS === #

    def _get_receivable_line(self):
        """The posted journal item of what the client paid."""
        self.ensure_one()
        return self.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.parent_state == "posted"
        )[:1]

    def _share_open_amount(self):
        """Share what nothing has taken of this payment over its collections.

        A collection first loses what the invoices meant for it took. What others took is then missing at the
        advances on account, and at the last collections.

        :return: dict of collection → (amount in the payment's currency, amount in the company's)
        """
        collections = self.collection_ids.filtered("is_live").sorted(lambda row: (not row.instalment_id, row.id))
        lines = self.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.parent_state == "posted"
        )
        # an entry taken back to draft keeps its match, yet takes nothing: the money waits again
        drafts = lines.matched_debit_ids.filtered(lambda partial: partial.debit_move_id.parent_state != "posted")
        residual = sum(drafts.mapped("credit_amount_currency")) - sum(lines.mapped("amount_residual_currency"))
        company_residual = sum(drafts.mapped("amount")) - sum(lines.mapped("amount_residual"))
        if not collections or self.currency_id.compare_amounts(residual, 0.0) <= 0:
            return {}
        shares, left, company_left = {}, residual, company_residual
        for collection in collections:
            share = min(max(collection.amount - collection._get_matched_amount(lines), 0.0), left)
            is_all = not self.currency_id.compare_amounts(share, left)
            company_share = (
                company_left if is_all else self.company_currency_id.round(share * company_residual / residual)
            )
            shares[collection] = (self.currency_id.round(share), company_share)
            left -= share
            company_left -= company_share
        return shares

    def _fit_collections(self):
        """Keep what is collected within a payment whose amount was changed.

        What is more stays on account of the contract; what is less is missing there first, then at the last ones.
        """
        self.ensure_one()
        rows = self.collection_ids.sorted(lambda row: (not row.instalment_id, row.id))
        more = self.currency_id.round(self.amount - sum(rows.mapped("amount")))
        for row in reversed(rows):
            if self.currency_id.compare_amounts(more, 0.0) >= 0:
                break
            if self.currency_id.compare_amounts(row.amount, -more) <= 0:
                more = self.currency_id.round(more + row.amount)
                row.unlink()
            else:
                row.amount = self.currency_id.round(row.amount + more)
                more = 0.0
        if self.currency_id.compare_amounts(more, 0.0) > 0:
            on_account = self.collection_ids.filtered(lambda row: not row.instalment_id)[-1:]
            if on_account:
                on_account.amount = self.currency_id.round(on_account.amount + more)
            else:
                values = {"payment_id": self.id, "contract_id": rows[:1].contract_id.id, "amount": more}
                self.env["construction.collection"].create(values)

    def _number_cash_receipts(self):
        """Give payments in cash the next numbers of cash receipts, once each."""
        for payment in self:
            if payment.journal_id.type == "cash" and not payment.construction_receipt_number:
                sequence = self.env["ir.sequence"].with_company(payment.company_id)
                number = sequence.next_by_code("construction.receipt", sequence_date=payment.date)
                payment.construction_receipt_number = number

    # === Requests of people without invoicing rights === #

    def _ask_to_confirm(self):
        """Tell the invoicing person about drafts recorded by somebody who may not post them."""
        for payment in self:
            contract = payment.collection_ids.contract_id[:1]
            payment.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=fields.Date.context_today(payment),
                summary=self.env._(
                    "Confirm %(amount)s received for %(contract)s",
                    amount=payment.currency_id.format(payment.amount),
                    contract=contract.name,
                ),
                note=payment.memo,
                user_id=contract._get_confirming_user().id,
            )

    def _finish_request(self):
        """The payment is posted: nobody needs to confirm it any more."""
        todo = self.activity_ids
        if todo:
            todo.action_feedback(feedback=self.env._("Confirmed"))

    def _tell_refused(self):
        """Tell whoever recorded a draft that it is not accepted."""
        # reason of sudo: the accountant may not read who may read the contract
        for payment in self.sudo().filtered(lambda payment: payment.state == "draft" and payment.collection_ids):
            rows = payment.collection_ids
            payment.activity_ids.unlink()
            askers = (rows.create_uid - self.env.user).filtered(lambda user: user.active and not user.share)
            for contract in rows.contract_id if askers else ():
                contract.message_post(
                    body=self.env._(
                        "%(amount)s recorded as received (%(memo)s) was not confirmed by %(user)s.",
                        amount=payment.currency_id.format(payment.amount),
                        memo=payment.memo or payment.date,
                        user=self.env.user.name,
                    ),
                    author_id=self.env.user.partner_id.id,
                    partner_ids=askers.partner_id.ids,
                )
