"""The deal on screen: its form with many invoices, the kanban of many deals, leads that are imported."""

from lxml import etree

from odoo import Command
from odoo.tools import SQL

from . import data
from .harness import KEPT
from .registry import row
from .rows_firm import make_plans
from .screens import form_spec, view_spec

# The groups a kanban opens by itself, and the deals it shows in each.
SHOWN = 80
# What the action Deals adds to stock's domain.
OUR_DEALS = [("construction_type_id", "!=", False)]
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
    stock = prepare_many(bench)
    return bench.compare(
        browsing("construction_crm.crm_lead_view_kanban", OUR_DEALS),
        browsing("crm.crm_case_kanban_view_leads"),
        env=bench.env,
        stock_env=stock,
        budget=lambda queries: queries + 2,
    )


def prepare_many(bench):
    """Make 100,000 deals, and as many leads in the database without the addon; the environment of that one."""
    count, stock = bench.size(100_000, quick=20_000), bench.stock_env
    bench.kept(f"many_{count}", lambda env: multiply(env, data.make_deal(env, "One of many"), count))
    bench.kept(f"many_{count}", lambda env: multiply(env, data.ref(env, "lead_1").with_env(env), count), stock)
    for env in (bench.env, stock):
        bench.kept(f"history_{count}", make_history, env)
    return stock


def make_history(env):
    """A past for each of the many leads: two changes of stage, and a task for every other one, a third overdue."""
    field = env["ir.model.fields"]._get("crm.lead", "stage_id")
    kind = env.ref("mail.mail_activity_data_todo")
    stages = env["crm.stage"].search([]).ids
    # SQL: as much through the ORM takes an hour.
    env.cr.execute(
        SQL(
            """
            WITH lead AS (SELECT id, stage_id FROM crm_lead WHERE name LIKE %(many)s),
                 message AS (
                     INSERT INTO mail_message (model, res_id, date, message_type, mail_activity_type_id, create_date)
                     SELECT 'crm.lead', lead.id, NOW() - n * INTERVAL '5 days', 'notification', %(kind)s,
                            NOW() - n * INTERVAL '5 days'
                       FROM lead, generate_series(1, 2) n
                  RETURNING id, res_id, create_date)
            INSERT INTO mail_tracking_value
                        (mail_message_id, field_id, old_value_integer, new_value_integer, create_date)
            SELECT message.id, %(field)s, %(stage)s, lead.stage_id, message.create_date
              FROM message JOIN lead ON lead.id = message.res_id
            """,
            many="Many %",
            kind=kind.id,
            field=field.id,
            stage=stages[0],
        )
    )
    env.cr.execute(
        SQL(
            """
            INSERT INTO mail_activity
                        (res_model, res_model_id, res_id, activity_type_id, user_id, date_deadline, active)
            SELECT 'crm.lead', %s, id, %s, %s, CURRENT_DATE + (id %% 3 - 1)::int, TRUE
              FROM crm_lead WHERE name LIKE %s AND id %% 2 = 0
            """,
            env["ir.model"]._get("crm.lead").id,
            kind.id,
            env.uid,
            "Many %",
        )
    )
    env.invalidate_all()
    return data.ref(env, "lead_1").with_env(env).copy({"name": f"{KEPT} history"})


@row("deal_no_task", gate=1.10, want=1.0)
def deal_no_task(bench):
    """The list of deals without a next task of 100,000 / stock's of leads with an overdue activity or none."""
    stock = prepare_many(bench)
    return bench.compare(
        listing("construction_crm.crm_lead_view_list_construction", [("has_no_next_task", "=", True)]),
        listing("crm.crm_case_tree_view_oppor", [("activity_state", "in", [False, "overdue"])]),
        env=bench.env,
        stock_env=stock,
        budget=lambda queries: queries + 2,
    )


def listing(view, domain):
    """The side that opens a list under a filter, as the web client asks for it."""

    def side(env):
        leads = env["crm.lead"]
        spec = view_spec(leads, "list", view)
        env.invalidate_all()
        yield "list"
        leads.web_search_read([("type", "=", "opportunity"), *domain], spec, limit=SHOWN, count_limit=10_001)

    return side


