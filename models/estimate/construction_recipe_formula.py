from odoo import models
from odoo.exceptions import ValidationError

from ...core.estimate import explosion, formula
from .recipe_library import RecipeLibrary


class ConstructionRecipe(models.Model):
    """What a recipe says when its quantities cannot be worked out."""

    _inherit = "construction.recipe"

    def _get_parameter_values(self, usual=False):
        """Give the value of each parameter, None where each use must give it.

        :param usual: give the usual value there too
        """
        self.ensure_one()
        return {
            (parameter.name or "").lower(): (None if parameter.is_required and not usual else parameter.default)
            for parameter in self.parameter_ids
        }

    def _counts_codes(self):
        """Tell whether a percentage of the recipe counts components by their codes."""
        return any(line.percent_base == "code" and line.kind == "percent" for line in self.line_ids)

    def _explain(self, error):
        """Put an error of the arithmetic in the words of whoever keeps recipes."""
        product = self.product_tmpl_id.display_name
        if isinstance(error, explosion.TooDeepError):
            return self.env._(
                "Recipe of %(product)s: recipes stand inside one another more than %(limit)s deep, at "
                "%(component)s. Use the components themselves there.",
                product=product,
                limit=explosion.MAX_DEPTH,
                component=error.key.product_id.display_name,
            )
        if isinstance(error, formula.MissingParameter):
            return self.env._(
                "Recipe of %(product)s: a value for “%(parameter)s” is missing. Write it as “%(parameter)s = …”, "
                "or give the recipe this parameter.",
                product=product,
                parameter=error.detail,
            )
        if isinstance(error, formula.FormulaSyntaxError):
            return self.env._(
                "Recipe of %(product)s: “%(formula)s” is no arithmetic. Use numbers, parameters, + − * / ( ) and "
                "min, max, ceil, floor, sqrt, abs; decimals with a point.",
                product=product,
                formula=error.detail,
            )
        return self.env._(
            "Recipe of %(product)s: “%(formula)s” gives no usable quantity. Check the formula and its values.",
            product=product,
            formula=error.detail,
        )

    def _get_line_quantity(self, line, quantity, values):
        """Give, unrounded, how much of one of its components a quantity of the recipe takes."""
        alone = RecipeLibrary(self, pinned=self.browse())
        components = alone.components(self, quantity, self._get_quantity_digits(), values)
        return next(component.exact for component in components if component.key == line)

    def _get_components(self, quantity, digits, library=None, values=None, minimums=True):
        """Work out the components of any quantity, as `explode` lists them.

        :param library: a `RecipeLibrary` with this recipe; by default that of the versions active now
        :param values: dict of parameter → number
        :raise ValidationError: when a formula lacks a value or recipes go too deep
        """
        library = library or RecipeLibrary(self)
        try:
            components = library.components(self, quantity, digits, values, minimums)
        except (formula.FormulaError, explosion.TooDeepError) as error:
            raise ValidationError(self._explain(error)) from error
        order = {index: place for place, index in enumerate(explosion.pricing_order(components))}
        return [
            {
                "recipe_line": component.key,
                "recipe": component.key.recipe_id,
                "product": component.key.product_id,
                "quantity": component.quantity,
                "exact_quantity": component.exact,
                "uom": component.key.uom_id,
                "nature": component.key.cost_nature,
                "section": component.section,
                "percent": component.percent,
                "base": component.base,
                "order": order[index],
            }
            for index, component in enumerate(components)
        ]


class ConstructionRecipeLine(models.Model):
    _inherit = "construction.recipe.line"

    def _check_formula_names(self, names):
        """Refuse formulas that use another parameter than these."""
        for line in self.filtered("quantity_formula"):
            try:
                missing = formula.parse(line.quantity_formula).names - names
            except formula.FormulaError as error:
                raise ValidationError(line.recipe_id._explain(error)) from error
            if missing:
                raise ValidationError(line.recipe_id._explain(formula.MissingParameter(min(missing))))
