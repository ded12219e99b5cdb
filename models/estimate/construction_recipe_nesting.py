from odoo import models
from odoo.exceptions import ValidationError

from ...core.estimate import explosion, nesting


class ConstructionRecipe(models.Model):
    """Recipes inside recipes: no circles, and not too deep."""

    _inherit = "construction.recipe"

    def _check_nesting(self):
        """Refuse recipes that would contain themselves or go too deep once they are active.

        All recipes are checked at once, level by level.
        """
        for company, recipes in self.grouped("company_id").items():
            edges = recipes._get_nesting(company)
            starts = recipes.product_tmpl_id.ids
            if cycle := nesting.find_cycle(edges, starts):
                raise ValidationError(
                    self.env._(
                        "These recipes contain one another: %(cycle)s. Take one of them out, or switch off “Use "
                        "recipe” on a component.",
                        cycle=self._name_products(cycle),
                    )
                )
            deepest = nesting.find_deepest(edges, recipes._get_outermost(edges, company))
            if len(deepest) > explosion.MAX_DEPTH + 1:
                raise ValidationError(
                    self.env._(
                        "Recipes can stand inside one another %(limit)s deep at most: %(chain)s goes deeper.",
                        limit=explosion.MAX_DEPTH,
                        chain=self._name_products(deepest),
                    )
                )

    def _get_nesting(self, company):
        """Map each product template to those inside its recipe, as if these recipes were active."""
        edges, level = {}, self
        while level:
            inner_ids = set()
            for recipe in level:
                inside = edges.setdefault(recipe.product_tmpl_id.id, [])
                lines = recipe.line_ids.filtered(lambda line: line._is_made_by_recipe())
                # A component of itself is refused where it is chosen.
                inside += (lines.product_id.product_tmpl_id - recipe.product_tmpl_id).ids
                inner_ids.update(inside)
            inner_ids -= edges.keys()
            domain = [
                ("product_tmpl_id", "in", list(inner_ids)),
                ("company_id", "=", company.id),
                ("state", "=", "active"),
            ]
            level = self.search(domain, order="id") if inner_ids else self.browse()
        return edges

    def _get_outermost(self, edges, company):
        """Add to `edges` the active recipes around these, and give the templates to measure the depth from."""
        inner_ids = starts = set(self.product_tmpl_id.ids)
        # The depth counts from outside; a circle above was refused when it was made.
        for _level in range(explosion.MAX_DEPTH + 1):
            lines = self.env["construction.recipe.line"].search(
                [
                    ("product_id.product_tmpl_id", "in", list(inner_ids)),
                    ("use_recipe", "=", True),
                    ("kind", "=", "quantity"),
                    ("recipe_id.company_id", "=", company.id),
                    ("recipe_id.state", "=", "active"),
                    ("recipe_id.product_tmpl_id", "not in", list(edges)),
                ],
                order="id",
            )
            if not lines:
                break
            for line in lines:
                outer_id = line.recipe_id.product_tmpl_id.id
                edges.setdefault(outer_id, []).append(line.product_id.product_tmpl_id.id)
            inner_ids = {line.recipe_id.product_tmpl_id.id for line in lines}
            starts = starts | inner_ids
        return list(starts)

    def _name_products(self, template_ids):
        return " → ".join(self.env["product.template"].browse(template_ids).mapped("display_name"))

    def _get_users_of(self, products):
        """Find the active recipes that use these products, directly or by recipes inside them."""
        found, level, made = self.browse(), products.product_tmpl_id, []
        while level:
            lines = [("product_id.product_tmpl_id", "in", level.ids), *made]
            recipes = self.search([("line_ids", "any", lines), ("state", "=", "active")], order="id")
            level = (recipes - found).product_tmpl_id
            found |= recipes
            # Beyond the first level a product counts only where its recipe does.
            made = [("use_recipe", "=", True), ("kind", "=", "quantity")]
        return found
