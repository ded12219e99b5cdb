"""The unit-price analysis of an item: what one unit takes, by nature, and how its price comes about."""

from odoo.tools import float_round

from ...core.estimate import breakdown, buildup
from ..pipeline.formats import format_percent
from .product_template import COST_NATURES


class UnitPriceAnalysis:
    """Makes the analyses of the items of one document; all figures are for one unit of the item.

    Every figure is rounded as it is printed before it is added up, so that the rows make the sums.
    """

    def __init__(self, env, currency, markups=None, margin_label=None):
        """
        :param margin_label: what is called that lies between cost and price where no markups say it
        :param markups: the `construction.markup` the prices are built up with, None where they come from elsewhere
        """
        self.env = env
        self.currency = currency
        self.markups = markups
        self.margin_label = margin_label or env._("Margin by the catalogue")
        self.digits = max(currency.decimal_places, env["decimal.precision"].precision_get("Product Price"))
        self.labels = dict(env["construction.recipe.line"]._fields["cost_nature"]._description_selection(env))
        self.bases = dict(env["construction.recipe.line"]._fields["percent_base"]._description_selection(env))
        self.steps = markups._to_core() if markups else []
        self.names = {markup.id: (markup.name, markup.percent) for markup in markups or ()}

    def round(self, amount):
        return float_round(amount, precision_digits=self.digits)

    def make_row(self, part, quantity, cost):
        """Describe a part of an item, as `construction.recipe.explode` lists it.

        :param quantity: the quantity of the item the part is for, in the unit of the item
        :param cost: what one unit of the part costs
        """
        line = part["recipe_line"]
        waste = line.waste_percent if line and part["percent"] is None else 0.0
        section = part["section"]
        row = {
            "name": self.name_product(part["product"]),
            "note": self.name_product(section.product_id) if section else "",
            "nature": part["nature"] or (part["product"]._get_cost_nature() if part["product"] else "") or "",
            "waste": waste,
            "price": cost,
            "amount": cost * part["exact_quantity"] / quantity,
        }
        if part["percent"] is not None:
            base = self.bases.get(line.percent_base, "")
            return row | {"percent": self.format_percent(part["percent"]), "base": base}
        return row | {"consumption": part["exact_quantity"] / quantity / (1 + waste / 100), "unit": part["uom"].name}

    def name_product(self, product):
        return product.with_context(display_default_code=False).display_name or ""

    def format_percent(self, percent):
        return format_percent(self.env, percent)

    def make_item(self, header, rows, price, quantity=0.0):
        """Group the rows of an item and lead them to its price.

        :param header: dict with what the title of the item shows
        :param price: the price of one unit, tax excluded; None where there is none to show
        """
        groups = self.group(rows)
        direct = self.round(sum(group["subtotal"] for group in groups))
        item = header | {"groups": groups, "direct": direct, "quantity": quantity, "steps": []}
        if price is not None:
            item["price"] = self.round(price)
            costs = {group["nature"]: group["subtotal"] for group in groups}
            item["steps"] = self._make_steps(costs, direct, item["price"])
        return item

    def group(self, rows):
        """Sort rows under their natures, with subtotals."""
        entries = [breakdown.Entry(index, row["nature"], 1.0, row["amount"]) for index, row in enumerate(rows)]
        natures = [nature for nature, _label in COST_NATURES]
        return [
            {
                "nature": group.nature,
                "label": self.labels.get(group.nature) or self.env._("Other"),
                "rows": [rows[entry.key] | {"amount": entry.amount} for entry in group.entries],
                "subtotal": group.subtotal,
            }
            for group in breakdown.by_nature(entries, natures, self.round)
        ]

    def _make_steps(self, costs, direct, price):
        """List `(name, percent, amount)` from the direct cost to the price; the last one is what is left."""
        if self.markups is None:
            return [(self.margin_label, "", self.round(price - direct))]
        steps = [
            (self.names[step.key][0], self.format_percent(self.names[step.key][1]), self.round(step.amount))
            for step in buildup.chain(costs, self.steps)
        ]
        rest = breakdown.rounding(price - direct, [amount for _name, _percent, amount in steps], self.round)
        if rest:
            steps.append((self.env._("Rounding of prices"), "", rest))
        return steps
