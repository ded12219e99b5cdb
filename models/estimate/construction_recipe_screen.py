from odoo import api, fields, models


class ConstructionRecipe(models.Model):
    """What the form of a recipe needs to know."""

    _inherit = "construction.recipe"

    has_percentages = fields.Boolean(compute="_compute_has_percentages", export_string_translation=False)

    @api.depends("line_ids.kind")
    def _compute_has_percentages(self):
        for recipe in self:
            recipe.has_percentages = "percent" in recipe.line_ids.mapped("kind")
