from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.estimate.construction_recipe_cost import COST_GROUP
from ...models.quote.sale_order_target import TOTAL, UNTAXED


class ConstructionQuoteTarget(models.TransientModel):
    """The total a quote is to come to, and the chapters that stay as they are."""

    _name = "construction.quote.target"
    _description = "Reach a Total"

    order_id = fields.Many2one("sale.order", string="Quote", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="order_id.currency_id")
    kind = fields.Selection(
        [(UNTAXED, "Tax excluded"), (TOTAL, "Tax included")],
        string="The Total Is",
        default=UNTAXED,
        required=True,
    )
    amount = fields.Monetary(
        string="Target",
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What the whole quote is to come to.",
    )
    line_ids = fields.One2many("construction.quote.target.line", "wizard_id", string="Chapters")
    amount_untaxed_before = fields.Monetary(related="order_id.amount_untaxed", string="Untaxed Now")
    amount_total_before = fields.Monetary(related="order_id.amount_total", string="With Taxes Now")
    amount_untaxed_after = fields.Monetary(string="Untaxed Then", compute="_compute_solution")
    amount_total_after = fields.Monetary(string="With Taxes Then", compute="_compute_solution")
    change_percent = fields.Float(
        string="What Is Not Locked Changes By (%)",
        compute="_compute_solution",
        digits=(16, 2),
    )
    row_amount = fields.Monetary(
        string="Row “Rounding”",
        compute="_compute_solution",
        help="What rounding of the prices leaves over; it stands in a row of its own behind the last line changed.",
    )
    difference = fields.Monetary(
        string="Difference That Remains",
        compute="_compute_solution",
        help="What the quote still differs from the target, because taxes are rounded, too.",
    )
    margin_percent_before = fields.Float(
        string="Margin Now (%)", compute="_compute_margins", digits=(16, 2), groups=COST_GROUP
    )
    margin_percent_after = fields.Float(
        string="Margin Then (%)", compute="_compute_margins", digits=(16, 2), groups=COST_GROUP
    )
    warning = fields.Char(compute="_compute_solution")

    # === COMPUTE === #

    @api.depends("order_id", "kind")
    def _compute_amount(self):
        for wizard in self:
            order = wizard.order_id
            wizard.amount = order.amount_total if wizard.kind == TOTAL else order.amount_untaxed

    @api.depends("amount", "kind", "line_ids.is_locked")
    def _compute_solution(self):
        for wizard in self:
            solution, wizard.warning = wizard._try()
            wizard.amount_untaxed_after = solution.untaxed if solution else 0.0
            wizard.amount_total_after = solution.total if solution else 0.0
            wizard.change_percent = 100 * (solution.factor - 1) if solution else 0.0
            wizard.row_amount = solution.row_subtotal if solution else 0.0
            wizard.difference = solution.rest if solution else 0.0

    @api.depends("amount_untaxed_after")
    def _compute_margins(self):
        for wizard in self:
            order = wizard.order_id.sudo()  # sudo: the fields are for those who see costs
            cost = order.amount_untaxed - order.margin
            after = wizard.amount_untaxed_after
            wizard.margin_percent_before = 100 * order.margin_percent
            wizard.margin_percent_after = 100 * (after - cost) / after if after else 0.0

    # === ACTION === #

    def action_apply(self):
        """Change the prices as shown."""
        self.ensure_one()
        self.order_id._reach_target(self.amount, self.kind, self._get_locked())
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS === #

    @api.model
    def _open_for(self, order):
        """Give the wizard of a quote, with a row for each of its chapters."""
        vals_list = []
        for section, lines in self._get_sections(order).items():
            vals_list.append(
                {
                    "section_id": section,
                    "amount_before": order.currency_id.round(sum(lines.mapped("price_subtotal"))),
                }
            )
        return self.create({"order_id": order.id, "line_ids": [fields.Command.create(vals) for vals in vals_list]})

    @api.model
    def _get_sections(self, order):
        """Give the priced lines of each section of a quote, by its id; those outside of sections by False."""
        found, section = {}, False
        for line in order.order_line.sorted(lambda line: (line.sequence, line.id)):
            if line.display_type == "line_section":
                section = line.id
                found.setdefault(section, line.browse())
            elif not line.display_type:
                found[section] = found.get(section, line.browse()) | line
        return found

    def _get_locked(self):
        """Give the ids of the sections that stay; False for the lines outside of sections."""
        return {line.section_id.id for line in self.line_ids if line.is_locked}

    def _try(self):
        """Give the solution, or why there is none."""
        order = self.order_id._origin
        if not order:
            return None, False
        try:
            return order._solve_target(self.amount, self.kind, self._get_locked()), False
        except UserError as error:
            return None, error.args[0]

    def _add_up(self, solution):
        """Give what each section comes to then."""
        order = self.order_id._origin
        totals = {}
        for section, lines in self._get_sections(order).items():
            amount = sum(solution.subtotals.get(line, 0.0) for line in lines)
            if solution.row_line in lines:
                amount += solution.row_subtotal
            totals[section] = order.currency_id.round(amount)
        return totals


class ConstructionQuoteTargetLine(models.TransientModel):
    """One chapter of a quote that is brought to a total."""

    _name = "construction.quote.target.line"
    _description = "Chapter on the Way to a Total"
    _order = "id"

    wizard_id = fields.Many2one("construction.quote.target", required=True, ondelete="cascade", index=True)
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    section_id = fields.Many2one("sale.order.line", string="Chapter", readonly=True, ondelete="cascade")
    number = fields.Char(related="section_id.chapter_number", string="No.")
    name = fields.Char(string="Description", compute="_compute_name")
    is_locked = fields.Boolean(string="Locked", help="The chapter keeps its prices.")
    amount_before = fields.Monetary(string="Now", readonly=True)
    amount_after = fields.Monetary(string="Then", compute="_compute_amount_after")

    @api.depends("section_id")
    def _compute_name(self):
        for line in self:
            name = (line.section_id.name or "").strip().partition("\n")[0]
            line.name = name or self.env._("Lines outside of chapters")

    @api.depends("wizard_id.amount", "wizard_id.kind", "wizard_id.line_ids.is_locked")
    def _compute_amount_after(self):
        for wizard, lines in self.grouped("wizard_id").items():
            solution, _warning = wizard._try()
            amounts = wizard._add_up(solution) if solution else {}
            for line in lines:
                line.amount_after = amounts.get(line.section_id.id, 0.0)
