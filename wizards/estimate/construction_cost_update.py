from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ConstructionCostUpdate(models.TransientModel):
    """Raise or lower the costs of components together, and see which recipes that touches."""

    _name = "construction.cost.update"
    _description = "Update Costs"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, required=True)
    product_ids = fields.Many2many("product.product", string="Components", required=True)
    percent = fields.Float(string="Change (%)", help="10 makes a cost of 100 one of 110; −10 one of 90.")
    recipe_ids = fields.Many2many(
        "construction.recipe",
        string="Recipes Touched",
        compute="_compute_recipe_ids",
        help="Active recipes that use these components, directly or by recipes inside them.",
    )

    @api.depends("product_ids")
    def _compute_recipe_ids(self):
        for wizard in self:
            products = wizard.product_ids._origin
            recipes = self.env["construction.recipe"]
            if products:
                recipes = recipes._get_users_of(products).filtered(
                    lambda recipe: recipe.company_id == wizard.company_id  # noqa: B023
                )
            wizard.recipe_ids = recipes

    def action_apply(self):
        """Change the cost of each component by the percentage, in this company."""
        self.ensure_one()
        if not self.env.user.has_groups("construction_crm.group_estimator,sales_team.group_sale_manager"):
            raise AccessError(self.env._("Costs are kept by estimators and sales managers."))
        if not self.product_ids:
            raise UserError(self.env._("Choose the components whose cost changes."))
        if not -100 < self.percent <= 1000 or not self.percent:
            raise UserError(self.env._("The change must lie above −100 and at most at 1000 %, and not be zero."))
        # sudo: estimators keep the costs of components, and nothing else of products.
        for product in self.product_ids.sudo().with_company(self.company_id):
            product.standard_price *= 1 + self.percent / 100
        return {"type": "ir.actions.act_window_close"}