# Stock has the days in each stage in `duration_tracking` only, worked out lead by lead: a tenth of them is read, which
# flatters stock tenfold. Conversion it has not at all.
@row("deal_funnel", gate=0.50, want=0.25)
def deal_funnel(bench):
    """The funnel of 100,000 deals, with days / stock's pivot of as many leads, with the days of a tenth of them."""
    stock = prepare_many(bench)
    pivot = pivoting("crm.lead", ["__count", "expected_revenue:sum"], [("type", "=", "opportunity")])
    tenth = bench.size(100_000, quick=20_000) // 10

    def theirs(env):
        leads = env["crm.lead"].search([("name", "=like", "Many %")], limit=tenth)
        steps = pivot(env)
        yield next(steps)
        next(steps, None)
        leads.read(["stage_id", "duration_tracking"])

    return bench.compare(
        pivoting("construction.funnel", ["lead_id:count_distinct", "amount:sum", "percent_moved_on:avg", "days:avg"]),
        theirs,
        env=bench.env,
        stock_env=stock,
        # two groupings as the pivot asks them, and one that counts the amount of each deal once in the total
        budget=3,
    )


def pivoting(model, measures, domain=(), groups=("stage_id",)):
    """The side that opens a pivot, its total and its rows."""

    def side(env):
        env.invalidate_all()
        yield "pivot"
        env[model].formatted_read_grouping_sets(list(domain), [[], list(groups)], measures)

    return side


@row("dashboard", gate=1.60, want=1.0)
def dashboard(bench):
    """The overview on 100,000 deals and 600,000 instalments / stock's pivot of 100,000 leads by month and stage.

    The instalments bring their deals along, a twelfth as many: ours reads those too.
    """
    stock, count = prepare_many(bench), bench.size(600_000, quick=120_000)
    bench.kept(f"plan_{count}", lambda env: make_plans(env, count))

    def ours(env):
        tiles = env["construction.overview"]
        # an invisible currency is read without its name
        spec = view_spec(tiles, "kanban") | {"currency_id": {"fields": {}}}
        env.invalidate_all()
        yield "open"
        tiles.web_search_read([], spec, count_limit=81)

    def theirs(env):
        env.invalidate_all()
        yield "open"
        env["crm.lead"].formatted_read_grouping_sets(
            [("type", "=", "opportunity")],
            [[], ["create_date:month"], ["stage_id"], ["create_date:month", "stage_id"]],
            ["__count", "expected_revenue:sum", "company_currency:array_agg_distinct"],
        )

    return bench.compare(ours, theirs, env=bench.env, stock_env=stock, budget=6)


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


def browsing(view, domain=()):
    """The side that opens the kanban, as the web client asks for it; `domain` is what its action adds to stock's."""

    def side(env):
        leads = env["crm.lead"]
        spec = view_spec(leads, "kanban", view)
        bar = etree.fromstring(leads.get_view(env.ref(view).id, "kanban")["arch"]).find(".//progressbar")
        fields = [bar.get("sum_field"), *(bar.get("more_sum_fields") or "").split(",")]
        sums = [f"{name}:{how}" for name in fields if name for how in ("sum", "sum_currency")]
        env.invalidate_all()
        yield "kanban"
        leads.web_read_group(
            [("type", "=", "opportunity"), *domain],
            ["stage_id"],
            ["company_currency:array_agg_distinct", *sums],
            auto_unfold=True,
            unfold_read_specification=spec,
            unfold_read_default_limit=SHOWN,
        )

    return side


@row("lead_import", gate=0.12, want=0.08)
def lead_import(bench):
    """Importing 1,000 leads with a construction type / stock's default create of the same rows without one.

    Both end with leads that their responsible follows, with a note in their history and a client's name but no contact;
    ours also reads texts, looks for known clients and for duplicates.
    """
    count = bench.size(1000, quick=200)
    kind = data.make_deal(bench.env).construction_type_id.display_name
    bench.env.cr.rollback()

    def ours(env):
        types = env["construction.type"]
        if not types.search([("name", "=", kind)], limit=1):
            types.create({"name": kind})
        names = ["name", "type", "partner_name", "email_from", "expected_revenue", "construction_type_id"]
        rows = [[f"Lead {n}", "lead", f"Firm {n}", f"lead{n}@example.com", str(n), kind] for n in range(count)]
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
