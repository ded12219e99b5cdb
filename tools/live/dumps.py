"""Dumps of the stock part of a database, and what changed between two of them."""

import base64
import json

# Business tables of stock Odoo and what hangs on them. Definitions (views, menus, fields …) belong to the modules.
PREFIXES = (
    "sale_",
    "account_",
    "project_",
    "crm_",
    "product_",
    "payment_",
    "uom_",
    "res_partner",
    "res_company",
    "res_users",
    "res_currency",
    "res_country",
    "mail_message",
    "mail_activity",
    "mail_followers",
    "mail_tracking_value",
    "mail_alias",
    "ir_attachment",
    "ir_sequence",
    "utm_",
    "task_",
    "ir_default",
    "ir_config_parameter",
    "analytic_",
)
COLUMNS = """
    SELECT table_name, json_agg(column_name) FROM information_schema.columns
     WHERE table_schema = 'public'
       AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')
  GROUP BY table_name
"""

# A row as text without line breaks or tabs.
ONE_LINE = "replace(encode(convert_to(to_jsonb(t)::text, 'UTF8'), 'base64'), E'\\n', '')"


def stock_columns(case, db):
    """The columns of every business table of a database without the addon: table → set of names."""
    return {table: set(json.loads(names)) for table, names in case.sql(db, COLUMNS) if table.startswith(PREFIXES)}


def dump(case, db, columns):
    """Every row of these tables, only these columns: table → {key: row}.

    The key is the id; rows of a relation are their own key. A table or column that is gone shows as missing rows or
    values.
    """
    present = {row[0] for row in case.sql(db, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    parts = [f"""SELECT '{table}', {ONE_LINE} FROM "{table}" t""" for table in sorted(columns) if table in present]
    found = {table: {} for table in columns if table in present}
    for table, text in case.sql(db, " UNION ALL ".join(parts)):
        full = json.loads(base64.b64decode(text))
        row = {name: full.get(name, "<gone>") for name in columns[table]}
        found[table][row["id"] if "id" in row else tuple(sorted(row.items()))] = row
    return found


def changes(before, after, allowed=()):
    """What differs, as sentences. `allowed` are functions of (table, row before, row after): True where it may."""
    found = []
    for table in sorted(before):
        if table not in after:
            found.append(f"{table}: the table is gone")
            continue
        for key in sorted({*before[table], *after[table]}, key=str):
            old, new = before[table].get(key), after[table].get(key)
            if old != new and not any(may(table, old, new) for may in allowed):
                found.append(describe(table, key, old, new))
    return found


def describe(table, key, old, new):
    """One difference in words."""
    if old is None:
        return f"{table} {key}: new row {new}"
    if new is None:
        return f"{table} {key}: deleted, was {old}"
    columns = {name: (old[name], new[name]) for name in old if old[name] != new[name]}
    return f"{table} {key}: " + ", ".join(f"{name} {a!r} → {b!r}" for name, (a, b) in sorted(columns.items()))


def is_administrator_touched(table, old, new):
    """The superuser and the administrator get or lose our groups: the date of their rows moves, nothing else."""
    touched = {("res_users", 1), ("res_users", 2), ("res_partner", 2), ("res_partner", 3)}
    return (
        old is not None
        and new is not None
        and (table, old["id"]) in touched
        and {name for name in old if old[name] != new[name]} <= {"write_date", "write_uid"}
    )
