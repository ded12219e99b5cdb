"""Prices of a quote built up from the costs frozen on it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare

from ...core.estimate import buildup
from ..estimate.construction_recipe_cost import COST_GROUP
from ..estimate.product_template import COST_NATURES


class SaleOrder(models.Model):
    _inherit = "sale.order"

    markup_ids = fields.One2many(
        "construction.markup",
        "order_id",
        string="Markups of This Quote",
        copy=False,
        groups=COST_GROUP,
        help="Taken over from the evaluation sheet. A change prices the components of the quote anew, from the costs "
        "it was made with; prices typed by hand stay.",
    )
    is_built_up = fields.Boolean(
        compute="_compute_is_built_up",
        groups=COST_GROUP,
        export_string_translation=False,
    )
    buildup_chain = fields.Html(
        string="From Cost to Price",
        compute="_compute_buildup_chain",
        groups=COST_GROUP,
    )

    # === COMPUTE === #

    @api.depends("markup_ids")
    def _compute_is_built_up(self):
        for order in self:
            order.is_built_up = bool(order.markup_ids)

    @api.depends("amount_untaxed", "markup_ids.percent", "order_line.purchase_price")
    def _compute_buildup_chain(self):
        for order in self:
            if not order.markup_ids:
                order.buildup_chain = False
                continue
            costs = order._get_direct_costs()
            rows = order.markup_ids._get_cost_rows(costs, order.currency_id)
            other = order._get_other_amount()
            rows += order.markup_ids._get_chain_rows(costs, order.amount_untaxed - other)
            if other:
                rows.append((self.env._("Prices typed by hand and other lines"), "", other))
            rows.append((self.env._("Total, tax excluded"), "", order.amount_untaxed))
            order.buildup_chain = order.markup_ids._render_chain(rows, order.currency_id)

    # === ACTION === #

    def action_solve(self):
        """Ask for the total or the margin to reach."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reach a Total or a Margin"),
            "res_model": "construction.evaluation.solve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    # === BUSINESS === #

    def _take_sheet_markups(self):
        """Keep the markups the quote is made with: later changes of the sheet's or the company's do not reach it."""
        values = self.evaluation_id._get_markups()._prepare_copy_values()
        self._take_markups(values)

    def _take_markups(self, vals_list):
        owner = {"company_id": self.company_id.id, "order_id": self.id}
        # sudo: whoever makes the quote need not see how it is priced.
        self.env["construction.markup"].sudo()._create_priced([vals | owner for vals in vals_list])

    def _get_markups(self):
        return self.markup_ids

    def _take_own_markups(self):
        """Give the markups of the quote, which are its own already."""
        return self.markup_ids

    def _check_can_solve(self):
        """Refuse to change markups that price nothing, or were offered."""
        self.check_access("write")
        self._check_markups_open()
        if not self.markup_ids:
            raise UserError(
                self.env._(
                    "The prices of %(quote)s are not built up from costs: change them as they are.",
                    quote=self.name,
                )
            )

    def _get_solved_total(self):
        return self.amount_untaxed

    def _get_other_cost(self):
        """Give the cost of the lines no markup prices."""
        others = self.order_line - self._get_built_lines() - self._get_rounding_lines()
        # sudo: only those who may see markups come here.
        return sum(line.purchase_price * line.product_uom_qty for line in others.sudo())

    def _check_markups_open(self):
        """Refuse to change how a quote is priced that the client was offered."""
        for order in self:
            if order.state != "draft":
                raise UserError(
                    self.env._(
                        "%(quote)s is no draft any more: its markups stay as they were offered.",
                        quote=order.name,
                    )
                )

    def _get_built_lines(self):
        """Give the lines whose price is built up, but for those a person has priced and the rows of rounding."""
        rounding = self.env["product.product"]._find_rounding_product()
        return self.order_line.filtered(
            lambda line: (
                line.has_sheet_price
                and not line.display_type
                and line.product_id != rounding
                and not line._has_typed_price()
            )
        )

    def _get_rounding_lines(self):
        rounding = self.env["product.product"]._find_rounding_product()
        return self.order_line.filtered(lambda line: line.has_sheet_price and line.product_id == rounding)

    def _get_direct_costs(self):
        """Add up the costs frozen on the built-up lines, by nature."""
        totals = {}
        # sudo: the callers show it to those who may see costs.
        for line in self._get_built_lines().sudo():
            nature = line._get_nature()
            totals[nature] = totals.get(nature, 0.0) + line.purchase_price * line.product_uom_qty
        return totals

    def _get_other_amount(self):
        """Give what the lines come to that no markup prices."""
        others = self.order_line - self._get_built_lines() - self._get_rounding_lines()
        return self.currency_id.round(sum(others.mapped("price_subtotal")))

    def _price_by_markups(self):
        """Price the components anew by the markups of the quote; prices typed by hand stay."""
        for order in self.filtered("markup_ids"):
            natures = [nature for nature, _label in COST_NATURES] + [""]
            factors = buildup.coefficients(natures, order.markup_ids._to_core())
            step = order.markup_ids._get_rounding().round_to
            for line in order._get_built_lines():
                line._set_built_price(factors, step)
            order._round_chapters(step)

    def _round_chapters(self, step):
        """Bring the unit price of each chapter to a multiple of the step, by a row of its own."""
        if not step:
            self._get_rounding_lines().unlink()
            return
        rounding = self._get_rounding_lines()
        for chapter, lines in self._get_lines_to_round().items():
            row, parts = lines & rounding, lines - rounding
            if not chapter.chapter_quantity or not parts:
                continue
            total = sum(parts.mapped("price_subtotal"))
            unit_price = buildup.round_price(total / chapter.chapter_quantity, step)
            net = self.currency_id.round(unit_price * chapter.chapter_quantity - total)
            row = row[:1] or self.env["sale.order.line"].create(chapter._prepare_rounding_values(parts))
            row._set_net_price(net)

    def _get_lines_to_round(self):
        """Give what each chapter made by a recipe takes: of its sheet item, or of its recipe when made by hand."""
        found, section, by_item = {}, self.order_line.browse(), {}
        for line in self.order_line.sorted(lambda line: (line.sequence, line.id)):
            if line.display_type == "line_section":
                section = line
                if line._is_chapter() and line.recipe_id:
                    found[line] = line.browse()
                    by_item[line.evaluation_line_id or line] = line
            elif not line.display_type and line.recipe_id:
                chapter = by_item.get(line.evaluation_line_id or section)
                if chapter:
                    found[chapter] |= line
        return found


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _has_typed_price(self):
        """Tell whether a person has given the line another price than was worked out."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return float_compare(self.price_unit, self.technical_price_unit, precision_digits=digits) != 0

    def _get_nature(self):
        return self.cost_nature or self.product_id._get_cost_nature() or ""

    def _set_built_price(self, factors, step):
        """Price the line: its cost times the factor of its nature."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        # sudo: a price comes out, not the cost.
        net = round(self.sudo().purchase_price * factors[self._get_nature()], digits)
        if not self.recipe_id:
            net = buildup.round_price(net, step)
        self._set_net_price(net)

    def _set_net_price(self, net):
        """Set the unit price, tax excluded, as one that was worked out."""
        taxes = self.tax_ids
        price = net
        if any(tax.price_include for tax in taxes.flatten_taxes_hierarchy()):
            price = taxes._adapt_price_unit_to_another_taxes(net, self.product_id, taxes.browse(), taxes)
        if price != self.price_unit or price != self.technical_price_unit:
            self.write({"price_unit": price, "technical_price_unit": price})

    def _prepare_rounding_values(self, parts):
        """Give the values of the row of rounding of a chapter that had none."""
        product = self.env["product.product"]._get_rounding_product()
        direct = parts.filtered(lambda line: line.parent_id == self) or self
        last = direct.sorted("sequence")[-1]
        return {
            "order_id": self.order_id.id,
            "sequence": last.sequence + 1,
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "product_uom_qty": 1.0,
            "tax_ids": [Command.set(parts[0].tax_ids.ids)],
            "price_unit": 0.0,
            "purchase_price": 0.0,
            "has_sheet_price": True,
            "cost_nature": "other",
            "chapter_number": f"{self.chapter_number}.{len(direct) + 1}",
            "evaluation_line_id": self.evaluation_line_id.id,
            "recipe_id": self.recipe_id.id,
        }
