from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def write(self, vals):
        result = super().write(vals)
        if "standard_price" in vals:
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

    def action_view_recipe_uses(self):
        return self.product_tmpl_id.action_view_recipe_uses()
