import operator

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ...core.estimate import explosion, formula
from .recipe_figures import RecipeFigures
from .recipe_library import RecipeLibrary

COST_GROUP = "construction_crm.group_cost"
# How a search may compare costs.
_COMPARISONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class ConstructionRecipe(models.Model):
    """What a recipe costs at today's costs, with all recipes inside it."""

    _inherit = "construction.recipe"

    # Not stored: a new price of cement would rewrite half the library; adding it up anew costs a second at most.
    unit_cost = fields.Float(
        compute="_compute_unit_cost",
        search="_search_unit_cost",
        min_display_digits="Product Price",
        groups=COST_GROUP,
        help="Cost of one unit of the product, at today's costs of the components.",
    )
    stated_cost = fields.Float(
        min_display_digits="Product Price",
        groups=COST_GROUP,
        copy=False,
        help="What the file this recipe was imported from says one unit costs, right or wrong. Nothing is "
        "calculated with it.",
    )
    flat_cost = fields.Html(
        string="All Components",
        compute="_compute_flat_cost",
        groups=COST_GROUP,
        help="What one unit of the product takes and costs, recipes inside recipes taken apart.",
    )
    cost_by_nature = fields.Html(
        compute="_compute_flat_cost",
        groups=COST_GROUP,
        help="Cost of one unit of the product: materials, labour, equipment…",
    )

    # === COMPUTE === #

    @api.depends("output_quantity", "line_ids.subtotal")
    def _compute_unit_cost(self):
        saved = self.filtered(lambda recipe: isinstance(recipe.id, int))
        costs = saved._get_unit_costs()
        for recipe in saved:
            recipe.unit_cost = costs[recipe.id]
        for recipe in self - saved:  # still being typed
            cost = sum(recipe.line_ids.mapped("subtotal"))
            recipe.unit_cost = cost / recipe.output_quantity if recipe.output_quantity else 0.0

    def _search_unit_cost(self, operator, value):
        # Odoo asks for the groups of a field when it is read, not when it searches by a method of its own.
        self._check_field_access(self._fields["unit_cost"], "read")
        compare = _COMPARISONS.get(operator)
        if compare is None:
            return NotImplemented
        # Nothing else asks before the answer tells what things cost.
        self._check_field_access(self._fields["unit_cost"], "read")
        costs = self.search([("company_id", "in", self.env.companies.ids)])._get_unit_costs()
        return [("id", "in", [recipe_id for recipe_id, cost in costs.items() if compare(cost, value)])]

    @api.depends("line_ids.subtotal", "output_quantity")
    def _compute_flat_cost(self):
        library = RecipeLibrary(self)
        costing = library.costing()
        for recipe in self:
            values = recipe._get_parameter_values(usual=True)
            totals = costing.by_nature(recipe.id, values)
            recipe.cost_by_nature = recipe._render_costs(recipe._prepare_nature_rows(totals))
            recipe.flat_cost = recipe._render_costs(recipe._prepare_flat_rows(library, values))

    # === BUSINESS === #

    def _get_unit_costs(self, known=None, bought=()):
        """Give what one unit of the product of each of these saved recipes costs, all at once.

        :param known: dict of product id → cost of one unit of it, instead of today's
        :param bought: ids of products that count as bought, have they a recipe or not
        :return: a dict of recipe id → cost
        """
        figures = RecipeFigures(self, known, bought)
        added_up = figures.costing()
        return {recipe_id: figures.unit_cost(recipe_id, added_up) for recipe_id in self._ids}

    def _prepare_nature_rows(self, totals):
        labels = dict(self.env["construction.recipe.line"]._fields["cost_nature"]._description_selection(self.env))
        return [(labels.get(nature, ""), "", amount) for nature, amount in totals.items()]

    def _prepare_flat_rows(self, library, values):
        """List `(component, quantity, cost)` of one unit, equal components of equal unit added up."""
        try:
            components = library.components(self, 1.0, 6, values, minimums=False)
        except (formula.FormulaError, explosion.TooDeepError) as error:
            return [(self._explain(error), "", 0.0)]
        rows, amounts = {}, {}
        for index in explosion.pricing_order(components):
            part, line = components[index], components[index].key
            if part.percent is None:
                amounts[index] = part.exact * line._get_product_cost()
                quantity, unit = part.exact, line.uom_id.name
            else:
                amounts[index] = sum(amounts[other] for other in part.base) * part.percent / 100
                quantity, unit = part.percent, "%"
            row = rows.setdefault((line.product_id, unit), [0.0, 0.0])
            row[0] += quantity
            row[1] += amounts[index]
        return [
            (product.display_name, f"{formatLang(self.env, quantity, digits=4)} {unit}", amount)
            for (product, unit), (quantity, amount) in rows.items()
        ]

    def _render_costs(self, rows):
        total = sum(amount for _name, _quantity, amount in rows)
        cell = Markup('<tr><td>%s</td><td class="text-end">%s</td><td class="text-end">%s</td></tr>')
        currency = self.currency_id or self.env.company.currency_id
        body = Markup().join(cell % (name, quantity, currency.format(amount)) for name, quantity, amount in rows)
        foot = cell % (Markup("<strong>%s</strong>") % self.env._("Total"), "", currency.format(total))
        return Markup('<table class="table table-sm"><tbody>%s%s</tbody></table>') % (body, foot)

    def _forget_costs(self):
        """Let costs be worked out again: a change reaches every recipe it stands in, however deep."""
        self.env["construction.recipe"].invalidate_model(["unit_cost", "flat_cost", "cost_by_nature"], flush=False)
        self.env["construction.recipe.line"].invalidate_model(["unit_cost", "subtotal"], flush=False)


