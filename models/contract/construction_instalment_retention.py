from odoo import api, fields, models
from odoo.exceptions import UserError

from .account_move_retention import RETAINED_KINDS
from .construction_contract import LIVE_STATES
from .construction_instalment import BILLED_STATES
from .ledger import NO_MONEY, add_money, read_money


class ConstructionInstalment(models.Model):
    """What the client keeps back of an instalment.

    An instalment of which only the kept back part is open stays “Partly collected”, with what is kept back told
    beside: “Collected” means for everybody that the ledger has all of it, and what is released later must be able
    to become overdue without a row coming back to life.
    """

    _inherit = "construction.instalment"

    retention_percent = fields.Float(
        string="Retention (%)",
        digits=(5, 2),
        compute="_compute_retention_percent",
        # may differ from the contract's
        store=True,
        readonly=False,
        help="Share the client keeps back of the invoice of this instalment. Follows the contract.",
    )
    amount_retained = fields.Monetary(
        string="Kept Back",
        compute="_compute_money",
        store=True,
        help="What the client keeps back and was not released yet.",
    )
    amount_retention_released = fields.Monetary(string="Retention Released", compute="_compute_money", store=True)

    _retention_percent_range = models.Constraint(
        "CHECK(retention_percent >= 0 AND retention_percent <= 100)",
        "The retention of an instalment must lie between 0 and 100 %.",
    )

    # === COMPUTE === #

    @api.depends("contract_id.retention_percent", "contract_id.retention_method", "kind")
    def _compute_retention_percent(self):
        self._set_each("retention_percent", [instalment._get_retention_percent() for instalment in self])

    def _compute_money(self):  # pylint: disable=missing-return
        super()._compute_money()
        plain = self.filtered(
            lambda row: row.kind != "retention" and not (row.invoice_ids and row.contract_id.retention_method != "row")
        )
        plain._set_zero("amount_retained", "amount_retention_released")
        for instalment in self - plain:
            if instalment.kind == "retention":
                instalment._set_retention_row()
            else:
                instalment._set_withheld()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        """A retention row asks for the retention of its contract, unless it says how much itself."""
        contracts = self.env["construction.contract"]
        vals_list = [
            contracts.browse(vals.get("contract_id"))._fill_retention([vals])[0]
            if vals.get("kind") == "retention"
            else vals
            for vals in vals_list
        ]
        return super().create(vals_list)

    # === BUSINESS === #

    def _get_retention_percent(self):
        """The percentage the client keeps back of this row: by its contract, until it is invoiced."""
        self.ensure_one()
        if self.state in BILLED_STATES:
            return self.retention_percent
        is_kept_back = self.contract_id.retention_method == "withheld" and self.kind in RETAINED_KINDS
        return self.contract_id.retention_percent if is_kept_back else 0.0

    def _set_retention_row(self):
        """A row of the kind Retention is kept back until its day, invoiced or not."""
        is_live = self.contract_id.state in LIVE_STATES
        is_released = self.date_due and self.date_due <= fields.Date.context_today(self)
        open_amount = max(self.amount_residual, 0.0)
        self.amount_retained = open_amount if is_live and not is_released else 0.0
        self.amount_retention_released = self.amount if is_live and is_released else 0.0

    def _set_withheld(self):
        money = NO_MONEY
        moves = self.invoice_ids.filtered(lambda move: move.state == "posted")
        for move, move_money in read_money(moves).items():
            money = add_money(money, self.contract_id._convert_money(move, move_money))
        self.amount_retained = money.retained
        self.amount_retention_released = money.released

    def _check_can_invoice(self, open_rows=None):
        """A retention of its own waits for what holds it."""
        result = super()._check_can_invoice(open_rows)
        holds = self.contract_id._get_release_holds() if self.kind == "retention" else []
        if holds:
            raise UserError(
                self.env._(
                    "Retention “%(name)s” cannot be invoiced:\n%(holds)s",
                    name=self.name,
                    holds="\n".join(f"- {hold}" for hold in holds),
                )
            )
        return result

    def _get_open_receivables(self, early=False):
        """What is due is collected first; what is kept back when nothing else is open, or the client pays it early."""
        lines = super()._get_open_receivables(early)
        return lines if early else lines.filtered(lambda line: not line._is_kept_back()) or lines

    def _get_kept_back(self):
        """Receivable lines the client may still keep back."""
        self.ensure_one()
        return self._get_open_receivables(early=True).filtered(lambda line: line._is_kept_back())

    def _asks_only_kept_back(self):
        """Whether all that is open of the invoices of this row is what the client keeps back."""
        lines = self._get_open_receivables()
        return bool(lines) and all(line._is_kept_back() for line in lines)

    # === CRON === #

    def _cron_update_due(self):
        has_time = super()._cron_update_due()
        if has_time:
            self.env["construction.contract"]._cron_release_retention()
        else:
            # a job with nothing left is not called again, and the release is still to do
            self.env["ir.cron"]._commit_progress(remaining=1)
        return has_time
