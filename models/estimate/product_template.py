from odoo import api, fields, models

# With this in the context recipes show what a product makes of their cost (see `construction_recipe_reprice.py`).
USED_PRODUCT = "construction_used_template"

COST_NATURES = [
    ("material", "Material"),
    ("labour", "Labour"),
    ("equipment", "Equipment"),
    ("subcontract", "Subcontract"),
    ("transport", "Transport"),
    ("other", "Other"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

    cost_nature = fields.Selection(
        COST_NATURES,
        help="What this product is in a recipe. Labour sold by the hour becomes the planned hours of the project.",
    )
    recipe_ids = fields.One2many("construction.recipe", "product_tmpl_id", string="Recipes")
    recipe_count = fields.Integer(compute="_compute_recipe_count")
    recipe_use_count = fields.Integer(compute="_compute_recipe_use_count")

    @api.depends("recipe_ids")
    def _compute_recipe_count(self):
        counts = dict(
            self.env["construction.recipe"]._read_group(
                [("product_tmpl_id", "in", self.ids)], ["product_tmpl_id"], ["__count"]
            )
        )
        for template in self:
            template.recipe_count = counts.get(template._origin, 0)

    def _compute_recipe_use_count(self):
        for template in self:
            template.recipe_use_count = self.env["construction.recipe"].search_count(template._get_recipe_uses_domain())

    def _get_recipe_uses_domain(self):
        """Give the domain of the recipes this product stands in: active ones at any depth, drafts directly."""
        recipes = self.env["construction.recipe"]._get_users_of(self._origin.product_variant_ids)
        return [
            "|",
            ("id", "in", recipes.ids),
            "&",
            ("line_ids.product_id.product_tmpl_id", "in", self._origin.ids),
            ("state", "=", "draft"),
        ]

    def action_view_recipe_uses(self):
        """List the recipes this product stands in, in recipes inside too, with what it makes of their cost."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_recipe_action_used")
        action["display_name"] = self.env._("Used In: %(product)s", product=self.display_name)
        action["domain"] = self._get_recipe_uses_domain()
        action["context"] = {"create": False, USED_PRODUCT: self.id}
        return action

    def action_view_recipes(self):
        """Open the recipes of the product: the only one there is, or the list."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_recipe_action")
        action["domain"] = [("product_tmpl_id", "=", self.id)]
        action["context"] = {"default_product_tmpl_id": self.id}
        if self.recipe_count == 1:
            action.update(
                views=[(False, "form")],
                res_id=self.env["construction.recipe"].search(action["domain"]).id,
            )
        elif not self.recipe_count:
            action["views"] = [(False, "form")]
        return action
