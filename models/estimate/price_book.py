"""Prices of many products on one pricelist, as the lines of an order would get them."""

from dataclasses import dataclass

from odoo.tools import float_round

from ...core.estimate.pricing import Amount

# Who sees the prices of a sheet: a surveyor never does, by any road.
PRICE_GROUPS = (
    "sales_team.group_sale_salesman,account.group_account_invoice,"
    "account.group_account_readonly,construction_crm.group_cost"
)
PRICE_FIELDS = {"price_unit", "price_subtotal", "price_raw", "has_included_tax", "amount_total"}


@dataclass(frozen=True, slots=True)
class PricedPart:
    """A part of an item with its price, as the order line will hold it, and its `Amount`."""

    part: dict
    price_unit: float
    discount: float
    amount: Amount


class PriceBook:
    """The catalogue seen through one pricelist, company and fiscal position, at one moment.

    It reads the rules of the pricelist once for all products, then answers without a query, where
    stock reads them again for every line. The answers equal those of a `sale.order.line`.
    """

    # To what the price of one unit of an item is rounded: the catalogue says its prices itself.
    rounding = 0.0

    def __init__(self, company, pricelist, currency, fiscal_position, date, products):
        """
        :param pricelist: may be empty: then the sales prices of the products hold
        :param currency: the currency of all prices given
        :param date: moment for which rules and currency rates are looked up
        :param products: every `product.product` that will be asked for
        """
        self.env = company.env
        self.company = company
        self.currency = currency
        self.date = date
        self.pricelist = pricelist.with_company(company)
        self.fiscal_position = fiscal_position
        self.rules = self.pricelist._get_applicable_rules(products, date)
        self.products = products.with_company(company)
        # Product id → cost of one unit in the currency of the company, instead of today's.
        self.known_costs = {}
        self._prices = {}
        self._taxes = {}
        self._costs = {}

    def price(self, product, quantity, uom):
        """Give the unit price and the discount (%) of `quantity` of a product in `uom`.

        :return: `(price_unit, discount)` as the order line will hold them
        """
        key = (product.id, quantity, uom.id)
        if key not in self._prices:
            self._prices[key] = self._compute_price(
                product.with_company(self.company).with_prefetch(self.products._prefetch_ids),
                # An order line without a quantity is priced as one unit.
                quantity or 1.0,
                uom,
            )
        return self._prices[key]

    def taxes(self, product):
        """Give the taxes a line of this product will carry."""
        return self._product_taxes(product)[1]

    def has_included_tax(self, product):
        """Tell whether the price of this product contains a tax."""
        return self._product_taxes(product)[2]

    def price_parts(self, parts, is_rounded=True):
        """Price the parts of an item, percentages after what they are taken of.

        :param parts: dicts as `construction.recipe.explode` lists them, all of one item
        :param is_rounded: whether a percentage is rounded to the currency, as on a quote
        :return: a list of `PricedPart`, in the order of the parts
        """
        priced = [None] * len(parts)
        costs = self._get_costs_for_percentages(parts)
        for index in sorted(range(len(parts)), key=lambda index: parts[index]["order"]):
            part = parts[index]
            if part["percent"] is None:
                price_unit, discount = self.price_part(part)
            else:
                net = self.percentage(part, priced, costs)
                price_unit = self._add_included_taxes(part["product"], self.currency.round(net) if is_rounded else net)
                discount = 0.0
            priced[index] = self._make_priced(part, price_unit, discount)
        return priced

    def price_part(self, part):
        """Give the unit price and the discount of a part that is no percentage."""
        return self.price(part["product"], part["quantity"], part["uom"])

    def percentage(self, part, priced_parts, costs):
        """Give what a percentage comes to, tax excluded.

        :param priced_parts: the parts of the item, those it is taken of are priced
        :param costs: what one unit of each costs, where prices are made of costs
        """
        return sum(priced_parts[other].amount.rounded for other in part["base"]) * part["percent"] / 100

    def _get_costs_for_percentages(self, parts):
        """Give the costs `percentage` needs: none, a catalogue has prices."""
        return []

    def part_costs(self, parts):
        """Give what one unit of each part costs us, in the currency of the book.

        Whoever prices need not be allowed to see it.
        """
        costs = [0.0] * len(parts)
        for index in sorted(range(len(parts)), key=lambda index: parts[index]["order"]):
            part = parts[index]
            if part["percent"] is None:
                costs[index] = self._product_cost(part["product"], part["uom"])
            else:
                base = sum(costs[other] * parts[other]["quantity"] for other in part["base"])
                costs[index] = base * part["percent"] / 100
        return costs

    def _product_cost(self, product, uom):
        key = (product.id, uom.id)
        if key not in self._costs:
            # sudo: the cost stays inside; what comes out of it is a price, or a line's own secret cost.
            product_sudo = product.with_company(self.company).with_prefetch(self.products._prefetch_ids).sudo()
            cost = self.known_costs.get(product.id, product_sudo.standard_price)
            cost = product_sudo.uom_id._compute_price(cost, uom)
            self._costs[key] = product_sudo.cost_currency_id._convert(
                cost, self.currency, self.company, self.date, round=False
            )
        return self._costs[key]

    def price_given(self, part, net):
        """Price a part at a given price of one unit, tax excluded.

        :return: a `PricedPart`
        """
        return self._make_priced(part, self._add_included_taxes(part["product"], net), 0.0)

    def is_fixed(self, part):
        """Tell whether the price of the part is ours to say, not the pricelist's."""
        return part["percent"] is not None

    def base_line(self, priced):
        """Give the line as `account.tax` wants it, to total lines as an order does."""
        return self._base_line(priced.part, priced.price_unit, priced.discount)

    def _base_line(self, part, price_unit, discount):
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            {},
            product_id=part["product"],
            product_uom_id=part["uom"],
            tax_ids=self.taxes(part.get("tax_product") or part["product"]),
            price_unit=price_unit,
            quantity=part["quantity"],
            discount=discount,
            currency_id=self.currency,
        )

    def _make_priced(self, part, price_unit, discount):
        if self.has_included_tax(part.get("tax_product") or part["product"]):
            base_line = self._base_line(part, price_unit, discount)
            self.env["account.tax"]._add_tax_details_in_base_line(base_line, self.company)
            raw = base_line["tax_details"]["raw_total_excluded_currency"]
        else:
            raw = part["quantity"] * (price_unit * (1 - discount / 100.0))
        return PricedPart(part, price_unit, discount, Amount(raw, self.currency.round(raw)))

    def _add_included_taxes(self, product, net):
        """Give the price that makes `net` once the taxes it contains are taken out."""
        if not self.has_included_tax(product):
            return net
        tax_model = self.env["account.tax"]
        return tax_model._adapt_price_unit_to_another_taxes(net, product, tax_model.browse(), self.taxes(product))

    def untaxed_total(self, base_lines):
        """Add up base lines, tax excluded, with the rounding of the company."""
        if not base_lines:
            return 0.0
        tax_model = self.env["account.tax"]
        tax_model._add_tax_details_in_base_lines(base_lines, self.company)
        tax_model._round_base_lines_tax_details(base_lines, self.company)
        totals = tax_model._get_tax_totals_summary(base_lines=base_lines, currency=self.currency, company=self.company)
        return totals["base_amount_currency"]

    def _compute_price(self, product, quantity, uom):
        rule = self._find_rule(product, quantity, uom)
        kwargs = {"quantity": quantity, "uom": uom, "date": self.date, "currency": self.currency}
        price, discount = rule._compute_price(product, **kwargs), 0.0
        if rule._show_discount():
            base_price = rule._compute_price_before_discount(product=product, **kwargs)
            discount = self._discount(base_price, price)
            price = max(base_price, price)
        price = product._get_tax_included_unit_price_from_price(
            price,
            product_taxes=self._product_taxes(product)[0],
            fiscal_position=self.fiscal_position,
        )
        return price, discount

    def _discount(self, base_price, price):
        if not base_price:
            return 0.0
        discount = (base_price - price) / base_price * 100
        # A surcharge is never shown to the client as a negative discount.
        if discount * base_price <= 0:
            return 0.0
        digits = self.env["decimal.precision"].precision_get("Discount")
        return float_round(discount, precision_digits=digits)

    def _find_rule(self, product, quantity, uom):
        if uom != product.uom_id:
            quantity = uom._compute_quantity(quantity, product.uom_id, raise_if_failure=False)
        for rule in self.rules:
            if rule._is_applicable_for(product, quantity):
                return rule
        return self.rules.browse()

    def _product_taxes(self, product):
        if product.id not in self._taxes:
            product_taxes = product.taxes_id._filter_taxes_by_company(self.company)
            taxes = self.fiscal_position.map_tax(product_taxes)
            included = any(tax.price_include for tax in taxes.flatten_taxes_hierarchy())
            self._taxes[product.id] = (product_taxes, taxes, included)
        return self._taxes[product.id]
