from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.contract.retention import HANDOVER, PARTS, get_room, spread_retention
from .construction_instalment import BILLED_STATES

# Where nobody knows when a part is released, or the planned day has passed, its due date stays this far ahead.
UNKNOWN_RELEASE = relativedelta(years=1)
LATE_RELEASE = timedelta(days=30)
RELEASE_FIELDS = {part: f"date_released_{part}" for part in PARTS}
RETENTION_METHODS = [("row", "One instalment of its own"), ("withheld", "Kept back of each invoice")]
RETENTION_BASES = [("total", "With taxes"), ("untaxed", "Without taxes")]
METHOD_HELP = (
    "One instalment of its own: the payment plan has a row of the kind Retention, invoiced when it is released. "
    "Kept back of each invoice: progress and final invoices bill in full, and part of each is due only once released."
)
CAP_HELP = "The most the client may keep back in all, in % of the contract value. 0: no limit."
RELEASE_HELP = "Share of the retention released at handover; the rest is released at the end of the warranty."


class ConstructionContract(models.Model):
    """What the client keeps back: how much, of what, until when."""

    _inherit = "construction.contract"

    retention_method = fields.Selection(RETENTION_METHODS, default="row", required=True, help=METHOD_HELP)
    retention_base = fields.Selection(
        RETENTION_BASES,
        string="Retention Taken Of",
        default="total",
        required=True,
        help="What the percentage kept back of an invoice is taken of.",
    )
    retention_cap_percent = fields.Float(string="Retention Limit (%)", digits=(5, 2), help=CAP_HELP)
    retention_release_percent = fields.Float(
        string="Released at Handover (%)", digits=(5, 2), default=50.0, help=RELEASE_HELP
    )
    retention_account_id = fields.Many2one(
        "account.account",
        # read by accountants only; `copy` takes it over
        copy=False,
        check_company=True,
        domain="[('account_type', '=', 'asset_receivable'), ('reconcile', '=', True)]",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="Receivable account of what is kept back. Empty: the one of the company, else that of the client.",
    )
    retention_hold_reason = fields.Char(
        string="Retention Held Because",
        tracking=True,
        copy=False,
        help="While a reason is given here, no part of the retention is released.",
    )
    date_released_handover = fields.Date(string="Released at Handover On", readonly=True, copy=False)
    date_released_warranty = fields.Date(string="Released After Warranty On", readonly=True, copy=False)
    is_retention_waiting = fields.Boolean(
        string="Release Waits",
        readonly=True,
        copy=False,
        help="A part of the retention could be released, but something holds it.",
    )
    retention_holds = fields.Text(compute="_compute_retention_holds")
    lacks_retention_row = fields.Boolean(compute="_compute_lacks_retention_row", export_string_translation=False)
    amount_retained = fields.Monetary(
        string="Kept Back",
        compute="_compute_retained",
        store=True,
        help="What the client keeps back and was not released yet.",
    )
    amount_retention_released = fields.Monetary(
        string="Retention Released",
        compute="_compute_retained",
        store=True,
        help="What was kept back of invoices and is released, paid or not.",
    )

    _retention_cap_percent_range = models.Constraint(
        "CHECK(retention_cap_percent >= 0 AND retention_cap_percent <= 100)",
        "The limit of a retention must lie between 0 and 100 %.",
    )
    _retention_release_percent_range = models.Constraint(
        "CHECK(retention_release_percent >= 0 AND retention_release_percent <= 100)",
        "The share released at handover must lie between 0 and 100 %.",
    )

    # === COMPUTE === #

    @api.depends("instalment_ids.amount_retained", "instalment_ids.amount_retention_released")
    def _compute_retained(self):
        # apart from `_compute_money`: the ledger need not be read again because the plan was edited
        for contract in self:
            contract.amount_retained = sum(contract.instalment_ids.mapped("amount_retained"))
            contract.amount_retention_released = sum(contract.instalment_ids.mapped("amount_retention_released"))

    @api.depends("retention_hold_reason")
    def _compute_retention_holds(self):
        for contract in self:
            contract.retention_holds = "\n".join(contract._get_release_holds()) or False

    @api.depends("retention_percent", "retention_method", "instalment_ids.kind", "instalment_ids.state")
    def _compute_lacks_retention_row(self):
        for contract in self:
            rows = contract.instalment_ids
            contract.lacks_retention_row = contract._is_retention_lost(rows.mapped("kind")) and not all(
                row.state in BILLED_STATES for row in rows
            )

    # === CONSTRAINT === #

    @api.constrains("retention_method")
    def _check_retention_method(self):
        """The method of what was invoiced stays: half an account by one method and half by the other is none."""
        # reason of sudo: a salesperson may not read every invoice
        for contract in self.sudo():
            lines = contract._get_retention_lines()
            if contract.retention_method == "row" and lines:
                raise ValidationError(
                    self.env._(
                        "Contract %(contract)s keeps back of invoice %(invoice)s already: "
                        "its retention can no longer become an instalment of its own.",
                        contract=contract.name,
                        invoice=lines[0].move_id.name,
                    )
                )

    # === CRUD === #

    def copy(self, default=None):
        """The copy books what is kept back as the original does, whoever copies."""
        copies = super().copy(default)
        # reason of sudo: salespeople copy contracts, accounts are not theirs
        for contract, copied in zip(self.sudo(), copies.sudo(), strict=True):
            if contract.retention_account_id and "retention_account_id" not in (default or {}):
                copied.retention_account_id = contract.retention_account_id
        return copies

    def write(self, vals):
        """Dates of the works move what is kept back; a hold that is lifted releases what waited for it."""
        result = super().write(vals)
        withheld = self.filtered(lambda contract: contract.retention_method == "withheld")
        if withheld and {"date_end", "warranty_months"} & vals.keys():
            withheld._move_retention_dates()
        if withheld and "retention_hold_reason" in vals:
            withheld.filtered("is_retention_waiting")._release_reached_parts()
        return result

    # === BUSINESS === #

    def _get_plan_retention(self):
        """What is kept back of each invoice needs no row of its own."""
        return super()._get_plan_retention() if self.retention_method == "row" else 0.0

    def _is_retention_lost(self, kinds):
        """Whether a plan of rows of these kinds keeps back nothing of what this contract says is kept back."""
        self.ensure_one()
        return bool(kinds and self.retention_percent and self.retention_method == "row" and "retention" not in kinds)

    def _prepare_template_rows(self, template):
        rows = super()._prepare_template_rows(template)
        return rows if self.retention_method == "row" else spread_retention(rows, self.retention_percent)

    def _fill_retention(self, rows):
        rows = [dict(values) for values in super()._fill_retention(rows)]
        if self.retention_method == "row":
            for values in rows:
                is_share = values.get("kind") == "retention" and values.get("amount_type", "percent") == "percent"
                if is_share and not values.get("percent"):
                    values["percent"] = self.retention_percent
        return rows

    def _get_released_parts(self):
        return [part for part in PARTS if self._get_release_date(part)]

    def _get_release_date(self, part):
        """The day a part was released, empty where it is still kept back."""
        return self[RELEASE_FIELDS[part]]

    def _get_release_percent(self):
        """Share released at handover; without a warranty all of it is."""
        self.ensure_one()
        return self.retention_release_percent if self.warranty_months else 100.0

    def _get_planned_release(self, part):
        """The due date of a part not released yet: always ahead, so that nobody calls it overdue."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        planned = self.date_end if part == HANDOVER else self.date_warranty_end
        if not planned:
            return today + UNKNOWN_RELEASE
        return max(planned, today + LATE_RELEASE) if planned <= today else planned

    def _get_retention_room(self, move):
        """What the cap leaves to keep back of an invoice, in its currency; None without a cap."""
        self.ensure_one()
        if not self.retention_cap_percent:
            return None
        value = self.amount_untaxed if self.retention_base == "untaxed" else self.amount_total
        others = self._get_retention_lines().filtered(lambda line: line.move_id != move._origin)
        kept = sum(self._convert_retention(line.move_id, line.amount_currency) for line in others)
        room = get_room(value, self.retention_cap_percent, kept, self.currency_id.rounding)
        if move.currency_id == self.currency_id:
            return room
        day = move.invoice_date or move.date or fields.Date.context_today(self)
        return self.currency_id._convert(room, move.currency_id, self.company_id, day)

    def _convert_retention(self, move, amount):
        """An amount of an invoice in the currency of the contract, at the date of the invoice."""
        if move.currency_id == self.currency_id:
            return amount
        return move.currency_id._convert(amount, self.currency_id, self.company_id, move.invoice_date or move.date)

    def _get_retention_lines(self, parts=PARTS):
        """Posted receivable lines of what was kept back, credit notes included."""
        return self.env["account.move.line"].search(
            [
                ("move_id.contract_id", "in", self.ids),
                ("retention_part", "in", list(parts)),
                ("parent_state", "=", "posted"),
            ],
            order="date, id",
        )

    def _move_retention_dates(self):
        """What is kept back is due when it is planned to be released."""
        for contract in self:
            # reason of sudo: who plans the works need not read invoices
            for line in contract.sudo()._get_retention_lines().filtered(lambda line: not line.reconciled):
                if line._is_kept_back():
                    planned = contract._get_planned_release(line.retention_part)
                    if line.date_maturity != planned:
                        line.date_maturity = planned
