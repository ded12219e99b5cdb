from odoo import models
from odoo.exceptions import ValidationError

from ...core.estimate import buildup, explosion, formula, pricing
from .recipe_library import RecipeLibrary


class ConstructionEvaluationLine(models.Model):
    """What an item takes, and what that costs the client."""

    _inherit = "construction.evaluation.line"

    # === BUSINESS === #

    def _explode(self):
        """List what each item will be on a quote: its components, or the item itself.

        :return: a dict of line → list of dicts shaped as those of `construction.recipe.explode`;
            an item without a recipe gives itself, with an empty `recipe_line`
        """
        exploded = self._get_parts()
        for line, parts in exploded.items():
            if parts and not line.recipe_id:
                parts[0]["nature"] = line.product_id._get_cost_nature()
        return exploded

    def _get_parts(self):
        """What `_explode` gives, without the nature of items that have no recipe."""
        digits = self.env["construction.recipe"]._get_quantity_digits()
        libraries = self._get_libraries()
        parts = {line: line._get_parts_of(line.quantity, digits, libraries.get(line)) for line in self}
        for sheet in self.evaluation_id:
            if sheet._get_rounding_step():
                parts |= {
                    line: line._add_rounding(parts[line], line.quantity) for line in self if line.evaluation_id == sheet
                }
        return parts

    def _add_rounding(self, parts, quantity):
        """Add to what the item takes the row that makes its unit price a round one."""
        # What has no recipe is rounded in its own price.
        if not (parts and quantity and self.recipe_id):
            return parts
        product = self.env["product.product"]._get_rounding_product()
        row = {
            "recipe_line": self.env["construction.recipe.line"],
            "recipe": self.recipe_id,
            "product": product,
            "tax_product": parts[0]["product"],
            "quantity": 1.0,
            "exact_quantity": 1.0,
            "uom": product.uom_id,
            "nature": "other",
            "section": None,
            # As a percentage of nothing it costs nothing; its price is what is missing.
            "percent": 0.0,
            "base": tuple(range(len(parts))),
            "order": len(parts),
            "rounded_quantity": quantity,
        }
        return [*parts, row]

    def _get_parts_of(self, quantity, digits, library, minimums=True):
        """List what a quantity of the item takes; nothing where its recipe cannot tell (see `_get_faults`).

        A free item takes nothing. One without a recipe takes itself, rounded as a quote line holds it.
        """
        self.ensure_one()
        if not self.product_id or not explosion.is_usable_quantity(quantity):
            return []
        if not self.recipe_id:
            return [
                {
                    "recipe_line": self.env["construction.recipe.line"],
                    "recipe": self.recipe_id,
                    "product": self.product_id,
                    "quantity": explosion.round_quantity(quantity, digits),
                    "exact_quantity": quantity,
                    "uom": self.uom_id,
                    "nature": False,
                    "section": None,
                    "percent": None,
                    "base": (),
                    "order": 0,
                }
            ]
        # Unrounded: only what a line of the quote will hold is rounded.
        quantity = self.uom_id._compute_quantity(quantity, self.recipe_id.uom_id, round=False)
        try:
            return self.recipe_id._get_components(quantity, digits, library, self._get_parameter_values(), minimums)
        except ValidationError:
            return []

    def _get_libraries(self):
        """Read the recipes of all items at once, each with the versions its item keeps.

        :return: a dict of line → `RecipeLibrary`, for the items that have a recipe
        """
        lines = self.filtered("recipe_id")
        lines.subrecipe_ids.line_ids.fetch(["product_id"])
        return {
            line: library
            for inner, alike in lines.grouped("subrecipe_ids").items()
            for library in [RecipeLibrary(alike.recipe_id, pinned=inner._origin)]
            for line in alike
        }

    def _get_parameter_values(self):
        """Give the values typed for the parameters of the recipe; none while they make no sense."""
        self.ensure_one()
        try:
            return formula.parse_values(self.parameter_values)
        except formula.ValuesError:
            return {}

    def _set_price(self, components, book, library):
        """Store the price of the item from its priced components."""
        self.ensure_one()
        parts = [part for part in components if part["product"] and part["uom"]]
        amounts = [priced.amount for priced in book.price_parts(parts)]
        unit_price = 0.0 if self.quantity else self._get_price_of_one(book, library)
        # Without a recipe the price is that of the quote line, and its quantity is rounded.
        quantity = self.quantity if self.recipe_id or not parts else parts[0]["quantity"]
        price = pricing.item_price(amounts, quantity, unit_price, book.currency.round)
        self.price_unit = buildup.round_price(price.unit, book.rounding)
        self.price_subtotal = price.subtotal
        self.price_raw = price.raw
        self.has_included_tax = any(book.has_included_tax(part["product"]) for part in parts)

    def _get_price_of_one(self, book, library):
        """Price one unit of an item that has no quantity yet, so that the list shows it."""
        digits = self.env["construction.recipe"]._get_quantity_digits()
        parts = self._get_parts_of(1.0, digits, library, minimums=False)
        parts = self._add_rounding(parts, 1.0) if book.rounding else parts
        parts = [dict(part, quantity=part["exact_quantity"]) for part in parts if part["product"] and part["uom"]]
        return sum(priced.amount.raw for priced in book.price_parts(parts, is_rounded=False))
