from odoo import models
from odoo.exceptions import ValidationError

from ..estimate.recipe_library import RecipeLibrary
from .hours import get_hour, to_hours


class SaleOrderLine(models.Model):
    """What the lines of an order take in hours and materials, also where an item stands as one priced line."""

    _inherit = "sale.order.line"

    def _get_stage_of_works(self, part=None):
        """Give the stage in which this chapter, or a part of it, is built: that of its item, else the chapter's."""
        self.ensure_one()
        for line in (part, self):
            if line:
                product = line.chapter_product_id if line.display_type else line.product_id
                if product.construction_stage_id:
                    return product.construction_stage_id
        return self.env["project.project.stage"]

    def _take_works_apart(self):
        """Explode the items among these lines that stand as one priced line (unit prices), by their recipe.

        A line of the sheet goes by the version it was priced by, one written by hand by the version active now.

        :return: a dict of line → list of dicts shaped as those of `construction.recipe.explode`
        """
        taken_apart = self._take_items_apart()
        by_hand = self.filtered(lambda line: line._may_be_whole_item())
        if not by_hand:
            return taken_apart
        Recipe = self.env["construction.recipe"]
        digits = Recipe._get_quantity_digits()
        for company, lines in by_hand.grouped("company_id").items():
            recipes = Recipe._get_active_by_product(lines.product_id, company)
            if not recipes:
                continue
            library = RecipeLibrary(Recipe.union(*recipes.values()))
            for line in lines.filtered(lambda line: line.product_id.id in recipes):  # noqa: B023
                recipe = recipes[line.product_id.id]
                quantity = line.product_uom_id._compute_quantity(line.product_uom_qty, recipe.uom_id, round=False)
                parts = recipe._get_parts_or_none(quantity, digits, library)
                if parts:
                    taken_apart[line] = parts
        return taken_apart

    def _may_be_whole_item(self):
        """Tell a product written by hand, that may have a recipe, from components and from sheet items."""
        return bool(
            # first: most lines were made by a recipe
            not self.recipe_id
            and self.product_id
            and not self.display_type
            and not self.is_downpayment
            and not self.evaluation_line_id
            and not self.cost_nature
            and not self.product_id.cost_nature
            and not self.task_id
            and self.product_uom_qty > 0
        )

    def _get_hours_by_line(self, hour=None, taken_apart=None):
        """Give the hours of labour in each of these lines; units that are no time (a flat rate) count nothing.

        :param hour: the unit hour, where it is known
        :param dict taken_apart: what `_take_works_apart` gave for these lines, else it is asked
        :return: a dict of line → hours, without the lines that take none
        """
        hour = hour or get_hour(self.env)
        taken_apart = self._take_works_apart() if taken_apart is None else taken_apart
        hours = {}
        for line in self:
            # A line that stock already turned into a task of its own keeps its hours there.
            if line.task_id:
                continue
            if line in taken_apart:
                parts = [part for part in taken_apart[line] if part["nature"] == "labour" and part["percent"] is None]
                amount = sum(to_hours(part["exact_quantity"], part["uom"], hour) for part in parts)
            elif line.cost_nature == "labour":
                amount = to_hours(line.product_uom_qty, line.product_uom_id, hour)
            else:
                continue
            if amount:
                hours[line] = amount
        return hours

    def _get_labour_hours(self, hour=None):
        """Return the hours of the labour in these lines, see `_get_hours_by_line`."""
        return sum(self._get_hours_by_line(hour).values())


class ConstructionRecipe(models.Model):
    _inherit = "construction.recipe"

    def _get_parts_or_none(self, quantity, digits, library):
        """Explode, or give nothing where the recipe cannot tell (a formula lacks a value): the item stays one thing."""
        try:
            return self._get_components(quantity, digits, library)
        except ValidationError:
            return []
