"""Editing an evaluation sheet: what a person waits for between two fields."""

from odoo import Command

from . import data
from .registry import row


@row("sheet_edit", gate=0.10, want=0.05)
def sheet_edit(bench):
    """Edit a row of a sheet of 1,000 items / stock onchange of a line of an order of as many."""
    count = bench.size(1000)
    sheets = {size: bench.kept(f"open_sheet_{size}", open_sheet_of(size)) for size in (count, count // 10)}
    order = bench.kept(f"plain_order_{count}", order_of(count))

    def ours(env):
        return editing(env, count)

    def stock(env):
        mine = order.with_env(env)
        line_id = mine.order_line.ids[1]
        names = ("product_id", "name", "product_uom_qty", "product_uom_id", "price_unit", "tax_ids", "price_subtotal")
        env.invalidate_all()
        yield "onchange"
        mine.onchange(
            {"order_line": [Command.update(line_id, {"product_uom_qty": 9.0})]},
            ["order_line"],
            {"amount_total": {}, "order_line": {"fields": {name: {} for name in names}}},
        )

    def editing(env, size):
        mine = sheets[size].with_env(env)
        line_id = mine.line_ids.ids[1]
        names = ("product_id", "name", "quantity", "uom_id", "zone_id", "recipe_id", "price_unit", "price_subtotal")
        env.invalidate_all()
        yield "onchange"
        mine.onchange(
            {"line_ids": [Command.update(line_id, {"quantity": 9.0})]},
            ["line_ids"],
            {"amount_total": {}, "line_ids": {"fields": {name: {} for name in names}}},
        )

    def sized(size):
        return lambda env: editing(env, size)

    return bench.compare(ours, stock, budget=12) | bench.growth(sized, count // 10)


def open_sheet_of(count):
    """The maker of a sheet of that many items without recipes, still to be measured."""

    def make(env):
        products = data.refs(env, "product", data.PRODUCTS)
        lines = [{"product_id": products[n % len(products)].id, "quantity": 2.25 + n % 13} for n in range(count)]
        return env["construction.evaluation"].create(
            {"lead_id": data.make_deal(env).id, "line_ids": [Command.create(line) for line in lines]}
        )

    return make


def order_of(count):
    """The maker of a stock order of that many lines."""

    def make(env):
        products = data.refs(env, "product", data.PRODUCTS)
        lines = [{"product_id": products[n % len(products)].id, "product_uom_qty": 2.0 + n % 13} for n in range(count)]
        return env["sale.order"].create(
            {"partner_id": data.ref(env, "partner").id, "order_line": [Command.create(line) for line in lines]}
        )

    return make
