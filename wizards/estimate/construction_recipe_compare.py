from odoo import api, fields, models
from odoo.exceptions import UserError


class ConstructionRecipeCompare(models.TransientModel):
    """Compare any two versions of a recipe."""

    _name = "construction.recipe.compare"
    _description = "Compare Versions"

    recipe_id = fields.Many2one("construction.recipe", string="Version", required=True, ondelete="cascade")
    product_tmpl_id = fields.Many2one(related="recipe_id.product_tmpl_id")
    company_id = fields.Many2one(related="recipe_id.company_id")
    other_id = fields.Many2one(
        "construction.recipe",
        string="With Version",
        compute="_compute_other_id",
        store=True,
        readonly=False,
        ondelete="cascade",
        domain="[('product_tmpl_id', '=', product_tmpl_id), ('company_id', '=', company_id), ('id', '!=', recipe_id)]",
    )
    comparison = fields.Html(string="Changes", compute="_compute_comparison")
    cost_comparison = fields.Html(compute="_compute_cost_comparison", groups="construction_crm.group_cost")

    @api.depends("recipe_id")
    def _compute_other_id(self):
        for wizard in self:
            wizard.other_id = wizard.recipe_id._get_previous_version()

    @api.depends("recipe_id", "other_id")
    def _compute_comparison(self):
        for wizard in self:
            both = wizard.recipe_id and wizard.other_id
            wizard.comparison = wizard.recipe_id._render_comparison(wizard.other_id) if both else False

    @api.depends("recipe_id", "other_id")
    def _compute_cost_comparison(self):
        for wizard in self:
            both = wizard.recipe_id and wizard.other_id
            wizard.cost_comparison = wizard.recipe_id._render_cost_comparison(wizard.other_id) if both else False

    @api.model
    def default_get(self, fields):
        """Take the two versions that were chosen in a list."""
        values = super().default_get(fields)
        recipes = self.env["construction.recipe"].browse(self.env.context.get("active_ids", ()))
        if self.env.context.get("active_model") == recipes._name and len(recipes) == 2:
            if len(recipes.product_tmpl_id) > 1:
                raise UserError(self.env._("Choose two versions of the same product."))
            other, recipe = recipes.sorted("version")
            values |= {"recipe_id": recipe.id, "other_id": other.id}
        elif self.env.context.get("active_model") == recipes._name and recipes:
            values["recipe_id"] = recipes[0].id
        return values
