"""Recipes and the recipes inside them, read level by level and handed to `core.estimate`."""

from ...core.estimate import costing, explosion, formula


class RecipeLibrary:
    """Some recipes with all that stand inside them: a handful of queries a level, whatever their number."""

    def __init__(self, recipes, pinned=None):
        """
        :param recipes: the `construction.recipe` records to start from
        :param pinned: the recipes that may stand inside, instead of the versions active now
        """
        self.env = recipes.env
        self.pinned = pinned
        # Recipes inside: (template id, company id) → recipe.
        self._inner = {}
        self._asked = set()
        # Recipe id → core recipe; ids, since records in a form have none of the database.
        self.core = {}
        self.inner_recipes = recipes.browse()
        level, depth = recipes, 0
        while level and depth <= explosion.MAX_DEPTH:
            found = self._find_inner(level)
            for recipe in level:
                self.core[recipe.id] = self._make_recipe(recipe)
            self.inner_recipes |= found
            level = found.browse(id_ for id_ in found._ids if id_ not in self.core)
            depth += 1

    def components(self, recipe, quantity, digits, values=None, minimums=True):
        """List the `explosion.Component` of a recipe of the library; see `explosion.explode`."""
        return explosion.explode(self.core[recipe.id], quantity, digits, self.core, values, minimums)

    def costing(self, known=None):
        """Give the `costing.Costing` at today's costs of the products.

        :param known: dict of product id → `(cost, date)`, instead of today's
        """
        return costing.Costing(self.core, lambda line: line._get_product_cost(known))

    def recipe_of(self, line):
        """Give the recipe inside that makes the component of a line, empty when it is bought."""
        if not line._is_made_by_recipe():
            return self.inner_recipes.browse()
        key = (line.product_id.product_tmpl_id.id, line.recipe_id.company_id.id)
        return self._inner.get(key, self.inner_recipes.browse())

    def _find_inner(self, recipes):
        lines = recipes.line_ids.filtered(lambda line: line._is_made_by_recipe())
        wanted = {(line.product_id.product_tmpl_id.id, line.recipe_id.company_id.id) for line in lines} - self._asked
        self._asked |= wanted
        if not wanted:
            return recipes.browse()
        if self.pinned is not None:
            candidates = self.pinned
        else:
            candidates = recipes.search(
                [
                    ("product_tmpl_id", "in", list({template_id for template_id, _company in wanted})),
                    ("company_id", "in", recipes.company_id.ids),
                    ("state", "=", "active"),
                ],
                order="id",
            )
        found_ids = []
        for recipe in candidates:
            key = (recipe.product_tmpl_id.id, recipe.company_id.id)
            if key in wanted:
                self._inner[key] = recipe
                found_ids.append(recipe.id)
        return recipes.browse(found_ids)

    def _make_recipe(self, recipe):
        # Only percentages of codes ask for the codes of the others.
        counts_codes = recipe._counts_codes()
        lines = tuple(self._make_line(line, counts_codes) for line in recipe.line_ids)
        # Parameters matter to formulas here, or inside.
        has_use = any(line.formula or line.recipe is not None for line in lines)
        values = recipe._get_parameter_values() if has_use else {}
        return explosion.Recipe(recipe.output_quantity or 1.0, lines, values)

    def _make_line(self, line, counts_codes):
        nature = line.cost_nature or ""
        code = (line.product_id.default_code or "") if counts_codes else ""
        if line.kind == "percent":
            base = line._get_percent_base()
            return explosion.RecipeLine(line, nature=nature, percent=line.percent, base=base, code=code)
        inner = self.recipe_of(line)
        factor = 1.0
        if inner and line.uom_id != inner.uom_id:
            factor = line.uom_id._compute_quantity(1.0, inner.uom_id, round=False, raise_if_failure=False)
        return explosion.RecipeLine(
            line,
            line.quantity,
            line.waste_percent,
            line.minimum_quantity,
            nature,
            _parse(line.quantity_formula),
            inner.id or None,
            factor,
            code=code,
        )


def _parse(text):
    """A formula that is still being typed counts as none; saving checks it."""
    try:
        return formula.parse(text) if text else None
    except formula.FormulaError:
        return None
