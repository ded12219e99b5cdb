from odoo import fields, models
from odoo.exceptions import ValidationError

from ..estimate.price_book import PriceBook
from ..estimate.recipe_library import RecipeLibrary


class SaleOrder(models.Model):
    """What all lines of a quote take, as they stand."""

    _name = "sale.order"
    _inherit = ["sale.order", "construction.resource.mixin"]

    def _get_resource_parts(self, has_costs):
        lines = self._get_resource_lines()
        percentages = lines._get_percentages()
        taken_apart = lines._take_items_apart()
        book = self._get_component_book(taken_apart) if has_costs else None
        resources = []
        for line in lines:
            if line in taken_apart:
                resources += line._prepare_component_parts(taken_apart[line], book)
                continue
            # sudo: stock's cost of a line, for who may see the costs of works.
            part = line._prepare_resource_part(line.sudo().purchase_price if has_costs else 0.0)
            if line in percentages:
                part.update(percent=percentages[line].percent, percent_base=percentages[line]._describe("percent_base"))
            resources.append(part)
        return resources

    def _get_resource_lines(self):
        """Give the lines that are works: what is left out is text, money paid down, and rounding."""
        lines = self.order_line.filtered(
            lambda line: line.product_id and not line.display_type and not line.is_downpayment
        )
        return lines - self._get_rounding_lines()

    def _get_component_book(self, parts_by_line):
        """Open the book of costs for components that are no lines of the quote themselves."""
        self.ensure_one()
        return PriceBook(
            self.company_id,
            self.pricelist_id,
            self.currency_id,
            self.fiscal_position_id,
            self.date_order or fields.Datetime.now(),
            self.env["product.product"].union(*(part["product"] for parts in parts_by_line.values() for part in parts)),
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_percentages(self):
        """Give the percentages among lines made from recipes, with the component that says what they are of.

        :return: a dict of line → `construction.recipe.line`
        """
        # not all lines of the recipes: few of them are percentages
        found = self.env["construction.recipe.line"].search_fetch(
            [("recipe_id", "in", self.recipe_id.ids), ("kind", "=", "percent")], ["recipe_id", "product_id"]
        )
        if not found:
            return {}
        components = {(component.recipe_id, component.product_id): component for component in found}
        return {
            line: components[line.recipe_id, line.product_id]
            for line in self
            if line.has_sheet_price and (line.recipe_id, line.product_id) in components
        }

    def _take_items_apart(self):
        """Explode the lines that are an item as a whole, by the recipe they were priced by.

        :return: a dict of line → list of dicts shaped as those of `construction.recipe.explode`
        """
        whole = self._filter_whole_items()
        digits = self.env["construction.recipe"]._get_quantity_digits()
        taken_apart = {}
        for inner, alike in whole.grouped(lambda line: line.evaluation_line_id.subrecipe_ids).items():
            library = RecipeLibrary(alike.recipe_id, pinned=inner)
            for line in alike:
                values = line.evaluation_line_id._get_parameter_values() if line.evaluation_line_id else {}
                quantity = line.product_uom_id._compute_quantity(
                    line.product_uom_qty, line.recipe_id.uom_id, round=False
                )
                try:
                    taken_apart[line] = line.recipe_id._get_components(quantity, digits, library, values)
                except ValidationError:
                    continue  # it stays one thing: its recipe cannot tell
        return taken_apart

    def _filter_whole_items(self):
        """Those of these lines that are an item priced as one, whose recipe says what it takes."""
        kinds, found = {}, []  # of thousands of lines, many are of the same recipe and product
        for line in self:
            recipe = line.recipe_id
            if not recipe:
                continue
            product = line.product_id
            kind = (recipe.id, product.id)
            if kind not in kinds:
                kinds[kind] = recipe.product_tmpl_id == product.product_tmpl_id
            if kinds[kind]:
                found.append(line.id)
        return self.browse(found).with_prefetch(self._prefetch_ids)

    def _prepare_resource_part(self, cost):
        self.ensure_one()
        amount = cost * self.product_uom_qty
        return {
            "product": self.product_id,
            "name": self.name,
            "uom": self.product_uom_id,
            "quantity": self.product_uom_qty,
            "nature": self.cost_nature or self.product_id._get_cost_nature() or "",
            "amount": amount,
            "booked": amount,
            "percent": None,
            "percent_base": None,
        }

    def _prepare_component_parts(self, parts, book):
        costs = book.part_costs(parts) if book else [0.0] * len(parts)
        return [
            {
                "product": part["product"],
                "name": part["product"].display_name,
                "uom": part["uom"],
                "quantity": part["exact_quantity"],
                "nature": part["nature"] or "",
                "amount": cost * part["exact_quantity"],
                "booked": cost * part["quantity"],
                "percent": part["percent"],
                "percent_base": part["recipe_line"]._describe("percent_base"),
            }
            for part, cost in zip(parts, costs, strict=True)
        ]
