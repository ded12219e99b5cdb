"""Plans, instalments and collections against stock's payment terms, invoices and payments."""

from datetime import timedelta

from odoo import Command, fields

from . import data
from .registry import row

INVOICE_QUERIES = 130
PLAN_QUERIES = 12


def make_order(count, plain=0):
    """The maker of a confirmed construction order of that many chapters of eight lines."""

    def make(env):
        sheet = data.make_sheet(env, count, plain=plain)
        sheet.action_generate_quote()
        sheet.order_ids.action_confirm()
        return sheet.order_ids

    return make


def make_contract(order, rows):
    """The maker of a signed contract of that order with equal instalments, the last one taking the rest."""

    def make(env):
        order.with_env(env).action_create_contract()
        contract = order.with_env(env).contract_id
        contract.write({"instalment_ids": [Command.clear(), *map(Command.create, plan(rows))]})
        contract.action_sign()
        return contract

    return make


def plan(rows):
    """Values of a plan due on signing."""
    share = 100 / rows
    values = [
        {
            "name": f"Instalment {number}",
            "sequence": number,
            "amount_type": "percent",
            "percent": share,
            "trigger": "signature",
        }
        for number in range(1, rows)
    ]
    return [*values, {"name": "Rest", "sequence": rows, "kind": "final", "amount_type": "rest", "trigger": "signature"}]


