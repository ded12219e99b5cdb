from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.estimate import pricing
from .construction_recipe_cost import COST_GROUP
from .price_book import PRICE_GROUPS
from .res_company import PRICE_SOURCES


class ConstructionEvaluation(models.Model):
    """How the prices of a sheet are built up from cost."""

    _inherit = "construction.evaluation"

    price_source = fields.Selection(
        [*PRICE_SOURCES, ("given", "As given")],
        string="Prices From",
        compute="_compute_price_source",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        groups=PRICE_GROUPS,
    )
    markup_ids = fields.One2many(
        "construction.markup",
        "evaluation_id",
        string="Markups of This Sheet",
        copy=True,
        groups=COST_GROUP,
        help="Empty: the markups of the construction type hold, else those of the company.",
    )
    amount_cost = fields.Monetary(
        string="Direct Cost",
        compute="_compute_buildup",
        groups=COST_GROUP,
        help="What all components cost at today's costs.",
    )
    margin_percent = fields.Float(
        string="Margin (%)",
        compute="_compute_buildup",
        digits=(16, 2),
        groups=COST_GROUP,
        help="Share of the total that is not direct cost.",
    )
    buildup_chain = fields.Html(
        string="From Cost to Price",
        compute="_compute_buildup",
        groups=COST_GROUP,
    )

    # === COMPUTE === #

    @api.depends("company_id")
    def _compute_price_source(self):
        for sheet in self:
            if not sheet._is_locked():
                sheet.price_source = sheet.company_id.construction_price_source or "catalogue"

    @api.depends("amount_total", "price_source", "markup_ids.percent", "line_ids.quantity")
    def _compute_buildup(self):
        for sheet in self:
            costs = sheet._get_direct_costs()
            cost, total = sum(costs.values()), sheet.amount_total
            sheet.amount_cost = sheet.currency_id.round(cost)
            sheet.margin_percent = (total - cost) / total * 100 if total else 0.0
            sheet.buildup_chain = sheet._render_chain(costs)

    # === CRUD === #

    def copy(self, default=None):
        """Copy the markups too, be they secret to whoever makes the copy."""
        self.check_access("read")
        self.browse().check_access("create")
        self._check_lead_readable(default or {})
        self.lead_id.check_access("read")
        # sudo: the markups go from the sheet to its copy and are shown to nobody.
        return super(ConstructionEvaluation, self.sudo()).copy(default).with_env(self.env)

    # === ACTION === #

    def action_own_markups(self):
        """Copy the markups that hold onto the sheet, to be changed there."""
        self.ensure_one()
        self._check_can_check()
        self._check_not_locked()
        self._take_own_markups()
        return True

    def action_solve(self):
        """Ask for the total or the margin to reach."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reach a Total or a Margin"),
            "res_model": "construction.evaluation.solve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_evaluation_id": self.id},
        }

    # === BUSINESS === #

    def _get_markups(self):
        """Give the markups that hold: the sheet's own, else those of its type, else of the company."""
        self.ensure_one()
        # sudo: whoever prices a sheet need not see how; only prices come out.
        sheet_sudo = self.sudo()
        if sheet_sudo.markup_ids:
            return sheet_sudo.markup_ids
        markups_sudo = sheet_sudo.env["construction.markup"].search(
            [
                ("company_id", "=", sheet_sudo.company_id.id),
                *self.env["construction.markup"]._get_general_domain(),
                ("construction_type_id", "in", [sheet_sudo.construction_type_id.id, False]),
            ]
        )
        own_sudo = markups_sudo.filtered("construction_type_id")
        return own_sudo or markups_sudo

    def _get_rounding_step(self):
        """Give the step to which the price of one unit of each item is rounded, zero for none."""
        self.ensure_one()
        # sudo: a surveyor's items are exploded too; where their prices come from is not shown by it.
        is_built_up = self.sudo().price_source == "buildup"
        return self._get_markups()._get_rounding().round_to if is_built_up else 0.0

    def _check_can_solve(self):
        """Refuse to change markups that price nothing, or that are not the user's to change."""
        self._check_can_check()
        self._check_not_locked()
        if self.price_source != "buildup":
            raise UserError(
                self.env._(
                    "The prices of %(sheet)s are not built up from costs. Set “Prices From” to cost and markups first.",
                    sheet=self.display_name,
                )
            )

    def _get_solved_total(self):
        return self.amount_total

    def _get_other_amount(self):
        """Give what the total contains that no markup prices: nothing, on a sheet."""
        return 0.0

    def _get_other_cost(self):
        """Give the cost of what no markup prices."""
        return 0.0

    def _take_own_markups(self):
        if not self.markup_ids:
            values = self._get_markups()._prepare_copy_values()
            owner = {"company_id": self.company_id.id, "evaluation_id": self.id}
            self.env["construction.markup"].create([vals | owner for vals in values])
        return self.markup_ids

    def _get_direct_costs(self):
        """Add up what the components of all items cost, by nature, in the currency of the sheet."""
        parts_by_line = self._get_quoted_lines()._get_parts()
        book = self._get_price_book(parts_by_line)
        totals = {}
        for parts in parts_by_line.values():
            for part, cost in zip(parts, book.part_costs(parts), strict=True):
                nature = part["nature"] or part["product"]._get_cost_nature() or ""
                totals[nature] = totals.get(nature, 0.0) + cost * part["quantity"]
        return totals

    def _render_chain(self, costs):
        """Show each step from direct cost to the total; the last one is what rounding of prices makes."""
        rows = self.env["construction.markup"]._get_cost_rows(costs, self.currency_id)
        total = sum(costs.values())
        if self.price_source == "buildup":
            today = self._get_total_today()
            rows += self._get_markups()._get_chain_rows(costs, today)
            if not self.currency_id.is_zero(self.amount_total - today):
                rows.append((self.env._("Changed since it was priced"), "", self.amount_total - today))
        else:
            rows.append((self.env._("Margin by the catalogue"), "", self.amount_total - total))
        rows.append((self.env._("Total, tax excluded"), "", self.amount_total))
        return self._render_chain_rows(rows)

    def _get_total_today(self):
        """Give what the sheet would come to at today's costs."""
        lines = self._get_quoted_lines()
        parts_by_line = lines._get_parts()
        book = self._get_price_book(parts_by_line)
        items = [book.price_parts(parts) for parts in parts_by_line.values()]
        globally = self.company_id.tax_calculation_rounding_method == "round_globally"
        if globally and any(lines.mapped("has_included_tax")):
            return book.untaxed_total([book.base_line(priced) for item in items for priced in item])
        return pricing.sheet_total(
            [self.currency_id.round(sum(priced.amount.rounded for priced in item)) for item in items],
            [sum(priced.amount.raw for priced in item) for item in items],
            globally,
            self.currency_id.round,
        )

    def _format_percent(self, percent):
        return self.env["construction.markup"]._format_percent(percent)

    def _render_chain_rows(self, rows):
        """Show `(name, percentage, amount)` as a table."""
        return self.env["construction.markup"]._render_chain(rows, self.currency_id)
