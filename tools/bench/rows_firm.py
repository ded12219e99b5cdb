"""Lists and daily jobs of a firm with thousands of contracts."""

import statistics
from unittest.mock import patch

from odoo import Command, fields
from odoo.tools import SQL

from . import data, firm
from .copies import multiply, numbered
from .harness import go
from .registry import row
from .screens import view_spec

SHOWN = 80
OVERDUE_VIEW = "construction_crm.construction_instalment_view_list_overdue"
INVOICE_VIEW = "account.view_out_invoice_tree"


@row("overdue_list", gate=0.15, want=0.06)
def overdue_list(bench):
    """Finding and adding up 80 overdue instalments of 600,000 / the same without the indexes on their state."""
    count = bench.size(600_000, quick=120_000)
    bench.kept(f"plan_{count}", lambda env: make_plans(env, count))

    def ours(env):
        yield "list"
        find_overdue(env)

    def stock(env):
        for index in ("construction_instalment_overdue_idx", "construction_instalment__state_index"):
            env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(index)))
        yield "list"
        find_overdue(env)

    def shown(env):
        rows = env["construction.instalment"]
        spec = view_spec(rows, "list", OVERDUE_VIEW)
        env.invalidate_all()
        yield "list"
        rows.web_search_read([("state", "in", ("overdue",))], spec, limit=SHOWN)

    return bench.compare(ours, stock, budget=4) | {"queries_on_screen": bench.read_queries(shown)}


def find_overdue(env):
    """The first page of overdue instalments, and what they come to."""
    rows, domain = env["construction.instalment"], [("state", "in", ("overdue",))]
    rows.search_fetch(domain, ["name", "amount_overdue", "date_overdue"], limit=SHOWN, order="date_overdue, id")
    rows._read_group(domain, [], ["amount_overdue:sum", "__count"])


def make_plans(env, count):
    """That many instalments of which 80 are overdue; the deal of the first."""
    late = firm.make_deal(env, "late", 6, 2, 1)
    firm.copy_deal(env, late, SHOWN // 4 - 1)
    new = firm.make_deal(env, "new", 0, 0, 0)
    firm.copy_deal(env, new, count // firm.ROWS - SHOWN // 4 - 1)
    return new


@row("invoice_list", gate=1.12, want=1.05)
def invoice_list(bench):
    """The first page of invoices of contracts with our columns / of invoices in stock, without the addon."""
    count = bench.size(20_000, quick=2_000)
    bench.kept(f"running_{count}", lambda env: make_running(env, count))
    bench.kept(f"invoices_{count}", lambda env: make_invoices(env, count), bench.stock_env)
    return bench.compare(
        browsing(INVOICE_VIEW),
        browsing(INVOICE_VIEW),
        env=bench.env,
        stock_env=bench.stock_env,
        budget=lambda queries: queries + 1,
    )


def browsing(view):
    """The side that opens a list of customer invoices."""

    def side(env):
        moves = env["account.move"].with_context(default_move_type="out_invoice")
        spec = view_spec(moves, "list", view)
        env.invalidate_all()
        yield "list"
        moves.web_search_read([("move_type", "=", "out_invoice")], spec, limit=SHOWN)

    return side


def make_running(env, count):
    """That many posted invoices of contracts, a client each; the deal of the first."""
    deal = firm.make_deal(env, "running", 4, 3, 2)
    firm.copy_deal(env, deal, count // 4)
    return deal


def make_invoices(env, count):
    """That many posted invoices in stock, a client for every four; the first one."""
    moves = env["account.move"]
    for number in range(4):
        partner = env["res.partner"].create({"name": f"Client {number}"})
        line = {"product_id": data.ref(env, "product_2").id, "price_unit": 1000}
        moves += moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create(line)],
            }
        )
    moves.action_post()
    # copies last: stock remembers the numbers it gave
    for move in moves:
        rows = {
            "res_partner": move.partner_id.ids,
            "account_move": move.ids,
            "account_move_line": move.line_ids.ids,
        }
        multiply(env, rows, count // 4, {("res_partner", "name"): "t.name || '/' || n"} | numbered(env, move))
    return moves[0]


@row("daily_job", gate=4.0, want=1.5)
def daily_job(bench):
    """What becomes due in a night: seconds for 2,000 instalments of 5,000 contracts; linear in rows."""
    count = bench.size(5_000, quick=1_000)
    bench.kept(f"firm_{count}", lambda env: firm.make_firm(env, count))
    ripe = count * 2 // 5

    def night(size):
        def side(env):
            env.cr.execute(
                "UPDATE construction_instalment SET trigger_date = %(day)s, date_due = %(day)s, "
                "date_next_check = %(day)s WHERE id IN (SELECT id FROM construction_instalment "
                "WHERE state = 'waiting' ORDER BY contract_id %% 1000, id LIMIT %(size)s)",
                {"day": fields.Date.today(), "size": size},
            )
            env.invalidate_all()
            yield "night"
            # the real one commits each batch
            with patch.object(env.registry["ir.cron"], "_commit_progress", lambda *_args, **_values: 1.0):
                env["construction.instalment"].sudo()._cron_update_due()

        return side

    facts = bench.growth(night, ripe // 10)
    readings = [go(bench.env, night(ripe)) for _round in range(bench.rounds)]
    return facts | {
        "ratio": round(statistics.median(reading.total() for reading in readings), 3),
        "unit": "seconds",
        "queries": sum(readings[-1].queries.values()),
        "budget": 40 + ripe // 8,
    }
