from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.contract.periods import count_periods

# More rows than any client reads; a wrong number typed must not make a million of them.
MOST_ROWS = 600


class ConstructionPlanMake(models.TransientModel):
    """Asks how a payment plan is to be made; the contract makes it."""

    _name = "construction.plan.make"
    _description = "Make Payment Plan"

    contract_id = fields.Many2one("construction.contract", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="contract_id.company_id")
    retention_method = fields.Selection(related="contract_id.retention_method")
    method = fields.Selection(
        [
            ("periods", "By periods"),
            ("deliveries", "By deliveries"),
            ("template", "From a template"),
            ("none", "No plan: one-off sale"),
        ],
        string="Plan",
        compute="_compute_method",
        store=True,
        readonly=False,
        help="By periods: equal parts by dates, for services. By deliveries: one instalment for each row of the "
        "delivery plan, by its value. One-off sale: no plan, money is collected on the contract itself.",
    )
    template_id = fields.Many2one(
        "construction.plan.template",
        domain="[('company_id', 'in', (company_id, False))]",
        compute="_compute_template_id",
        store=True,
        readonly=False,
    )
    period = fields.Selection(
        [("month", "Months"), ("quarter", "Quarters"), ("week", "Weeks")], default="month", required=True
    )
    every = fields.Integer(default=1, help="So many weeks, months or quarters from one instalment to the next.")
    date_first = fields.Date(string="First Day", compute="_compute_date_first", store=True, readonly=False)
    count = fields.Integer(
        string="Number of Instalments",
        compute="_compute_count",
        # proposed: until the end of the contract
        store=True,
        readonly=False,
    )
    advance_percent = fields.Float(string="Advance (%)", digits=(5, 2), help="Asked for at signature.")
    retention_percent = fields.Float(
        string="Retention (%)",
        digits=(5, 2),
        compute="_compute_retention_percent",
        store=True,
        readonly=False,
        help="Kept back until the end of the warranty; without a warranty, until the handover.",
    )
    content = fields.Html(string="Preview", compute="_compute_content", sanitize=False)
    lacks_retention_row = fields.Boolean(compute="_compute_content", export_string_translation=False)

    # === COMPUTE === #

    @api.depends("contract_id")
    def _compute_method(self):
        for wizard in self:
            contract = wizard.contract_id
            if contract.kind == "product" and contract.delivery_ids:
                wizard.method = "deliveries"
            else:
                wizard.method = "template" if contract.construction_type_id.plan_template_id else "periods"

    @api.depends("contract_id")
    def _compute_template_id(self):
        for wizard in self:
            wizard.template_id = wizard.contract_id.construction_type_id.plan_template_id

    @api.depends("contract_id")
    def _compute_date_first(self):
        for wizard in self:
            wizard.date_first = wizard.contract_id.date_start or fields.Date.context_today(wizard)

    @api.depends("contract_id")
    def _compute_retention_percent(self):
        for wizard in self:
            wizard.retention_percent = wizard.contract_id._get_plan_retention() if wizard.contract_id else 0.0

    @api.depends("contract_id", "period", "every", "date_first")
    def _compute_count(self):
        for wizard in self:
            end = wizard.contract_id.date_end
            if end and wizard.date_first and wizard.every > 0:
                wizard.count = count_periods(wizard.date_first, end, wizard.period, wizard.every, MOST_ROWS)
            else:
                wizard.count = wizard.count or 12

    @api.depends(
        "method", "template_id", "period", "every", "date_first", "count", "advance_percent", "retention_percent"
    )
    def _compute_content(self):
        for wizard in self:
            wizard.lacks_retention_row = False
            try:
                rows = wizard._prepare_rows()
                wizard.content = wizard._render_preview(rows)
                wizard.lacks_retention_row = wizard._lacks_retention_row(rows)
            except UserError as error:
                wizard.content = Markup('<div class="alert alert-warning">%s</div>') % str(error)

    # === ACTION === #

    def action_make(self):
        """Put the plan in the place of the rows that are not invoiced."""
        self.ensure_one()
        self.contract_id._replace_plan(self._prepare_rows())
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    def _prepare_rows(self):
        """Values of the instalments this would make, texts in the language of the client.

        :raises UserError: what was asked makes no plan
        """
        self.ensure_one()
        contract = self.contract_id
        contract = contract.with_context(lang=contract.partner_id.lang or self.env.lang)
        if self.method == "none":
            return []
        if self.method == "template":
            return contract._prepare_template_rows(self.template_id)
        if self.advance_percent < 0 or self.retention_percent < 0:
            raise UserError(self.env._("Advance and retention cannot be negative."))
        if self.retention_percent and self.retention_method == "withheld":
            raise UserError(
                self.env._("The retention of this contract is kept back of each invoice: leave its percentage empty.")
            )
        if self.method == "deliveries":
            return contract._prepare_delivery_rows(self.advance_percent, self.retention_percent)
        if not self.date_first or not 1 <= self.count <= MOST_ROWS or not 1 <= self.every <= 120:
            raise UserError(
                self.env._(
                    "Choose a first day, from 1 to %(most)s instalments, and from 1 to 120 periods between them.",
                    most=MOST_ROWS,
                )
            )
        return contract._prepare_period_rows(
            self.period, self.every, self.count, self.date_first, self.advance_percent, self.retention_percent
        )

    def _lacks_retention_row(self, rows):
        kept = self.contract_id._get_kept_instalments().mapped("kind")
        return bool(rows) and self.contract_id._is_retention_lost([*kept, *(row.get("kind") for row in rows)])

    def _render_preview(self, rows):
        contract = self.contract_id
        if not rows:
            return False
        cell = Markup("<tr><td>%s</td><td>%s</td><td class='text-end'>%s</td></tr>")
        lines = [
            cell % (name, format_date(self.env, day) if day else "", contract.currency_id.format(amount))
            for name, day, amount in contract._preview_rows(rows)
        ]
        return Markup('<table class="table table-sm mb-0"><tbody>%s</tbody></table>') % Markup("").join(lines)
