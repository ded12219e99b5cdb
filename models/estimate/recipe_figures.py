"""Stored recipes read as plain figures, to add up whole libraries: one query a level, no records."""

from odoo.tools import SQL

from ...core.estimate import costing, explosion, formula

# A line, the product it takes and the active recipe inside it, which is one at most (see `_one_active_version`).
_LINES = """
    SELECT line.id, line.recipe_id, recipe.output_quantity, recipe.company_id,
           line.kind, line.quantity, line.waste_percent, line.cost_nature, line.percent,
           line.percent_base, line.percent_code, line.quantity_formula, product.default_code,
           line.uom_id, line.product_id, template.uom_id,
           (product.standard_price->>recipe.company_id::text)::float, part.id, part.uom_id
      FROM construction_recipe_line line
      JOIN construction_recipe recipe ON recipe.id = line.recipe_id
      JOIN product_product product ON product.id = line.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
 LEFT JOIN construction_recipe part ON part.product_tmpl_id = product.product_tmpl_id
                                   AND part.company_id = recipe.company_id
                                   AND part.state = 'active' AND line.use_recipe AND line.kind = 'quantity'
     WHERE line.recipe_id IN %s
  ORDER BY line.recipe_id, line.sequence, line.id
"""


class RecipeFigures:
    """What `RecipeLibrary` reads, for recipes that are saved: ids and numbers instead of records.

    It costs nothing of the record cache, so that 12,000 recipes are added up in a second. Whoever reads what comes
    out must be allowed to see costs: fields with the cost group are, and they check it.
    """

    def __init__(self, recipes, known=None, bought=()):
        """
        :param recipes: saved `construction.recipe` records to start from
        :param known: dict of product id → cost of one unit of the product, instead of today's
        :param bought: ids of products that count as bought, have they a recipe or not
        """
        self.env = recipes.env
        self.known = known or {}
        self.bought = set(bought)
        # Recipe id → core recipe, whose lines have ids for keys.
        self.core = {}
        # Line id → cost of one unit of the line; line id → its product id.
        self.unit_costs = {}
        self.products = {}
        self._factors = {}
        self._fallbacks = {}
        self._flush()
        level, depth = list(recipes._ids), 0
        while level and depth <= explosion.MAX_DEPTH:
            level = self._read_level(level)
            depth += 1

    def costing(self):
        """Give the `costing.Costing` of these recipes; its keys are ids."""
        return costing.Costing(self.core, self.unit_costs.__getitem__)

    def unit_cost(self, recipe_id, added_up):
        """Give the cost of one unit of a recipe, with the costing of `costing`."""
        return added_up.unit_cost(recipe_id, self.usual_values(recipe_id)) if recipe_id in self.core else 0.0

    def usual_values(self, recipe_id):
        """Give the usual value of each parameter of a recipe."""
        return self._usual.get(recipe_id) or {}

    def oldest(self, dates):
        """Give the oldest date of what each recipe takes that is bought, with the recipes inside.

        :param dates: mapping of product id → date; products without one are left out
        :return: a dict of recipe id → date, or None
        """
        found = {}

        def look(recipe_id, path):
            if recipe_id not in found:
                days = []
                for line in self.core[recipe_id].lines:
                    if line.recipe in self.core and line.recipe not in path:
                        days.append(look(line.recipe, (*path, recipe_id)))
                    elif line.percent is None:
                        days.append(dates.get(self.products[line.key]))
                found[recipe_id] = min(filter(None, days), default=None)
            return found[recipe_id]

        return {recipe_id: look(recipe_id, ()) for recipe_id in self.core}

    def _flush(self):
        """Bring what waits in memory to the database: raw SQL does not know of it."""
        self.env["construction.recipe"].flush_model(["output_quantity", "company_id", "state", "uom_id"])
        self.env["construction.recipe.line"].flush_model()
        self.env["construction.recipe.parameter"].flush_model()
        self.env["product.product"].flush_model(["standard_price", "product_tmpl_id", "default_code"])
        self.env["product.template"].flush_model(["uom_id"])
        self._usual, self._asked = {}, {}

    def _read_level(self, recipe_ids):
        """Read these recipes; the ids of those inside them that are still to be read."""
        # SQL: as records, the lines of a large library take longer to read than to add up.
        rows = self.env.execute_query(SQL(_LINES, tuple(recipe_ids)))
        self._read_parameters(recipe_ids)
        lines, outputs, inner_ids = {}, {}, set()
        for row in rows:
            line_id, recipe_id, output, company_id, *figures, line_uom, product_id, uom_id, cost, part, part_uom = row
            if product_id in self.bought:
                part = None
            self.unit_costs[line_id] = self._line_cost(product_id, company_id, cost, uom_id, line_uom)
            self.products[line_id] = product_id
            factor = self._factor(line_uom, part_uom, is_price=False) if part else 1.0
            lines.setdefault(recipe_id, []).append(_core_line(line_id, *figures, part, factor))
            outputs[recipe_id] = output
            if part:
                inner_ids.add(part)
        for recipe_id in recipe_ids:
            values = self._asked.get(recipe_id) or {}
            self.core[recipe_id] = explosion.Recipe(
                outputs.get(recipe_id) or 1.0, tuple(lines.get(recipe_id, ())), values
            )
        return list(inner_ids - self.core.keys())

    def _read_parameters(self, recipe_ids):
        """Read the parameters: with their usual values, and with None where each use must give one."""
        rows = self.env.execute_query(
            # SQL: by the dozen thousand, as above.
            SQL(
                'SELECT recipe_id, lower(name), is_required, "default"'
                " FROM construction_recipe_parameter WHERE recipe_id IN %s",
                tuple(recipe_ids),
            )
        )
        for recipe_id, name, is_required, default in rows:
            self._usual.setdefault(recipe_id, {})[name] = default or 0.0
            self._asked.setdefault(recipe_id, {})[name] = None if is_required else default or 0.0

    def _line_cost(self, product_id, company_id, cost, uom_id, line_uom_id):
        if product_id in self.known:
            cost = self.known[product_id]
        elif cost is None:
            cost = self._fallback(company_id)
        return cost * self._factor(uom_id, line_uom_id) if cost else 0.0

    def _fallback(self, company_id):
        """Give the cost of products that have none in this company."""
        if company_id not in self._fallbacks:
            company = self.env["res.company"].browse(company_id)
            products = self.env["product.product"].with_company(company)
            field = products._fields["standard_price"]
            self._fallbacks[company_id] = field.get_company_dependent_fallback(products) or 0.0
        return self._fallbacks[company_id]

    def _factor(self, from_id, to_id, is_price=True):
        """Give what turns a price, or a quantity, of one unit into that of another."""
        if from_id == to_id:
            return 1.0
        key = (from_id, to_id, is_price)
        if key not in self._factors:
            from_uom, to_uom = self.env["uom.uom"].browse((from_id, to_id))
            if is_price:
                self._factors[key] = from_uom._compute_price(1.0, to_uom)
            else:
                self._factors[key] = from_uom._compute_quantity(1.0, to_uom, round=False, raise_if_failure=False)
        return self._factors[key]


def _core_line(key, kind, quantity, waste, nature, percent, base, of_code, text, code, recipe, factor):
    if kind == "percent":
        base = explosion.CODE + (of_code or "") if base == "code" else base or explosion.ALL_BEFORE
        return explosion.RecipeLine(key, nature=nature or "", percent=percent or 0.0, base=base, code=code or "")
    parsed = _parse(text) if text else None
    return explosion.RecipeLine(
        key, quantity or 0.0, waste or 0.0, 0.0, nature or "", parsed, recipe, factor, code=code or ""
    )


def _parse(text):
    try:
        return formula.parse(text)
    except formula.FormulaError:
        return None
