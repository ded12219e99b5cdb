"""What each figure or text of our models tells, and so who may see it.

cost    what works cost us, and the way from there to the price: group `construction_crm.group_cost`
price   prices and totals of evaluation sheets: the groups `PRICE_GROUPS`, never a surveyor
money   amounts of records (contracts, instalments, orders…) that only those may read who may see the amounts
own     made for the user who sees it, of what he may see: a record rule leaves it to him alone
public  everything else
"""

COST = {
    "crm.lead": "amount_commission_expected amount_cost_expected amount_margin_expected margin_percent_expected",
    "construction.component.cost": "cost",
    "construction.cost.update": "effect percent",
    "construction.evaluation": "amount_contract amount_cost buildup_chain import_file import_report margin_percent",
    "construction.evaluation.solve": "amount amount_reached difference margin_percent markup_name",
    "construction.markup": "name percent round_to",
    "construction.recipe": "cost_by_nature cost_change cost_change_percent cost_then flat_cost "
    "stated_cost unit_cost used_cost used_percent",
    "construction.recipe.line": "subtotal unit_cost",
    "construction.resource": "amount unit_cost",
    "construction.import": "file preview result",
    "sale.order": "approval_measures buildup_chain cost_today margin_today_percent old_cost_percent",
    "sale.order.line": "cost_move_percent cost_today",
    "construction.evaluation.line": "cost_change cost_now cost_then",
    "construction.approval.rule": "amount condition cost_percent discount_percent margin_percent",
    "construction.cost.update.line": "cost new_cost",
    "construction.recipe.compare": "cost_comparison",
    "construction.quote.target": "margin_percent_after margin_percent_before",
    "construction.material": "amount unit_cost",
    "construction.cost": "amount_actual amount_committed amount_difference amount_estimate "
    "amount_forecast amount_remaining percent_done",
    "construction.cost.item": "amount document_model name quantity",
    "project.project": "cost_actual cost_committed cost_difference cost_estimate cost_forecast",
}
PRICE = {
    "construction.evaluation": "amount_total tender_file",
    "construction.evaluation.line": "amount_correction price_given price_raw price_subtotal price_unit",
    "construction.evaluation.zone": "amount_total",
}
MONEY = {
    "construction.competitor": "amount note",
    "construction.overdue.mixin": "overdue_warning",
    "construction.ageing": "amount amount_30 amount_60 amount_90 amount_currency amount_more "
    "amount_not_due amount_retained invoice_name",
    "construction.commission": "amount_collected amount_invoiced commission invoice_name percent",
    "construction.commission.rate": "percent",
    "construction.forecast": "amount amount_full name",
    "construction.reminder": "body name note result",
    "construction.reminder.line": "amount summary",
    "construction.said": "amount note promised_by",
    "construction.collect": "amount amount_kept_back amount_residual amount_rest amount_to_confirm memo reference",
    "construction.collection": "amount amount_contract amount_open amount_open_company memo "
    "payment_reference receipt_number",
    "construction.contract": "access_token access_url access_warning amount_advance amount_approved "
    "amount_certified amount_collected amount_invoiced amount_left "
    "amount_on_account amount_original amount_overdue amount_planned "
    "amount_proposed amount_recouped amount_retained amount_retention_released "
    "amount_to_invoice amount_total amount_untaxed amount_variations body "
    "body_signed cancel_reason external_number missing_data missing_list "
    "overdue_warning penalty_client_cap penalty_client_percent penalty_own_cap "
    "penalty_own_percent place_signed service_terms",
    "construction.instalment": "amount amount_before_promise amount_booked amount_collected amount_fixed "
    "amount_gross amount_invoiced amount_overdue amount_promised amount_recouped "
    "amount_recouped_booked amount_residual amount_retained "
    "amount_retention_released dispute_reason invoicing_obstacle percent "
    "promise_note promised_by",
    "construction.plan.change": "amount_after amount_before content reason",
    "crm.lead": "amount_by_hand amount_collected amount_contract amount_invoiced "
    "amount_overdue amount_quoted amount_retained amount_retention_released "
    "amount_to_invoice expected_revenue overdue_warning",
    "sale.order": "generated_lines rounding_difference variation_data",
    "sale.order.line": "chapter_offered_subtotal chapter_price_unit chapter_subtotal chapter_total",
    "construction.quote.regenerate.line": "change",
    "construction.quote.compare": "content",
    "construction.retention": "amount amount_due amount_kept amount_paid invoice_name",
    "construction.retention.release": "amount",
    "construction.plan.make": "content",
    "construction.plan.what.if": "content",
    "construction.stage.reach": "due",
    "construction.invoicing.line": "amount reason",
    "construction.contract.document": "file file_name name",
    "construction.signatory": "basis document_number name position",
    "construction.collect.line": "amount amount_left",
    "construction.collection.use": "amount amount_open",
    "account.payment": "construction_receipt_number",
    "construction.quote.target": "amount amount_total_after amount_total_before amount_untaxed_after "
    "amount_untaxed_before change_percent difference row_amount warning",
    "construction.quote.target.line": "amount_after amount_before",
    "construction.position": "amount amount_original amount_taxed amount_variations",
    "project.project": "amount_contract next_instalment_amount next_instalment_name "
    "percent_collected percent_invoiced percent_to_invoice",
    "construction.certificate": "amount_billed amount_contract amount_cumulative amount_cumulative_taxed "
    "amount_difference amount_net amount_original amount_otherwise amount_period "
    "amount_period_taxed amount_previous amount_recouped amount_remaining "
    "amount_retained amount_tax amount_variations",
    "construction.certificate.line": "amount_contracted amount_cumulative amount_original amount_period "
    "amount_previous amount_remaining amount_variations taxed_contracted "
    "taxed_cumulative taxed_previous",
    "construction.variation": "amount_total amount_untaxed",
    "construction.handover": "access_token access_url access_warning",
    "construction.funnel": "amount",
    "construction.overview": "amount",
    "construction.productivity": "amount_won",
    "construction.win.rate": "amount_lost amount_won",
    "construction.bond": "amount note number percent",
    "construction.bond.act": "note",
    "construction.clarification": "answer number question reference",
}
OWN = {
    "construction.recipe.learn.line": "change_percent quantity_here quantity_high quantity_low quantity_made "
    "quantity_measured quantity_now ratio spread_percent",
    "construction.remind": "skipped",
    "construction.remind.client": "amounts body email lang note subject total",
    "construction.export": "file offer_notes",
    "construction.resource": "code document name pack_count quantity",
    "construction.workbook": "export_file file preview",
    "construction.workbook.column": "heading letter sample tab",
    "construction.work.order.make.line": "quantity quantity_left",
    "construction.material.order": "made_ids reference",
    "construction.material.order.line": "quantity quantity_before quantity_missing",
}
PUBLIC = {
    "construction.tax.fetch": "register_note",
    "construction.segment": "name",
    "construction.department": "name",
    "construction.pin.mixin": "pinned_events",
    "construction.site.mixin": "site_access site_floor site_key_holder site_map_url site_parking",
    "res.partner": "register_note site_access site_floor site_key_holder site_parking",
    "res.users": "register_note site_access site_floor site_key_holder site_parking",
    "crm.lead": "caller_search document_search import_reference linked_counts phone_search "
    "pinned_events register_note site_access site_city site_floor site_key_holder "
    "site_map_url site_parking site_street site_zip step_fix_label step_hold steps_ahead "
    "tax_id_search tender_reference vat vitality_note",
    "construction.contract.clauses": "penalty_client_cap penalty_client_percent penalty_own_cap "
    "penalty_own_percent place_signed",
    "construction.reminder.level": "closing name opening subject",
    "res.company": "construction_overdue_limit",
    "res.config.settings": "construction_overdue_limit",
    "construction.collect": "token",
    "construction.collection": "token",
    "construction.contract": "advance_recoup_percent name note retention_cap_percent retention_hold_reason "
    "retention_holds retention_percent retention_release_percent",
    "construction.crew": "name overtime_percent",
    "construction.trade": "name",
    "construction.delivery": "name quantity quantity_delivered quantity_fed uom_name",
    "construction.evaluation": "check_list client_name client_phone import_checksum import_filename name "
    "note site_access site_address site_floor site_key_holder site_map_url "
    "site_parking tender_filename",
    "construction.evaluation.line": "name parameter_values quantity reference short_name zone",
    "construction.instalment": "name progress_percent retention_percent",
    "construction.plan.row": "name percent progress_percent",
    "construction.plan.template": "name",
    "construction.plan.template.line": "amount name percent progress_percent",
    "construction.project.candidate": "name",
    "construction.handoff": "checks hazards note return_reason site_access site_floor site_key_holder "
    "site_map_url site_parking",
    "construction.member": "note",
    "construction.promise": "name",
    "construction.project.start": "hours_total load_preview load_warning name order_names template_dates",
    "construction.project.start.role": "without_user",
    "construction.project.start.stage": "hours weight",
    "construction.project.start.task": "allocated_hours name quantity uom_name",
    "construction.recipe": "note output_quantity version_comparison",
    "construction.recipe.line": "hours_per_unit minimum_quantity percent percent_code quantity "
    "quantity_formula waste_percent",
    "construction.recipe.parameter": "default name unit",
    "construction.type": "advance_recoup_percent name overdue_limit retention_cap_percent "
    "retention_percent retention_release_percent",
    "construction.stage.check": "name note",
    "construction.stage.check.template": "name",
    "construction.stage.reach": "holds open_before reason recipients",
    "construction.plan.what.if": "days reason",
    "project.milestone": "check_progress reach_reason return_reason weight",
    "project.project.stage": "usual_key usual_weight",
    "project.project": "code delay_days delay_days_claimable pinned_events progress_percent "
    "site_access site_floor site_key_holder site_map_url site_parking "
    "stage_weight_total",
    "sale.order.line": "alternative_group chapter_number chapter_quantity chapter_uom_name "
    "generation_key offered_quantity",
    "construction.sheet.template": "name",
    "construction.sheet.template.line": "name quantity zone",
    "construction.sheet.template.question": "choices name",
    "construction.evaluation.zone": "code complete_name description name",
    "construction.measurement": "count explanation formula height length name quantity width",
    "construction.evaluation.photo": "image_1920 image_256 name",
    "construction.evaluation.answer": "answer choices name value",
    "construction.import": "currency_rate file_currency filename kind",
    "construction.visit.missed": "note",
    "construction.chapter.quantity": "quantity",
    "construction.quote.regenerate": "sheet_names token",
    "construction.quote.regenerate.line": "key name number",
    "sale.order": "approval_fingerprint approval_matters decline_note revision_reason "
    "state_before_closed variant_name variation_note variation_number",
    "construction.approval.rule": "name",
    "construction.export": "filename",
    "construction.quote.decline": "note",
    "construction.recipe.compare": "comparison",
    "construction.workbook": "filename",
    "construction.chapter.choice": "group",
    "construction.quote.variant": "name own_name",
    "account.bank.statement.line": "amount_retention retention_terms",
    "account.move": "amount_retention retention_terms",
    "construction.retention.release": "holds",
    "construction.deliver": "quantity quantity_before uom_name",
    "construction.plan.make": "advance_percent retention_percent",
    "construction.party": "email note phone",
    "construction.party.role": "name",
    "construction.invoicing.terms": "advance_recoup_percent",
    "construction.contract.template": "body name penalty_client_cap penalty_client_percent penalty_own_cap "
    "penalty_own_percent place_signed placeholder_help service_terms",
    "construction.chapter.add": "parameter_values quantity",
    "construction.quote.target.line": "name number",
    "sale.order.template.line": "chapter_quantity",
    "construction.position": "hours_planned name number percent_done quantity quantity_done "
    "quantity_original quantity_variations",
    "construction.contact.record": "summary",
    "construction.interaction": "res_model summary",
    "construction.certificate": "note percent_done",
    "construction.certificate.line": "name number order_name percent_cumulative quantity_contracted "
    "quantity_cumulative quantity_original quantity_period quantity_previous "
    "quantity_proposed quantity_variations reason",
    "construction.progress": "correction_reason note progress_percent return_reason",
    "construction.progress.line": "name note percent percent_cumulative percent_previous quantity "
    "quantity_before quantity_contracted quantity_cumulative quantity_previous",
    "construction.material": "note pack_count quantity_extra quantity_from_stock quantity_missing "
    "quantity_needed quantity_ordered quantity_over quantity_planned "
    "quantity_to_order quantity_used",
    "construction.material.request": "quantity quantity_live reference res_model",
    "construction.work.order": "access_note correction_reason done_note hours name note safety_note "
    "site_access site_floor site_key_holder site_map_url site_parking warning",
    "construction.work.order.line": "hours note quantity quantity_chapter quantity_elsewhere quantity_left takes",
    "construction.capacity.check": "earliest earliest_all hours_total load_preview warning",
    "construction.capacity.check.line": "earliest hours",
    "construction.crew.week": "hours_capacity hours_free hours_quotes hours_sold hours_tasks percent "
    "percent_all week_name",
    "construction.variation": "content note number quote_name",
    "construction.variation.propose": "note",
    "construction.variation.propose.item": "quantity",
    "construction.variation.propose.line": "change name number quantity quantity_done quantity_new quantity_remaining "
    "uom_name",
    "construction.diary": "accidents delay_days deliveries hours_total visitors work_done",
    "construction.diary.delay": "days days_claimable days_total hours note",
    "construction.diary.presence": "hours hours_total name note who",
    "construction.handover.item": "name",
    "construction.handover.part": "name",
    "construction.handover.document": "name note",
    "construction.handover.meter": "name reading serial_number unit",
    "construction.handover.participant": "name position",
    "construction.handover.snag": "name place responsible",
    "construction.handover": "delivered name obstacles place remarks scope signature_client signature_own "
    "signed_client_by signed_copy signed_copy_name signed_own_by",
    "construction.place": "name",
    "construction.snag": "cancel_reason description name photo_after photo_after_small photo_before "
    "photo_small reject_reason responsible",
    "construction.funnel": "days percent_moved_on",
    "construction.productivity": "days_to_quote days_to_signature percent_on_time",
    "construction.win.rate": "days_to_close win_rate",
    "construction.step.type": "instructions name",
    "construction.step": "override_reason summary",
    "construction.step.next": "holds hour override_reason summary",
    "construction.step.override": "fix_label holds reason",
    "construction.reason": "button hint placeholder reason res_ids res_model step",
    "construction.step.reschedule": "hour reason",
    "construction.lead.activate": "hour",
    "construction.deal.task": "name note",
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
