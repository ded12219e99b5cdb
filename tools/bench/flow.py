"""One job on real input, from the file of a budget to the last payment (`./dev bench --flow FILE`).

Every station has a sum and what it must agree with; the next one stands on what the one before left. All of it is done
by the buttons a person would press, in a transaction that is rolled back.
"""

import base64
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from odoo import Command, fields

from odoo.addons.construction_crm.core.estimate.exchange.summary import summarize_draft
from odoo.addons.construction_crm.tests.contract.ledger_check import assert_money_true

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
        if not sheet:
            return
        order = yield from self.quote(sheet)
        contract = yield from self.sign(order)
        project = yield from self.start(contract)
        yield from self.certify(contract, project)
        yield from self.hand_over(contract)

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
            wizard.target = "library"
            wizard.action_import()
            products = self.env["product.product"].search_count([("default_code", "in", list(draft.resources))])
            yield Station("price list", products, len(draft.resources), "no budget in it to carry on")
            return None
        sheet = self.env["construction.evaluation"].browse(wizard.action_import()["res_id"])
        yield Station("sheet", sheet.amount_total, stated, f"{len(sheet.line_ids)} rows")
        sheet.action_finalize()
        return sheet

    def quote(self, sheet):
        """The sheet becomes a quote the client signs."""
        order = self.env["sale.order"].browse(sheet.action_generate_quote()["res_id"])
        yield Station("quote", order.amount_untaxed, sheet.amount_total, f"{len(order.order_line)} lines, {order.name}")
        order.action_quotation_sent()
        order.write({"signed_by": "The client", "signed_on": fields.Datetime.now(), "signature": PIXEL})
        order._validate_order()
        yield Station("deal", order.opportunity_id.expected_revenue, order.amount_untaxed, order.state)
        return order

    def sign(self, order):
        """The order becomes a contract with its plan."""
        order.action_create_contract()
        contract = order.contract_id
        yield Station("contract", contract.amount_total, order.amount_total, contract.name)
        contract.action_sign()
        plan = contract.instalment_ids
        yield Station("instalments", sum(plan.mapped("amount")), contract.amount_total, f"{len(plan)} rows")
        return contract

    def start(self, contract):
        """The contract becomes a project of tasks and positions."""
        lead = contract.lead_id
        project = lead._start_project()
        positions = self.env["construction.position"].search([("contract_id", "=", contract.id)])
        detail = f"{len(project.task_ids)} tasks, {len(positions)} positions"
        yield Station("positions", sum(positions.mapped("amount")), contract.amount_untaxed, detail)
        return project

    def certify(self, contract, project):
        """The works go on: each time reported, approved, certified, invoiced and collected."""
        untaxed = contract.amount_untaxed
        yield from self.be_paid(contract, contract.instalment_ids.filtered(lambda row: row.kind == "advance"))
        for number, percent in enumerate(CERTIFICATES, 1):
            day = self.today - timedelta(days=len(CERTIFICATES) - number)
            report = self.env["construction.progress"].create({"project_id": project.id, "date": day})
            for place, line in enumerate(report.line_ids):
                # uneven, as works are: some chapters ahead, some behind
                line.percent_cumulative = percent if percent == CERTIFICATES[-1] else max(percent - 7 * (place % 5), 0)
            report.action_submit()
            report.action_approve()
            action = contract.action_make_certificate()
            certificate = self.env["construction.certificate"].browse(action["res_id"])
            certificate.action_approve()
            certified = sum(certificate.line_ids.mapped("amount_cumulative"))
            detail = f"{len(certificate.line_ids)} chapters, {certificate.percent_done} %"
            yield Station(f"certificate {number}", certified + certificate.amount_remaining, untaxed, detail)
            yield Station("plan", sum(contract.instalment_ids.mapped("amount")), contract.amount_total)
            yield from self.be_paid(contract, certificate.instalment_id)
        yield Station("certified in the end", certificate.amount_cumulative, untaxed)
        yield Station("progress of the project", project.progress_percent, 100)

    def hand_over(self, contract):
        """The works are handed over: the retention becomes due, is invoiced and paid; nothing is left."""
        contract.action_complete()
        yield from self.be_paid(contract, contract.instalment_ids.filtered(lambda row: row.kind == "retention"))
        lead = contract.lead_id
        moves = contract.move_ids.filtered(lambda move: move.state == "posted")
        yield Station("invoices", sum(moves.mapped("amount_total_signed")), contract.amount_total, f"{len(moves)}")
        for name in ("amount_invoiced", "amount_collected"):
            yield Station(f"{name} of the contract", contract[name], contract.amount_total)
            yield Station(f"{name} of the deal", lead[name], contract.amount_total)
        contract.action_close()
        yield Station("left on the ledger", sum(moves.mapped("amount_residual")), 0.0, contract.state)

    def be_paid(self, contract, instalment):
        """Invoice an instalment, post it and collect it."""
        instalment.action_invoice()
        move = instalment.invoice_ids.filtered(lambda move: move.state == "draft")
        yield Station(f"invoice of “{instalment.name}”", move.amount_total, instalment.amount, move.invoice_origin)
        move.action_post()
        wizard = self.env["construction.collect"].create({"instalment_id": instalment.id})
        wizard.action_collect()
        assert_money_true(contract)
        yield Station(f"collected of “{instalment.name}”", instalment.amount_collected, instalment.amount)

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
                        {"name": "Works", "kind": "progress", "amount_type": "rest", "trigger": "certificate"}
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
