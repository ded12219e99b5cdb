from odoo import api, fields, models
from odoo.exceptions import UserError

from ..pipeline.compute_again import compute_again


class AccountMove(models.Model):
    _inherit = "account.move"

    instalment_id = fields.Many2one(
        "construction.instalment",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    # Stored: accountants group and filter their invoices by them.
    contract_id = fields.Many2one(
        "construction.contract",
        compute="_compute_contract_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
    )
    invoice_kind = fields.Selection(
        [
            ("advance", "Advance"),
            ("progress", "Progress"),
            ("final", "Final"),
            ("retention", "Retention"),
            ("other", "Other"),
        ],
        string="Kind of Invoice",
        compute="_compute_invoice_kind",
        store=True,
        readonly=False,
        copy=False,
        help="What this invoice is in the payment plan of its contract.",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Deal",
        compute="_compute_lead_id",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="The deal this invoice belongs to, where it is just one.",
    )
    # Stock counts payments as the user, who need not see them: salespeople could not open their clients' invoices.
    payment_count = fields.Integer(compute_sudo=True)
    lead_ids = fields.Many2many("crm.lead", string="Deals", compute="_compute_lead_ids", search="_search_lead_ids")

    # === COMPUTE === #

    # Through line_ids: to read invoice_line_ids is a search, which makes stock write its lines twice.
    @api.depends("instalment_id.contract_id", "line_ids.sale_line_ids.order_id.contract_id")
    def _compute_contract_id(self):
        for move in self:
            contracts = move.instalment_id.contract_id
            if not contracts and move.move_type in ("out_invoice", "out_refund"):
                # straight to the orders: lines of large invoices share a few
                contracts = move.line_ids.sale_line_ids.order_id.contract_id
            move.contract_id = contracts if len(contracts) == 1 else False

    @api.depends("instalment_id.kind", "contract_id")
    def _compute_invoice_kind(self):
        for move in self:
            move.invoice_kind = move.instalment_id.kind or (move.contract_id and "other")

    @api.depends("line_ids.lead_id")
    def _compute_lead_id(self):
        for move in self:
            leads = move.line_ids.lead_id
            move.lead_id = leads if len(leads) == 1 else False

    @api.depends("line_ids.lead_id")
    def _compute_lead_ids(self):
        for move in self:
            move.lead_ids = move.line_ids.lead_id

    def _search_lead_ids(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        domain = [("invoice_line_ids.lead_id", operator, value)]
        if operator == "in" and False in value:
            domain = ["|", ("invoice_line_ids", "not any", [("lead_id", "!=", False)]), *domain]
        return domain

    # === BUSINESS === #

    def _refresh_construction_money(self):
        """Recompute what of instalments, contracts and deals hangs on these invoices."""
        # reason of sudo: the sums are the same for everybody
        for records, field in (
            (self.sudo().instalment_id, "state"),
            (self.sudo().contract_id, "amount_overdue"),
            (self.sudo().line_ids.lead_id, "amount_overdue"),
        ):
            # all the fields of the compute: whichever is read first must not come from before
            computed = self.pool.field_computed[records._fields[field]]
            compute_again(records, *(other.name for other in computed))

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """A credit note belongs to the instalment of its invoice."""
        default_values_list = default_values_list or [{} for _move in self]
        for move, default_values in zip(self, default_values_list, strict=True):
            if move.instalment_id:
                default_values["instalment_id"] = move.instalment_id.id
        return super()._reverse_moves(default_values_list=default_values_list, cancel=cancel)

    def _post(self, soft=True):
        """The plan follows what is billed."""
        self._link_plan_lines()
        posted = super()._post(soft)
        posted._tell_plan_left()
        posted.instalment_id._finish_activity()
        return posted

    @api.model
    def _get_deal_weights(self, moves):
        """How invoices split over the deals of their lines, taxes included.

        :param moves: query on account.move
        :return: dict of move → dict of lead id (False: lines of no deal) → (running share before it, with it)
        """
        rows = self.env["account.move.line"]._read_group(
            [("move_id", "in", moves), ("display_type", "=", "product")],
            ["move_id", "lead_id"],
            ["price_total:sum"],
        )
        totals = {}
        for move, lead, total in rows:
            totals.setdefault(move, {})[lead.id] = total
        weights = {}
        for move, by_lead in totals.items():
            whole = sum(by_lead.values())
            running = 0.0
            weights[move] = {}
            # lines of no deal first: the odd cent goes to the last deal
            for lead_id in sorted(by_lead, key=lambda lead_id: lead_id or 0):
                before = running
                running += by_lead[lead_id]
                weights[move][lead_id] = (before / whole, running / whole) if whole else (0.0, 0.0)
        return weights

    # === ACTION === #

    def action_collect(self):
        """Record what the client paid on the instalment of this invoice.

        :raises AccessError: without invoicing rights
        :raises UserError: all is collected, or the invoice is of no payment plan
        """
        self.ensure_one()
        if not self.instalment_id:
            raise UserError(
                self.env._(
                    "Invoice %(invoice)s belongs to no payment plan: use Pay instead.", invoice=self.display_name
                )
            )
        return self.instalment_id.action_collect()

    def action_view_contract(self):
        self.ensure_one()
        return self.contract_id._get_records_action(name=self.env._("Contract"))

    def action_view_lead(self):
        """The deal, or the deals, of this invoice."""
        self.ensure_one()
        return self.lead_ids._get_records_action(name=self.env._("Deals"))
