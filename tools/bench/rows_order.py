"""A long quote on screen and on paper, and what becomes of it: edited, printed, revised, made again, confirmed."""

from odoo import Command

from . import data
from .registry import row
from .rows_project import QUERIES, make_template
from .rows_quote import sheet_of
from .screens import form_spec

# The chapters that make a quote of a thousand rows.
CHAPTERS = 111
START_TASKS = 100
# What the form of a quote asks beside stock's: its sheet, approval, issues and costs today, however long it is.
QUOTE_QUERIES = 16


def quote_of(count):
    """The maker of a generated quote of that many chapters of 8 components and a hundredth of that without."""

    def make(env):
        sheet = sheet_of(count)(env)
        sheet.action_generate_quote()
        return sheet.order_ids

    return make


def kept_quote(bench, count):
    """A kept quote of that many chapters."""
    return bench.kept(f"quote_{count}", quote_of(count))


def kept_stock_order(bench, count):
    """The same rows in an order of stock, in the database without the addon."""
    rows = [row_of(line) for line in kept_quote(bench, count).order_line]
    env = bench.stock_env
    return bench.kept(f"quote_{count}", lambda env: make_order(env, rows), env)


def row_of(line):
    """What a person would type for this line, with names that hold in both databases."""
    if line.display_type:
        return {"display_type": line.display_type, "name": line.name}
    name = line.product_id.get_external_id()[line.product_id.id].rpartition(".")[2]
    return {"product": name, "product_uom_qty": line.product_uom_qty}


def make_order(env, rows):
    """An order of stock of these rows."""
    lines = []
    for values in rows:
        vals = {key: value for key, value in values.items() if key != "product"}
        if "product" in values:
            vals["product_id"] = data.ref(env, values["product"]).id
        lines.append(Command.create(vals))
    return env["sale.order"].create({"partner_id": data.ref(env, "partner").id, "order_line": lines})


