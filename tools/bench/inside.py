"""The part that runs inside Odoo: measures the wanted rows."""

import contextlib
import logging
import time
import traceback

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from . import data, registry
from .harness import Bench, is_ok

_logger = logging.getLogger("construction_crm.bench")


def measure(env, names, quick, stock=None):
    """The facts of the rows, by name."""
    rows = registry.load()
    unknown = sorted(set(names) - set(rows))
    if unknown:
        raise SystemExit(f"There is no measurement {', '.join(unknown)}; there are: {', '.join(rows)}.")
    with contextlib.ExitStack() as stack:
        stock_env = api.Environment(stack.enter_context(Registry(stock).cursor()), SUPERUSER_ID, {}) if stock else None
        for each in filter(None, (env, stock_env)):
            data.prepare(each)
        bench = Bench(as_admin(env), quick=quick, stock_env=stock_env and as_admin(stock_env))
        try:
            return {name: measure_row(bench, rows[name]) for name in names or rows}
        finally:
            for each in filter(None, (env, stock_env)):
                each.cr.rollback()


def as_admin(env):
    """The environment of an ordinary administrator: with record rules, unlike the superuser's."""
    admin = env.ref("base.user_admin")
    context = {"lang": "en_US", "tz": "UTC", "allowed_company_ids": admin.company_ids.ids}
    # What would make plans and times uneven.
    env.cr.execute("SET max_parallel_workers_per_gather = 0; SET jit = off")
    env.cr.commit()
    return env(user=admin, context=context)


def measure_row(bench, row):
    """The facts of one row with its gates, or its error."""
    _logger.info("measuring %s", row.name)
    started = time.monotonic()
    try:
        facts = row.measure(bench)
    except Exception as error:  # a row that breaks must not take the others with it
        bench.env.cr.rollback()
        _logger.info("%s broke: %s", row.name, traceback.format_exc(limit=-8))
        place = traceback.extract_tb(error.__traceback__)[-1]
        facts = {"error": f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"}
    if row.gate is not None:
        facts = {"gate": row.gate, "want": row.want, **facts}
    facts["ok"] = is_ok(row.gate, facts)
    facts["took"] = round(time.monotonic() - started)
    _logger.info("measured %s: %s", row.name, "ok" if facts["ok"] else "NOT OK")
    return facts