class ConstructionRecipeLine(models.Model):
    _inherit = "construction.recipe.line"

    unit_cost = fields.Float(
        compute="_compute_costs",
        min_display_digits="Product Price",
        groups="construction_crm.group_cost",
        help="Today's cost of one unit of the component.",
    )
    subtotal = fields.Float(
        string="Cost",
        compute="_compute_costs",
        min_display_digits="Product Price",
        groups="construction_crm.group_cost",
        help="Cost of the component in the quantity the recipe makes, waste included.",
    )

    # === COMPUTE === #

    # Costs of products are left out: looking for all lines a new price reaches is dear, `_forget_costs` does it.
    @api.depends(
        "recipe_id.line_ids.kind",
        "recipe_id.line_ids.percent",
        "recipe_id.line_ids.percent_base",
        "recipe_id.line_ids.percent_code",
        "recipe_id.line_ids.product_id.uom_id",
        "recipe_id.line_ids.uom_id",
        "recipe_id.line_ids.use_recipe",
        "recipe_id.line_ids.cost_nature",
        "recipe_id.line_ids.quantity",
        "recipe_id.line_ids.waste_percent",
        "recipe_id.output_quantity",
        "company_id",
    )
    @api.depends_context("company")
    def _compute_costs(self):
        """Add up all recipes of these lines at once, each recipe inside them once."""
        saved = self.filtered(lambda line: isinstance(line.id, int))
        figures = RecipeFigures(saved.recipe_id)
        costing = figures.costing()
        costs = {
            cost.key: cost
            for recipe_id in saved.recipe_id._ids
            for cost in costing.lines(recipe_id, figures.usual_values(recipe_id))
        }
        recipes = (self - saved).recipe_id  # still being typed
        costing = RecipeLibrary(recipes).costing()
        costs |= {
            cost.key.id: cost
            for recipe in recipes
            for cost in costing.lines(recipe.id, recipe._get_parameter_values(usual=True))
        }
        for line in self:
            cost = costs.get(line.id)
            line.unit_cost = cost.unit if cost else 0.0
            line.subtotal = cost.total if cost else 0.0
