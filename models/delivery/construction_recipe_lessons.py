from odoo import models
from odoo.exceptions import UserError


class ConstructionRecipe(models.Model):
    """What works really took, beside what the recipe says."""

    _inherit = "construction.recipe"

    # === ACTION === #

    def action_learn(self):
        """Compare the recipe in use with the works, and propose a draft with better coefficients."""
        self.ensure_one()
        return self.env["construction.recipe.learn"]._open(self)

    # === BUSINESS === #

    def _get_versions_to_compare(self):
        """Give the version that is in use of each of these recipes; one without any stands for itself."""
        active = self.search(self._get_active_rivals_domain())
        found = {(recipe.product_tmpl_id, recipe.company_id): recipe for recipe in active}
        keys = [(recipe.product_tmpl_id, recipe.company_id) for recipe in self]
        return self.browse().union(*(found.get(key, recipe) for key, recipe in zip(keys, self, strict=True)))


class ProjectProject(models.Model):
    _inherit = "project.project"

    def action_learn(self):
        """Compare the recipes of this project's chapters with what works took, here and elsewhere."""
        self.ensure_one()
        self.check_access("read")
        recipes = self._get_work_positions().recipe_id
        if not recipes:
            raise UserError(
                self.env._(
                    "No chapter of %(project)s was made from a recipe: there is none to compare.", project=self.name
                )
            )
        return self.env["construction.recipe.learn"]._open(recipes, self)
