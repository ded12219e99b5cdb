from odoo import api, fields, models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    collection_ids = fields.One2many("construction.collection", "payment_id", readonly=True)
    construction_receipt_number = fields.Char(
        string="Cash Receipt",
        readonly=True,
        copy=False,
        help="Number of the receipt handed to the client for cash, counted on without gaps.",
    )
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
            self._tell_refused()
            # Not by the database: the sums of instalments and deals must follow.
            # reason of sudo: whoever may delete the payment takes it back from the plan
            self.sudo().collection_ids.unlink()
        return super().unlink()

    # === ACTION === #

    def action_view_construction_contracts(self):
        """The contract, or the contracts, this payment pays."""
        self.ensure_one()
        return self.construction_contract_ids._get_records_action(name=self.env._("Contracts"))

    def action_view_construction_leads(self):
        """The deal, or the deals, of the contracts this payment pays."""
        self.ensure_one()
        return self.construction_contract_ids.lead_id._get_records_action(name=self.env._("Deals"))

    def action_print_receipt(self):
        """The receipt for the client."""
        return self.env.ref("account.action_report_payment_receipt").report_action(self)

    # === BUSINESS === #

    def _is_construction(self):
        """Whether this payment pays contracts: its receipt then tells which."""
        self.ensure_one()
        return bool(self.construction_contract_ids)

    def _compute_payment_receipt_title(self):  # pylint: disable=missing-return
        """Cash has a receipt of its own number."""
        super()._compute_payment_receipt_title()
        for payment in self.filtered("construction_receipt_number"):
            number = payment.construction_receipt_number
            payment.payment_receipt_title = self.env._("Cash Receipt %(number)s", number=number)

    def _get_construction_receipt_lines(self):
        """What the receipt says about the deal: one dict a collection, else one an invoice."""
        self.ensure_one()
        if self.collection_ids:
            return [
                {
                    "deal": collection.lead_id.name,
                    "contract": collection.contract_id.name,
                    "instalment": collection.instalment_id.name or self.env._("On account"),
                    "amount": collection.amount,
                }
                for collection in self.collection_ids.sorted(lambda row: (not row.instalment_id, row.id))
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
