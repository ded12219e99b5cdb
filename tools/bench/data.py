"""What the measurements work on: a firm with a chart of accounts, a customer, taxes, products, deals."""

from odoo import Command

from .harness import KEPT

PRODUCTS = 120
LEADS = 80


def prepare(env):
    """Make and commit the records of `make_stock` unless they are there."""
    if not env.ref(f"{KEPT}.partner", raise_if_not_found=False):
        make_stock(env)
        env.cr.commit()
        env.cr.execute("ANALYZE")
        env.cr.commit()


def make_stock(env):
    """Records of stock Odoo, the same in both databases."""
    company = env.company
    company.name = "Bench"
    env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    groups = [
        "sales_team.group_sale_manager",
        "account.group_account_manager",
        "account.group_account_invoice",
        "project.group_project_manager",
        "project.group_project_milestone",
        "project.group_project_task_dependencies",
        "construction_crm.group_estimator",
    ]
    found = [env.ref(name, raise_if_not_found=False) for name in groups]
    env.ref("base.user_admin").group_ids = [Command.link(group.id) for group in found if group]
    env.ref("base.group_user").implied_ids = [
        Command.link(env.ref(name).id)
        for name in (
            "project.group_project_milestone",
            "project.group_project_task_dependencies",
            "project.group_project_stages",
            "product.group_product_pricelist",
            "uom.group_uom",
            "sale.group_discount_per_so_line",
        )
    ]
    partner = env["res.partner"].create({"name": "Bench customer", "email": "customer@example.com"})
    named(env, partner, "partner")
    taxes = make_taxes(env)
    products = env["product.product"].create([product_values(env, number, taxes) for number in range(PRODUCTS)])
    for number, product in enumerate(products):
        named(env, product, f"product_{number}")
    stages = env["crm.stage"].search([], limit=2)
    leads = env["crm.lead"].create(
        [
            {"name": f"Lead {number}", "type": "opportunity", "partner_id": partner.id, "stage_id": stages[0].id}
            for number in range(LEADS)
        ]
    )
    for number, lead in enumerate(leads):
        named(env, lead, f"lead_{number}")


def make_taxes(env):
    """Two sale taxes."""
    return env["account.tax"].create(
        [
            {"name": f"Bench {rate} %", "amount": rate, "amount_type": "percent", "type_tax_use": "sale"}
            for rate in (21, 9)
        ]
    )


def product_values(env, number, taxes):
    """Values of one product: service or goods, taxed or with two taxes, in units or metres or hours."""
    units = ("uom.product_uom_unit", "uom.product_uom_meter", "uom.product_uom_hour")
    return {
        "name": f"Product {number}",
        "type": "service" if number % 3 == 2 else "consu",
        "default_code": f"P{number:03}",
        "description_sale": f"As described under {number}" if number % 4 == 0 else False,
        "uom_id": env.ref(units[number % 3]).id,
        "list_price": 10 + number * 1.37,
        "standard_price": 6 + number,
        "taxes_id": [Command.set(taxes[number % 2].ids)],
        "invoice_policy": "order",
        "service_tracking": "no",
    }


def named(env, record, name):
    """Give a record an identity that is the same in every database."""
    env["ir.model.data"].create(
        {"module": KEPT, "name": name, "model": record._name, "res_id": record.id, "noupdate": True}
    )


def ref(env, name):
    """The stock record of that name in the database of `env`."""
    return env.ref(f"{KEPT}.{name}")


def refs(env, name, count):
    """The first `count` numbered stock records of that name."""
    records = [ref(env, f"{name}_{number}") for number in range(count)]
    return records[0].concat(*records[1:])


COMPONENTS = 8


def make_items(env, count):
    """Products with an active recipe of COMPONENTS components each."""
    components = refs(env, "product", PRODUCTS)
    items = env["product.product"].create(
        [
            {
                "name": f"Item {number}",
                "type": "service",
                "service_tracking": "no",
                "list_price": 100,
                "uom_id": env.ref("uom.product_uom_meter" if number % 2 else "uom.product_uom_unit").id,
            }
            for number in range(count)
        ]
    )
    recipes = env["construction.recipe"].create(
        [
            {"product_tmpl_id": item.product_tmpl_id.id, "line_ids": recipe_lines(components, number)}
            for number, item in enumerate(items)
        ]
    )
    recipes.action_activate()
    return items


def recipe_lines(components, number):
    """The components of the recipe of that number: quantities with and without waste, and with decimals."""
    return [
        Command.create(
            {
                "product_id": components[(number * COMPONENTS + index) % len(components)].id,
                "quantity": 0.37 + index * 0.59,
                "waste_percent": 5 if index % 3 == 0 else 0,
            }
        )
        for index in range(COMPONENTS)
    ]


def make_deal(env, name="Bench deal", **values):
    """A construction deal with a customer."""
    kind = env["construction.type"].search([], limit=1) or env["construction.type"].create({"name": "Bench works"})
    values = {"partner_id": ref(env, "partner").id, "construction_type_id": kind.id, **values}
    return env["crm.lead"].create({"name": name, "type": "opportunity", **values})


def make_sheet(env, count, *, plain=0, deal=None, **values):
    """A final sheet of `count` items with recipes and `plain` ones without."""
    items = env["product.product"].search([("name", "=like", "Item %")], order="id", limit=100)
    items = items or make_items(env, 100)
    products = refs(env, "product", PRODUCTS)
    lines = [{"product_id": items[n % len(items)].id, "quantity": 1.5 + n % 13} for n in range(count)]
    lines += [{"product_id": products[n % len(products)].id, "quantity": 2.25 + n} for n in range(plain)]
    sheet = env["construction.evaluation"].create(
        {
            "lead_id": (deal or make_deal(env)).id,
            "line_ids": [Command.create({**line, "sequence": n}) for n, line in enumerate(lines)],
            **values,
        }
    )
    sheet.action_finalize()
    return sheet
