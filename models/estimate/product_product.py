from odoo import api, models
from odoo.exceptions import UserError

#: Context key of whoever changes many costs and notes their history itself, all at once.
COSTS_ARE_NOTED = "construction_costs_are_noted"


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        result = super().write(vals)
        if "standard_price" in vals and not self.env.context.get(COSTS_ARE_NOTED):
            self.env["construction.recipe"]._forget_costs()
            self.env["construction.component.cost"]._record(self)
        return result

    def action_view_recipes(self):
        return self.product_tmpl_id.action_view_recipes()

    def _get_cost_nature(self):
        """Tell what a product is in a recipe when nobody has said so."""
        if not self or self.cost_nature:
            return self.cost_nature
        return "labour" if self._is_counted_in_time() or self.type == "service" else "material"

    def _is_counted_in_time(self):
        """Tell whether the unit of the product is one of time."""
        # Not `env.ref`, which asks the database each time.
        hour_id = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_hour")
        return bool(hour_id) and self.uom_id.browse(hour_id)._has_common_reference(self.uom_id)

    def _get_known_costs(self, company, date, source="history"):
        """Give what these products cost on a day.

        :param source: "history" or "vendor", see `construction.recipe._get_known_costs`
        :return: a dict of product id → cost of one unit, in the currency of the company
        """
        if source == "vendor":
            return {product.id: cost for product, (cost, _seller) in self._get_vendor_costs(company, date).items()}
        # sudo: a cost comes out, for fields and screens that need the group of costs.
        costs = self.env["construction.component.cost"].sudo()._get_costs_at(self, company, date)
        return {product_id: cost for product_id, (cost, _date) in costs.items()}

    def _get_vendor_costs(self, company, date):
        """Give what these products cost by the price lists of vendors that are valid on a day.

        :return: a dict of product → `(cost of one unit in the currency of the company, product.supplierinfo)`, of
            the products a vendor has a price for
        """
        result = {}
        for product in self.with_company(company):
            seller = product._select_seller(quantity=None, date=date)
            if not seller:
                continue
            price = seller.price_discounted  # of one unit of the product
            cost = seller.currency_id._convert(price, company.currency_id, company, date, round=False)
            result[product.with_env(self.env)] = (cost, seller)
        return result

    @api.model
    def _get_rounding_product(self):
        """Give the service that rounding stands for on a quote."""
        product = self.env.ref("construction_crm.product_rounding", raise_if_not_found=False)
        if not product:
            raise UserError(
                self.env._(
                    "The product for rounding was deleted. Update the Construction CRM application to have it "
                    "again, or take the rounding out of the markups."
                )
            )
        return product

    def action_view_recipe_uses(self):
        return self.product_tmpl_id.action_view_recipe_uses()
