"""What live tests work on; run inside Odoo, with real commits.

self.run_shell(db, worlds.code("stock_world"))
"""

try:
    from odoo import Command, fields
except ImportError:  # the tests import this in plain Python, for `code`
    Command = fields = None

from ..dev import project


def code(call, before=""):
    """The code for `run_shell` that calls a function of this module and commits; its answer is the result."""
    call = call if "(" in call else f"{call}(env)"
    return (
        f"import sys\nsys.path.append({str(project.ROOT)!r})\nfrom tools.live import worlds\n{before}\n"
        f"result = worlds.{call}\nenv.cr.commit()\n"
    )


def accounting(env):
    """A chart of accounts, a customer, a product with a tax."""
    if not env.company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", env.company, install_demo=False)
    customer = env["res.partner"].create({"name": "Live customer", "email": "live@example.com"})
    product = env["product.product"].create(
        {"name": "Live work", "type": "service", "list_price": 100, "invoice_policy": "order", "service_tracking": "no"}
    )
    return customer, product


def order(env, customer, product, **values):
    """A stock order of two sections with three lines."""
    lines = [
        {"display_type": "line_section", "name": "Ground floor"},
        {"product_id": product.id, "product_uom_qty": 3},
        {"product_id": product.id, "product_uom_qty": 2, "discount": 10},
        {"display_type": "line_note", "name": "As discussed"},
        {"product_id": product.id, "product_uom_qty": 1.5, "price_unit": 33.33},
    ]
    return env["sale.order"].create(
        {"partner_id": customer.id, "order_line": [Command.create(line) for line in lines], **values}
    )


def pay(env, moves):
    """Pay by stock's Register Payment."""
    context = {"active_model": "account.move", "active_ids": moves.ids}
    env["account.payment.register"].with_context(**context).create({}).action_create_payments()


def stock_world(env):
    """Deals, orders, invoices, payments and projects of a company that never heard of us; ids of the main ones."""
    customer, product = accounting(env)
    stages = env["crm.stage"].search([("is_won", "=", False)])
    deals = env["crm.lead"].create(
        [
            {
                "name": f"Deal {number}",
                "type": "opportunity",
                "partner_id": customer.id,
                "expected_revenue": 100.0 * number,
                "stage_id": stages[number % len(stages)].id,
            }
            for number in range(8)
        ]
        + [{"name": "Lead", "type": "lead", "email_from": "a@example.com"}]
    )
    deals[7].action_set_lost()
    draft, sent, sold, cancelled, part, credited = (
        order(env, customer, product, opportunity_id=deals[number].id) for number in range(6)
    )
    order(env, customer, product)
    sent.action_quotation_sent()
    (sold | cancelled | part | credited).action_confirm()
    cancelled._action_cancel()
    invoice = sold._create_invoices()
    invoice.action_post()
    pay(env, invoice)
    wizard = env["sale.advance.payment.inv"].create(
        {"sale_order_ids": part.ids, "advance_payment_method": "percentage", "amount": 30}
    )
    wizard._create_invoices(part).action_post()
    refunded = credited._create_invoices()
    refunded.action_post()
    refunded._reverse_moves([{"invoice_date": fields.Date.today()}], cancel=True)
    part._create_invoices()
    deals[2].action_set_won()
    projects(env, customer)
    return {"deals": deals.ids, "draft": draft.id, "sold": sold.id, "part": part.id}


def projects(env, customer):
    """A project from an order, one with a template, tasks and milestones."""
    task_product = env["product.product"].create(
        {"name": "Sold as a task", "type": "service", "list_price": 50, "service_tracking": "task_in_project"}
    )
    order(env, customer, task_product).action_confirm()
    template = env["project.project"].create({"name": "Template", "is_template": True, "allow_milestones": True})
    env["project.task"].create([{"name": f"Step {number}", "project_id": template.id} for number in range(3)])
    project = template.action_create_from_template({"name": "From a template"})
    env["project.milestone"].create({"name": "Roof", "project_id": project.id, "deadline": fields.Date.today()})


def construction_type(env):
    """A type of works with stages, a project template and a plan of three instalments."""
    stages = env["project.project.stage"].create([{"name": name} for name in ("Shell", "Finishing")])
    template = env["project.project"].create({"name": "House", "is_template": True, "allow_milestones": True})
    env["project.task"].create([{"name": f"Step {number}", "project_id": template.id} for number in range(3)])
    plan = env["construction.plan.template"].create(
        {
            "name": "Three",
            "line_ids": [
                Command.create({"name": "Advance", "kind": "advance", "percent": 30, "trigger": "signature"}),
                Command.create({"name": "Half way", "percent": 50, "trigger": "signature"}),
                Command.create({"name": "End", "kind": "final", "amount_type": "rest", "trigger": "signature"}),
            ],
        }
    )
    return env["construction.type"].create(
        {
            "name": "House",
            "project_template_id": template.id,
            "plan_template_id": plan.id,
            "stage_ids": [Command.set(stages.ids)],
        }
    )


