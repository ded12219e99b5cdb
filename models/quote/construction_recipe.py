from odoo import fields, models

from ..estimate.price_book import PRICE_GROUPS


class ConstructionRecipe(models.Model):
    _inherit = "construction.recipe"

    order_count = fields.Integer(compute="_compute_order_count", groups=PRICE_GROUPS)

    def _compute_order_count(self):
        for recipe in self:
            recipe.order_count = self.env["sale.order"].search_count(recipe._get_quotes_domain())

    def action_view_orders(self):
        """List the quotes with components of this version."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.sale_order_action_construction")
        action |= {"domain": self._get_quotes_domain(), "context": {"create": False}}
        return action

    def _get_quotes_domain(self):
        return [("order_line.recipe_id", "in", self._origin.ids)]

    def _get_used_ids(self):
        """Count the lines of quotes as use."""
        lines = self.env["sale.order.line"].sudo()  # quotes the user may not see count
        groups = lines._read_group([("recipe_id", "in", self.ids)], ["recipe_id"])
        return super()._get_used_ids() | {recipe.id for (recipe,) in groups}
