from odoo import models


class ConstructionRecipe(models.Model):
    _inherit = "construction.recipe"

    def _get_used_ids(self):
        """Count the lines of quotes as use."""
        lines = self.env["sale.order.line"].sudo()  # quotes the user may not see count
        groups = lines._read_group([("recipe_id", "in", self.ids)], ["recipe_id"])
        return super()._get_used_ids() | {recipe.id for (recipe,) in groups}
