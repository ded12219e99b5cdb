"""Libraries of recipes: what a new price of one component costs."""

import statistics

from odoo import Command

from .harness import go
from .registry import row

# Gate and wish are seconds here: there is nothing in stock to compare with.
GATE, WANT = 5.0, 1.0
COMPONENTS = 500
LEVELS = 3
# Two queries a level: lines and parameters.
QUERIES = 2 * LEVELS + 2


@row("recipe_cost", gate=GATE, want=WANT)
def recipe_cost(bench):
    """Seconds to cost 12,000 recipes (40,000 components, 3 levels) anew after one price changed; queries of one."""
    count = bench.size(12000)
    cement = bench.kept(f"library_{count}", lambda env: make_library(env, count))

    def all_of(size):
        def side(env):
            product, recipes = prepared(env, cement, size)
            yield "cost"
            product.standard_price += 1
            recipes._get_unit_costs()

        return side

    def one(env):
        _product, recipes = prepared(env, cement, count)
        yield "cost"
        recipes[-1:].mapped("unit_cost")

    go(bench.env, all_of(count))
    readings = [go(bench.env, all_of(count)) for _round in range(bench.rounds)]
    facts = {
        "ratio": round(statistics.median(reading.total() for reading in readings), 3),
        "unit": "seconds",
        "recipes": count,
        "one_recipe": round(go(bench.env, one).total(), 4),
        "queries": bench.read_queries(one),
        "budget": QUERIES,
    }
    return facts | bench.growth(all_of, count // 10)


def prepared(env, cement, size):
    """The component whose price changes, and `size` recipes of all levels, with nothing in memory."""
    ids = env["construction.recipe"].search([("product_tmpl_id.name", "=like", "Bench recipe %")], order="id").ids
    step = len(ids) // size
    env.invalidate_all()
    return cement.with_env(env), env["construction.recipe"].browse(ids[::step][:size])


def make_library(env, count):
    """Recipes of three or four components, the first of a recipe one level below; all have the one given back."""
    components = env["product.product"].create(
        [{"name": f"Bench component {number}", "standard_price": 1 + number % 97} for number in range(COMPONENTS)]
    )
    items = env["product.product"].create(
        [{"name": f"Bench recipe {number}", "type": "service"} for number in range(count)]
    )
    recipes = env["construction.recipe"].create(
        [
            {"product_tmpl_id": item.product_tmpl_id.id, "line_ids": make_lines(items, components, number)}
            for number, item in enumerate(items)
        ]
    )
    recipes.action_activate()
    return components[0]


def make_lines(items, components, number):
    """The components of the recipe of that number."""
    third = len(items) // LEVELS
    level = min(number // third, LEVELS - 1)
    products = [components[(number * 5 + place * 11) % COMPONENTS] for place in range(3 + (number % 3 == 0))]
    products[1] = components[0]
    if level:
        products[0] = items[number * 7 % third + (level - 1) * third]
    return [
        Command.create({"product_id": product.id, "quantity": 0.3 + 0.7 * place, "waste_percent": 5 * (place == 2)})
        for place, product in enumerate(products)
    ]
