from odoo import api, fields, models
from odoo.exceptions import ValidationError

STATES = {"draft": "to_confirm", "in_process": "received", "paid": "received", "rejected": "bounced"}


class ConstructionCollection(models.Model):
    """How much of one payment pays one instalment, or waits on account of a contract.

    A record of what was asked at the desk: what invoices have received is read from the accounting, and only
    the part of the payment no invoice has taken yet (`amount_open`) counts from here.
    """

    _name = "construction.collection"
    _description = "Collection"
    _order = "date desc, id desc"
    _check_company_auto = True

    payment_id = fields.Many2one("account.payment", required=True, readonly=True, ondelete="restrict", index=True)
    contract_id = fields.Many2one(
        "construction.contract", required=True, readonly=True, ondelete="restrict", index=True
    )
    instalment_id = fields.Many2one(
        "construction.instalment",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: an advance of the client, on account of the contract.",
    )
    pays_retention = fields.Boolean(
        string="Pays What Is Kept Back",
        readonly=True,
        help="The client pays early what he might keep back of the invoices.",
    )
    # Stored: lists are filtered, grouped and protected by them.
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    lead_id = fields.Many2one(related="contract_id.lead_id", store=True, index="btree_not_null")
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    user_id = fields.Many2one(related="contract_id.user_id", string="Salesperson", store=True)
    currency_id = fields.Many2one(related="payment_id.currency_id", store=True)
    contract_currency_id = fields.Many2one(related="contract_id.currency_id", string="Contract Currency")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    date = fields.Date(related="payment_id.date", store=True)
    journal_id = fields.Many2one(related="payment_id.journal_id", store=True)
    memo = fields.Char(related="payment_id.memo")
    payment_reference = fields.Char(related="payment_id.payment_reference", string="Bank Reference")
    receipt_number = fields.Char(related="payment_id.construction_receipt_number")
    amount = fields.Monetary(required=True, readonly=True, help="In the currency of the payment.")
    state = fields.Selection(
        [
            ("to_confirm", "To confirm"),
            ("received", "Received"),
            ("bounced", "Bounced"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        # lists are filtered and grouped by it
        store=True,
        help="A collection counts once its payment is posted; until then the accounting has to confirm it.",
    )
    # Stored: sums of instalments, contracts and deals are made of them.
    is_live = fields.Boolean(compute="_compute_state", store=True, export_string_translation=False)
    amount_contract = fields.Monetary(
        string="Amount in Contract Currency",
        currency_field="contract_currency_id",
        compute="_compute_amount_contract",
        store=True,
    )
    amount_open = fields.Monetary(
        string="Not Matched Yet",
        currency_field="contract_currency_id",
        compute="_compute_amount_open",
        store=True,
        help="The part of this collection that waits for an invoice, in the currency of the contract.",
    )
    amount_open_company = fields.Monetary(
        currency_field="company_currency_id",
        compute="_compute_amount_open",
        store=True,
        export_string_translation=False,
    )
    token = fields.Char(readonly=True, copy=False, export_string_translation=False)

    _amount_positive = models.Constraint(
        "CHECK(amount > 0)",
        "A collection needs a positive amount.",
    )
    _token_uniq = models.UniqueIndex(
        "(token) WHERE token IS NOT NULL",
        "This payment is already recorded.",
    )

    # === COMPUTE === #

    @api.depends("contract_id.name", "instalment_id.name")
    def _compute_display_name(self):
        for collection in self:
            source = collection.instalment_id or collection.contract_id
            collection.display_name = source.display_name

    # The state of the payment is not among these: all that a payment's state goes by would lead on to deals and
    # projects, and each entry of stock's be slower for it. Payments tell theirs, see `account.payment.write`.
    @api.depends("payment_id")
    def _compute_state(self):
        for collection in self:
            collection.state = STATES.get(collection.payment_id.state, "cancelled")
            collection.is_live = collection.payment_id.state in ("in_process", "paid")

    @api.depends("amount", "currency_id", "contract_id.currency_id", "date")
    def _compute_amount_contract(self):
        for collection in self:
            collection.amount_contract = collection._convert(collection.amount)

    @api.depends(
        "amount",
        "is_live",
        "instalment_id.invoice_ids.state",
        "contract_id.currency_id",
        "payment_id.collection_ids",
        # matches and states, not amounts: see ledger.py
        "payment_id.move_id.state",
        "payment_id.move_id.line_ids.matched_debit_ids",
    )
    def _compute_amount_open(self):
        for payment, collections in self.grouped("payment_id").items():
            shares = payment._share_open_amount()
            for collection in collections:
                amount, company_amount = shares.get(collection, (0.0, 0.0))
                collection.amount_open = collection._convert(amount)
                collection.amount_open_company = company_amount

    # === CONSTRAINT === #

    @api.constrains("amount", "payment_id")
    def _check_amount_within_payment(self):
        """What is collected with one payment never exceeds the payment."""
        for payment in self.payment_id:
            total = sum(payment.collection_ids.mapped("amount"))
            if payment.currency_id.compare_amounts(total, payment.amount) > 0:
                raise ValidationError(
                    self.env._(
                        "Payment %(payment)s is worth %(amount)s: it cannot pay instalments for %(total)s.",
                        payment=payment.display_name,
                        amount=payment.currency_id.format(payment.amount),
                        total=payment.currency_id.format(total),
                    )
                )

    # === ACTION === #

    def action_view_payment(self):
        self.ensure_one()
        return self.payment_id._get_records_action(name=self.env._("Payment"))

    def action_print_receipt(self):
        return self.payment_id.action_print_receipt()

    def action_confirm(self):
        """Post the payments that wait for it: the money is then received, and pays what it was asked for.

        :raises AccessError: without invoicing rights
        """
        self.contract_id._check_invoicing_rights()
        self.payment_id.filtered(lambda payment: payment.state == "draft").action_post()
        return True

    def action_refuse(self):
        """Cancel payments that were not received; whoever recorded them is told.

        :raises AccessError: without invoicing rights
        """
        self.contract_id._check_invoicing_rights()
        self.payment_id.filtered(lambda payment: payment.state == "draft").action_cancel()
        return True

    def action_use(self):
        """Ask which instalment the part that is not matched yet shall pay.

        :raises AccessError: without invoicing rights
        """
        self.ensure_one()
        self.contract_id._check_invoicing_rights()
        return {
            "name": self.env._("Use On"),
            "type": "ir.actions.act_window",
            "res_model": "construction.collection.use",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_collection_id": self.id},
        }

    # === BUSINESS === #

    def _convert(self, amount):
        """From the currency of the payment to that of the contract, at the date of the payment."""
        self.ensure_one()
        target = self.contract_id.currency_id
        if not amount or self.currency_id == target:
            return amount
        return self.currency_id._convert(amount, target, self.company_id, self.date)
