"""Compares an order of ours, column by column, with the one stock makes of the same rows."""

from odoo import Command

from ..dev.project import NAME

# Who, when and which one: they differ between any two records.
IDENTITY = {
    "id",
    "name",
    "order_id",
    "create_date",
    "write_date",
    "create_uid",
    "write_uid",
    "access_token",
    "date_order",
    "display_name",
    "message_ids",
    "message_follower_ids",
    "activity_ids",
}
# What our quotes say on purpose, about where they come from.
OURS_ON_PURPOSE = {"sale.order": {"origin", "opportunity_id", "order_line"}, "sale.order.line": set()}


def stock_copy(quote):
    """The values by which a person would have entered the same order."""
    lines = [
        {
            "display_type": line.display_type,
            "name": line.name,
            "sequence": line.sequence,
            "collapse_prices": line.collapse_prices,
            "collapse_composition": line.collapse_composition,
        }
        if line.display_type
        else {
            "product_id": line.product_id.id,
            "product_uom_qty": line.product_uom_qty,
            "product_uom_id": line.product_uom_id.id,
            "sequence": line.sequence,
        }
        for line in quote.order_line
    ]
    return {
        "partner_id": quote.partner_id.id,
        "partner_shipping_id": quote.partner_shipping_id.id,
        "pricelist_id": quote.pricelist_id.id,
        "user_id": quote.user_id.id,
        "team_id": quote.team_id.id,
        "order_line": [Command.create(line) for line in lines],
    }


def differences(quote, reference):
    """Sentences about every stored stock field in which the two orders or their lines differ."""
    lines, others = quote.order_line, reference.order_line
    if len(lines) != len(others):
        return [f"{len(lines)} lines against {len(others)}"]
    labels = [
        f"line {number} ({line.display_type or line.product_id.name})" for number, line in enumerate(lines, start=1)
    ]
    return compare(quote, reference, ["order"]) + compare(lines, others, labels)


def compare(records, others, labels):
    """Sentences about the stored stock fields in which records differ from their counterparts."""
    skipped = IDENTITY - ({"name"} if records._name == "sale.order.line" else set()) | OURS_ON_PURPOSE[records._name]
    names = sorted(set(stock_fields(records)) - skipped)
    mine, theirs = columns(records), columns(others)
    return [
        f"{label}: {name} is {ours!r}, stock has {stock!r}"
        for record, other, label in zip(records, others, labels, strict=True)
        for name in names
        for ours, stock in [(value(record, name, mine), value(other, name, theirs))]
        if ours != stock
    ]


def stock_fields(records):
    """Names of the stored fields that stock modules define."""
    return [
        name
        for name, field in records._fields.items()
        if field.store and (field.column_type or field.type == "many2many") and set(field._modules) - {NAME}
    ]


def columns(records):
    """All columns of the rows as PostgreSQL has them, by id."""
    records.env.flush_all()
    records.env.cr.execute(f'SELECT id, to_jsonb(t) FROM "{records._table}" t WHERE id = ANY(%s)', (records.ids,))
    return dict(records.env.cr.fetchall())


def value(record, name, table):
    """A field as it is in the database: a column, or the ids of a relation."""
    return table[record.id][name] if record._fields[name].column_type else sorted(record[name].ids)
