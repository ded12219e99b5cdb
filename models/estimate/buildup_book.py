"""Prices built up from costs, in the shape of the catalogue."""

from ...core.estimate import buildup
from .price_book import PriceBook
from .product_template import COST_NATURES


class BuildupBook(PriceBook):
    """A price book whose prices are costs times the markups of a sheet.

    Each component is sold at its cost times the factor of its nature, rounded as prices are, so that
    the lines of a quote make the total of the sheet.
    """

    def __init__(self, company, pricelist, currency, fiscal_position, date, products, markups, rounding=0.0):
        """
        :param markups: `buildup.Markup` in their order
        :param rounding: the price of one unit of each item is a multiple of this
        """
        super().__init__(company, pricelist, currency, fiscal_position, date, products)
        natures = [nature for nature, _label in COST_NATURES] + [""]
        self.factors = buildup.coefficients(natures, markups)
        self.rounding = rounding
        self.digits = self.env["decimal.precision"].precision_get("Product Price")

    def price_part(self, part):
        cost = self._product_cost(part["product"], part["uom"])
        net = round(cost * self.factors[self._nature(part)], self.digits)
        if not part["recipe_line"]:  # an item without a recipe is its own component
            net = buildup.round_price(net, self.rounding)
        return self._add_included_taxes(part["product"], net), 0.0

    def price_parts(self, parts, is_rounded=True):
        priced_parts = super().price_parts(parts, is_rounded)
        for index, part in enumerate(parts):
            if part.get("rounded_quantity"):
                net = self._round_item(part, priced_parts, is_rounded)
                price_unit = self._add_included_taxes(part["tax_product"], net)
                priced_parts[index] = self._make_priced(part, price_unit, 0.0)
        return priced_parts

    def _round_item(self, part, priced_parts, is_rounded):
        """Give what is missing until the price of one unit of the item is a multiple of the rounding."""
        quantity = part["rounded_quantity"]
        amounts = [priced_parts[other].amount for other in part["base"]]
        total = sum(amount.rounded if is_rounded else amount.raw for amount in amounts)
        target = buildup.round_price(total / quantity, self.rounding) * quantity
        return self.currency.round(target - total) if is_rounded else target - total

    def percentage(self, part, priced_parts, costs):
        base = sum(costs[other] * priced_parts[other].part["quantity"] for other in part["base"])
        return base * part["percent"] / 100 * self.factors[self._nature(part)]

    def _get_costs_for_percentages(self, parts):
        return self.part_costs(parts) if any(part["percent"] is not None for part in parts) else None

    def is_fixed(self, part):
        return True

    def _nature(self, part):
        return part["nature"] or part["product"]._get_cost_nature() or ""
