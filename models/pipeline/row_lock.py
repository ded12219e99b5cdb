"""Twice is once: two transactions that want the same rows come one after the other."""

from odoo.tools import SQL


def touch(records):
    """Wait for these rows, take them until the transaction ends, and leave a mark on them.

    A lock alone would let whoever waited go on with what was true before. The mark makes PostgreSQL refuse that
    transaction; Odoo starts it again, and it finds what was done. By SQL, since nothing of the records changes, and
    `lock_for_update()` fails at once instead of waiting.
    """
    if records:
        # in one order, whoever takes them
        ids = tuple(sorted(records.ids))
        table = SQL.identifier(records._table)
        records.env.cr.execute(SQL("UPDATE %s SET write_date = write_date WHERE id IN %s", table, ids))


def take(records):
    """`touch` these rows, and read anew what is known of them."""
    records.flush_recordset()
    touch(records)
    records.invalidate_recordset()
