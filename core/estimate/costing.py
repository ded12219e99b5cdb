"""What recipes cost, a library at a time: each recipe is added up once, whoever uses it."""

from dataclasses import dataclass, field
from typing import Any

from .explosion import ALL_BEFORE, CODE, MAX_DEPTH, matches_code
from .formula import FormulaError


@dataclass(slots=True)
class LineCost:
    """What a line of a recipe costs in the quantity the recipe makes, by nature."""

    key: Any
    unit: float = 0.0
    by_nature: dict[str, float] = field(default_factory=dict)

    @property
    def total(self):
        return sum(self.by_nature.values())


class Costing:
    """Costs of the recipes of a library; the least quantities of components are left aside.

    >>> from .explosion import Recipe, RecipeLine
    >>> library = {
    ...     "mortar": Recipe(1.0, (RecipeLine("cement", 0.3, nature="material"),)),
    ...     "wall": Recipe(1.0, (
    ...         RecipeLine("mason", 2.0, nature="labour"),
    ...         RecipeLine("mortar", 0.5, recipe="mortar", nature="material"),
    ...         RecipeLine("aid", percent=3.0, base="labour", nature="other"),
    ...     )),
    ... }
    >>> costing = Costing(library, {"cement": 100.0, "mason": 20.0}.get)
    >>> costing.by_nature("wall")
    {'labour': 40.0, 'material': 15.0, 'other': 1.2}
    >>> [(line.key, line.unit, line.total) for line in costing.lines("wall")]
    [('mason', 20.0, 40.0), ('mortar', 30.0, 15.0), ('aid', 0.0, 1.2)]
    >>> rows = RecipeLine("mason", 2.0, code="MO1"), RecipeLine("aid", percent=5.0, base="code:MO")
    >>> Costing({"hall": Recipe(1.0, rows)}, {"mason": 20.0}.get).unit_cost("hall")
    42.0
    """

    def __init__(self, library, cost_of):
        """
        :param library: mapping of key → `explosion.Recipe`
        :param cost_of: gives the cost of one unit of the component of a line, by the line's key
        """
        self.library = library
        self.cost_of = cost_of
        self._memo = {}
        self._names = {}

    def lines(self, key, values=None):
        """List the `LineCost` of a recipe, in the quantity it makes."""
        return self._lines(key, values or {}, ())

    def by_nature(self, key, values=None):
        """Give what one unit of a recipe costs, by nature."""
        return self._unit(key, values or {}, ())

    def unit_cost(self, key, values=None):
        """Give what one unit of a recipe costs."""
        return sum(self.by_nature(key, values).values())

    def _unit(self, key, outer, path):
        names = self._formula_names(key, path)
        # With no formula inside, the recipe costs the same wherever it is used.
        memo_key = (key, tuple(sorted((name, outer[name]) for name in names if name in outer))) if names else key
        if memo_key not in self._memo:
            totals = {}
            for line in self._lines(key, outer, path):
                for nature, amount in line.by_nature.items():
                    totals[nature] = totals.get(nature, 0.0) + amount
            output = self.library[key].output_quantity or 1.0
            self._memo[memo_key] = {nature: amount / output for nature, amount in totals.items()}
        return self._memo[memo_key]

    def _formula_names(self, key, path):
        if key not in self._names:
            recipe = self.library[key]
            names = set(recipe.parameters)
            for line in recipe.lines:
                if line.recipe in self.library and line.recipe not in (*path, key) and len(path) < MAX_DEPTH:
                    names |= self._formula_names(line.recipe, (*path, key))
            self._names[key] = names
        return self._names[key]

    def _lines(self, key, outer, path):
        recipe = self.library[key]
        values = {**recipe.parameters, **outer} if recipe.parameters else outer
        path = (*path, key)
        costs = [LineCost(line.key) for line in recipe.lines]
        for line, cost in zip(recipe.lines, costs, strict=True):
            if line.percent is None:
                self._add_up(line, cost, values, path)
        for index, line in enumerate(recipe.lines):
            if line.percent is not None:
                costs[index].by_nature = {line.nature: self._percentage(recipe, costs, index)}
        return costs

    def _add_up(self, line, cost, values, path):
        try:
            quantity = float(line.consumption(values)) if line.formula else line.quantity
            quantity *= 1 + line.waste_percent / 100
        except FormulaError:
            # A parameter each use must give: cost the recipe at the quantity it shows.
            quantity = line.quantity * (1 + line.waste_percent / 100)
        # A recipe that went round in a circle, or too deep, costs what its product costs.
        if line.recipe in self.library and line.recipe not in path and len(path) <= MAX_DEPTH:
            unit = self._unit(line.recipe, values, path)
            cost.unit = sum(unit.values()) * line.factor
            cost.by_nature = {nature: amount * line.factor * quantity for nature, amount in unit.items()}
        else:
            cost.unit = self.cost_of(line.key)
            cost.by_nature = {line.nature: cost.unit * quantity}

    @staticmethod
    def _percentage(recipe, costs, place):
        line = recipe.lines[place]
        is_of_all = line.base == ALL_BEFORE or line.base.startswith(CODE)
        total = 0.0
        for index, (other, cost) in enumerate(zip(recipe.lines, costs, strict=True)):
            is_counted = index < place or (not is_of_all and other.percent is None)
            if not is_counted or (line.base.startswith(CODE) and not matches_code(other, line.base)):
                continue
            total += cost.total if is_of_all else cost.by_nature.get(line.base, 0.0)
        return total * line.percent / 100
