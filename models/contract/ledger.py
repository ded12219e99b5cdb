"""What the accounting says about invoices: one way to read it for instalments, contracts and deals.

Sums that call `read_money` depend on the states of invoices and on their matches (partial reconciliations), not on
amounts. A posted invoice changes what it has received by a match, and nothing else; and to depend on amounts would
put our sums behind every change of every draft invoice line in the database, deals or not (a fifth of the time stock
needs to invoice an order of 300 lines). Dates of payment edited on posted items are followed in
`account.move.line.write`.
"""

from collections import namedtuple
from datetime import timedelta

from odoo import fields

# Amounts are positive where the client owes or paid; credit notes count against them.
# `next_date` is the day on which `overdue` will grow by itself, or None. `retained` is what the client may still
# keep back, `released` what no longer, paid or not: both are parts of `invoiced`.
Money = namedtuple("Money", "invoiced received overdue next_date retained released", defaults=(0.0, 0.0))
NO_MONEY = Money(0.0, 0.0, 0.0, None)


def add_money(first, second, share=1.0):
    """Sum of two `Money`, the second one taken by `share`."""
    dates = [date for date in (first.next_date, second.next_date) if date]
    return Money(
        first.invoiced + second.invoiced * share,
        first.received + second.received * share,
        first.overdue + second.overdue * share,
        min(dates) if dates else None,
        first.retained + second.retained * share,
        first.released + second.released * share,
    )


def read_money(moves, company_currency=False):
    """Read what each posted customer invoice or credit note bills, has received and has overdue.

    :param moves: account.move records, of any state; only posted ones count
    :param bool company_currency: in the currency of the company, as the ledger holds it, instead of
        the currency of the invoice
    :return: dict of move → `Money`
    """
    posted = moves.filtered(lambda move: move.state == "posted" and move.move_type in ("out_invoice", "out_refund"))
    today = fields.Date.context_today(moves)
    void = _read_void(posted, company_currency)
    terms = _read_terms(posted, void)
    result = dict.fromkeys(moves, NO_MONEY)
    for move in posted:
        total, residual = _get_total(move, company_currency)
        overdue, next_date, retained, released = 0.0, None, 0.0, 0.0
        held_until = _get_held_until(move, today)
        for line in terms.get(move.id, ()):
            not_received = void.get(line.id, 0.0)
            residual += not_received
            open_amount = not_received + (line.amount_residual if company_currency else line.amount_residual_currency)
            if line.retention_part:
                if line._is_kept_back():
                    # whatever its date: not due before it is released
                    retained += open_amount
                    continue
                released += line.balance if company_currency else line.amount_currency
            start = line.date_maturity or move.invoice_date_due
            if held_until:
                start = max(start or held_until, held_until)
            if (open_amount < 0 and not held_until) or (start and start < today):
                # what a credit note still gives lowers the claim at once
                overdue += open_amount
            elif open_amount and start:
                start += timedelta(days=1)
                next_date = min(next_date, start) if next_date else start
        result[move] = Money(total, total - residual, overdue, next_date, retained, released)
    return result


def _get_total(move, company_currency):
    """What the invoice asks for, and what of that is open; both negative on a credit note."""
    if company_currency:
        return move.amount_total_signed, move.amount_residual_signed
    sign = -move.direction_sign
    return sign * move.amount_total, sign * move.amount_residual


def _get_held_until(move, today):
    """The day to which the client keeps back all that the invoice of a retention row asks for, None when it passed."""
    if move.invoice_kind != "retention":
        return None
    # reason of sudo: who reads an invoice need not read its contract
    row = move.sudo().instalment_id
    return row.date_due if row.kind == "retention" and row.date_due and row.date_due >= today else None


def _read_terms(moves, void):
    """Open receivable lines, and those of retentions, by move id, in one query: not all lines of large invoices."""
    lines = moves.line_ids.filtered(lambda line: line.display_type == "payment_term")
    terms = {}
    for line in moves.env["account.move.line"].browse(lines.ids):
        if not line.reconciled or line.retention_part or line.id in void:
            terms.setdefault(line.move_id.id, []).append(line)
    return terms


def read_overdue_dates(moves):
    """The day the oldest overdue part of each posted invoice was to be paid.

    :return: dict of move → date, without the invoices that have nothing overdue
    """
    today = fields.Date.context_today(moves)
    posted = moves.filtered(lambda move: move.state == "posted" and move.move_type == "out_invoice")
    void = _read_void(posted, company_currency=False)
    terms = _read_terms(posted, void)
    result = {}
    for move in posted.filtered(lambda move: not _get_held_until(move, today)):
        dates = [
            line.date_maturity or move.invoice_date_due
            for line in terms.get(move.id, ())
            if (not line.reconciled or line.id in void) and not (line.retention_part and line._is_kept_back())
        ]
        dates = [date for date in dates if date and date < today]
        if dates:
            result[move] = min(dates)
    return result


def _read_void(moves, company_currency):
    """What receivable lines owe to entries that are not posted: a payment taken back to draft keeps its matches.

    :return: dict of line id → amount matched, yet not received (negative on credit notes)
    """
    void = {}
    matched = moves.filtered(lambda move: move.currency_id.compare_amounts(move.amount_residual, move.amount_total))
    lines = matched.line_ids.filtered(lambda line: line.display_type == "payment_term")
    for line in moves.env["account.move.line"].browse(lines.ids):
        for partial in line.matched_credit_ids:
            if partial.credit_move_id.parent_state != "posted":
                amount = partial.amount if company_currency else partial.debit_amount_currency
                void[line.id] = void.get(line.id, 0.0) + amount
        for partial in line.matched_debit_ids:
            if partial.debit_move_id.parent_state != "posted":
                amount = partial.amount if company_currency else partial.credit_amount_currency
                void[line.id] = void.get(line.id, 0.0) - amount
    return void
