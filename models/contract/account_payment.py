from odoo import api, fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    collection_ids = fields.One2many("construction.collection", "payment_id", readonly=True)

    construction_contract_ids = fields.Many2many(
        "construction.contract",
        string="Contracts",
        compute="_compute_construction_contract_ids",
        export_string_translation=False,
    )

    # === COMPUTE === #

    @api.depends("collection_ids.contract_id", "reconciled_invoice_ids.contract_id")
    def _compute_construction_contract_ids(self):
        for payment in self:
            contracts = payment.collection_ids.contract_id | payment.reconciled_invoice_ids.contract_id
            payment.construction_contract_ids = contracts

    # === CRUD === #

    def unlink(self):
        if self:
            # Not by the database: the sums of instalments and deals must follow.
            # reason of sudo: whoever may delete the payment takes it back from the plan
            self.sudo().collection_ids.unlink()
        return super().unlink()

    # === ACTION === #

    def action_view_construction_contracts(self):
        """The contract, or the contracts, this payment pays."""
        self.ensure_one()
        return self.construction_contract_ids._get_records_action(name=self.env._("Contracts"))

    def action_print_receipt(self):
        """The receipt for the client."""
        return self.env.ref("account.action_report_payment_receipt").report_action(self)

    # === BUSINESS === #

    def _share_open_amount(self):
        """Share what no invoice has taken of this payment over its collections.

        A collection first loses what the invoices of its own instalment took. What other invoices took is
        then missing at the last collections.

        :return: dict of collection → (amount in the payment's currency, amount in the company's)
        """
        collections = self.collection_ids.filtered("is_live").sorted("id")
        lines = self.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.parent_state == "posted"
        )
        # an invoice taken back to draft keeps its match, yet bills nothing: the money waits for it again
        drafts = lines.matched_debit_ids.filtered(
            lambda partial: (
                partial.debit_move_id.parent_state != "posted"
                and partial.debit_move_id.move_id.instalment_id in collections.instalment_id
            )
        )
        residual = sum(drafts.mapped("credit_amount_currency")) - sum(lines.mapped("amount_residual_currency"))
        company_residual = sum(drafts.mapped("amount")) - sum(lines.mapped("amount_residual"))
        if not collections or residual <= 0:
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

    def _is_construction(self):
        """Whether this payment pays contracts: its receipt then tells which."""
        self.ensure_one()
        return bool(self.construction_contract_ids)

    def _get_construction_receipt_lines(self):
        """What the receipt says about the deal: one dict a collection, else one an invoice."""
        self.ensure_one()
        if self.collection_ids:
            return [
                {
                    "deal": collection.lead_id.name,
                    "contract": collection.contract_id.name,
                    "instalment": collection.instalment_id.name,
                    "amount": collection.amount,
                }
                for collection in self.collection_ids
            ]
        return [
            {
                "deal": move.contract_id.lead_id.name,
                "contract": move.contract_id.name,
                "instalment": move.instalment_id.name,
                "amount": False,
            }
            for move in self.reconciled_invoice_ids.filtered("contract_id")
        ]

    def _get_amount_in_words(self):
        """The amount spelled in the language of the customer."""
        self.ensure_one()
        lang = self.partner_id.lang or self.company_id.partner_id.lang or "en_US"
        return self.currency_id._get_amount_in_words(self.amount, lang)
