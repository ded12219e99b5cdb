"""A firm with many contracts at work: plans, invoices, payments, as years would leave them."""

from datetime import timedelta

from odoo import Command, fields

from . import data
from .copies import multiply, numbered

ROWS = 12
# Kind of contract → (share of all, invoiced instalments, paid ones, instalments due and not invoiced)
KINDS = {"new": (0.60, 0, 0, 0), "running": (0.25, 4, 3, 2), "late": (0.10, 6, 2, 1), "done": (0.05, 12, 12, 0)}


def make_firm(env, count):
    """That many signed contracts of ROWS instalments each, a fifth of these invoiced; the deal of the first one.

    Contracts that are done are all of one client, the others of a client each.
    """
    deals = {kind: make_deal(env, kind, *shape) for kind, (_share, *shape) in KINDS.items()}
    # copies last: stock remembers the numbers it gave
    for kind, (share, *_shape) in KINDS.items():
        copy_deal(env, deals[kind], round(count * share) - 1, own_client=kind != "done")
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return deals["new"]


def make_deal(env, kind, invoiced, paid, due):
    """One deal with its order, contract and client."""
    partner = env["res.partner"].create({"name": f"Client {kind}", "email": "client@example.com"})
    deal = data.make_deal(env, f"Deal {kind}", partner_id=partner.id)
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "opportunity_id": deal.id,
            "order_line": [Command.create({"product_id": data.ref(env, "product_2").id, "price_unit": 120000})],
        }
    )
    order.action_confirm()
    order.action_create_contract()
    contract = order.contract_id
    today = fields.Date.today()
    contract.write(
        {
            "date_start": today - timedelta(days=300),
            "instalment_ids": [Command.clear(), *map(Command.create, plan(today, invoiced + due))],
        }
    )
    contract.action_sign()
    invoice(contract.instalment_ids[:invoiced], paid)
    return deal


def plan(today, ready):
    """Values of a plan of ROWS instalments of which the first `ready` ones are due."""
    return [
        {
            "name": f"Month {number + 1}",
            "sequence": number,
            "kind": "final" if number == ROWS - 1 else "progress",
            "amount_type": "rest" if number == ROWS - 1 else "percent",
            "percent": 100 // ROWS,
            "trigger": "date",
            "trigger_date": today + timedelta(days=30 * (number - ready) + 10 * (number >= ready)),
        }
        for number in range(ROWS)
    ]


def invoice(instalments, paid):
    """Post the invoices of these, overdue, and pay the first ones."""
    today = fields.Date.today()
    for instalment in instalments:
        instalment.action_invoice()
    for number, instalment in enumerate(instalments):
        move = instalment.invoice_ids
        late = 30 * (len(instalments) - number)
        move.write(
            {
                "invoice_date": today - timedelta(days=late + 30),
                "invoice_payment_term_id": False,
                "invoice_date_due": today - timedelta(days=late),
            }
        )
        move.action_post()
    for instalment in instalments[:paid]:
        context = {"active_model": "account.move", "active_ids": instalment.invoice_ids.ids}
        instalment.env["account.payment.register"].with_context(**context).create({}).action_create_payments()


def copy_deal(env, deal, count, own_client=True):
    """Copies of a deal with its order, contract, plan, invoices and payments."""
    env.flush_all()
    contract = deal.contract_ids
    payments = contract.move_ids.matched_payment_ids
    moves = contract.move_ids | payments.move_id
    lines = moves.line_ids
    partials = lines.matched_debit_ids | lines.matched_credit_ids
    rows = {
        "crm_lead": deal.ids,
        "res_partner": deal.partner_id.ids if own_client else [],
        "sale_order": contract.order_ids.ids,
        "sale_order_line": contract.order_ids.order_line.ids,
        "construction_contract": contract.ids,
        "construction_instalment": contract.instalment_ids.ids,
        "account_payment": payments.ids,
        "account_move": moves.ids,
        "account_move_line": lines.ids,
        "account_partial_reconcile": partials.ids,
        "account_full_reconcile": lines.full_reconcile_id.ids,
    }
    named = ("crm_lead", "res_partner", "sale_order", "construction_contract", "account_payment")
    own = {(table, "name"): "t.name || '/' || n" for table in named}
    return multiply(env, rows, count, own | numbered(env, moves))
