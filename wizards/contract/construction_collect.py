from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...models.contract.construction_collection_record import Receipt

ASKING_STATES = ("due", "invoiced", "partial", "overdue")


class ConstructionCollect(models.TransientModel):
    """How much was received, for which instalments, where and when. Models do, this only asks."""

    _name = "construction.collect"
    _description = "Collect"

    instalment_id = fields.Many2one("construction.instalment", readonly=True)
    instalment_ids = fields.Many2many(
        "construction.instalment",
        string="Instalments",
        compute="_compute_instalment_ids",
        store=True,
        precompute=True,
        readonly=False,
        export_string_translation=False,
    )
    contract_id = fields.Many2one(
        "construction.contract",
        compute="_compute_contract_id",
        store=True,
        precompute=True,
        readonly=False,
        help="What is more than the instalments ask for waits on account of this contract.",
    )
    is_whole_contract = fields.Boolean(export_string_translation=False)
    partner_id = fields.Many2one("res.partner", string="Client", compute="_compute_from_rows")
    company_id = fields.Many2one("res.company", compute="_compute_from_rows")
    is_several_clients = fields.Boolean(compute="_compute_from_rows")
    may_post = fields.Boolean(compute="_compute_may_post")
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        string="Payment Method",
        compute="_compute_payment_method_line_id",
        store=True,
        readonly=False,
        domain="[('journal_id', '=', journal_id), ('payment_type', '=', 'inbound')]",
        groups="account.group_account_invoice",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    date = fields.Date(default=fields.Date.context_today, required=True)
    amount = fields.Monetary(
        string="Amount Received",
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    line_ids = fields.One2many(
        "construction.collect.line",
        "collect_id",
        string="Split",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    line_count = fields.Integer(compute="_compute_rest")
    is_retention_paid = fields.Boolean(
        string="Pays What Is Kept Back",
        help="The client pays now what he might keep back until its release. Otherwise what is more than is due waits "
        "on account.",
    )
    amount_kept_back = fields.Monetary(compute="_compute_amount_kept_back", string="Kept Back")
    amount_residual = fields.Monetary(
        string="Left to Collect",
        compute="_compute_amount_residual",
        help="What the instalments still ask for, in the currency of the payment.",
    )
    amount_rest = fields.Monetary(
        string="On Account",
        compute="_compute_rest",
        help="What is left of the amount received: an advance of the client on this contract.",
    )
    amount_to_confirm = fields.Monetary(compute="_compute_amount_to_confirm")
    is_prepayment = fields.Boolean(compute="_compute_is_prepayment")
    memo = fields.Char(compute="_compute_memo", store=True, precompute=True, readonly=False)
    reference = fields.Char(string="Bank Reference", help="Number of the bank statement, transfer or cheque.")
    # One use: a second click, or a request sent again, finds the payment of the first.
    token = fields.Char(default=lambda self: uuid4().hex, readonly=True, required=True)

    # === COMPUTE === #

    @api.depends("instalment_id", "is_whole_contract")
    def _compute_instalment_ids(self):
        for wizard in self:
            rows = wizard.instalment_id
            if wizard.is_whole_contract:
                rows = wizard.contract_id.instalment_ids.filtered(
                    lambda row: (
                        row.state != "cancelled"
                        and row.contract_id.state != "draft"
                        and row.currency_id.compare_amounts(row.amount_residual, 0.0) > 0
                    )
                )
            wizard.instalment_ids = rows or wizard.instalment_ids

    @api.depends("instalment_ids")
    def _compute_contract_id(self):
        for wizard in self:
            wizard.contract_id = wizard.contract_id or wizard.instalment_ids.contract_id[:1]

    @api.depends("contract_id", "instalment_ids")
    def _compute_from_rows(self):
        for wizard in self:
            contracts = wizard.instalment_ids.contract_id | wizard.contract_id
            clients = contracts._get_payers()
            wizard.company_id = wizard.contract_id.company_id
            wizard.partner_id = clients[:1]
            wizard.is_several_clients = len(clients) > 1

    # apart from other fields, and by the user: stored fields are computed as the superuser, who may
    @api.depends_context("uid")
    def _compute_may_post(self):
        user = self.env.user
        self.may_post = user._is_superuser() or user.has_group("account.group_account_invoice")

    @api.depends("contract_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [
                    *self.env["account.journal"]._check_company_domain(wizard.company_id or self.env.company),
                    ("type", "in", ("bank", "cash")),
                ],
                limit=1,
            )

    @api.depends("journal_id")
    def _compute_payment_method_line_id(self):
        for wizard in self:
            wizard.payment_method_line_id = wizard.journal_id._get_available_payment_method_lines("inbound")[:1]

    # not by the journal: another journal must not forget the amount that was typed, see the onchange
    @api.depends("contract_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.journal_id.currency_id or wizard.contract_id.currency_id

    @api.depends("instalment_ids", "contract_id", "currency_id", "date")
    def _compute_amount(self):
        for wizard in self:
            rows = wizard._get_rows()
            if wizard.is_whole_contract:
                # sudo: as in `_sum_left`
                rows = rows.sudo().filtered(lambda row: row.state in ASKING_STATES and not row._asks_only_kept_back())
            wizard.amount = wizard._sum_left(rows) + wizard._get_plain_residual()

    @api.depends("instalment_ids", "currency_id", "date")
    def _compute_amount_kept_back(self):
        for wizard in self:
            rows = wizard._get_rows().sudo()  # as in `_sum_left`
            currency = wizard.currency_id or wizard.contract_id.currency_id
            wizard.amount_kept_back = sum(
                line.currency_id._convert(line.amount_residual_currency, currency, line.company_id, wizard.date)
                for row in rows
                for line in row._get_kept_back()
            )

    @api.depends("instalment_ids", "currency_id", "date", "is_retention_paid")
    def _compute_amount_residual(self):
        for wizard in self:
            wizard.amount_residual = wizard._sum_left(wizard._get_rows())

    @api.depends("instalment_ids")
    def _compute_line_ids(self):
        for wizard in self:
            rows = wizard._get_rows()
            rows = rows.sorted(lambda row: (row._get_claim_date(), row.contract_id.id, row.sequence, row.id))
            wizard.line_ids = [
                Command.clear(),
                *(Command.create({"instalment_id": row.id}) for row in rows),
            ]

    @api.depends("amount", "line_ids.amount")
    def _compute_rest(self):
        for wizard in self:
            split = sum(wizard.line_ids.mapped("amount"))
            currency = wizard.currency_id or self.env.company.currency_id
            wizard.line_count = len(wizard.line_ids)
            wizard.amount_rest = 0.0 if wizard.is_several_clients else currency.round(wizard.amount - split)

    @api.depends("instalment_ids", "contract_id", "currency_id")
    def _compute_amount_to_confirm(self):
        for wizard in self:
            contracts = wizard.instalment_ids.contract_id | wizard.contract_id
            rows = wizard._get_rows()
            waiting = contracts.collection_ids.filtered(lambda row: row.state == "to_confirm")
            if rows:
                waiting &= rows.collection_ids
            wizard.amount_to_confirm = sum(
                row.currency_id._convert(row.amount, wizard.currency_id or row.currency_id, row.company_id, row.date)
                for row in waiting
            )

    @api.depends("instalment_ids", "contract_id")
    def _compute_is_prepayment(self):
        for wizard in self:
            rows = wizard._get_rows().sudo()  # salespeople need not read invoices to be told there is none
            wizard.is_prepayment = bool(rows) and not any(row._get_open_receivables() for row in rows)

    @api.depends("instalment_ids", "contract_id")
    def _compute_memo(self):
        for wizard in self:
            rows = wizard._get_rows()
            if wizard.is_whole_contract or not rows:
                wizard.memo = wizard.contract_id.name
            else:
                wizard.memo = "; ".join(
                    f"{contract.name} · {', '.join(own.mapped('name'))}"
                    for contract, own in rows.grouped("contract_id").items()
                )

    # === ONCHANGE === #

    @api.onchange("journal_id")
    def _onchange_journal_id(self):
        currency = self.journal_id.currency_id or self.currency_id
        if currency != self.currency_id:
            self.currency_id = currency

    @api.onchange("is_retention_paid")
    def _onchange_is_retention_paid(self):
        """All that was due becomes all there is, and back; an amount that was typed stays."""
        left, kept = self.amount_residual, self.amount_kept_back
        proposed, other = (left - kept, left) if self.is_retention_paid else (left + kept, left)
        if not self.currency_id.compare_amounts(self.amount, proposed):
            self.amount = other

    # === ACTION === #

    def action_collect(self):
        """Record the payment once and open it; without invoicing rights, ask for its confirmation.

        :raises AccessError: neither invoicing rights nor the own contract
        :raises UserError: nothing or too much to collect
        """
        self.ensure_one()
        if not self.currency_id or not self.journal_id:
            raise UserError(self.env._("Choose the bank or cash journal the money came into."))
        if self.journal_id.type not in ("bank", "cash"):
            raise UserError(self.env._("Money comes into a bank or cash journal: choose one of them."))
        collections = self.env["construction.collection"]._record(self._prepare_receipts())
        if not self.env["construction.collection"]._may_post():
            return self._get_asked_message()
        return collections.payment_id._get_records_action(name=self.env._("Payment"))

    def action_view_to_confirm(self):
        """The collections that already wait for a confirmation here."""
        contracts = self.instalment_ids.contract_id | self.contract_id
        return contracts.collection_ids.filtered(lambda row: row.state == "to_confirm")._get_records_action(
            name=self.env._("To Confirm"), target="current"
        )

    # === BUSINESS === #

    @api.model
    def _get_action(self, instalments=None, contract_id=False):
        """The action that opens this screen for instalments, or for a contract with all its open ones."""
        context = {"default_contract_id": contract_id, "default_is_whole_contract": True}
        if instalments:
            context = {"default_instalment_ids": instalments.ids}
            if len(instalments) == 1:
                context = {"default_instalment_id": instalments.id}
        return {
            "name": self.env._("Collect"),
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def _get_rows(self):
        return self.instalment_ids._origin

    def _sum_left(self, rows):
        currency = self.currency_id or self.contract_id.currency_id
        # sudo: salespeople see what is left, not the invoices it is read from
        left = [row._get_amount_to_collect(currency, self.date, self.is_retention_paid) for row in rows.sudo()]
        return currency.round(sum(left)) if left else 0.0

    def _get_plain_residual(self):
        """What invoices of the contract outside a plan still ask for."""
        if not self.is_whole_contract:
            return 0.0
        contract = self.contract_id.sudo()  # as above
        currency = self.currency_id or contract.currency_id
        return sum(
            line.currency_id._convert(line.amount_residual_currency, currency, line.company_id, self.date)
            for line in contract._get_plain_invoices()._get_open_terms()
        )

    def _prepare_receipts(self):
        """One `Receipt` a client; what is more than the split goes on account of the contract."""
        self._check_split()
        paid = self.line_ids.filtered("amount")
        rows = [(line.instalment_id.contract_id, line.instalment_id, line.amount) for line in paid]
        if self.currency_id.compare_amounts(self.amount_rest, 0.0) > 0:
            rows.append((self.contract_id, self.env["construction.instalment"], self.amount_rest))
        if not rows:
            raise UserError(self.env._("Enter the amount received."))
        by_client = {}
        for row in rows:
            by_client.setdefault(row[0]._get_payers(), []).append(row)
        # reason of sudo: accountants choose the method, for others the journal's own is taken
        method = self.sudo().payment_method_line_id if self.may_post else None
        return [
            Receipt(
                token=self.token if not number else f"{self.token}-{client.id}",
                journal=self.journal_id,
                currency=self.currency_id,
                date=self.date,
                rows=tuple(parts),
                memo=self.memo if len(by_client) == 1 else False,
                reference=self.reference,
                method=method,
                early=self.is_retention_paid,
            )
            for number, (client, parts) in enumerate(by_client.items())
        ]

    def _check_split(self):
        if any(self.currency_id.compare_amounts(row.amount, 0.0) < 0 for row in (self, *self.line_ids)):
            raise UserError(self.env._("Enter the amount received: a part of it cannot be negative."))
        if self.currency_id.compare_amounts(self.amount_rest, 0.0) < 0:
            raise UserError(
                self.env._(
                    "The instalments get %(missing)s more than the %(amount)s received: lower one of them.",
                    missing=self.currency_id.format(-self.amount_rest),
                    amount=self.currency_id.format(self.amount),
                )
            )

    def _get_asked_message(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Recorded. It counts once the accounting has confirmed it."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
