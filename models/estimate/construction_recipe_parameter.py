from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.estimate import explosion, formula


class ConstructionRecipeParameter(models.Model):
    """A measure the formulas of a recipe refer to: a thickness, a spacing."""

    _name = "construction.recipe.parameter"
    _description = "Recipe Parameter"
    _order = "recipe_id, sequence, id"

    _name_unique = models.UniqueIndex(
        "(recipe_id, lower(name))",
        "A recipe has each of its parameters once.",
    )

    recipe_id = fields.Many2one(
        "construction.recipe",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(
        required=True,
        help="The word formulas use: letters, digits and “_”, no spaces.",
    )
    default = fields.Float(
        string="Usual Value",
        digits=(16, 6),
        help="Holds wherever an evaluation sheet says nothing else.",
    )
    unit = fields.Char(help="In what it is measured, for whoever fills it in: cm, pieces per metre…")
    is_required = fields.Boolean(
        string="Ask Each Time",
        help="Each item of an evaluation sheet must give a value; the usual one serves the cost of the recipe only.",
    )

    # === CONSTRAINTS === #

    @api.constrains("name")
    def _check_name(self):
        for parameter in self:
            if not formula.is_parameter_name(parameter.name):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be the name of a parameter. Use one word of letters, digits and “_”.",
                        name=parameter.name,
                    )
                )

    @api.constrains("default")
    def _check_default(self):
        for parameter in self:
            if not explosion.is_usable_quantity(parameter.default):
                raise ValidationError(self.env._("The value of %(name)s is too large to be true.", name=parameter.name))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        recipe_ids = {vals["recipe_id"] for vals in vals_list if vals.get("recipe_id")}
        self.env["construction.recipe"].browse(recipe_ids)._check_not_used()
        for vals in vals_list:
            self._check_default_given(vals)
        parameters = super().create(vals_list)
        parameters.recipe_id.line_ids._check_formula()
        return parameters

    def write(self, vals):
        recipes = self.recipe_id
        if vals.get("recipe_id"):
            recipes |= recipes.browse(vals["recipe_id"])
        recipes._check_not_used()
        self._check_default_given(vals)
        result = super().write(vals)
        recipes.line_ids._check_formula()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.recipe_id._check_not_used()
        for recipe in self.recipe_id:
            left = {parameter.name.lower() for parameter in recipe.parameter_ids - self}
            recipe.line_ids._check_formula_names(left)

    # === BUSINESS === #

    def _check_default_given(self, vals):
        """Refuse what is no number before the ORM rounds it, which fails on it."""
        if not explosion.is_usable_quantity(vals.get("default") or 0.0):
            raise ValidationError(
                self.env._("The value of %(name)s is too large to be true.", name=vals.get("name") or self[:1].name)
            )
