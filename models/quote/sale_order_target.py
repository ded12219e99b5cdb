"""Reaching a target total: chapters that are locked stay, the rest is scaled, what rounding leaves is a row of its own."""

from dataclasses import dataclass, field

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...core.estimate import explosion
from ...core.quote import target as targets

UNTAXED, TOTAL = "untaxed", "total"


@dataclass
class TargetSolution:
    """What reaching a target would make of a quote.

    `prices` is line → unit price, `row_price` the price of the row that takes the remainder and `row_line` the line it
    follows; `subtotals` is line → amount tax excluded; `rest` is what the total still lacks.
    """

    factor: float
    prices: dict = field(default_factory=dict)
    row_line: object = None
    row_price: float = 0.0
    row_subtotal: float = 0.0
    subtotals: dict = field(default_factory=dict)
    untaxed: float = 0.0
    total: float = 0.0
    rest: float = 0.0


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === ACTION === #

    def action_reach_target(self):
        """Ask for the total to reach, and for the chapters that stay as they are."""
        self.ensure_one()
        self._check_can_reach_target()
        wizard = self.env["construction.quote.target"]._open_for(self)
        return wizard._get_records_action(name=self.env._("Reach a Total"), target="new")

    # === BUSINESS === #

    def _check_can_reach_target(self):
        self.check_access("write")
        if not self._is_construction_quote():
            raise UserError(self.env._("%(quote)s belongs to no construction deal.", quote=self.name))
        if self.state != "draft":
            raise UserError(self._get_read_only_message())

    def _solve_target(self, amount, kind, locked):
        """Work out the prices with which the quote comes to an amount; nothing is written.

        :param float amount: above zero, in the currency of the quote
        :param str kind: untaxed or total: what `amount` is
        :param set locked: ids of the sections whose lines stay; False stands for the lines outside of sections
        :return: a `TargetSolution`
        :raise UserError: when no prices of what is not locked make that amount
        """
        self.ensure_one()
        remainders = self._get_remainder_lines()
        lines = self._get_priced_lines() - remainders
        free = self._get_free_lines(lines, locked)
        now = self._get_totals_with(lines, {})[kind]
        kept = self._get_totals_with(lines - free, {})[kind]
        if not explosion.is_usable_quantity(amount) or amount <= 0:
            raise UserError(self.env._("The total must lie above zero."))
        factor = targets.find_factor(now, kept, amount)
        if factor is None:
            raise UserError(self._get_impossible_message(amount, now, kept, free))
        digits = self.env["decimal.precision"].precision_get("Product Price")
        solution = TargetSolution(factor)
        solution.prices = {line: round(line.price_unit * factor, digits) for line in free}
        reached = self._get_totals_with(lines, solution.prices, solution.subtotals)
        solution.row_line = free.sorted(lambda line: (line.sequence, line.id))[-1]
        solution.row_price, solution.rest = self._find_row(solution, lines, reached, amount, kind)
        self._add_row(solution, lines)
        return solution

    def _get_remainder_lines(self):
        """Give the rows that took what an earlier target left over."""
        product = self.env["product.product"]._find_rounding_product()
        return self.order_line.filtered(
            lambda line: (
                not line.display_type
                and line.product_id == product
                and not (line.has_sheet_price or line.recipe_id or line.evaluation_line_id)
            )
        )

    def _get_free_lines(self, lines, locked):
        """Give the priced lines of what is not locked. What counts for nothing now cannot be scaled."""
        found, section = [], False
        for line in self.order_line.sorted(lambda line: (line.sequence, line.id)):
            if line.display_type == "line_section":
                section = line.id
            if line in lines and section not in locked and line.price_subtotal and not line.is_downpayment:
                found.append(line.id)
        return self.order_line.browse(found)

    def _get_totals_with(self, lines, prices, subtotals=None, row=None):
        """Total these lines as stock does, some of them at other prices.

        :param dict prices: line → unit price
        :param dict subtotals: filled in: line → amount, tax excluded
        :param tuple row: (line it is taxed like, price) of one more row
        :return: a dict of untaxed and total
        """
        tax_model = self.env["account.tax"]
        base_lines = [
            line._prepare_base_line_for_taxes_computation(
                **({"price_unit": prices[line]} if line in prices else {})
            )
            for line in lines
        ]
        if row:
            base_lines.append(self._prepare_row_base_line(*row))
        tax_model._add_tax_details_in_base_lines(base_lines, self.company_id)
        tax_model._round_base_lines_tax_details(base_lines, self.company_id)
        if subtotals is not None:
            for line, base_line in zip(lines, base_lines):
                subtotals[line] = base_line["tax_details"]["total_excluded_currency"]
        totals = tax_model._get_tax_totals_summary(
            base_lines=base_lines, currency=self.currency_id, company=self.company_id
        )
        return {UNTAXED: totals["base_amount_currency"], TOTAL: totals["total_amount_currency"]}

    def _prepare_row_base_line(self, line, price):
        return line._prepare_base_line_for_taxes_computation(price_unit=price, quantity=1.0, discount=0.0)

    def _find_row(self, solution, lines, reached, amount, kind):
        """Find the price of the row that takes what rounding left over.

        :return: `(price, what is still missing)`
        """
        missing = self.currency_id.round(amount - reached[kind])
        if self.currency_id.is_zero(missing):
            return 0.0, 0.0
        is_global = self.company_id.tax_calculation_rounding_method == "round_globally"
        known, before = (lines, reached[kind]) if is_global else (lines.browse(), 0.0)

        def reach(price):
            totals = self._get_totals_with(known, solution.prices, row=(solution.row_line, price))
            return totals[kind] - before

        return targets.find_remainder(missing, self.currency_id.rounding, reach)

    def _add_row(self, solution, lines):
        row = (solution.row_line, solution.row_price) if solution.row_price else None
        totals = self._get_totals_with(lines, solution.prices, row=row)
        solution.untaxed, solution.total = totals[UNTAXED], totals[TOTAL]
        if row:
            solution.row_subtotal = self._get_totals_with(lines.browse(), {}, row=row)[UNTAXED]

    def _get_impossible_message(self, amount, now, kept, free):
        money = self.currency_id.format
        if not free:
            return self.env._("Nothing is left to change: all chapters are locked, or what is not comes to nothing.")
        if amount <= kept:
            return self.env._(
                "The locked chapters alone come to %(locked)s. A total of %(target)s leaves nothing for the others: "
                "unlock some, or choose a total above it.",
                locked=money(kept),
                target=money(amount),
            )
        return self.env._(
            "What is not locked comes to %(free)s. From there no total can be reached by scaling.",
            free=money(now - kept),
        )

    def _reach_target(self, amount, kind, locked):
        """Bring the quote to an amount, and say so in its chatter.

        :return: the `TargetSolution` that was applied
        :raise UserError: see `_solve_target`
        """
        self.ensure_one()
        self._check_can_reach_target()
        self._lock_for_revision()
        before = self.amount_untaxed
        self._get_remainder_lines().unlink()
        solution = self._solve_target(amount, kind, locked)
        for line, price in solution.prices.items():
            if price != line.price_unit:
                # The discount with it, or stock looks it up anew.
                line.write({"price_unit": price, "discount": line.discount})
        if solution.row_price:
            self._make_remainder_line(solution)
        self.message_post(
            body=self.env._(
                "Brought to a target. Untaxed amount: %(before)s, now %(after)s.",
                before=self.currency_id.format(before),
                after=self.currency_id.format(self.amount_untaxed),
            )
        )
        return solution

    def _make_remainder_line(self, solution):
        product = self.env["product.product"]._get_rounding_product()
        line = solution.row_line
        row = self.env["sale.order.line"].create(
            {
                "order_id": self.id,
                "sequence": line.sequence,
                "product_id": product.id,
                "product_uom_qty": 1.0,
                "product_uom_id": product.uom_id.id,
                "tax_ids": [Command.set(line.tax_ids.ids)],
                "price_unit": solution.row_price,
                "discount": 0.0,
                "cost_nature": "other",
                "chapter_number": "-",
            }
        )
        lines = (self.order_line - row).sorted(lambda line: (line.sequence, line.id))
        place = list(lines).index(line) + 1
        self._arrange_lines([*lines[:place], row, *lines[place:]])
