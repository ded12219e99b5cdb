"""From a sheet to its quote: the cost of generating it, and that it equals what stock would have made."""

from . import data
from .equality import differences, stock_copy
from .registry import row

# Lines that a person has to read to see what went wrong.
EXAMPLES = 12


def sheet_of(count):
    """The maker of a final sheet of that many items with recipes and a hundredth of that without."""
    return lambda env: data.make_sheet(env, count, plain=max(count // 100, 1))


@row("quote_create", gate=0.80, want=0.55)
def quote_create(bench):
    """Sheet of 500 items of 8 components (4,510 rows) / stock create of the same rows."""
    count = bench.size(500)
    sheet = bench.kept(f"sheet_{count}", sheet_of(count))
    bench.kept(f"sheet_{count // 10}", sheet_of(count // 10))

    def ours(env):
        mine = sheet.with_env(env)
        yield "create"
        mine.action_generate_quote()

    def stock(env):
        mine = sheet.with_env(env)
        mine.action_generate_quote()
        values = stock_copy(mine.order_ids)
        env.cr.flush()
        env.cr.rollback()
        yield "create"
        env["sale.order"].create(values)

    def sized(size):
        return lambda env: generating(env, size)

    def generating(env, size):
        mine = bench.kept(f"sheet_{size}", sheet_of(size)).with_env(env)
        yield "create"
        mine.action_generate_quote()

    components = count * data.COMPONENTS + max(count // 100, 1)
    facts = bench.compare(ours, stock, budget=lambda stock_queries: stock_queries - 2 * components + 20)
    return facts | {"rows": components + count + max(count // 100, 1)} | bench.growth(sized, count // 10)


@row("quote_equal", gate=None)
def quote_equal(bench):
    """Every stored column and total of a generated quote against stock's own create of the same rows."""
    found, checked = [], 0
    for name, values in scenarios(bench.env):
        bench.env.cr.rollback()
        deal_values, sheet_values = values(bench.env)
        deal = data.make_deal(bench.env, **deal_values)
        sheet = data.make_sheet(bench.env, 60 if not bench.quick else 12, plain=20, deal=deal, **sheet_values)
        sheet.action_generate_quote()
        quote = sheet.order_ids
        reference = bench.env["sale.order"].create(stock_copy(quote))
        bench.env.cr.flush()
        found += [f"{name}: {difference}" for difference in differences(quote, reference)]
        checked += len(quote.order_line)
        bench.env.cr.rollback()
        bench.env.registry.clear_all_caches()
    return {"differences": len(found), "examples": found[:EXAMPLES], "rows": checked, "scenarios": len(scenarios(None))}


def scenarios(_env):
    """Customers and catalogues under which the two have to agree: (name, function of env)."""
    return [
        ("plain", lambda env: ({}, {})),
        ("fiscal position", fiscal_position),
        ("foreign pricelist with bands", foreign_pricelist),
        ("discount shown", shown_discount),
        ("taxes included, rounded per line", included_taxes),
        ("global rounding", global_rounding),
        ("customer in another language", other_language),
        ("analytic distribution", distribution),
    ]


def fiscal_position(env):
    """A customer whose taxes are mapped to one of 0 %."""
    position = env["account.fiscal.position"].create({"name": "Abroad", "sequence": 1})
    taxes = data.ref(env, "product_0").taxes_id | data.ref(env, "product_1").taxes_id
    env["account.tax"].create(
        {
            "name": "Bench 0 %",
            "amount": 0,
            "type_tax_use": "sale",
            "fiscal_position_ids": position.ids,
            "original_tax_ids": taxes[:1].ids,
        }
    )
    partner = env["res.partner"].create({"name": "Abroad", "property_account_position_id": position.id})
    return {"partner_id": partner.id}, {}


def pricelist(env, items, currency=None):
    """A customer with a pricelist of these rules."""
    values = {"name": "Bench prices", "item_ids": [(0, 0, item) for item in items]}
    if currency:
        values["currency_id"] = currency.id
    found = env["product.pricelist"].create(values)
    partner = env["res.partner"].create({"name": "Priced", "property_product_pricelist": found.id})
    return {"partner_id": partner.id}, {"pricelist_id": found.id}


def foreign_pricelist(env):
    """Another currency, a price from ten units on, a formula on the cost."""
    currency = env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
    currency.action_unarchive()
    env["res.currency.rate"].create({"currency_id": currency.id, "rate": 0.8731, "name": "2020-01-01"})
    product = data.ref(env, "product_3").product_tmpl_id
    return pricelist(
        env,
        [
            {
                "applied_on": "1_product",
                "product_tmpl_id": product.id,
                "compute_price": "fixed",
                "fixed_price": 7.77,
                "min_quantity": 10,
            },
            {
                "applied_on": "3_global",
                "compute_price": "formula",
                "base": "standard_price",
                "price_discount": -35,
                "price_round": 0.05,
                "price_surcharge": 0.11,
                "min_quantity": 5,
            },
        ],
        currency,
    )


def shown_discount(env):
    """A percentage that stock shows as the discount of the line."""
    return pricelist(
        env,
        [
            {"applied_on": "3_global", "compute_price": "percentage", "percent_price": 12.5},
            {"applied_on": "3_global", "compute_price": "percentage", "percent_price": 20, "min_quantity": 8},
        ],
    )


def included_taxes(env):
    """Prices that include their tax."""
    taxes = data.ref(env, "product_0").taxes_id | data.ref(env, "product_1").taxes_id
    taxes.price_include_override = "tax_included"
    return {}, {}


def global_rounding(env):
    """Taxes rounded for the order and not for each line."""
    env.company.tax_calculation_rounding_method = "round_globally"
    return {}, {}


def other_language(env):
    """Names in the language of the customer."""
    env["res.lang"]._activate_lang("fr_FR")
    for number in range(0, data.PRODUCTS, 2):
        data.ref(env, f"product_{number}").with_context(lang="fr_FR").name = f"Produit {number}"
    return {"partner_id": env["res.partner"].create({"name": "Français", "lang": "fr_FR"}).id}, {}


def distribution(env):
    """A distribution model for some of the products."""
    env = env(su=True)
    plan = env["account.analytic.plan"].search([], limit=1)  # a new one would add a column
    account = env["account.analytic.account"].create({"name": "Bench", "plan_id": plan.id})
    env["account.analytic.distribution.model"].create(
        {"product_id": data.ref(env, "product_5").id, "analytic_distribution": {str(account.id): 100}}
    )
    return {}, {}
