"""When so much is overdue that the works should stop: one rule for contracts, deals and projects."""

from odoo import fields


def get_limits(construction_type, company):
    """The limits that hold for a job: those of its type, else those of its company.

    :return: (amount in the currency of the company, days); zero: no limit
    """
    # reason of sudo: the limits are the same whoever looks
    construction_type, company = construction_type.sudo(), company.sudo()
    return (
        construction_type.overdue_limit or company.construction_overdue_limit,
        construction_type.overdue_days or company.construction_overdue_days,
    )


def read_overdue_dates(instalments, field, records):
    """The day the oldest overdue money of each record was to be paid, in one query.

    :param instalments: construction.instalment, as a model, in the right to read them all
    :param str field: their link to the records
    :return: dict of record id → date
    """
    if not records:
        return {}
    rows = instalments._read_group(
        [(field, "in", records.ids), ("state", "in", ("overdue",))], [field], ["date_overdue:min"]
    )
    return {record.id: date for record, date in rows}


def is_beyond(company, construction_type, amount, date):
    """Whether so much money, overdue since that day, is beyond the limit.

    :param float amount: in the currency of the company
    """
    limit, days = get_limits(construction_type, company)
    if company.currency_id.compare_amounts(amount, 0.0) <= 0:
        return False
    late = (fields.Date.context_today(company) - date).days if date else 0
    return bool((limit and company.currency_id.compare_amounts(amount, limit) > 0) or (days and late > days))


def describe(record, amount, currency, date):
    """The warning, as a sentence."""
    money = currency.format(amount)
    if not date:
        return record.env._("%(amount)s is overdue, beyond the limit. Stop the works?", amount=money)
    return record.env._(
        "%(amount)s is overdue, the oldest part for %(days)s days: this is beyond the limit. Stop the works?",
        amount=money,
        days=(fields.Date.context_today(record) - date).days,
    )
