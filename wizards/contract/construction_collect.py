from uuid import uuid4

from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionCollect(models.TransientModel):
    """How much was received for an instalment, where and when. Models do, this only asks."""

    _name = "construction.collect"
    _description = "Collect an Instalment"

    instalment_id = fields.Many2one("construction.instalment", required=True, readonly=True)
    contract_id = fields.Many2one(related="instalment_id.contract_id")
    partner_id = fields.Many2one(related="instalment_id.partner_id")
    company_id = fields.Many2one(related="instalment_id.company_id")
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of', company_id)]",
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
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    amount_residual = fields.Monetary(
        string="Left to Collect",
        compute="_compute_amount_residual",
        help="What this instalment still asks for, in the currency of the payment.",
    )
    is_prepayment = fields.Boolean(compute="_compute_is_prepayment")
    memo = fields.Char(compute="_compute_memo", store=True, precompute=True, readonly=False)
    # One use: a second click, or a request sent again, finds the payment of the first.
    token = fields.Char(default=lambda self: uuid4().hex, readonly=True, required=True)

    # === COMPUTE === #

    @api.depends("instalment_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = self.env["account.journal"].search(
                [
                    *self.env["account.journal"]._check_company_domain(wizard.company_id),
                    ("type", "in", ("bank", "cash")),
                ],
                limit=1,
            )

    @api.depends("instalment_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.instalment_id.currency_id

    @api.depends("amount_residual")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.amount_residual

    @api.depends("instalment_id", "currency_id", "date")
    def _compute_amount_residual(self):
        for wizard in self:
            wizard.amount_residual = wizard.instalment_id._get_amount_to_collect(wizard.currency_id, wizard.date)

    @api.depends("instalment_id")
    def _compute_is_prepayment(self):
        for wizard in self:
            wizard.is_prepayment = not wizard.instalment_id._get_open_receivables()

    @api.depends("instalment_id")
    def _compute_memo(self):
        for wizard in self:
            wizard.memo = wizard.instalment_id.display_name

    # === ACTION === #

    def action_collect(self):
        """Record the payment once and open it.

        :raises AccessError: without invoicing rights
        :raises UserError: nothing or too much to collect
        """
        self.ensure_one()
        if not self.currency_id or not self.journal_id:
            raise UserError(self.env._("Choose the bank or cash journal the money came into."))
        collection = self.instalment_id._collect(
            self.token,
            journal=self.journal_id,
            amount=self.amount,
            currency=self.currency_id,
            date=self.date,
            memo=self.memo,
        )
        return collection.payment_id._get_records_action(name=self.env._("Payment"))
