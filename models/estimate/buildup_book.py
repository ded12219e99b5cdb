"""Prices built up from costs, in the shape of the catalogue."""

from ...core.estimate import buildup
from .price_book import PriceBook
from .product_template import COST_NATURES


class BuildupBook(PriceBook):
    """A price book whose prices are costs times the markups of a sheet.

    Each component is sold at its cost times the factor of its nature, rounded as prices are, so that
    the lines of a quote make the total of the sheet.
    """

    def __init__(self, company, pricelist, currency, fiscal_position, date, products, markups):
        """:param markups: `buildup.Markup` in their order"""
        super().__init__(company, pricelist, currency, fiscal_position, date, products)
        natures = [nature for nature, _label in COST_NATURES] + [""]
        self.factors = buildup.coefficients(natures, markups)
        self.digits = self.env["decimal.precision"].precision_get("Product Price")

    def price_part(self, part):
        cost = self._product_cost(part["product"], part["uom"])
        net = round(cost * self.factors[self._nature(part)], self.digits)
        return self._add_included_taxes(part["product"], net), 0.0

    def percentage(self, part, priced_parts, costs):
        base = sum(costs[other] * priced_parts[other].part["quantity"] for other in part["base"])
        return base * part["percent"] / 100 * self.factors[self._nature(part)]

    def _get_costs_for_percentages(self, parts):
        return self.part_costs(parts) if any(part["percent"] is not None for part in parts) else None

    def is_fixed(self, part):
        return True

    def _nature(self, part):
        return part["nature"] or part["product"]._get_cost_nature() or ""
