"""What recipes and sheets would cost at the prices of another day; nothing is changed by looking.

The day and the source come with the context key `REPRICE`, "2026-01-31 history", so that a plain list shows a
library of any size page by page. The product whose share is shown comes with `USED_PRODUCT`.
"""

from odoo import api, fields, models

from .construction_recipe_cost import COST_GROUP
from .product_template import USED_PRODUCT

REPRICE = "construction_reprice"


class ConstructionRecipe(models.Model):
    _inherit = "construction.recipe"

    cost_then = fields.Float(
        string="Cost at That Date",
        compute="_compute_cost_then",
        min_display_digits="Product Price",
        groups=COST_GROUP,
        help="Cost of one unit at the prices of the chosen date; components nothing is known of at today's.",
    )
    cost_change = fields.Float(
        string="Difference",
        compute="_compute_cost_then",
        min_display_digits="Product Price",
        groups=COST_GROUP,
        help="Cost at that date less today's cost.",
    )
    cost_change_percent = fields.Float(
        string="Difference (%)",
        compute="_compute_cost_then",
        digits=(16, 2),
        groups=COST_GROUP,
    )
    used_cost = fields.Float(
        string="Cost of It",
        compute="_compute_used_cost",
        min_display_digits="Product Price",
        groups=COST_GROUP,
        help="What the component makes of the cost of one unit, in recipes inside too, percentages on it included.",
    )
    used_percent = fields.Float(
        string="Share (%)",
        compute="_compute_used_cost",
        digits=(16, 2),
        groups=COST_GROUP,
        help="When the component costs 10 % more, the recipe costs a tenth of this share more.",
    )

    # === COMPUTE === #

    @api.depends("unit_cost")
    @api.depends_context(REPRICE)
    def _compute_cost_then(self):
        chosen = _get_chosen(self.env)
        costs = {}
        for company, recipes in self.grouped("company_id").items():
            recipes = recipes._origin.with_company(company)
            if chosen:
                known = recipes._get_known_costs(*chosen)
                costs |= recipes._get_unit_costs(known)
        for recipe in self:
            then = costs.get(recipe._origin.id, recipe.unit_cost)
            recipe.cost_then = then
            recipe.cost_change = then - recipe.unit_cost
            recipe.cost_change_percent = recipe.cost_change / recipe.unit_cost * 100 if recipe.unit_cost else 0.0

    @api.depends("unit_cost")
    @api.depends_context(USED_PRODUCT)
    def _compute_used_cost(self):
        template = self.env["product.template"].browse(self.env.context.get(USED_PRODUCT))
        products = template.with_context(active_test=False).product_variant_ids
        recipes = self._origin
        free = recipes._get_unit_costs(dict.fromkeys(products.ids, 0.0), products.ids) if products else {}
        for recipe in self:
            recipe.used_cost = recipe.unit_cost - free.get(recipe._origin.id, recipe.unit_cost)
            recipe.used_percent = recipe.used_cost / recipe.unit_cost * 100 if recipe.unit_cost else 0.0


class ConstructionEvaluationLine(models.Model):
    _inherit = "construction.evaluation.line"

    cost_now = fields.Monetary(
        string="Cost Today",
        compute="_compute_cost_then",
        groups=COST_GROUP,
        help="What the components of the item cost at today's costs.",
    )
    cost_then = fields.Monetary(
        string="Cost at That Date",
        compute="_compute_cost_then",
        groups=COST_GROUP,
        help="… at the prices of the chosen date; components nothing is known of at today's.",
    )
    cost_change = fields.Monetary(string="Difference", compute="_compute_cost_then", groups=COST_GROUP)

    @api.depends("quantity", "recipe_id")
    @api.depends_context(REPRICE)
    def _compute_cost_then(self):
        chosen = _get_chosen(self.env)
        for sheet, lines in self.grouped("evaluation_id").items():
            parts_by_line = lines._get_parts()
            book = sheet._get_price_book(parts_by_line)
            today = {line: _add_up(parts, book) for line, parts in parts_by_line.items()}
            then = today
            if chosen:
                book = sheet._get_price_book(parts_by_line)
                book.known_costs = book.products._get_known_costs(sheet.company_id, *chosen)
                then = {line: _add_up(parts, book) for line, parts in parts_by_line.items()}
            for line in lines:
                line.cost_now, line.cost_then = today[line], then[line]
                line.cost_change = line.cost_then - line.cost_now


def _get_chosen(env):
    """Give the day and the source chosen, nothing when none is or what came makes no sense."""
    day, _space, source = (env.context.get(REPRICE) or "").partition(" ")
    try:
        return (fields.Date.to_date(day), source) if source in ("history", "vendor") and day else ()
    except ValueError:
        return ()


def _add_up(parts, book):
    return sum(cost * part["quantity"] for part, cost in zip(parts, book.part_costs(parts), strict=True))
