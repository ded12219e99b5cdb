from odoo.tools.sql import column_exists

# Stored columns of stock tables: made here, so that installing on a large database does not compute them
# row by row. The ORM adds keys and indexes to them afterwards.
COLUMNS = {
    "account_move_line": {"lead_id": "int4", "retention_part": "varchar"},
    "account_move": {
        "lead_id": "int4",
        "contract_id": "int4",
        "invoice_kind": "varchar",
        "retention_terms": "jsonb",
        "construction_project_id": "int4",
    },
    "crm_lead": {
        "has_contract": "bool",
        "amount_contract": "numeric",
        "amount_invoiced": "numeric",
        "amount_collected": "numeric",
        "amount_overdue": "numeric",
        "amount_to_invoice": "numeric",
        "amount_retained": "numeric",
        "amount_retention_released": "numeric",
        "date_next_check": "date",
        "date_start_wanted": "date",
        "site_id": "int4",
        "construction_project_id": "int4",
        "planned_manager_id": "int4",
        "last_contact_date": "timestamp",
        "step_id": "int4",
        "step_type_id": "int4",
        "step_user_id": "int4",
        "step_deadline": "date",
        "has_steps": "bool",
        "is_activated": "bool DEFAULT true",
        "date_activated": "timestamp",
        "deal_task_count": "int4",
        "vat": "varchar",
        "import_reference": "varchar",
        "amount_quoted": "numeric",
        "amount_mode": "varchar",
        "amount_by_hand": "numeric",
        "is_amount_followed": "bool",
        "has_pins": "bool",
        "segment_id": "int4",
        "department_id": "int4",
        "date_tender": "timestamp",
        "date_tender_questions": "date",
        "tender_reference": "varchar",
        "date_tender_sent": "timestamp",
    },
    "mail_activity": {"construction_step_id": "int4"},
    "sale_order": {
        "original_id": "int4",
        "revision_reason": "text",
        "variant_name": "varchar",
        "variant_of_id": "int4",
        "closed_by_id": "int4",
        "state_before_closed": "varchar",
        "approval_asked_by_id": "int4",
        "approval_refused_by_id": "int4",
        "approval_fingerprint": "varchar",
        "approval_measures": "jsonb",
        "decline_reason_id": "int4",
        "decline_note": "text",
        "date_reminded": "date",
        "date_expired": "date",
        "print_photos": "varchar",
        "print_summary": "bool",
        "plan_template_id": "int4",
        "variation_contract_id": "int4",
        "variation_number": "varchar",
        "variation_reason": "varchar",
        "variation_requested_by_id": "int4",
        "variation_days": "int4",
        "variation_plan": "varchar",
        "variation_date_due": "date",
        "variation_note": "text",
        "variation_state": "varchar",
        "date_variation_applied": "timestamp",
        "variation_data": "jsonb",
    },
    "crm_lost_reason": {"is_for_clients": "bool"},
    "sale_order_template": {"keeps_items_whole": "bool"},
    "sale_order_template_line": {"chapter_quantity": "numeric", "chapter_uom_id": "int4"},
    "sale_order_line": {
        "lineage": "int4",
        "chapter_presentation": "varchar",
        "instalment_id": "int4",
        "is_recoupment": "bool",
        "origin_chapter_id": "int4",
        "construction_position_id": "int4",
    },
    "project_task": {"crew_id": "int4", "date_work_start": "date", "part_line_id": "int4"},
    "project_project_stage": {"crew_id": "int4", "usual_key": "varchar", "usual_weight": "numeric"},
    "project_milestone": {"deadline_original": "date", "approval_state": "varchar", "client_told_date": "date"},
    "product_template": {"trade_id": "int4"},
    "project_project": {
        "contract_id": "int4",
        "construction_stage_id": "int4",
        "task_detail": "varchar",
        "progress_percent": "numeric",
        "date_delivered": "date",
        "last_contact_date": "timestamp",
        "next_stage_milestone_id": "int4",
        "next_stage_date": "date",
        "next_stage_planned_date": "date",
        "overview_currency_id": "int4",
        "amount_contract": "numeric",
        "percent_invoiced": "numeric",
        "percent_collected": "numeric",
        "percent_to_invoice": "numeric",
    },
    "account_payment": {"construction_receipt_number": "varchar"},
    "res_partner": {
        "is_competitor": "bool",
        "segment_id": "int4",
        "site_access": "text",
        "site_floor": "varchar",
        "site_parking": "varchar",
        "site_key_holder": "varchar",
    },
}


def pre_init_hook(env):
    """Create our columns on stock tables and link existing invoices to the deals of their orders.

    Nothing of stock's own columns is touched, not even the date of the last change.
    """
    for table, columns in COLUMNS.items():
        missing = {name: kind for name, kind in columns.items() if not column_exists(env.cr, table, name)}
        if missing:
            added = ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in missing.items())
            env.cr.execute(f"ALTER TABLE {table} {added}")  # pylint: disable=sql-injection
    _fill_deals(env.cr)


def _fill_deals(cr):
    """Lines by their order, invoices by their lines where these belong to just one deal."""
    cr.execute(
        """
        UPDATE account_move_line line
           SET lead_id = deal.lead_id
          FROM (
                SELECT rel.invoice_line_id, MIN(sale.opportunity_id) AS lead_id
                  FROM sale_order_line_invoice_rel rel
                  JOIN sale_order_line sale_line ON sale_line.id = rel.order_line_id
                  JOIN sale_order sale ON sale.id = sale_line.order_id
                 WHERE sale.opportunity_id IS NOT NULL
              GROUP BY rel.invoice_line_id
               ) deal, account_move move
         WHERE deal.invoice_line_id = line.id
           AND move.id = line.move_id
           AND line.display_type = 'product'
           AND move.move_type IN ('out_invoice', 'out_refund')
        """
    )
    cr.execute(
        """
        UPDATE account_move move
           SET lead_id = deal.lead_id
          FROM (
                SELECT move_id, MIN(lead_id) AS lead_id
                  FROM account_move_line
                 WHERE lead_id IS NOT NULL
              GROUP BY move_id
                HAVING MIN(lead_id) = MAX(lead_id)
               ) deal
         WHERE deal.move_id = move.id
        """
    )