@row("plan_create", gate=0.15, want=0.10)
def plan_create(bench):
    """A plan of 120 instalments / a stock invoice with a payment term of 120 lines."""
    count = bench.size(120, quick=60)
    order = bench.kept("order_10", make_order(10))
    contract = bench.kept("contract_10", make_contract(order, 2))
    term = bench.kept(f"term_{count}", lambda env: make_term(env, count))

    def sized(size):
        return lambda env: ours(env, size)

    def ours(env, size=count):
        mine = contract.with_env(env)
        mine.action_draft()
        mine.instalment_ids.unlink()
        mine.read(["amount_left", "state"])
        yield "create"
        mine.write({"instalment_ids": [Command.create(values) for values in plan(size)]})

    def stock(env):
        partner = data.ref(env, "partner")
        yield "create"
        env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_payment_term_id": term.id,
                "invoice_line_ids": [Command.create({"name": "Works", "quantity": 1, "price_unit": 100000})],
            }
        )

    facts = bench.compare(ours, stock, budget=PLAN_QUERIES)
    return facts | bench.growth(sized, count // 10)


def make_term(env, count):
    """A stock payment term of that many equal lines."""
    share = round(100 / count, 6)
    lines = [{"value": "percent", "value_amount": share, "nb_days": 30 * number} for number in range(count - 1)]
    lines.append({"value": "percent", "value_amount": 100 - share * (count - 1), "nb_days": 30 * count})
    return env["account.payment.term"].create(
        {"name": f"{count} lines", "line_ids": [Command.clear(), *map(Command.create, lines)]}
    )


@row("instalment_invoice", gate=0.10, want=0.06)
def instalment_invoice(bench):
    """The invoice of one instalment of an order of 910 rows / stock's invoice of the whole order."""
    sizes = (bench.size(100, quick=50), 10)
    orders = {size: bench.kept(f"order_{size}", make_order(size, plain=max(size // 20, 1))) for size in sizes}
    contracts = {size: bench.kept(f"contract_{size}", make_contract(orders[size], 4)) for size in sizes}
    # an order with a contract is invoiced by its plan only
    free = bench.kept(f"free_order_{sizes[0]}", make_order(sizes[0], plain=max(sizes[0] // 20, 1)))

    def ours(env, size=sizes[0]):
        instalment = contracts[size].with_env(env).instalment_ids[0]
        instalment.read(["state", "amount"])
        yield "invoice"
        instalment.action_invoice()

    def stock(env):
        order = free.with_env(env)
        order.read(["state"])
        yield "invoice"
        order._create_invoices()

    facts = bench.compare(ours, stock, budget=INVOICE_QUERIES)
    small = bench.read_queries(lambda env: ours(env, sizes[1]))
    return facts | {
        "rows": len(orders[sizes[0]].order_line),
        "queries_at": {sizes[1]: small, sizes[0]: facts["queries"]},
    }


@row("instalment_state", gate=1.10, want=1.05)
def instalment_state(bench):
    """Stock payments of invoices of instalments, whose states follow / of invoices of the same order without a plan."""
    count = bench.size(20, quick=8)
    contract = bench.kept(f"invoiced_{count}", lambda env: make_invoiced(env, count))

    def ours(env):
        instalments, journal = prepared(env, contract)
        moves = instalments.invoice_ids
        forget(env)
        yield "pay"
        for move in moves:
            register(move, journal)

    def stock(env):
        instalments, journal = prepared(env, contract)
        moves = unplanned(instalments)
        forget(env)
        yield "pay"
        for move in moves:
            register(move, journal)

    return bench.compare(ours, stock, budget=lambda stock_queries: stock_queries + 4 * count)


@row("collect_60", gate=0.50, want=0.43)
def collect_60(bench):
    """Sixty payments of invoices of instalments recorded in one go / by stock's Register Payment one by one."""
    from odoo.addons.construction_crm.models.contract.construction_collection_record import Receipt

    count = bench.size(60, quick=12)
    contract = bench.kept(f"invoiced_{count}", lambda env: make_invoiced(env, count))

    def ours(env):
        instalments, journal = prepared(env, contract)
        currency, today = instalments.currency_id, fields.Date.today()
        rows = [(row.contract_id, row, row.amount_residual) for row in instalments]
        forget(env)
        yield "collect"
        env["construction.collection"]._record(
            [Receipt(f"bench {row[1].id}", journal, currency, today, (row,)) for row in rows]
        )

    def stock(env):
        instalments, journal = prepared(env, contract)
        moves = unplanned(instalments)
        forget(env)
        yield "collect"
        for move in moves:
            register(move, journal)

    def at_once(env):
        instalments, journal = prepared(env, contract)
        moves = unplanned(instalments)
        forget(env)
        yield "collect"
        payments = env["account.payment"].create([payment_values(move, journal) for move in moves])
        payments.action_post()
        plan = [receivable(move) + receivable(payment.move_id) for move, payment in zip(moves, payments, strict=True)]
        env["account.move.line"]._reconcile_plan(plan)

    return bench.compare(ours, stock, budget=bench.read_queries(at_once) + 4)


def unplanned(instalments):
    """The invoices of these, known to stock only."""
    moves = instalments.invoice_ids
    moves.write({"instalment_id": False, "contract_id": False})
    moves.line_ids.write({"lead_id": False})
    return moves


def payment_values(move, journal):
    """Values of the payment of an invoice."""
    return {
        "partner_id": move.partner_id.id,
        "partner_type": "customer",
        "payment_type": "inbound",
        "amount": move.amount_residual,
        "currency_id": move.currency_id.id,
        "journal_id": journal.id,
    }


def receivable(move):
    """The receivable lines of an entry."""
    return move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")


def make_invoiced(env, count):
    """A contract with that many posted invoices of instalments, and one that waits."""
    order = make_order(10)(env)
    contract = make_contract(order, count + 1)(env)
    instalments = contract.instalment_ids[:count]
    for instalment in instalments:
        instalment.action_invoice()
    moves = instalments.invoice_ids
    moves.write({"invoice_date_due": fields.Date.today() + timedelta(days=30)})
    moves.action_post()
    return contract


def prepared(env, contract):
    """The invoiced instalments, read, and the bank journal."""
    instalments = contract.with_env(env).instalment_ids.filtered("invoice_ids")
    instalments.read(["state", "amount_residual", "invoice_ids"])
    journal = env["account.journal"].search([("type", "=", "bank")], limit=1)
    return instalments, journal


def forget(env):
    """Start with nothing in memory, as each request does: what one side has read already it would not ask for."""
    env.cr.flush()
    env.invalidate_all()


def register(move, journal):
    """Pay one invoice by stock's button."""
    context = {"active_model": "account.move", "active_ids": move.ids}
    wizard = move.env["account.payment.register"].with_context(**context).create({"journal_id": journal.id})
    wizard.action_create_payments()
