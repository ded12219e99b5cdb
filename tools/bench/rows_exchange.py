"""Price bases of other people: what reading and importing one costs."""

import base64

from odoo import Command

from .harness import go
from .registry import row

GATE, WANT = 1.2, 1.0
RECIPES = 12000
UNITS = ("m2", "m3", "ud", "kg", "m", "h")


@row("bc3_import", gate=GATE, want=WANT)
def bc3_import(bench):
    """BC3 of 46,000 concepts (12,000 recipes, 40,000 components) / plain batch create of the same rows."""
    count = bench.size(RECIPES)
    bench.rounds = 1  # minutes each, and nothing in it is small enough to be noise

    def ours(size):
        data = base64.b64encode(make_file(size))

        def side(env):
            wizard = env["construction.import"].create({"file": data, "filename": "base.bc3", "target": "library"})
            env.flush_all()
            yield "import"
            wizard.action_import()

        return side

    def stock(env):
        rows = make_rows(count)
        yield "import"
        create_plainly(env, rows, components_of(count))

    facts = bench.compare(ours(count), stock)
    small = max(count // 10, 100)
    queries = {size: sum(go(bench.env, ours(size)).queries.values()) for size in (small, count // 2)}
    # Eight rows a recipe: itself, three or four components, products and templates.
    per_thousand = {size: round(found * 125 / size) for size, found in queries.items()}
    facts |= {"recipes": count, "queries_at": queries, "per_thousand_rows": per_thousand}
    facts["budget"] = facts["stock_queries"] + 200
    return facts


def components_of(count):
    """How many components a price base with so many recipes has: 46,000 concepts with 12,000."""
    return count * 34 // 12


def make_rows(count):
    """`(code, unit, components)` of each recipe: three or four components, one in three of a recipe before it."""
    rows, components = [], components_of(count)
    for number in range(count):
        parts = [f"C{(number * 5 + place * 11) % components}" for place in range(3 + (number % 3 == 0))]
        if number % 3 == 1 and number > count // 2:
            parts[0] = f"R{number % (count // 3)}"
        rows.append((f"R{number}", UNITS[number % len(UNITS)], parts))
    return rows


def make_file(count):
    """The bytes of a price base with these rows."""
    lines = ["~V||FIEBDC-3/2016|bench||ANSI|"]
    lines += [
        f"~C|C{number}|kg|Component {number}|{1 + number % 97}|010126|3|" for number in range(components_of(count))
    ]
    for code, unit, parts in make_rows(count):
        components = "".join(f"{part}\\1\\{0.3 + 0.7 * place:.1f}\\" for place, part in enumerate(parts))
        lines += [f"~C|{code}|{unit}|Recipe {code}|0|010126|0|", f"~D|{code}|{components}|"]
        lines.append(f"~T|{code}|What recipe {code} is made of, in words.|")
    return "\r\n".join(lines).encode("cp1252")


def create_plainly(env, rows, components):
    """The same products, recipes and components, each kind in one batch as anybody would create them."""
    units = {"m2": "square_meter", "m3": "cubic_meter", "ud": "unit", "kg": "kgm", "m": "meter", "h": "hour"}
    uoms = {name: env.ref(f"uom.product_uom_{key}").id for name, key in units.items()}
    values = [
        {"name": f"Component {number}", "default_code": f"C{number}", "uom_id": uoms["kg"], "standard_price": 1.0}
        for number in range(components)
    ]
    values += [
        {
            "name": f"Recipe {code}",
            "default_code": code,
            "uom_id": uoms[unit],
            "type": "service",
            "description_sale": f"What recipe {code} is made of, in words.",
        }
        for code, unit, _parts in rows
    ]
    products = {product.default_code: product for product in env["product.product"].create(values)}
    recipes = env["construction.recipe"].create(
        [
            {
                "product_tmpl_id": products[code].product_tmpl_id.id,
                "state": "active",
                "line_ids": [
                    Command.create({"product_id": products[part].id, "quantity": round(0.3 + 0.7 * place, 1)})
                    for place, part in enumerate(parts)
                ],
            }
            for code, _unit, parts in rows
        ]
    )
    return recipes
