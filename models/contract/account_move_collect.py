from odoo import models

from ..pipeline.compute_again import compute_again


class AccountMove(models.Model):
    """Money received before an invoice pays it; what is matched with an entry follows that entry's state."""

    _inherit = "account.move"

    def button_draft(self):
        result = super().button_draft()
        self._refresh_matched()
        return result

    def _post(self, soft=True):
        """What the client paid beforehand pays the invoice."""
        again = self.filtered("posted_before")
        posted = super()._post(soft)
        (again & posted)._refresh_matched()
        posted._match_collections()
        return posted

    # === BUSINESS === #

    def _refresh_matched(self):
        """Recompute the money of whatever these entries are matched with: a draft neither pays nor takes."""
        lines = self.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        if not partials:
            return
        moves = (partials.debit_move_id | partials.credit_move_id).move_id
        moves.filtered(lambda move: move.is_sale_document())._refresh_construction_money()
        # reason of sudo: what is open of a payment is the same for everybody
        collections = moves.sudo().origin_payment_id.collection_ids
        compute_again(collections, "amount_open", "amount_open_company")

    def _match_collections(self):
        """Reconcile these invoices with what was received for them before.

        First what was recorded on their instalment, then, unless the contract says to ask, what the contract has on
        account: credit notes with something left, and payments.
        """
        invoices = self.filtered(lambda move: move.move_type == "out_invoice" and move.contract_id)
        if not invoices:
            return
        # reason of sudo: collections are read by accountants, invoices may be posted by others
        invoices = invoices.sudo()
        invoices.instalment_id.collection_ids._match()
        for contract in invoices.contract_id.filtered(lambda contract: contract.on_account_use == "auto"):
            contract._use_on_account(invoices.filtered(lambda move, contract=contract: move.contract_id == contract))

    def _get_own_claims(self, invoices):
        """What the instalment of this credit note still claims, `invoices` apart: the credit is first for that."""
        self.ensure_one()
        own = self.instalment_id.invoice_ids.filtered(lambda move: move.move_type == "out_invoice")
        return (own - invoices)._get_open_terms()

    def _get_open_terms(self):
        """The receivable lines of these posted documents that wait for money, or still give some."""
        return self.filtered(lambda move: move.state == "posted").line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        )
