from odoo import fields, models


class ConstructionRecipe(models.Model):
    """Where a version of a recipe is used."""

    _inherit = "construction.recipe"

    version_count = fields.Integer(compute="_compute_version_count")
    recipe_use_count = fields.Integer(compute="_compute_recipe_use_count")
    evaluation_count = fields.Integer(compute="_compute_evaluation_count")

    # === COMPUTE === #

    def _compute_version_count(self):
        for recipe in self:
            recipe.version_count = self.search_count(recipe._get_versions_domain()) if recipe._origin else 0

    def _compute_recipe_use_count(self):
        for recipe in self:
            recipe.recipe_use_count = recipe.product_tmpl_id.recipe_use_count if recipe.state == "active" else 0

    def _compute_evaluation_count(self):
        for recipe in self:
            recipe.evaluation_count = self.env["construction.evaluation"].search_count(recipe._get_sheets_domain())

    # === ACTION === #

    def action_view_versions(self):
        """List the versions of this recipe."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_recipe_action")
        return action | {"domain": self._get_versions_domain(), "context": {"create": False}}

    def action_view_recipe_uses(self):
        """List the recipes this one stands in."""
        return self.product_tmpl_id.action_view_recipe_uses()

    def action_view_evaluations(self):
        """List the sheets that use this version, directly or inside another recipe."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.construction_evaluation_action")
        action |= {"domain": self._get_sheets_domain(), "context": {"create": False}}
        return action

    # === BUSINESS === #

    def _get_versions_domain(self):
        return [("product_tmpl_id", "=", self.product_tmpl_id.id), ("company_id", "=", self.company_id.id)]

    def _get_sheets_domain(self):
        uses = ["|", ("recipe_id", "in", self._origin.ids), ("subrecipe_ids", "in", self._origin.ids)]
        return [("line_ids", "any", uses)]
