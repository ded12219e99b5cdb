"""Stock operations in a database where the addon is installed and nothing of it is used."""

from odoo import Command

from . import data
from .registry import row

ORDERS = 4
LINES = 75
# Single steps are short: their own ratio is noisier than that of the whole chain.
PART_GATE = 1.15
EXTRA_QUERIES = 2


@row("stock_unused", gate=1.05, want=1.02)
def stock_unused(bench):
    """Order, confirm, invoice, post, pay, lead, project, task: with the addon / in a database without it."""
    chain = make_chain(bench.size(LINES * 2) // 2)
    facts = bench.compare(chain, chain, env=bench.env, stock_env=bench.stock_env)
    facts["budget"] = facts["stock_queries"] + EXTRA_QUERIES * len(facts["parts"])
    facts["broken"] = [
        label
        for label, part in facts["parts"].items()
        if part["queries"] > part["stock_queries"] + EXTRA_QUERIES or part["ratio"] > PART_GATE
    ]
    return facts


def make_chain(lines):
    """A side that walks stock's own chain with orders of that many lines."""

    def chain(env):
        partner, products = data.ref(env, "partner"), data.refs(env, "product", 60)
        leads = data.refs(env, "lead", data.LEADS)
        stages = env["crm.stage"].search([], limit=2)
        leads.fetch(["stage_id", "name"])
        products.fetch(["name"])
        yield "order create"
        orders = env["sale.order"].create([order_values(partner, products, lines) for _order in range(ORDERS)])
        yield "confirm"
        orders.action_confirm()
        yield "invoice"
        moves = orders._create_invoices(grouped=True)
        yield "post"
        moves.action_post()
        yield "pay"
        pay(moves)
        yield "lead create"
        env["crm.lead"].create([{"name": f"New {number}", "partner_id": partner.id} for number in range(40)])
        yield "lead write"
        leads.write({"stage_id": stages[1].id})
        yield "project create"
        projects = env["project.project"].create([{"name": f"Project {number}"} for number in range(20)])
        yield "task create"
        env["project.task"].create(
            [{"name": f"Task {number}", "project_id": projects[number % 20].id} for number in range(200)]
        )

    return chain


def order_values(partner, products, count):
    """A stock order of `count` lines."""
    return {
        "partner_id": partner.id,
        "order_line": [
            Command.create({"product_id": products[number % len(products)].id, "product_uom_qty": 1 + number % 7})
            for number in range(count)
        ],
    }


def pay(moves):
    """Register one payment for each invoice, as the button does."""
    context = {"active_model": "account.move", "active_ids": moves.ids}
    wizard = moves.env["account.payment.register"].with_context(**context).create({"group_payment": False})
    wizard.action_create_payments()
