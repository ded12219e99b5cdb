"""Many copies of a few records, made by the database itself: what a real firm has after years, in seconds."""

from odoo.tools import SQL

REFERENCES = """
    SELECT pg_attribute.attname, target.relname
      FROM pg_constraint
      JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
      JOIN pg_class target ON target.oid = confrelid
     WHERE contype = 'f' AND conrelid = %s::regclass
"""
COLUMNS = """
    SELECT column_name FROM information_schema.columns
     WHERE table_schema = current_schema AND table_name = %s AND is_generated = 'NEVER'
"""


def multiply(env, rows, count, own=None):
    """Copy rows of several tables `count` times; what they say of each other, each copy says of its own.

    :param dict rows: table → ids
    :param dict own: (table, column) → SQL expression, `n` being the number of the copy and `t` the row
    :return: dict of table → SQL of the ids of the copies
    """
    env.flush_all()
    places = {table: _place(env, table, sorted(ids), count) for table, ids in rows.items() if ids}
    # in one statement: references are checked at its end, whatever the order
    parts = [
        SQL("%s AS (%s)", SQL.identifier(f"in_{table}"), _copy(env, table, places, count, own or {}))
        for table in places
    ]
    env.cr.execute(SQL("WITH %s SELECT 1", SQL(", ").join(parts)))
    for table, (first, size, _ids) in places.items():
        env.cr.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first + size * count])
    env.invalidate_all()
    return {table: range(first, first + size * count) for table, (first, size, _ids) in places.items()}


def numbered(env, moves):
    """What makes numbers of their own for copies of entries, following the last one: stock goes on from there."""
    env.flush_all()
    env.cr.execute("SELECT COALESCE(MAX(sequence_number), 0) FROM account_move")
    last, first = env.cr.fetchone()[0], min(moves.ids, default=0)
    span = max(moves.ids, default=0) - first + 1
    number = f"({last + 1} + n * {span} + t.id - {first})"
    return {
        ("account_move", "sequence_number"): number,
        ("account_move", "name"): f"t.sequence_prefix || lpad({number}::text, 5, '0')",
    }


def _place(env, table, ids, count):
    """Where the copies of a table go: their first id, how many a copy, and the ids copied."""
    env.cr.execute(SQL("SELECT COALESCE(MAX(id), 0) + 1 FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0], len(ids), ids


def _copy(env, table, places, count, own):
    env.cr.execute(COLUMNS, [table])
    columns = [name for (name,) in env.cr.fetchall()]
    env.cr.execute(REFERENCES, [table])
    targets = {name: target for name, target in env.cr.fetchall() if target in places}
    targets["id"] = table
    values = [
        SQL(own[table, name])
        if (table, name) in own
        else _moved(name, places[targets[name]])
        if name in targets
        else SQL("t.%s", SQL.identifier(name))
        for name in columns
    ]
    return SQL(
        "INSERT INTO %s (%s) SELECT %s FROM %s t CROSS JOIN generate_series(0, %s) n WHERE t.id IN %s ORDER BY n, t.id",
        SQL.identifier(table),
        SQL(", ").join(SQL.identifier(name) for name in columns),
        SQL(", ").join(values),
        SQL.identifier(table),
        count - 1,
        tuple(places[table][2]),
    )


def _moved(name, place):
    """The copy of the record a column refers to, or the record itself where it is not copied."""
    first, size, ids = place
    column = SQL("t.%s", SQL.identifier(name))
    return SQL("COALESCE(%s + n * %s + array_position(%s, %s) - 1, %s)", first, size, ids, column, column)
