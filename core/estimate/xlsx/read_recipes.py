"""The tabs Recipes and Components to resources with recipes."""

from decimal import Decimal

from .. import formula
from ..exchange.draft import ALL, Recipe, Resource
from ..exchange.draft import Row as Component
from . import words


def read_recipes(reader, draft, notes):
    """Fill the draft of a library from a `Reader`."""
    library = _LibraryReader(reader, draft, notes)
    library.read_recipes()
    library.read_components()


class _LibraryReader:
    def __init__(self, reader, draft, notes):
        self.reader = reader
        self.draft = draft
        self.notes = notes
        self.say = reader.options.say
        self.by_name = {}

    def read_recipes(self):
        say = self.say
        for row in self.reader.rows("recipes", self.notes):
            code, name = row.code(), row.text("name")
            if not code and not name:
                if set(row.cells) - {"key"} and not row.is_sum():
                    self.notes.error(row.where("name"), say._("The recipe has neither a code nor a name."))
                continue
            resource = self._resource(row, code, name, "")
            if resource.recipe:
                self.notes.error(row.where("code"), say._("There are two recipes “%(text)s”.", text=code or name))
                continue
            resource.description = row.text("description")
            resource.where = row.where("code" if code else "name")
            resource.sales_price = row.number_of("sales_price")
            resource.recipe = Recipe(stated_cost=resource.cost, parameters=self._parameters(row))
            resource.cost = None  # a recipe works its cost out
            makes = row.number_of("makes")
            if makes is not None:
                if makes <= 0:
                    self.notes.error(row.where("makes"), say._("A recipe must make a quantity above zero."))
                resource.recipe.output_quantity = makes

    def read_components(self):
        say = self.say
        for row in self.reader.rows("components", self.notes):
            code, name, parent = row.code(), row.text("name"), row.code("recipe")
            if not (code or name or parent):
                continue
            recipe = self._find_recipe(row, parent)
            if not code and not name:
                self.notes.error(row.where("code"), say._("The component has neither a code nor a name."))
                continue
            resource = self._resource(row, code, name, row.where("code" if code else "name"))
            component = self._component(row, resource)
            if recipe:
                recipe.recipe.rows.append(component)

    def _resource(self, row, code, name, where):
        """Give the resource of a code, or of a name where it has none; the first row that tells a thing holds."""
        key = code or self.by_name.get(name.casefold()) or name
        resource = self.draft.resources.get(key)
        if resource is None:
            resource = self.draft.resources[key] = Resource(code=key, name=name, where=where, has_code=bool(code))
        if name:
            self.by_name.setdefault(name.casefold(), key)
        resource.name = resource.name or name
        resource.unit = resource.unit or row.text("unit")
        resource.nature = resource.nature or row.choice("nature", words.NATURES)
        cost = row.number_of("cost")
        if resource.cost is None:
            resource.cost = cost
        elif cost is not None and cost != resource.cost:
            say = self.say
            self.notes.warn(
                row.where("cost"),
                say._("“%(text)s” has another cost in a row above, which holds.", text=code or name),
            )
        return resource

    def _find_recipe(self, row, text):
        say = self.say
        key = text if text in self.draft.resources else self.by_name.get(text.casefold())
        resource = self.draft.resources.get(key)
        if resource is None or resource.recipe is None:
            if text:
                self.notes.error(row.where("recipe"), say._("There is no recipe “%(text)s”.", text=text[:60]))
            else:
                self.notes.error(row.where("recipe"), say._("The component does not say which recipe it belongs to."))
            return None
        return resource

    def _component(self, row, resource):
        say = self.say
        percent = row.number_of("percent", is_percent=True)
        kind = row.choice("row_kind", ("quantity", "percent")) or ("percent" if percent else "quantity")
        component = Component(
            code=resource.code,
            unit=row.text("unit"),
            waste=row.number_of("waste", is_percent=True) or Decimal(0),
            where=row.where("code" if "code" in row else "name"),
        )
        if kind == "percent":
            component.percent = percent
            base = row.text("base")
            is_codes = base.startswith("code:")
            component.base = base if is_codes else row.choice("base", (ALL, *words.NATURES)) or ALL
            if not percent or percent > 1000:
                self.notes.error(row.where("percent"), say._("A percentage must lie above 0 and at most at 1000 %."))
            return component
        component.quantity = row.number_of("quantity")
        component.hours = row.number_of("hours")
        component.minimum = row.number_of("minimum")
        component.formula = row.text("formula")
        self._check_formula(row, component.formula)
        if not (component.quantity or component.hours or component.formula) and not self._failed(row, "quantity"):
            self.notes.error(row.where("quantity"), say._("The component needs a quantity above zero."))
        return component

    def _failed(self, row, name):
        return any(note.where == row.where(name) for note in self.notes.errors[-3:])

    def _check_formula(self, row, text):
        if not text:
            return
        say = self.say
        try:
            formula.parse(text)
        except formula.FormulaError as error:
            self.notes.error(
                row.where("formula"),
                say._("“%(text)s” is no formula: %(detail)s", text=text[:60], detail=error.detail[:60]),
            )

    def _parameters(self, row):
        """Read “thickness = 12; spacing”: a parameter without a value has none."""
        say = self.say
        parameters = {}
        for piece in filter(None, map(str.strip, row.text("parameters").split(";"))):
            name, has_value, _value = piece.partition("=")
            name = name.strip().lower()
            try:
                value = Decimal(repr(formula.parse_values(piece)[name])) if has_value else None
            except (formula.ValuesError, KeyError):
                value, name = None, ""
            if not formula.is_parameter_name(name):
                self.notes.error(
                    row.where("parameters"),
                    say._("“%(text)s” is no parameter. Write “thickness = 12; spacing = 40”.", text=piece[:60]),
                )
                continue
            parameters[name] = value
        return parameters