@row("order_onchange", gate=1.05, want=0.35)
def order_onchange(bench):
    """Changing a quantity in the form of a quote of 1,000 rows / of the same rows in stock, without the addon."""
    count = bench.size(CHAPTERS, quick=CHAPTERS // 3)
    quote, order = kept_quote(bench, count), kept_stock_order(bench, count)
    facts = bench.compare(
        editing(quote),
        editing(order),
        env=bench.env,
        stock_env=bench.stock_env,
        budget=lambda queries: queries + QUOTE_QUERIES,
    )
    # For the reader: what an order that is no quote of ours asks with the addon.
    rows = [row_of(line) for line in quote.order_line]
    plain = bench.kept(f"plain_quote_{count}", lambda env: make_order(env, rows))
    facts["plain_queries"] = bench.read_queries(editing(plain))
    return facts | {"rows": len(quote.order_line)}


def editing(order):
    """The side that changes the quantity of a line, as the form sends it."""

    def side(env):
        mine = order.with_env(env)
        spec = form_spec(env["sale.order"])
        line = mine.order_line.filtered("product_id")[len(mine.order_line) // 2]
        change = {"order_line": [Command.update(line.id, {"product_uom_qty": line.product_uom_qty + 1})]}
        env.invalidate_all()
        yield "onchange"
        mine.onchange(change, ["order_line"], spec)

    return side


@row("order_open", gate=1.20, want=1.05)
def order_open(bench):
    """Opening the form of a quote of 1,000 rows / of the same rows in stock, without the addon."""
    count = bench.size(CHAPTERS, quick=CHAPTERS // 3)
    quote, order = kept_quote(bench, count), kept_stock_order(bench, count)

    def opening(record):
        def side(env):
            mine, spec = record.with_env(env), form_spec(env["sale.order"])
            env.invalidate_all()
            yield "open"
            mine.web_read(spec)

        return side

    facts = bench.compare(
        opening(quote),
        opening(order),
        env=bench.env,
        stock_env=bench.stock_env,
        budget=lambda queries: queries + QUOTE_QUERIES,
    )
    return facts | {"rows": len(quote.order_line)}


@row("quote_html", gate=0.40, want=0.30)
def quote_html(bench):
    """HTML of a chapter quote of 4,510 rows / of the same rows in stock, without the addon."""
    count = bench.size(500)
    quote, order = kept_quote(bench, count), kept_stock_order(bench, count)
    facts = bench.compare(
        printing(quote), printing(order), env=bench.env, stock_env=bench.stock_env, budget=lambda queries: queries
    )
    return facts | {"rows": len(quote.order_line)}


def printing(order):
    """The side that renders the order."""

    def side(env):
        ids = order.ids
        env.invalidate_all()
        yield "html"
        env["ir.actions.report"]._render_qweb_html("sale.action_report_saleorder", ids)

    return side


@row("quote_regenerate", gate=1.2, want=1.0)
def quote_regenerate(bench):
    """Taking over a newer sheet with every quantity changed / generating a quote of the same size."""
    count = bench.size(500)
    sheet = bench.kept(f"sheet_{count}", sheet_of(count))
    quote = kept_quote(bench, count)
    changed = bench.kept(f"changed_{count}", lambda env: make_changed(quote.with_env(env)))

    def ours(env):
        wizard = env["construction.quote.regenerate"]._open_for(quote.with_env(env))
        env.cr.flush()
        env.invalidate_all()
        yield "regenerate"
        wizard.action_apply()

    facts = bench.compare(ours, generating(sheet), budget=lambda queries: queries + 40)
    return facts | {"rows": len(quote.order_line), "sheet": changed.display_name}


def make_changed(quote):
    """The next version of the sheet of a quote, final, every quantity another."""
    quote.evaluation_id.action_new_version()
    version = quote.evaluation_id.next_version_ids
    for line in version.line_ids:
        line.quantity += 1
    version.action_finalize()
    return version


def generating(sheet):
    """The side that makes the quote of a sheet."""

    def side(env):
        mine = sheet.with_env(env)
        env.invalidate_all()
        yield "generate"
        mine.action_generate_quote()

    return side


@row("quote_revise", gate=1.2, want=1.0)
def quote_revise(bench):
    """The next revision of a quote of 4,510 rows / generating a quote of the same size."""
    count = bench.size(500)
    sheet = bench.kept(f"sheet_{count}", sheet_of(count))
    quote = kept_quote(bench, count)

    def ours(env):
        mine = quote.with_env(env)
        mine.write({"state": "sent"})
        env.cr.flush()
        env.invalidate_all()
        yield "revise"
        mine.action_revise()

    facts = bench.compare(ours, generating(sheet), budget=lambda queries: queries + 20)
    return facts | {"rows": len(quote.order_line)}


@row("confirm_start", gate=0.85, want=0.75)
def confirm_start(bench):
    """Confirming a quote of 4,510 rows and starting its project of 100 tasks / both in stock, without the addon.

    Ours makes a task of each chapter as well, of which stock knows nothing.
    """
    count = bench.size(500)
    tasks = bench.size(START_TASKS, quick=START_TASKS)
    quote, order = kept_quote(bench, count), kept_stock_order(bench, count)
    template = bench.kept(f"template_{tasks}", lambda env: make_template(env, tasks))
    stock_template = bench.kept(f"template_{tasks}", lambda env: make_template(env, tasks), bench.stock_env)

    def ours(env):
        mine = quote.with_env(env)
        mine.opportunity_id.construction_type_id.project_template_id = template.with_env(env)
        env.cr.flush()
        env.invalidate_all()
        yield "confirm"
        mine.action_confirm()
        yield "start"
        wizard = env["construction.project.start"].browse(mine.opportunity_id.action_start_project()["res_id"])
        wizard.action_start()

    def stock(env):
        env.invalidate_all()
        yield "confirm"
        order.with_env(env).action_confirm()
        yield "start"
        stock_template.with_env(env).action_create_from_template({"name": "Stock"})

    facts = bench.compare(ours, stock, env=bench.env, stock_env=bench.stock_env)
    facts["budget"] = facts["parts"]["confirm"]["stock_queries"] + QUERIES + tasks + 10
    return facts | {"rows": len(quote.order_line), "tasks": tasks}
