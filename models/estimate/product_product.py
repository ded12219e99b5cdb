from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_recipes(self):
        return self.product_tmpl_id.action_view_recipes()

    def _get_cost_nature(self):
        """Tell what a product is in a recipe when nobody has said so."""
        if not self or self.cost_nature:
            return self.cost_nature
        hour = self.env.ref("uom.product_uom_hour", raise_if_not_found=False)
        is_time = bool(hour) and hour._has_common_reference(self.uom_id)
        return "labour" if is_time or self.type == "service" else "material"
