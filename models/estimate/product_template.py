from odoo import api, fields, models

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
        lines = self.env["construction.recipe.line"]._read_group(
            [("product_id.product_tmpl_id", "in", self.ids), ("recipe_id.state", "!=", "archived")],
            ["product_id"],
            ["recipe_id:array_agg"],
        )
        used_in = {}
        for product, recipe_ids in lines:
            used_in.setdefault(product.product_tmpl_id.id, set()).update(recipe_ids)
        for template in self:
            template.recipe_use_count = len(used_in.get(template.id, ()))

    def action_view_recipe_uses(self):
        """List the recipes this product is a component of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_recipe_action")
        action["domain"] = [
            ("line_ids.product_id.product_tmpl_id", "=", self.id),
            ("state", "!=", "archived"),
        ]
        action["context"] = {"create": False}
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
