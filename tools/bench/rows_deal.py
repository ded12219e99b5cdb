"""The deal on screen: its form with many invoices, the kanban of many deals, leads that are imported."""

from odoo import Command
from odoo.tools import SQL

from . import data
from .harness import KEPT
from .registry import row
from .screens import form_spec, view_spec

# The groups a kanban opens by itself, and the deals it shows in each.
SHOWN = 80
# As the import screen of our Deals asks for it.
IMPORT_CONTEXT = {"import_file": True, "tracking_disable": True, "construction_deals": True}


@row("deal_form", gate=1.20, want=1.10)
def deal_form(bench):
    """The form of a deal with an order and 1,000 invoices / stock's lead form, with an order; the same with one."""
    count = bench.size(1000, quick=100)
    deals = {size: bench.kept(f"invoiced_deal_{size}", invoiced_deal_of(size)) for size in (1, count)}
    # With an order like the deal's: reading that costs in stock what it costs here.
    lead = bench.kept("lead_with_order", make_lead_with_order, bench.stock_env)
    facts = bench.compare(
        opening(deals[count]),
        opening(lead),
        env=bench.env,
        stock_env=bench.stock_env,
        budget=lambda queries: queries + 3,
    )
    queries = {size: bench.read_queries(opening(deal)) for size, deal in deals.items()}
    facts["broken"] = [] if len(set(queries.values())) == 1 else ["queries grow with the invoices"]
    return facts | {"queries_at": queries}


def invoiced_deal_of(count):
    """The maker of a deal whose order has that many lines, each with a posted invoice of its own."""

    def make(env):
        deal = data.make_deal(env, f"Deal with {count} invoices")
        product = data.ref(env, "product_0")
        order = env["sale.order"].create(
            {
                "partner_id": deal.partner_id.id,
                "opportunity_id": deal.id,
                "order_line": [Command.create({"product_id": product.id}) for _line in range(count)],
            }
        )
        order.action_confirm()
        env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": deal.partner_id.id,
                    "invoice_date": "2026-01-15",
                    "invoice_line_ids": [Command.create(line._prepare_invoice_line())],
                }
                for line in order.order_line
            ]
        ).action_post()
        return deal

    return make


def make_lead_with_order(env):
    """A lead of stock with one confirmed order."""
    lead, product = data.ref(env, "lead_0").with_env(env).copy(), data.ref(env, "product_0")
    order = env["sale.order"].create(
        {
            "partner_id": lead.partner_id.id,
            "opportunity_id": lead.id,
            "order_line": [Command.create({"product_id": product.id})],
        }
    )
    order.action_confirm()
    return lead


def opening(lead):
    """The side that opens the form of a lead."""

    def side(env):
        mine, spec = lead.with_env(env), form_spec(env["crm.lead"])
        env.invalidate_all()
        yield "open"
        mine.web_read(spec)

    return side


@row("deal_kanban", gate=1.10, want=1.05)
def deal_kanban(bench):
    """The kanban of 100,000 deals / the same leads in stock, without the addon."""
    count = bench.size(100_000, quick=20_000)
    bench.kept(f"many_{count}", lambda env: multiply(env, data.make_deal(env, "One of many"), count))
    stock = bench.stock_env
    bench.kept(f"many_{count}", lambda env: multiply(env, data.ref(env, "lead_1").with_env(env), count), stock)
    return bench.compare(
        browsing("construction_crm.crm_lead_view_kanban"),
        browsing("crm.crm_case_kanban_view_leads"),
        env=bench.env,
        stock_env=stock,
        budget=lambda queries: queries + 2,
    )


def multiply(env, lead, count):
    """Copy the row of a lead that often, spread over the stages; the lead itself."""
    env.flush_all()
    stages = env["crm.stage"].search([]).ids
    names = [name for name, field in lead._fields.items() if field.store and field.column_type and name != "id"]
    replaced = {
        "name": SQL("%s || n", "Many "),
        "stage_id": SQL("(%s::int[])[1 + n %% %s]", stages, len(stages)),
        "expected_revenue": SQL("n"),
    }
    # SQL: a hundred thousand leads through the ORM take minutes.
    env.cr.execute(
        SQL(
            "INSERT INTO crm_lead (%s) SELECT %s FROM crm_lead, generate_series(1, %s) n WHERE crm_lead.id = %s",
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(replaced.get(name) or SQL.identifier("crm_lead", name) for name in names),
            count,
            lead.id,
        )
    )
    env.invalidate_all()
    return lead.copy({"name": f"{KEPT} {count}"})


def browsing(view):
    """The side that opens the kanban, as the web client asks for it."""

    def side(env):
        leads = env["crm.lead"]
        spec = view_spec(leads, "kanban", view)
        env.invalidate_all()
        yield "kanban"
        leads.web_read_group(
            [("type", "=", "opportunity")],
            ["stage_id"],
            ["expected_revenue:sum"],
            auto_unfold=True,
            unfold_read_specification=spec,
            unfold_read_default_limit=SHOWN,
        )

    return side


@row("lead_import", gate=0.12, want=0.08)
def lead_import(bench):
    """Importing 1,000 leads with our fields through stock's importer / creating as many one lead at a time does."""
    count = bench.size(1000, quick=200)
    kind = data.make_deal(bench.env).construction_type_id.display_name
    bench.env.cr.rollback()

    def ours(env):
        kinds = env["construction.type"].search([("name", "=", kind)], limit=1) or env["construction.type"].create(
            {"name": kind}
        )
        names = ["name", "type", "partner_name", "email_from", "expected_revenue", "construction_type_id"]
        rows = [
            [f"Lead {n}", "lead", f"Firm {n}", f"lead{n}@example.com", str(n), kinds.display_name] for n in range(count)
        ]
        yield "import"
        result = env["crm.lead"].with_context(**IMPORT_CONTEXT).load(names, rows)
        if not result["ids"]:
            raise ValueError(result["messages"])

    def stock(env):
        yield "import"
        env["crm.lead"].create(
            [
                {
                    "name": f"Lead {n}",
                    "type": "lead",
                    "partner_name": f"Firm {n}",
                    "email_from": f"lead{n}@example.com",
                    "expected_revenue": n,
                }
                for n in range(count)
            ]
        )

    return bench.compare(ours, stock, budget=60)
