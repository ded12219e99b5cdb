"""What a quote would cost today: costs that moved since, costs too old to trust, and the way to a repriced issue."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..estimate.construction_recipe_cost import COST_GROUP


class SaleOrder(models.Model):
    _inherit = "sale.order"

    cost_moved_line_ids = fields.Many2many(
        "sale.order.line",
        string="Costs That Moved",
        compute="_compute_costs_today",
        groups=COST_GROUP,
        help="Lines whose cost today is another than the one the quote was made with.",
    )
    cost_moved_count = fields.Integer(compute="_compute_costs_today", groups=COST_GROUP)
    cost_today = fields.Monetary(
        compute="_compute_costs_today",
        groups=COST_GROUP,
        help="What the quote costs us at today's costs.",
    )
    margin_today_percent = fields.Float(
        string="Margin Today (%)",
        compute="_compute_costs_today",
        digits=(16, 2),
        groups=COST_GROUP,
        help="What remains of the untaxed amount at today's costs.",
    )
    old_cost_percent = fields.Float(
        string="Old Costs (%)",
        compute="_compute_costs_today",
        digits=(16, 2),
        groups=COST_GROUP,
        help="Share of the cost that rests on costs older than the company trusts (see the settings).",
    )

    # === COMPUTE === #

    # No dependency on the lines: worked out when a quote is opened, not again at each change of a line.
    @api.depends("company_id.construction_cost_months")
    def _compute_costs_today(self):
        Cost = self.env["construction.component.cost"]
        for order in self:
            lines = order._get_costed_lines()
            today = lines._get_costs_today()
            dates = Cost._get_dates(lines.product_id._origin.ids, order.company_id) if lines else {}
            total = old = 0.0
            moved = []
            for line in lines:
                amount = today[line] * line.product_uom_qty
                total += amount
                if order.company_id._is_cost_old(dates.get(line.product_id._origin.id)):
                    old += amount
                if line._has_moved(today[line]):
                    moved.append(line.id)
            order.cost_moved_line_ids = lines.browse(moved)
            order.cost_moved_count = len(moved)
            order.cost_today = order.currency_id.round(total)
            order.margin_today_percent = (1 - total / order.amount_untaxed) * 100 if order.amount_untaxed else 0.0
            order.old_cost_percent = old / total * 100 if total else 0.0

    # === ACTION === #

    def action_reprice(self):
        """Bring the quote to today's costs and prices; of one that was sent, its next revision.

        :return: the action that opens the repriced quote
        :raise UserError: when the quote is confirmed or was replaced
        """
        self.ensure_one()
        self.check_access("write")
        if not self._is_construction_quote() or self.state == "sale" or self.superseded_by_id:
            raise UserError(self.env._("%(quote)s can no longer be repriced.", quote=self.name))
        quote = self
        if self._is_read_only_offer() or self.state == "cancel":
            action = self.action_revise(self.env._("Repriced at the costs of today"))
            quote = self.browse(action["res_id"])
        quote._reprice()
        return quote._get_quote_action()

    # === BUSINESS === #

    def _get_costed_lines(self):
        """Give the lines with a cost of their own; a percentage goes with what it is taken of."""
        if not self._is_construction_quote():
            return self.order_line.browse()
        return self.order_line.filtered(
            lambda line: line.product_id and not line.display_type and not line.is_downpayment
        )

    def _reprice(self):
        """Take today's costs, then today's prices; prices typed by hand stay."""
        self._lock_for_revision()
        before = self.amount_untaxed
        lines = self._get_costed_lines()
        typed = lines.filtered("technical_price_unit").filtered(lambda line: line._has_typed_price())
        # sudo: costs belong to the quote even when the person repricing may not see them.
        for line, cost in lines.sudo()._get_costs_today().items():
            if line._has_moved(cost):
                line.purchase_price = cost
        if self.sudo().markup_ids:  # sudo: as above
            self.sudo()._price_by_markups()
        else:
            catalogue = (lines - typed).filtered(lambda line: not line.has_sheet_price)
            catalogue.with_context(force_price_recomputation=True)._compute_price_unit()
            catalogue._compute_discount()
            self._settle_percentages()
        self.message_post(
            body=self.env._(
                "Repriced at the costs of today. Untaxed amount: %(before)s, now %(after)s.",
                before=self.currency_id.format(before),
                after=self.currency_id.format(self.amount_untaxed),
            )
        )

    def _settle_percentages(self):
        """Let percentages follow what they are a percentage of, chapter by chapter."""
        for chapter in self.order_line.filtered(lambda line: line.display_type == "line_section"):
            inside = chapter._get_chapter_lines().filtered(lambda line: not line.display_type)
            shares = inside.filtered("is_percentage")
            if not shares or not chapter.evaluation_line_id:
                continue
            parts = chapter.evaluation_line_id._get_parts()[chapter.evaluation_line_id]
            by_product = {product: list(lines) for product, lines in inside.grouped("product_id").items()}
            found = [by_product[part["product"]].pop(0) if by_product.get(part["product"]) else None for part in parts]
            for index in sorted(range(len(parts)), key=lambda index: parts[index]["order"]):
                part, line = parts[index], found[index]
                if part["percent"] is None or part.get("rounded_quantity") or not line or line._has_typed_price():
                    continue
                base = sum(found[other].price_subtotal for other in part["base"] if found[other])
                line._set_net_price(self.currency_id.round(base * part["percent"] / 100))


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    cost_today = fields.Float(
        compute="_compute_cost_today",
        min_display_digits="Product Price",
        groups=COST_GROUP,
        help="What one unit costs us today.",
    )
    cost_move_percent = fields.Float(
        string="Moved (%)",
        compute="_compute_cost_today",
        digits=(16, 1),
        groups=COST_GROUP,
    )

    @api.depends("purchase_price", "product_id", "product_uom_id")
    def _compute_cost_today(self):
        today = self.filtered("product_id")._get_costs_today()
        for line in self:
            line.cost_today = today.get(line, 0.0)
            before = line.purchase_price
            line.cost_move_percent = (line.cost_today / before - 1) * 100 if before else 0.0

    def _get_costs_today(self):
        """Give what one unit of each line costs today, in the currency of its order: a dict of line → cost.

        A line whose cost is a percentage keeps it: it follows when the quote is repriced.
        """
        result, known = {}, {}
        rounding = self.env["product.product"]._find_rounding_product()
        for order, lines in self.grouped("order_id").items():
            for line in lines:
                if line.is_percentage or (rounding and line.product_id == rounding):
                    result[line] = line.purchase_price
                    continue
                key = (order, line.product_id, line.product_uom_id)
                if key not in known:
                    product = line.product_id.with_company(order.company_id)
                    cost = product.uom_id._compute_price(product.standard_price, line.product_uom_id)
                    known[key] = product.cost_currency_id._convert(
                        cost, order.currency_id, order.company_id, fields.Date.context_today(line), round=False
                    )
                result[line] = known[key]
        return result

    def _has_moved(self, cost):
        """Tell whether a cost is another than the one frozen on the line."""
        return abs(cost - self.purchase_price) > max(0.005, abs(self.purchase_price) * 1e-6)
