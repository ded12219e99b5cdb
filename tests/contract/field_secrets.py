"""What each figure or text of our models tells, and so who may see it.

cost    what works cost us, and the way from there to the price: group `construction_crm.group_cost`
price   prices and totals of evaluation sheets: the groups `PRICE_GROUPS`, never a surveyor
money   amounts of records (contracts, instalments, orders…) that only those may read who may see the amounts
own     made for the user who sees it, of what he may see: a record rule leaves it to him alone
public  everything else
"""

COST = {
    "construction.component.cost": "cost",
    "construction.cost.update": "effect percent",
    "construction.evaluation": "amount_cost buildup_chain margin_percent amount_contract import_file import_report",
    "construction.evaluation.solve": "amount margin_percent markup_name",
    "construction.markup": "round_to name percent",
    "construction.recipe": "cost_change cost_change_percent cost_then used_cost "
    "used_percent cost_by_nature flat_cost unit_cost stated_cost",
    "construction.recipe.line": "subtotal unit_cost",
    "construction.resource": "amount unit_cost",
    "construction.import": "file preview result",
    "sale.order": "buildup_chain cost_today margin_today_percent old_cost_percent",
    "sale.order.line": "cost_today cost_move_percent",
    "construction.evaluation.line": "cost_change cost_now cost_then",
    "construction.approval.rule": "amount condition cost_percent discount_percent margin_percent",
    "construction.cost.update.line": "cost new_cost",
    "construction.recipe.compare": "cost_comparison",
}
PRICE = {
    "construction.evaluation": "tender_file amount_total",
    "construction.evaluation.line": "price_raw price_subtotal price_unit price_given amount_correction",
    "construction.evaluation.zone": "amount_total",
}
MONEY = {
    "construction.collect": "amount amount_residual amount_rest amount_to_confirm memo reference",
    "construction.collect.line": "amount amount_left",
    "construction.collection": "amount amount_contract amount_open amount_open_company memo payment_reference "
    "receipt_number",
    "construction.collection.use": "amount amount_open",
    "account.payment": "construction_receipt_number",
    "construction.contract": "amount_on_account "
    "amount_collected amount_invoiced amount_left amount_overdue amount_planned "
    "amount_to_invoice amount_total amount_untaxed missing_data",
    "construction.instalment": "amount amount_booked amount_collected amount_fixed amount_invoiced amount_overdue "
    "amount_residual percent",
    "crm.lead": "amount_collected amount_contract amount_invoiced amount_overdue amount_to_invoice",
    "sale.order": "rounding_difference generated_lines",
    "sale.order.line": "chapter_offered_subtotal chapter_price_unit chapter_subtotal chapter_total",
    "construction.quote.regenerate.line": "change",
    "construction.quote.compare": "content",
}
OWN = {
    "construction.export": "file offer_notes",
    "construction.resource": "code document name pack_count quantity",
    "construction.workbook": "export_file file preview",
    "construction.workbook.column": "heading letter sample tab",
}
PUBLIC = {
    "construction.collect": "token",
    "construction.collection": "token",
    "construction.contract": "name note retention_percent",
    "construction.delivery": "name quantity quantity_delivered",
    "construction.evaluation": "tender_filename client_name client_phone name note "
    "site_address check_list import_checksum import_filename",
    "construction.evaluation.line": "reference short_name name parameter_values quantity zone",
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
    "construction.type": "name retention_percent",
    "project.milestone": "weight",
    "project.project": "code",
    "sale.order.line": "alternative_group chapter_uom_name offered_quantity "
    "chapter_number chapter_quantity generation_key",
    "construction.sheet.template": "name",
    "construction.sheet.template.line": "name quantity zone",
    "construction.sheet.template.question": "name choices",
    "construction.evaluation.zone": "code complete_name description name",
    "construction.measurement": "count explanation formula height length name quantity width",
    "construction.evaluation.photo": "image_1920 image_256 name",
    "construction.evaluation.answer": "answer choices name value",
    "construction.import": "kind currency_rate file_currency filename",
    "construction.visit.missed": "note",
    "construction.chapter.quantity": "quantity",
    "construction.quote.regenerate": "sheet_names token",
    "construction.quote.regenerate.line": "key name number",
    "sale.order": "approval_fingerprint approval_matters decline_note revision_reason state_before_closed variant_name",
    "construction.approval.rule": "name",
    "construction.export": "filename",
    "construction.quote.decline": "note",
    "construction.recipe.compare": "comparison",
    "construction.workbook": "filename",
    "construction.chapter.choice": "group",
    "construction.quote.decision": "reason",
    "construction.quote.revise": "reason",
    "construction.quote.variant": "name own_name",
}
# Stock's own fields that we only put a group on (see test_secret_costs).
STOCK_COSTS = {
    "product.product": "standard_price",
    "product.template": "standard_price",
    "sale.order": "margin margin_percent",
    "sale.order.line": "margin margin_percent purchase_price",
    "sale.report": "margin",
}
KINDS = {"cost": COST, "price": PRICE, "money": MONEY, "own": OWN, "public": PUBLIC, "stock": STOCK_COSTS}


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
