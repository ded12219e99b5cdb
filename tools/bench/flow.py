"""One job on real input, from the file of a budget to the last payment (`./dev bench --flow FILE`).

Every station has a sum and what it must agree with; the next one stands on what the one before left. All of it is done
by the buttons a person would press, in a transaction that is rolled back.
"""

import base64
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from odoo import Command, fields
from odoo.exceptions import UserError

from odoo.addons.construction_crm.tests.contract.ledger_check import assert_money_true

from odoo.addons.construction_crm.core.estimate.exchange.summary import summarize_draft

from . import data
from .inside import as_admin

_logger = logging.getLogger("construction_crm.bench")
# How far the works are at each certificate, in percent of each position.
CERTIFICATES = (35, 80, 100)
ADVANCE, RETENTION = 10, 5
# A signature: the smallest picture there is.
PIXEL = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


@dataclass
class Station:
    """A place of the flow: what there is, and what it must agree with to the cent."""

    name: str
    amount: float
    expected: float
    detail: str = ""


def carry_all(env, files):
    """Carry each file through; `{file name: facts}` with the stations and `ok`."""
    data.prepare(env)
    return {Path(path).name: measure(env, path) for path in files}


def measure(env, path):
    """The facts of one file: its stations, or the station at which it broke."""
    stations, started = [], time.monotonic()
    try:
        for station in Flow(as_admin(env), path).run():
            took, started = time.monotonic() - started, time.monotonic()
            agrees = round(station.amount - station.expected, 2) == 0
            stations.append(
                {
                    "station": station.name,
                    "amount": round(station.amount, 2),
                    **({} if agrees else {"expected": round(station.expected, 2)}),
                    "detail": station.detail,
                    "seconds": round(took, 1),
                    "ok": agrees,
                }
            )
            _logger.info("%s: %s %s %s", Path(path).name, station.name, station.amount, "ok" if agrees else "DIFFERS")
    except Exception as error:  # the other files are run all the same
        _logger.info("%s broke", Path(path).name, exc_info=True)
        stations.append({"station": f"{type(error).__name__}: {error}", "ok": False})
    finally:
        env.cr.rollback()
        env.invalidate_all()
    return {"stations": stations, "ok": all(station["ok"] for station in stations)}


class Flow:
    """A job from its budget to its last payment."""

    def __init__(self, env, path):
        self.env, self.path = env, Path(path)
        self.today = fields.Date.today()

    def run(self):
        """Go from station to station."""
        sheet = yield from self.import_budget()
        order = yield from self.quote(sheet)

    def import_budget(self):
        """The file becomes the sheet of a deal."""
        wizard = self.env["construction.import"].create(
            {
                "file": base64.b64encode(self.path.read_bytes()),
                "filename": self.path.name,
                "target": "sheet",
                "partner_id": data.ref(self.env, "partner").id,
                "construction_type_id": self.make_type().id,
            }
        )
        if wizard.asks_currency:
            wizard.currency_mode = "as_is"
        wizard.raise_digits = wizard.can_raise_digits
        draft = wizard._read_draft()
        stated = float(summarize_draft(draft)["total"])
        yield Station("file", stated, stated, f"{len(draft.items)} items, {len(draft.resources)} products")
        if not draft.items:
            raise UserError("The file is a price list: there is no budget in it to carry through.")
        sheet = self.env["construction.evaluation"].browse(wizard.action_import()["res_id"])
        yield Station("sheet", sheet.amount_total, stated, f"{len(sheet.line_ids)} rows")
        sheet.action_finalize()
        return sheet

    def quote(self, sheet):
        """The sheet becomes a quote the client signs."""
        order = self.env["sale.order"].browse(sheet.action_generate_quote()["res_id"])
        yield Station("quote", order.amount_untaxed, sheet.amount_total, f"{len(order.order_line)} lines, {order.name}")
        parts = sum(line.price_subtotal for line in order.order_line if not line.display_type)
        yield Station("lines of the quote", parts, order.amount_untaxed)
        order.action_quotation_sent()
        order.write({"signed_by": "The client", "signed_on": fields.Datetime.now(), "signature": PIXEL})
        order._validate_order()
        yield Station("deal", order.opportunity_id.expected_revenue, order.amount_untaxed, order.state)
        return order

    def make_type(self):
        """A type of works with stages and a plan: advance, works by certificate, retention."""
        stages = self.env["project.project.stage"].create(
            [{"name": name, "duration_days": days} for name, days in (("Works", 60), ("Finishing", 20))]
        )
        template = self.env["construction.plan.template"].create(
            {
                "name": "By certificates",
                "line_ids": [
                    Command.create({"name": "Advance", "kind": "advance", "percent": ADVANCE, "trigger": "signature"}),
                    Command.create(
                        {"name": "Works", "kind": "progress", "amount_type": "rest", "trigger": "handover"}
                    ),
                    Command.create(
                        {"name": "Retention", "kind": "retention", "percent": RETENTION, "trigger": "handover"}
                    ),
                ],
            }
        )
        return self.env["construction.type"].create(
            {
                "name": "Works by certificates",
                "stage_ids": [Command.set(stages.ids)],
                "plan_template_id": template.id,
            }
        )
