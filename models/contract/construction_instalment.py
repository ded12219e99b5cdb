from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ...core.contract.plan import PlanError, PlanRow, split
from .construction_contract import CONTEXT_CHECKED

BILLED_STATES = ("invoiced", "partial", "collected", "overdue")

# Sums of what is invoiced and collected, in whichever file.
EMPTY_SUMS = (
    "amount_booked",
    "amount_collected",
    "amount_invoiced",
    "amount_overdue",
    "amount_recouped_booked",
    "amount_retained",
    "amount_retention_released",
)
# What most rows have none of, in whichever file: not written where it is 0 anyway.
MOSTLY_ZERO = ("amount_recouped", "retention_percent")


class ConstructionInstalment(models.Model):
    """One row of a payment plan: what falls due when, and what the accounting says of it."""

    _name = "construction.instalment"
    _description = "Instalment"
    _inherit = ["construction.plan.row"]
    _order = "contract_id desc, sequence, id"

    contract_id = fields.Many2one("construction.contract", required=True, ondelete="cascade", index=True)
    # Stored: lists of instalments are filtered, grouped and protected by them. Computed, not related: a related
    # field is set row by row.
    company_id = fields.Many2one("res.company", compute="_compute_from_contract", store=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_from_contract", store=True)
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        compute="_compute_from_contract",
        store=True,
        index="btree_not_null",
    )
    partner_id = fields.Many2one("res.partner", string="Client", compute="_compute_from_contract", store=True)
    amount_booked = fields.Monetary(
        compute="_compute_amount_booked",
        # the plan splits around it
        store=True,
        export_string_translation=False,
        help="Total of the invoices of this instalment, drafts included, credit notes deducted.",
    )
    amount_fixed = fields.Monetary(
        string="Fixed Amount",
        help="What a row with a fixed amount asks for, taxes included.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        # summed in lists
        store=True,
        help="Taxes included. Follows the value of the contract until it is invoiced.",
    )
    trigger_date = fields.Date(string="Fixed Date", copy=False)
    date_event = fields.Date(
        string="Happened On",
        readonly=True,
        copy=False,
        help="The day the event happened this instalment waits for.",
    )
    date_due = fields.Date(
        string="Due On",
        compute="_compute_date_due",
        store=True,
        index=True,
        help="The day to invoice this instalment.",
    )
    date_expected = fields.Date(
        string="Expected On",
        compute="_compute_date_expected",
        # forecasts group by it
        store=True,
        index="btree_not_null",
        help="The best known day to invoice this instalment: the day it is due, or the day its event is planned for.",
    )
    invoice_ids = fields.One2many("account.move", "instalment_id", string="Invoices", readonly=True)
    collection_ids = fields.One2many("construction.collection", "instalment_id", readonly=True)
    activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        export_string_translation=False,
    )
    # Stored: lists sum and filter them; they follow the accounting by themselves.
    amount_invoiced = fields.Monetary(string="Invoiced", compute="_compute_money", store=True)
    amount_collected = fields.Monetary(
        string="Collected",
        compute="_compute_money",
        store=True,
        help="What the invoices received, by whichever road, and payments recorded here that wait for an invoice.",
    )
    amount_residual = fields.Monetary(string="To Collect", compute="_compute_money", store=True)
    amount_overdue = fields.Monetary(string="Overdue", compute="_compute_money", store=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("due", "To invoice"),
            ("invoiced", "Invoiced"),
            ("partial", "Partly collected"),
            ("collected", "Collected"),
            ("overdue", "Overdue"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_money",
        store=True,
        index=True,
    )
    date_next_check = fields.Date(
        compute="_compute_money",
        # the daily job looks only at rows where time alone changes the state
        store=True,
        index="btree_not_null",
        export_string_translation=False,
    )

    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0 AND amount_fixed >= 0)",
        "The amount of an instalment cannot be negative.",
    )
    # an overdue total over many thousand rows reads only these
    _overdue_idx = models.Index("(company_id, contract_id) WHERE state IN ('overdue')")

    # === COMPUTE === #

    @api.depends("contract_id.name", "name")
    def _compute_display_name(self):
        for instalment in self:
            instalment.display_name = f"{instalment.contract_id.name or ''} · {instalment.name or ''}"

    @api.depends("contract_id.company_id", "contract_id.currency_id", "contract_id.lead_id", "contract_id.partner_id")
    def _compute_from_contract(self):
        for contract, rows in self.grouped("contract_id").items():
            rows.company_id = contract.company_id
            rows.currency_id = contract.currency_id
            rows.lead_id = contract.lead_id
            rows.partner_id = contract.partner_id

    @api.depends("invoice_ids.state")
    def _compute_amount_booked(self):
        idle = self.filtered(lambda row: not row.invoice_ids)
        idle._set_zero("amount_booked")
        for instalment in self - idle:
            instalment.amount_booked = sum(
                instalment._convert_amount(move, -move.direction_sign * move._get_plan_total())
                for move in instalment._get_booked_moves()
            )

    @api.depends(
        "contract_id.amount_total",
        "contract_id.currency_id",
        "contract_id.instalment_ids.sequence",
        "contract_id.instalment_ids.amount_type",
        "contract_id.instalment_ids.percent",
        "contract_id.instalment_ids.amount_fixed",
        "contract_id.instalment_ids.amount_booked",
    )
    def _compute_amount(self):
        for contract, instalments in self.grouped("contract_id").items():
            rows = contract.instalment_ids | instalments
            rows = rows.sorted(lambda row: (row.sequence, row._origin.id or 0))
            amounts = dict(zip(rows, rows._split_contract(contract), strict=True))
            instalments._set_each("amount", [amounts[row] for row in instalments])

    # === CONSTRAINT === #

    @api.constrains("amount_type", "percent", "amount_fixed", "contract_id")
    def _check_plan(self):
        checked = self.env.context.get(CONTEXT_CHECKED)
        checked_ids = checked if isinstance(checked, frozenset) else ()
        self.contract_id.filtered(lambda contract: contract.id not in checked_ids)._check_plan()

    # === CRUD === #

    def init(self):
        """Nothing is invoiced of a new row: its sums are 0 in the database without being written, see `_set_zero`."""
        zero = (SQL("ALTER COLUMN %s SET DEFAULT 0", SQL.identifier(name)) for name in EMPTY_SUMS + MOSTLY_ZERO)
        self.env.cr.execute(SQL("ALTER TABLE %s %s", SQL.identifier(self._table), SQL(", ").join(zero)))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._translate_amount(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._translate_amount(vals)
        frozen = {"amount_type", "percent", "amount_fixed", "contract_id"} & vals.keys()
        if frozen:
            self._check_not_invoiced(frozen, vals)
        return super().write(vals)

    def unlink(self):
        # reason of sudo: the activity is the invoicing person's, collections are the accountant's
        self.sudo().activity_id.unlink()
        self.sudo().collection_ids._leave_instalment()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_money(self):
        # reason of sudo: a salesperson may not read every invoice or payment that forbids it
        for instalment in self.sudo():
            if instalment.invoice_ids.filtered(lambda move: move.state != "cancel"):
                reason = self.env._("it is invoiced")
            elif instalment.collection_ids.filtered("is_live"):
                reason = self.env._("money was received for it")
            elif instalment.collection_ids.filtered(lambda row: row.state == "to_confirm"):
                reason = self.env._("a payment for it waits to be confirmed")
            else:
                continue
            raise UserError(
                self.env._(
                    "Instalment “%(name)s” cannot be deleted: %(reason)s.",
                    name=instalment.name,
                    reason=reason,
                )
            )

    # === BUSINESS === #

    @api.model
    def _translate_amount(self, vals):
        """`amount` follows from the contract: given by a caller, it is what a fixed row asks for."""
        if "amount" not in vals:
            return vals
        vals = dict(vals)
        vals.setdefault("amount_fixed", vals.pop("amount"))
        return vals

    def _convert_amount(self, move, amount):
        """An amount of an invoice in the currency of the contract, at the date of the invoice."""
        self.ensure_one()
        if not amount or move.currency_id == self.currency_id:
            return amount
        return move.currency_id._convert(amount, self.currency_id, move.company_id, move.invoice_date or move.date)

    def _follow_invoices(self):
        """Read again what the invoices of these rows come to."""
        # not by @api.depends: that would stand behind every change of every invoice line of the database
        if self:
            # reason of sudo: the sums are the same for everybody
            self.sudo().modified(["invoice_ids"])

    def _get_booked_moves(self):
        """Invoices and credit notes that take their place in the plan, drafts included."""
        self.ensure_one()
        # a draft credit note is an intention, a draft invoice takes the place of another one
        return self.invoice_ids.filtered(
            lambda move: (
                move.is_sale_document()
                and (move.state == "posted" or (move.state == "draft" and move.move_type == "out_invoice"))
            )
        )

    def _get_coins(self):
        """What rounding to coins adds to the invoices of this row; it is no part of the plan."""
        self.ensure_one()
        return sum(
            self._convert_amount(move, -move.direction_sign * (move.amount_total - move._get_plan_total()))
            for move in self._get_booked_moves()
            if move.invoice_cash_rounding_id
        )

    def _get_booked_gross(self):
        """What the invoices of this row bill of the contract."""
        self.ensure_one()
        return self.amount_booked

    def _get_frozen_amount(self, currency):
        """What the plan takes as given on this row, or None while it is open."""
        gross = self._get_booked_gross()
        return gross if gross and currency.compare_amounts(gross, 0.0) > 0 else None

    def _split_contract(self, contract):
        """Amounts of these rows, all of one contract and in the order of the plan."""
        return self._split_shares(contract)

    def _split_shares(self, contract):
        """Shares of these rows in the value of the contract, to the cent."""
        currency = contract.currency_id or contract.company_id.currency_id or self.env.company.currency_id
        rows = [
            PlanRow(
                row.amount_type or "percent",
                row.amount_fixed if row.amount_type == "fixed" else row.percent,
                row._get_frozen_amount(currency),
            )
            for row in self
        ]
        try:
            return split(contract.amount_total, rows, currency.rounding or 0.01).amounts
        except PlanError as error:
            row = self[error.row]
            raise ValidationError(
                self.env._(
                    "Instalment “%(name)s” of %(contract)s cannot ask for %(value)s: "
                    "use a positive amount, or a percentage up to 100.",
                    name=row.name,
                    contract=contract.name,
                    value=error.amount,
                )
            ) from None

    def _set_zero(self, *names):
        """Set amounts to zero where they are not, all rows at once: one by one is what makes a long plan slow."""
        for name in names:
            for rows in self.filtered(name).grouped("currency_id").values():
                rows[name] = 0.0

    def _set_each(self, name, values):
        """Give each row its value, rows alike at once: see `_set_zero`."""
        # amounts are rounded by their currency: rows of one contract, the usual case, have just one
        if self._fields[name].type != "monetary" or len(self.currency_id) <= 1:
            groups = [(self._ids, values)]
        else:
            value_of = dict(zip(self._ids, values, strict=True))
            by_currency = self.grouped("currency_id").values()
            groups = [(rows._ids, [value_of[id_] for id_ in rows._ids]) for rows in by_currency]
        for ids, group_values in groups:
            alike = {}
            for id_, value in zip(ids, group_values, strict=True):
                alike.setdefault(value, []).append(id_)
            for value, alike_ids in alike.items():
                rows = self.browse(alike_ids)
                if name in MOSTLY_ZERO and not value:
                    rows._set_zero(name)
                else:
                    rows[name] = value

    def _check_not_invoiced(self, frozen, vals):
        for instalment in self:
            changed = [
                name
                for name in frozen
                if instalment._fields[name].convert_to_write(instalment[name], instalment) != vals[name]
            ]
            if changed and instalment.state in BILLED_STATES:
                raise UserError(
                    self.env._(
                        "Instalment “%(name)s” is invoiced: its amount can no longer be changed.",
                        name=instalment.name,
                    )
                )
