"""Values of generated lines, worked out for all lines at once instead of one by one.

Stock computes the values of new lines on records in memory, a line at a time. The lines of a
generated quote differ by little more than their quantity, so one line of each kind is computed by
stock itself and its values are given to all lines alike. What depends on the quantity, the amounts,
goes through the same functions of `account.tax` that stock calls.
"""

from bisect import bisect_right

from odoo import models
from odoo.fields import Command

# What depends on product, unit, order and the price band of the quantity only.
_SAMPLED_FIELDS = {
    "product_uom_id",
    "name",
    "tax_ids",
    "price_unit",
    "discount",
    "customer_lead",
    "qty_delivered_method",
    "purchase_price",
    "analytic_distribution",
}
# Field of the line → field of its order.
_ORDER_FIELDS = {
    "company_id": "company_id",
    "currency_id": "currency_id",
    "order_partner_id": "partner_id",
    "salesman_id": "user_id",
    "state": "state",
}
# A line with one of these is priced by rules of its own: stock computes it.
_SPECIAL_FIELDS = (
    "combo_item_id",
    "linked_line_id",
    "linked_virtual_id",
    "is_downpayment",
    "is_expense",
    "extra_tax_data",
    "product_no_variant_attribute_value_ids",
    "product_custom_attribute_value_ids",
)
_SECTION_VALUES = {
    "product_uom_id": False,
    "tax_ids": [Command.set([])],
    "price_unit": 0.0,
    "discount": 0.0,
    "customer_lead": 0.0,
    "qty_delivered_method": "manual",
    "purchase_price": 0.0,
    "analytic_distribution": False,
    "price_subtotal": 0.0,
    "price_tax": 0.0,
    "price_total": 0.0,
    "price_reduce_taxexcl": 0.0,
    "price_reduce_taxinc": 0.0,
    "margin": 0.0,
    "margin_percent": 0.0,
}
_NO_VARIANT_VALUES = {
    "product_no_variant_attribute_value_ids": [Command.set([])],
    "product_custom_attribute_value_ids": [Command.set([])],
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _add_precomputed_values(self, vals_list):  # pylint: disable=missing-return
        """Leave the lines out where nothing of the order is worked out from them: stock would make each in memory."""
        lines = []
        if not self._has_precomputed_from_lines():
            generated = [vals for vals in vals_list if vals.get("evaluation_id") and vals.get("order_line")]
            lines = [(vals, vals.pop("order_line")) for vals in generated]
        super()._add_precomputed_values(vals_list)
        for vals, commands in lines:
            vals["order_line"] = commands

    def _has_precomputed_from_lines(self):
        """Tell whether some addon works out a value of a new order from its lines; stock does not."""
        dependent = self.pool.get_dependent_fields(self._fields["order_line"])
        return any(field.precompute and field.model_name == self._name for field in dependent)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _add_precomputed_values(self, vals_list):
        generated = [vals for vals in vals_list if self._is_generated_values(vals)]
        if generated:
            # sudo: costs belong to the line even when the person generating may not see them.
            self.sudo()._add_generated_values(generated)
        return super()._add_precomputed_values(vals_list)

    def _is_generated_values(self, vals):
        """Tell whether these values describe a line generated from an evaluation sheet."""
        return (
            bool(vals.get("evaluation_line_id") and vals.get("order_id"))
            and (vals.get("product_id") or vals.get("display_type"))
            and not any(vals.get(fname) for fname in _SPECIAL_FIELDS)
            and all(command[0] == Command.SET for command in vals.get("tax_ids") or ())
        )

    def _add_generated_values(self, vals_list):
        """Complete the values of generated lines with all that stock would compute for them."""
        self._add_shared_values(vals_list)
        orders = self.env["sale.order"].browse({vals["order_id"] for vals in vals_list})
        for vals in vals_list:
            if not vals.get("display_type"):
                amounts = self._get_generated_amounts(orders.browse(vals["order_id"]), vals)
                vals.update((fname, value) for fname, value in amounts.items() if fname not in vals)

    def _add_shared_values(self, vals_list):
        """Complete the values of generated lines with what they share with lines of their kind: all but amounts."""
        # Stock computes the distribution after creation, with two searches a line.
        fnames = {fname for fname, field in self._fields.items() if field.precompute} | {"analytic_distribution"}
        orders = self.env["sale.order"].browse({vals["order_id"] for vals in vals_list})
        common = {
            order.id: _NO_VARIANT_VALUES
            | {
                fname: order._fields[order_fname].convert_to_write(order[order_fname], order)
                for fname, order_fname in _ORDER_FIELDS.items()
            }
            for order in orders
        }
        sampler = _Sampler(self, orders, vals_list)
        for vals in vals_list:
            own = _SECTION_VALUES if vals.get("display_type") else sampler.sample(vals)
            for fname, value in (common[vals["order_id"]] | own).items():
                if fname in fnames:
                    vals.setdefault(fname, value)

    def _get_generated_amounts(self, order, vals):
        """Give the amounts of a line from its values, by the functions stock uses."""
        tax_model = self.env["account.tax"]
        tax_ids = [id_ for command in vals["tax_ids"] for id_ in command[2]]
        quantity = self._fields["product_uom_qty"].convert_to_cache(vals["product_uom_qty"], self)
        base_line = tax_model._prepare_base_line_for_taxes_computation(
            {},
            product_id=self.env["product.product"].browse(vals["product_id"]),
            product_uom_id=self.env["uom.uom"].browse(vals["product_uom_id"]),
            tax_ids=tax_model.browse(tax_ids),
            price_unit=vals["price_unit"],
            quantity=quantity,
            discount=vals["discount"],
            partner_id=order.partner_id,
            currency_id=order.currency_id,
            rate=order.currency_rate,
        )
        tax_model._add_tax_details_in_base_line(base_line, order.company_id)
        tax_model._round_base_lines_tax_details([base_line], order.company_id)
        subtotal = order.currency_id.round(base_line["tax_details"]["total_excluded_currency"])
        total = order.currency_id.round(base_line["tax_details"]["total_included_currency"])
        margin = subtotal - vals["purchase_price"] * quantity
        return {
            "price_subtotal": subtotal,
            "price_total": total,
            "price_tax": total - subtotal,
            "price_reduce_taxexcl": subtotal / quantity if quantity else 0.0,
            "price_reduce_taxinc": total / quantity if quantity else 0.0,
            "margin": margin,
            "margin_percent": subtotal and margin / subtotal,
        }


class _Sampler:
    """Computes one line of each kind with stock's own computations, in memory."""

    def __init__(self, lines, orders, vals_list):
        self.lines = lines
        vals_list = [vals for vals in vals_list if not vals.get("display_type")]
        products = lines.env["product.product"].browse({vals["product_id"] for vals in vals_list})
        self.products = {product.id: product for product in products}
        self.thresholds = {order.id: self._get_thresholds(order.pricelist_id) for order in orders}
        self.has_distribution = self._has_distribution(products)
        self.samples = self._compute_samples(vals_list)

    def sample(self, vals):
        """Give the values that a line shares with all lines of its kind."""
        return self.samples[self._get_key(vals)]

    def _get_key(self, vals):
        """Tell the kind of a line: what its values depend on, the quantity by its price band."""
        product = self.products[vals["product_id"]]
        uom_id = vals.get("product_uom_id") or product.uom_id.id
        thresholds = self.thresholds[vals["order_id"]]
        band = None
        if thresholds:
            quantity = vals["product_uom_qty"] or 1.0
            if uom_id != product.uom_id.id:
                uom = product.uom_id.browse(uom_id)
                quantity = uom._compute_quantity(quantity, product.uom_id, raise_if_failure=False)
            band = bisect_right(thresholds, quantity)
        return (vals["order_id"], product.id, uom_id, band)

    def _compute_samples(self, vals_list):
        first_of_kind = {}
        for vals in vals_list:
            first_of_kind.setdefault(self._get_key(vals), vals)
        samples = self.lines.concat(*map(self._new, first_of_kind.values()))
        # Field by field, so that stock computes each for all samples at once.
        values = {key: {} for key in first_of_kind}
        for fname in _SAMPLED_FIELDS:
            field = self.lines._fields[fname]
            for key, line in zip(first_of_kind, samples):
                values[key][fname] = field.convert_to_write(line[fname], line)
        return values

    def _new(self, vals):
        names = ("order_id", "product_id", "product_uom_id", "product_uom_qty")
        values = {fname: vals[fname] for fname in names if fname in vals}
        if not self.has_distribution:
            values["analytic_distribution"] = False
        return self.lines.new(values)

    def _get_thresholds(self, pricelist):
        """List the quantities at which a rule of this pricelist, or of one below it, sets in."""
        seen = pricelist.browse()
        thresholds = set()
        while pricelist:
            seen |= pricelist
            thresholds.update(pricelist.item_ids.mapped("min_quantity"))
            pricelist = pricelist.item_ids.base_pricelist_id - seen
        return sorted(thresholds - {0.0})

    def _has_distribution(self, products):
        """Tell whether any line could get an analytic distribution: stock searches for each."""
        models_exist = self.lines.env["account.analytic.distribution.model"].search_count([], limit=1)
        return bool(models_exist or products.project_id)
