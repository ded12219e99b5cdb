from odoo import api, models
from odoo.tools import SQL

#: Context key of whoever changes many costs and notes their history itself, all at once.
COSTS_ARE_NOTED = "construction_costs_are_noted"


ROUNDING_PRODUCT = "construction_crm.product_rounding"
# A record every database with this addon has.
COST_GROUP_ID = "construction_crm.group_cost"


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
    def _find_rounding_product(self):
        """Give the service that rounding stands for on quotes; none as long as nothing was rounded."""
        return self.env.ref(ROUNDING_PRODUCT, raise_if_not_found=False) or self.browse()

    @api.model
    def _get_rounding_product(self):
        """Give the service that rounding stands for on quotes, made when the first price is rounded.

        Not with the installation: the catalogue of a company is its own.
        """
        product = self._find_rounding_product()
        if product:
            return product
        # SQL: whoever rounds first at the same moment waits at this row, starts again and finds the product.
        self.env.cr.execute(
            SQL(
                "UPDATE ir_model_data SET write_date = write_date WHERE module = %s AND name = %s",
                *COST_GROUP_ID.split("."),
            )
        )
        # sudo: whoever measures or quotes what is rounded needs the product once.
        product_sudo = self.sudo().create(
            {
                "name": self.env._("Rounding"),
                "type": "service",
                "uom_id": self.env.ref("uom.product_uom_unit").id,
                "list_price": 0.0,
                "sale_ok": False,
                "purchase_ok": False,
                "invoice_policy": "order",
                "cost_nature": "other",
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
        )
        self.env["ir.model.data"].sudo()._update_xmlids(  # sudo: as above
            [{"xml_id": ROUNDING_PRODUCT, "record": product_sudo, "noupdate": True}]
        )
        return product_sudo.with_env(self.env)

    def action_view_recipe_uses(self):
        return self.product_tmpl_id.action_view_recipe_uses()
