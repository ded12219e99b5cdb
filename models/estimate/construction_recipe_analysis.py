from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from .buildup_book import BuildupBook
from .price_book import PriceBook
from .recipe_library import RecipeLibrary
from .unit_price_analysis import UnitPriceAnalysis


class ConstructionRecipe(models.Model):
    """The unit-price analysis of what a recipe makes."""

    _inherit = "construction.recipe"

    def _get_analysis(self):
        """Gather the analysis of one unit, with costs, at the markups or sales prices of the company.

        :return: as that of a sheet, with one item
        """
        self.ensure_one()
        recipe = self.with_company(self.company_id)
        try:
            parts = recipe._get_components(
                1.0,
                recipe._get_quantity_digits(),
                RecipeLibrary(recipe),
                recipe._get_parameter_values(usual=True),
                minimums=False,
            )
        except ValidationError as error:
            raise UserError(error.args[0]) from error
        parts = [dict(part, quantity=part["exact_quantity"]) for part in parts]
        markups = recipe._get_markups()
        book = recipe._get_price_book(parts, markups)
        analysis = UnitPriceAnalysis(self.env, self.currency_id, markups)
        costs = book.part_costs(parts)
        rows = [analysis.make_row(part, 1.0, cost) for part, cost in zip(parts, costs, strict=True)]
        price = sum(priced.amount.raw for priced in book.price_parts(parts, is_rounded=False))
        header = {
            "number": "",
            "code": self.product_tmpl_id.default_code or "",
            "name": self.product_tmpl_id.with_context(display_default_code=False).display_name,
            "unit": self.uom_id.name,
        }
        items = [analysis.make_item(header, rows, price)]
        return {"currency": self.currency_id, "digits": analysis.digits, "items": items}

    def _get_markups(self):
        """Give the markups of the company that hold for all types of works, None with prices from the catalogue."""
        if self.company_id.construction_price_source != "buildup":
            return None
        # sudo: whoever prices need not see how; the analysis itself is for who may.
        return (
            self.env["construction.markup"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("evaluation_id", "=", False),
                    ("construction_type_id", "=", False),
                ]
            )
        )

    def _get_price_book(self, parts, markups):
        """Open the sales prices of the company, or its costs and markups, for one unit of the recipe."""
        values = (
            self.company_id,
            self.env["product.pricelist"],
            self.currency_id,
            self.env["account.fiscal.position"],
            fields.Datetime.now(),
            self.env["product.product"].union(*(part["product"] for part in parts)),
        )
        return PriceBook(*values) if markups is None else BuildupBook(*values, markups._to_core())
