"""What must hold of the money of a contract at any moment, however it came about."""

from odoo import fields

from .ledger_check import LedgerCheck

# Fields a person may set are not recomputed: to compute them again would overwrite what was set.
MODELS = ("construction.contract", "construction.instalment", "construction.collection", "crm.lead")
OF_INVOICES = ("contract_id", "lead_id", "invoice_kind", "amount_residual", "payment_state", "invoice_date_due")


def find_faults(contract):
    """Every rule that does not hold of a contract, one sentence each.

    :param contract: construction.contract
    """
    contract.env.flush_all()
    contract.env.invalidate_all()
    check = LedgerCheck(contract)
    wrong = check.find_faults()
    wrong += find_twice(contract)
    wrong += find_negative(contract)
    wrong += find_false_days(contract)
    wrong += find_false_sums(check)
    return wrong + find_stale(contract)


def find_twice(contract):
    """More than one invoice, payment or activity where there may be one."""
    wrong = []
    for row in contract.instalment_ids:
        moves = row.invoice_ids.filtered(lambda move: move.move_type == "out_invoice" and move.state != "cancel")
        live = [move for move in moves if sum_left(move) > 0]
        # what was credited twice is billed once more
        most = 1 + sum(sum_left(move) < 0 for move in moves)
        if len(live) > most:
            wrong.append(f"{row.display_name}: invoiced by {', '.join(move.display_name for move in live)}")
        if len(contract.activity_ids & row.activity_id) > 1 or (row.activity_id and row.state != "due"):
            wrong.append(f"{row.display_name}: state {row.state}, with an activity to invoice")
    activities = contract.instalment_ids.activity_id
    if len(activities) < len(contract.instalment_ids.filtered("activity_id")):
        wrong.append(f"{contract.name}: one activity for two instalments")
    payments = contract.collection_ids.payment_id
    tokens = contract.collection_ids.filtered("token")
    if len(tokens) > len(payments):
        wrong.append(f"{contract.name}: {len(tokens)} requests, {len(payments)} payments")
    return wrong


def sum_left(move):
    """What is left of an invoice after its posted credit notes."""
    refunds = move.reversal_move_ids.filtered(lambda refund: refund.state == "posted")
    return move.currency_id.round(move.amount_total - sum(refunds.mapped("amount_total")))


def find_negative(contract):
    """Amounts below zero where none may be."""
    compare = contract.currency_id.compare_amounts
    of_rows = ("amount", "amount_fixed", "amount_collected", "amount_overdue", "amount_retained", "amount_gross")
    of_contract = ("amount_total", "amount_collected", "amount_overdue", "amount_retained", "amount_on_account")
    wrong = [
        f"{record.display_name} {name}: {record[name]}"
        for records, names in ((contract.instalment_ids, of_rows), (contract, of_contract))
        for record in records
        for name in names
        if compare(record[name], 0.0) < 0
    ]
    return wrong + [
        f"{move.display_name}: kept back {line.amount_currency} of {move.amount_total}"
        for move in contract.move_ids.filtered(lambda move: move.state == "posted")
        for line in move.line_ids.filtered("retention_part")
        if line.amount_currency * -move.direction_sign < 0
    ]


def find_false_days(contract):
    """Days of events that did not happen, and days of the daily job that will never change anything."""
    today = fields.Date.context_today(contract)
    wrong = []
    for row in contract.instalment_ids:
        happened = row._get_day_happened()
        is_told = row.trigger in ("signature", "delivery", "handover") and row.state in ("waiting", "due")
        if is_told and bool(happened) != bool(row.date_event):
            wrong.append(f"{row.display_name} ({row.trigger}): event on {row.date_event}, happened {happened}")
        is_late = row.date_next_check and row.date_next_check <= today
        is_late = is_late and row.state not in ("due", "cancelled", "collected")
        if is_late or (
            row.state == "waiting"
            and row.date_due
            and contract.state not in ("draft", "cancelled")
            and row.date_next_check != row.date_due
        ):
            wrong.append(f"{row.display_name} ({row.state}, due {row.date_due}): next check {row.date_next_check}")
    for record in (contract, contract.lead_id):
        if record.date_next_check and record.date_next_check <= today:
            wrong.append(f"{record.display_name}: next check {record.date_next_check}, today is {today}")
    return wrong


def find_false_sums(check):
    """A contract is its instalments, its invoices of no instalment and what is on account; a deal its contract."""
    contract, lead = check.contract, check.contract.lead_id
    rows = contract.instalment_ids
    wrong = []
    for name, extra in (
        ("amount_invoiced", check.invoiced[None]),
        ("amount_collected", check.received[None] + check.open[None]),
    ):
        total = sum(rows.mapped(name)) + extra
        if contract.currency_id.compare_amounts(contract[name], total):
            wrong.append(f"{contract.name} {name}: {contract[name]}, its parts {total}")
    value = sum(contract.order_ids.filtered(lambda order: order.state == "sale").mapped("amount_total"))
    if contract.currency_id.compare_amounts(contract.amount_total, value):
        wrong.append(f"{contract.name}: value {contract.amount_total}, orders {value}")
    if contract.currency_id == lead.company_currency and lead.contract_ids == contract:
        pairs = {
            "amount_contract": value,
            "amount_overdue": contract.amount_overdue,
            "amount_to_invoice": value - contract.amount_invoiced,
        }
        wrong += [
            f"{lead.name} {name}: {lead[name]}, contract {amount}"
            for name, amount in pairs.items()
            if contract.currency_id.compare_amounts(lead[name], amount)
        ]
    return wrong


def find_stale(contract):
    """Stored values that computing them again would change."""
    wrong = []
    groups = [
        (contract, None),
        (contract.instalment_ids, None),
        (contract.collection_ids, None),
        (contract.lead_id, None),
    ]
    groups.append((contract.move_ids, OF_INVOICES))
    for records, names in groups:
        wrong += find_stale_of(records, names)
    return wrong


def find_stale_of(records, names=None):
    """Stored values of these records that computing them again would change.

    :param names: of the fields to look at, those of ours when left out
    """
    stale = [
        field
        for name, field in records._fields.items()
        if field.store and field.compute and (name in names if names else is_ours(field))
    ]
    before = [{field.name: record[field.name] for field in stale} for record in records]
    for field in stale:
        records.env.add_to_compute(field, records)
    records.env.flush_all()
    records.env.invalidate_all()
    return [
        f"{record.display_name} {name}: stored {value}, computed again {record[name]}"
        for record, values in zip(records, before, strict=True)
        for name, value in values.items()
        if differs(record, name, value)
    ]


def is_ours(field):
    return field.readonly and "construction" in f"{field.model_name} {' '.join(field._modules)}"


def differs(record, name, value):
    if record._fields[name].type in ("monetary", "float"):
        return abs(record[name] - value) > 0.0049
    return record[name] != value
