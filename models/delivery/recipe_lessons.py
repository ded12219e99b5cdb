"""Gathers what finished works took, for `core.delivery.learning`."""

from collections import defaultdict

from odoo.exceptions import ValidationError

from ...core.delivery.learning import Sample, share_out
from ..estimate.recipe_library import RecipeLibrary


class RecipeLessons:
    """What the works of a company took of the components of some recipes, project by project.

    Materials are compared by what was used of them at a stage, as the site or else the warehouse says, shared out among
    the chapters that were to take them there; labour by the hours booked on a chapter. What nobody recorded tells
    nothing: it is left out.
    """

    def __init__(self, recipes):
        """
        :param recipes: the `construction.recipe` versions to compare with, of one company
        """
        # reason of sudo: quantities only come out of here, of works and hours whoever estimates need not read
        self.library = RecipeLibrary(recipes.sudo())
        self.recipes = recipes.sudo() | self.library.inner_recipes  # reason of sudo: as above
        self.env = self.recipes.env
        self.hour = self.env.ref("uom.product_uom_hour")
        self.digits = self.recipes._get_quantity_digits()
        # (component, project) → [expected, used]; (recipe, project) → quantity made
        self._figures = defaultdict(lambda: [0.0, 0.0])
        self.made = defaultdict(float)
        self._read()

    def get_samples(self):
        """Give a dict of `construction.recipe.line` → dict of project → `Sample`."""
        result = defaultdict(dict)
        for (line, project), (expected, used) in self._figures.items():
            result[line][project] = Sample(expected, used)
        return result

    def _read(self):
        Position = self.env["construction.position"]
        done = [("project_id", "!=", False), ("quantity_done", ">", 0), ("is_follower", "=", False)]
        templates = self.recipes.product_tmpl_id
        projects = Position.search(
            [
                *done,
                ("company_id", "in", self.recipes.company_id.ids),
                ("recipe_id.product_tmpl_id", "in", templates.ids),
            ]
        ).project_id
        positions = Position.search([*done, ("project_id", "in", projects.ids)])
        parts = self._explode(positions)
        self._compare_materials(positions, parts)
        self._compare_hours(parts)

    def _explode(self, positions):
        """Take what was done apart by the versions compared with: a dict of position → parts."""
        by_template = {recipe.product_tmpl_id: recipe for recipe in self.recipes}
        result = {}
        for position in positions:
            recipe = by_template.get(position.recipe_id.product_tmpl_id)
            unit = position.uom_id or recipe and recipe.uom_id
            if not recipe or not unit._has_common_reference(recipe.uom_id):
                continue
            quantity = unit._compute_quantity(position.quantity_done, recipe.uom_id, round=False)
            item = position.chapter_line_id.evaluation_line_id
            values = item._get_parameter_values() if item else {}
            try:
                parts = recipe._get_components(quantity, self.digits, self.library, values, minimums=False)
            except ValidationError:
                continue  # this version asks for a measure that item did not have
            result[position] = [part for part in parts if part["percent"] is None]
            self.made[recipe, position.project_id] += quantity
        return result

    def _compare_materials(self, positions, parts):
        rows = self.env["construction.material"].search([("project_id", "in", positions.project_id.ids)])
        used = {
            (row.project_id, row.project_stage_id, row.product_id): quantity
            for row in rows
            if (quantity := row._get_quantity_used()) > 0
        }
        expected = defaultdict(lambda: defaultdict(float))  # key of the material → component (or None) → quantity
        for position, line, product, uom, quantity in self._list_taken(positions, parts):
            key = (position.project_id, position.project_stage_id, product)
            if key in used and uom._has_common_reference(product.uom_id):
                expected[key][line] += uom._compute_quantity(quantity, product.uom_id, round=False)
        for key, takers in expected.items():
            for line, share in share_out(used[key], takers).items():
                if line:
                    self._add(line, key[0], takers[line], share)

    def _list_taken(self, positions, parts):
        """List what the works done were to take: (position, component or None, product, unit, quantity)."""
        for position, own in parts.items():
            for part in own:
                yield position, part["recipe_line"], part["product"], part["uom"], part["exact_quantity"]
        others = positions.filtered(lambda position: position not in parts and position.quantity)
        for position, own in others._get_components().items():
            share = position.quantity_done / position.quantity
            for part in own:
                if part["product"]:
                    yield position, None, part["product"], part["uom"], part["quantity"] * share

    def _compare_hours(self, parts):
        hours = self._read_hours(list(parts))
        for position, own in parts.items():
            booked = hours.get(position)
            expected = defaultdict(float)
            for part in own:
                if part["nature"] == "labour" and part["uom"]._has_common_reference(self.hour):
                    amount = part["uom"]._compute_quantity(part["exact_quantity"], self.hour, round=False)
                    expected[part["recipe_line"]] += amount
            if not booked or not expected:
                continue
            # Hours of a trade go to its component, all others to all labour of the recipe.
            by_product = {line.product_id: line for line in expected}
            own_hours = {by_product[product]: amount for product, amount in booked.items() if product in by_product}
            shared = sum(booked.values()) - sum(own_hours.values())
            shares = share_out(shared, expected)
            for line, amount in expected.items():
                self._add(line, position.project_id, amount, shares.get(line, 0.0) + own_hours.get(line, 0.0))

    def _read_hours(self, positions):
        """Read the hours booked on chapters: a dict of position → dict of product (or none) → hours."""
        column = self.env["construction.position"]._get_chapter_column()
        by_account = {position.analytic_account_id: position for position in positions if position.analytic_account_id}
        if not column or not by_account:
            return {}
        groups = self.env["account.analytic.line"]._read_group(
            [
                (column, "in", [account.id for account in by_account]),
                ("category", "!=", "invoice"),
                ("unit_amount", "!=", 0),
                ("product_uom_id", "!=", False),
            ],
            [column, "product_uom_id", "product_id"],
            ["unit_amount:sum"],
        )
        result = defaultdict(lambda: defaultdict(float))
        for account, uom, product, quantity in groups:
            is_labour = not product or product._get_cost_nature() == "labour"
            if is_labour and uom._has_common_reference(self.hour):
                hours = uom._compute_quantity(quantity, self.hour, round=False)
                result[by_account[account]][product] += hours
        return result

    def _add(self, line, project, expected, used):
        figures = self._figures[line, project]
        figures[0] += expected
        figures[1] += used