def sheet(env, customer=None, kind=None):
    """A deal with a final sheet of one item with a recipe and one without."""
    if not customer:
        customer = env["res.partner"].search([("name", "=", "Live customer")], limit=1) or accounting(env)[0]
    kind = kind or env["construction.type"].search([("name", "=", "House")], limit=1) or construction_type(env)
    item, brick, labour = (
        env["product.product"].search([("name", "=", name)], limit=1) for name in ("Wall", "Brick", "Mason")
    )
    if not item:
        item, brick, labour = make_recipe(env)
    deal = env["crm.lead"].create(
        {"name": "House of Live", "type": "opportunity", "partner_id": customer.id, "construction_type_id": kind.id}
    )
    found = env["construction.evaluation"].create(
        {
            "lead_id": deal.id,
            "line_ids": [
                Command.create({"product_id": item.id, "quantity": 12.5}),
                Command.create({"product_id": brick.id, "quantity": 40}),
            ],
        }
    )
    found.action_finalize()
    return found


def make_recipe(env):
    """A wall of bricks and masons."""
    hour = env.ref("uom.product_uom_hour")
    item, brick, labour = env["product.product"].create(
        [
            {"name": "Wall", "type": "service", "service_tracking": "no", "list_price": 80, "invoice_policy": "order"},
            {"name": "Brick", "type": "consu", "list_price": 0.73, "standard_price": 0.4, "invoice_policy": "order"},
            {
                "name": "Mason",
                "type": "service",
                "service_tracking": "no",
                "list_price": 31.5,
                "uom_id": hour.id,
                "standard_price": 19,
                "invoice_policy": "order",
            },
        ]
    )
    recipe = env["construction.recipe"].create(
        {
            "product_tmpl_id": item.product_tmpl_id.id,
            "line_ids": [
                Command.create({"product_id": brick.id, "quantity": 52, "waste_percent": 4}),
                Command.create({"product_id": labour.id, "quantity": 1.2, "cost_nature": "labour"}),
            ],
        }
    )
    recipe.action_activate()
    return item, brick, labour


def quote(env):
    """A generated quote."""
    found = sheet(env)
    found.action_generate_quote()
    return found.order_ids


def sent(env):
    """A quote the client has."""
    found = quote(env)
    found.write({"state": "sent"})
    return found


# What the quote below has: a chapter with two components, a chapter with one.
QUOTE_LINES = 5


def outdated(env):
    """A quote whose sheet has a newer final version; two people have been shown what would change."""
    found = quote(env)
    found.evaluation_id.action_new_version()
    version = found.evaluation_id.next_version_ids
    for line in version.line_ids:
        line.quantity += 1
    version.action_finalize()
    for _person in range(2):
        found.action_regenerate()
    return found


def alternatives(env):
    """A sent quote with three alternatives, the first of them chosen."""
    found = sheet(env)
    found.action_new_version()
    version = found.next_version_ids
    version.line_ids[0].copy({"evaluation_id": version.id})
    version.action_finalize()
    version.action_generate_quote()
    offered = version.order_ids
    for chapter in offered.chapter_ids:
        chapter._set_choice("alternative", "Wall")
    offered.write({"state": "sent"})
    return offered


def sold(env):
    """A confirmed construction order."""
    found = quote(env)
    found.action_confirm()
    return found


def contract(env):
    """A signed contract."""
    found = sold(env)
    found.action_create_contract()
    found.contract_id.action_sign()
    return found.contract_id


def invoiced(env):
    """The first instalment of a signed contract, its invoice posted."""
    instalment = contract(env).instalment_ids[0]
    instalment.action_invoice()
    instalment.invoice_ids.action_post()
    return instalment


def whole_line(env):
    """One job walked from the deal to money; the ids of what it made of stock's records."""
    instalment = invoiced(env)
    signed = instalment.contract_id
    pay(env, instalment.invoice_ids)
    signed.instalment_ids[1].action_invoice()
    deal = signed.lead_id
    start = env["construction.project.start"].browse(deal.action_start_project()["res_id"])
    start.action_start()
    open_quote = quote(env)
    return {
        "deal": deal.id,
        "order": signed.order_ids.id,
        "open": open_quote.id,
        "project": deal.construction_project_id.id,
        "invoice": instalment.invoice_ids.id,
        "total": signed.order_ids.amount_total,
    }
