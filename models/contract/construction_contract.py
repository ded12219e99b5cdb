from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..pipeline.formats import format_percent
from .ledger import NO_MONEY, add_money, read_money
from .missing import Missing

LIVE_STATES = ("signed", "running", "completed", "closed")
# Ids of the contracts that check their plan themselves as they are written, once for all rows: a frozen set, which no
# caller from outside can send.
CONTEXT_CHECKED = "construction_plan_checked"


class ConstructionContract(models.Model):
    """What was signed with the client: value, dates, payment plan, and what the accounting says of it."""

    _name = "construction.contract"
    _description = "Construction Contract"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_signed desc, id desc"
    _check_company_auto = True
    # accountants discuss contracts which they may only read
    _mail_post_access = "read"

    name = fields.Char(
        string="Number",
        default=lambda self: self.env._("New"),
        required=True,
        readonly=True,
        copy=False,
        index="trigram",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        # aggregated amounts need it in the database
        store=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("signed", "Signed"),
            ("running", "Running"),
            ("completed", "Completed"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        tracking=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        check_company=True,
        index=True,
        tracking=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        check_company=True,
        index="btree_not_null",
    )
    construction_type_id = fields.Many2one(
        "construction.type",
        check_company=True,
        index="btree_not_null",
    )
    order_ids = fields.One2many("sale.order", "contract_id", string="Orders", readonly=True)
    order_count = fields.Integer(compute="_compute_order_count")
    kind = fields.Selection(
        [("service", "Service"), ("product", "Product")],
        default="service",
        required=True,
        help="Service: works carried out over time. Product: goods delivered by a delivery plan.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index=True,
        tracking=True,
    )
    user_invoicing_id = fields.Many2one(
        "res.users",
        string="Invoiced By",
        domain="[('share', '=', False)]",
        help="Gets an activity when an instalment becomes due. Empty: the responsible person.",
    )
    date_signed = fields.Date(string="Signed On", copy=False, tracking=True)
    date_start = fields.Date(
        string="Start",
        default=fields.Date.context_today,
        tracking=True,
        help="Instalments due some days after the start count from here.",
    )
    date_end = fields.Date(
        string="End",
        tracking=True,
        help="The day the works are handed over; the warranty counts from it.",
    )
    retention_percent = fields.Float(
        string="Retention (%)",
        digits=(5, 2),
        help="Share of the contract the client keeps back until the end of the warranty.",
    )
    warranty_months = fields.Integer(string="Warranty (months)")
    date_warranty_end = fields.Date(
        string="Warranty Until",
        compute="_compute_date_warranty_end",
        # searched: contracts under warranty
        store=True,
        index="btree_not_null",
    )
    note = fields.Html(string="Notes")
    instalment_ids = fields.One2many("construction.instalment", "contract_id", string="Payment Plan", copy=True)
    delivery_ids = fields.One2many("construction.delivery", "contract_id", string="Delivery Plan", copy=True)
    collection_ids = fields.One2many("construction.collection", "contract_id", readonly=True)
    move_ids = fields.One2many("account.move", "contract_id", string="Invoices", readonly=True)
    invoice_count = fields.Integer(compute="_compute_invoice_count", compute_sudo=True)
    missing_data = fields.Text(
        compute="_compute_missing_data",
        # whoever opens the contract sees what it lacks, though not every record it was looked for in
        compute_sudo=True,
        help="What has to be filled in before the contract can be signed.",
    )
    missing_list = fields.Json(
        compute="_compute_missing_data",
        compute_sudo=True,
        export_string_translation=False,
    )
    # Stored because lists sum and filter them; all follow orders and accounting by themselves.
    amount_untaxed = fields.Monetary(compute="_compute_amount_total", store=True)
    amount_total = fields.Monetary(
        string="Contract Value",
        compute="_compute_amount_total",
        store=True,
        help="What the client pays in all, taxes included.",
    )
    amount_planned = fields.Monetary(string="Planned", compute="_compute_amount_planned", store=True)
    amount_left = fields.Monetary(
        string="Left to Plan",
        compute="_compute_amount_planned",
        store=True,
        help="Contract value no instalment covers yet. Negative: the plan asks for too much.",
    )
    amount_invoiced = fields.Monetary(string="Invoiced", compute="_compute_money", store=True)
    amount_collected = fields.Monetary(string="Collected", compute="_compute_money", store=True)
    amount_overdue = fields.Monetary(string="Overdue", compute="_compute_money", store=True)
    amount_to_invoice = fields.Monetary(string="To Invoice", compute="_compute_money", store=True)
    date_next_check = fields.Date(
        compute="_compute_money",
        # the daily job looks only at contracts where time alone changes a sum
        store=True,
        index="btree_not_null",
        export_string_translation=False,
    )

    _retention_percent_range = models.Constraint(
        "CHECK(retention_percent >= 0 AND retention_percent <= 100)",
        "The retention of a contract must lie between 0 and 100 %.",
    )
    _warranty_months_not_negative = models.Constraint(
        "CHECK(warranty_months >= 0)",
        "The warranty of a contract cannot be negative.",
    )
    _name_company_uniq = models.UniqueIndex(
        "(name, company_id)",
        "Another contract already has this number.",
    )

    # === COMPUTE === #

    @api.depends("order_ids.currency_id", "company_id")
    def _compute_currency_id(self):
        for contract in self:
            contract.currency_id = contract.order_ids.currency_id[:1] or contract.company_id.currency_id

    @api.depends("order_ids")
    def _compute_order_count(self):
        for contract in self:
            contract.order_count = len(contract.order_ids)

    @api.depends("move_ids")
    def _compute_invoice_count(self):
        counts = dict(
            self.env["account.move"]._read_group([("contract_id", "in", self.ids)], ["contract_id"], ["__count"])
        )
        for contract in self:
            contract.invoice_count = counts.get(contract._origin, 0)

    @api.depends("date_end", "warranty_months")
    def _compute_date_warranty_end(self):
        for contract in self:
            contract.date_warranty_end = (
                contract.date_end + relativedelta(months=contract.warranty_months)
                if contract.date_end and contract.warranty_months
                else False
            )

    @api.depends("order_ids.state", "order_ids.amount_untaxed", "order_ids.amount_total")
    def _compute_amount_total(self):
        for contract in self:
            orders = contract.order_ids.filtered(lambda order: order.state == "sale")
            contract.amount_untaxed = sum(orders.mapped("amount_untaxed"))
            contract.amount_total = sum(orders.mapped("amount_total"))

    @api.depends("amount_total", "instalment_ids.amount", "currency_id")
    def _compute_amount_planned(self):
        for contract in self:
            planned = sum(contract.instalment_ids.mapped("amount"))
            currency = contract.currency_id or contract.company_id.currency_id
            contract.amount_planned = currency.round(planned)
            contract.amount_left = currency.round(contract.amount_total - planned)

    @api.depends(
        "amount_total",
        "currency_id",
        # matches and states, not amounts: see ledger.py
        "move_ids.state",
        "move_ids.line_ids.matched_debit_ids",
        "move_ids.line_ids.matched_credit_ids",
        # until its day a retention is kept back
        "move_ids.instalment_id.date_due",
        "collection_ids.amount_open",
    )
    def _compute_money(self):
        money_by_move = read_money(self.move_ids)
        for contract in self:
            money = NO_MONEY
            for move in contract.move_ids:
                money = add_money(money, contract._convert_money(move, money_by_move[move]))
            collected = money.received + sum(contract.collection_ids.mapped("amount_open"))
            contract.amount_invoiced = money.invoiced
            contract.amount_collected = collected
            contract.amount_overdue = max(money.overdue, 0.0)
            contract.amount_to_invoice = contract.amount_total - money.invoiced
            contract.date_next_check = money.next_date

    @api.depends("partner_id", "date_start", "order_ids.state", "instalment_ids.trigger", "instalment_ids.trigger_date")
    def _compute_missing_data(self):
        for contract in self:
            missing = contract._get_missing_data()
            contract.missing_data = "\n".join(missing) or False
            contract.missing_list = [Missing.to_json(entry) for entry in missing]

    # === CONSTRAINT === #

    @api.constrains("date_start", "date_end")
    def _check_dates(self):
        for contract in self:
            if contract.date_start and contract.date_end and contract.date_end < contract.date_start:
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s ends before it starts: correct one of the two dates.",
                        contract=contract.name,
                    )
                )

    @api.constrains("instalment_ids")
    def _check_plan(self):
        """A plan may be unfinished while it is written; it may never ask for more than the contract."""
        for contract in self:
            # orders last: only a plan that asks too much needs to look for them
            if contract.amount_left < 0 and contract.order_ids:
                raise ValidationError(
                    self.env._(
                        "The payment plan of %(contract)s asks for %(amount)s more than the contract is worth: "
                        "lower an instalment.",
                        contract=contract.name,
                        amount=contract.currency_id.format(-contract.amount_left),
                    )
                )

    # === CRUD === #

    def write(self, vals):
        if "instalment_ids" in vals:
            # checked below, once all rows are written
            self = self.with_context(**{CONTEXT_CHECKED: frozenset(self.ids)})
        return super().write(vals)

    # === BUSINESS === #

    def _convert_money(self, move, money):
        """`money` of an invoice in the currency of the contract, at the date of the invoice."""
        self.ensure_one()
        if move.currency_id == self.currency_id:
            return money
        rate = move.currency_id._get_conversion_rate(
            move.currency_id, self.currency_id, move.company_id, move.invoice_date or move.date
        )
        return add_money(NO_MONEY, money, rate)

    def _get_missing_data(self):
        """What must be filled in before signing, one entry each. Other rooms add theirs.

        :return: list of `Missing`, which knows where to fill it in, or of plain sentences
        """
        self.ensure_one()
        missing = []
        if not self.partner_id:
            missing.append(Missing(self.env._("The client"), "partner_id"))
        if not self.order_ids:
            missing.append(self.env._("The order this contract comes from"))
        elif any(order.state != "sale" for order in self.order_ids):
            missing.append(self.env._("The confirmation of the order"))
        if not self.date_start:
            missing.append(Missing(self.env._("The start date"), "date_start"))
        if not self.instalment_ids:
            missing.append(Missing(self.env._("The payment plan"), "instalment_ids", "plan"))
        for instalment in self.instalment_ids:
            # rows without a day of their own count from the start: naming that is enough
            if instalment.trigger == "date" and not instalment.date_due and self.date_start:
                message = self.env._("The date of instalment “%(name)s”", name=instalment.name)
                missing.append(Missing(message, "instalment_ids", "plan"))
        return missing

    def _get_invoicing_user(self):
        """The person to tell about an instalment to invoice."""
        self.ensure_one()
        return self.user_invoicing_id or self.construction_type_id.user_invoicing_id or self.user_id

    def _get_amount_in_words(self):
        """The planned amount spelled in the language of the client."""
        self.ensure_one()
        lang = self.partner_id.lang or self.env.lang or "en_US"
        return self.currency_id._get_amount_in_words(self.amount_planned, lang)

    def _get_plan_rows(self):
        """The rows of the printed payment plan.

        :return: list of dicts (number, name, due, share, amount), texts in the language of the client
        """
        self.ensure_one()
        return [
            {
                "number": number,
                "name": row.name,
                "due": row._describe_due(),
                "share": self._format_share(row.amount),
                "amount": row.amount,
            }
            for number, row in enumerate(self.instalment_ids.sorted(lambda row: (row.sequence, row.id)), 1)
        ]

    def _format_share(self, amount):
        if not self.amount_total:
            return ""
        return format_percent(self.env, 100 * amount / self.amount_total)
