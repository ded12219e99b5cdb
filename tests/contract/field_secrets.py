"""What each figure or text of our models tells, and so who may see it.

cost    what works cost us, and the way from there to the price: group `construction_crm.group_cost`
price   prices and totals of evaluation sheets: the groups `PRICE_GROUPS`, never a surveyor
money   amounts of records (contracts, instalments, orders…) that only those may read who may see the amounts
public  everything else
"""

COST = {
    "construction.component.cost": "cost",
    "construction.cost.update": "percent",
    "construction.evaluation": "amount_cost buildup_chain margin_percent amount_contract import_file import_report",
    "construction.evaluation.solve": "amount margin_percent markup_name",
    "construction.markup": "name percent",
    "construction.recipe": "cost_by_nature flat_cost unit_cost stated_cost",
    "construction.recipe.line": "subtotal unit_cost",
    "construction.resource": "amount unit_cost",
    "construction.import": "file preview result",
}
PRICE = {
    "construction.evaluation": "amount_total",
    "construction.evaluation.line": "price_raw price_subtotal price_unit price_given amount_correction",
    "construction.evaluation.zone": "amount_total",
}
MONEY = {
    "construction.collect": "amount amount_residual memo",
    "construction.collection": "amount amount_contract amount_open amount_open_company memo",
    "construction.contract": "amount_collected amount_invoiced amount_left amount_overdue amount_planned "
    "amount_to_invoice amount_total amount_untaxed missing_data",
    "construction.instalment": "amount amount_booked amount_collected amount_fixed amount_invoiced amount_overdue "
    "amount_residual percent",
    "crm.lead": "amount_collected amount_contract amount_invoiced amount_overdue amount_to_invoice",
    "sale.order": "rounding_difference generated_lines",
    "sale.order.line": "chapter_price_unit chapter_subtotal chapter_total",
    "construction.quote.regenerate.line": "change",
}
PUBLIC = {
    "construction.collect": "token",
    "construction.collection": "token",
    "construction.contract": "name note retention_percent",
    "construction.delivery": "name quantity quantity_delivered",
    "construction.evaluation": "client_name client_phone name note "
    "site_address check_list import_checksum import_filename",
    "construction.evaluation.line": "name parameter_values quantity zone",
    "construction.instalment": "name",
    "construction.plan.row": "name percent",
    "construction.plan.template": "name",
    "construction.plan.template.line": "amount name percent",
    "construction.project.candidate": "name",
    "construction.project.start": "hours_total name order_names",
    "construction.project.start.stage": "weight",
    "construction.project.start.task": "allocated_hours name quantity uom_name",
    "construction.recipe": "note output_quantity version_comparison",
    "construction.recipe.line": "hours_per_unit minimum_quantity percent "
    "quantity quantity_formula waste_percent percent_code",
    "construction.recipe.parameter": "default name unit",
    "construction.resource": "code document name pack_count quantity",
    "construction.type": "name retention_percent",
    "project.milestone": "weight",
    "project.project": "code",
    "sale.order.line": "chapter_number chapter_quantity generation_key",
    "construction.sheet.template": "name",
    "construction.sheet.template.line": "name quantity zone",
    "construction.sheet.template.question": "name choices",
    "construction.evaluation.zone": "code complete_name description name",
    "construction.measurement": "count explanation formula height length name quantity width",
    "construction.evaluation.photo": "image_1920 image_256 name",
    "construction.evaluation.answer": "answer choices name value",
    "construction.import": "currency_rate file_currency filename",
    "construction.visit.missed": "note",
    "construction.chapter.quantity": "quantity",
    "construction.quote.regenerate": "sheet_names token",
    "construction.quote.regenerate.line": "key name number",
}
# Stock's own fields that we only put a group on (see test_secret_costs).
STOCK_COSTS = {
    "product.product": "standard_price",
    "product.template": "standard_price",
    "sale.order": "margin margin_percent",
    "sale.order.line": "margin margin_percent purchase_price",
    "sale.report": "margin",
}
KINDS = {"cost": COST, "price": PRICE, "money": MONEY, "public": PUBLIC, "stock": STOCK_COSTS}


def get_kinds():
    """Give a dict of (model, field) → kind."""
    return {
        (model, name): kind
        for kind, names_by_model in KINDS.items()
        for model, names in names_by_model.items()
        for name in names.split()
    }


def get_our_fields(env):
    """List every (model, field) of ours that tells a figure or a text.

    Fields of our models, and those we add to stock's; what comes from the mixins of mail is stock's.
    """
    found = []
    for model_name, model in env.registry.items():
        is_ours = model_name.startswith("construction.")
        for name, field in model._fields.items():
            if field.type not in ("float", "monetary", "html", "char", "text", "json", "binary", "image"):
                continue
            if name == "display_name" or not (is_ours or "construction_crm" in field._modules):
                continue
            if set(field._modules) & {"mail", "base", "web", "rating"} and "construction_crm" not in field._modules:
                continue
            found.append((model_name, name))
    return found
