"""The money machine on a building site: whatever people do to the works of a contract, money and works agree."""

from odoo.fields import Command

from ..contract.machine_checks import find_stale_of
from ..contract.money_machine import MoneyMachine
from .machine_works_steps import WorksSteps

DONE = """
    SELECT position.id, COALESCE(SUM(line.quantity) FILTER (WHERE report.state = 'approved'), 0)
      FROM construction_position position
      LEFT JOIN construction_progress_line line ON line.position_id = position.id
      LEFT JOIN construction_progress report ON report.id = line.report_id
     WHERE position.contract_id = %s AND NOT COALESCE(position.is_follower, FALSE)
  GROUP BY position.id
"""


class WorksMachine(WorksSteps, MoneyMachine):
    """A contract of chapters with its project, in all its life.

    :param case: the test that runs it: a `WorksMachineCommon`
    """

    def get_steps(self):
        plan = {**self.PLAN_STEPS, "sign_again": 0.3, "close": 0.3, "change_order": 1, "change_plan": 2}
        money = {name: weight / 3 for name, weight in self.MONEY_STEPS.items()}
        money |= {"invoice": 6, "post": 8, "register_payment": 5, "credit": 3}
        return {**plan, **money, **self.WORKS_STEPS}

    # === THE CONTRACT === #

    def _build(self):
        contract = super()._build()
        if self.rng.random() < 0.9:
            contract.lead_id._start_project({})
        self.log.append("project started" if contract.construction_project_id else "no project")
        return contract

    def _prepare_order(self):
        values = super()._prepare_order()
        taxes = values.pop("taxes")
        commands = []
        for quantity, price in values.pop("prices"):
            contracted = self.rng.choice([1, 7, 30])
            commands += [
                Command.create(
                    {
                        "display_type": "line_section",
                        "name": f"Chapter of {price}",
                        "chapter_product_id": self.case.works.id,
                        "chapter_quantity": contracted,
                        "chapter_uom_id": self.case.works.uom_id.id,
                    }
                )
            ]
            commands += [
                Command.create(
                    {
                        "product_id": self.case.works.id,
                        "product_uom_qty": quantity * contracted,
                        "price_unit": part,
                        "tax_ids": [Command.set(taxes.ids)],
                    }
                )
                for part in (price, round(price / 3, 2))[: self.rng.randint(1, 2)]
            ]
        return {**values, "order_line": commands}

    def _prepare_rows(self, recoup, method):
        rows = super()._prepare_rows(recoup, method)
        works = [row for row in rows if "kind" not in row]
        if self.rng.random() < 0.75:
            for row in works[1:]:
                rows.remove(row)
            works[0] |= {"name": "Works by certificates", "kind": "progress", "trigger": "certificate"}
            if self.rng.random() < 0.5:
                del works[0]["percent"]
                works[0]["amount_type"] = "rest"
                rows = [row for row in rows if row.get("kind") != "final"]
            else:
                works[0]["percent"] = self.rng.choice([40, 66.67])
        elif self.rng.random() < 0.7:
            works[0] |= {"trigger": "stage", "project_stage_id": self.rng.choice(self.case.stages).id}
            if works[1:]:
                works[1] |= {"trigger": "progress", "progress_percent": self.rng.choice([20, 50, 100])}
        return rows

    # === CHECKING === #

    def check(self, done):  # pylint: disable=missing-return
        super().check(done)
        if wrong := self.find_faults_of_works():
            self.fail(None, wrong)

    def find_faults_of_works(self):
        """Every rule of works that does not hold, one sentence each."""
        contract, compare = self.contract, self.contract.currency_id.compare_amounts
        positions = self.env["construction.position"].search([("contract_id", "=", contract.id)])
        wrong = []
        if positions:
            for name, whole in (("amount", contract.amount_untaxed), ("amount_taxed", contract.amount_total)):
                if compare(sum(positions.mapped(name)), whole):
                    wrong.append(f"{contract.name}: works {name} {sum(positions.mapped(name))}, contract {whole}")
        self.env.cr.execute(DONE, [contract.id])
        for position_id, done in self.env.cr.fetchall():
            position = positions.browse(position_id)
            if abs(position.quantity_done - float(done)) > 1e-6:
                wrong.append(f"{position.display_name}: {position.quantity_done} done, reported {done}")
        wrong += self._find_false_certificates(compare)
        wrong += self._find_false_events()
        project = contract.construction_project_id
        return wrong + find_stale_of(positions) + find_stale_of(contract.certificate_ids) + find_stale_of(project)

    def _find_false_certificates(self, compare):
        contract = self.contract
        wrong = []
        for certificate in contract.certificate_ids:
            rows = certificate.instalment_ids
            asked = rows.filtered(lambda row: row.amount_gross)
            if certificate.step != "approved" and any(compare(row.amount_booked, 0.0) > 0 for row in asked):
                wrong.append(f"{certificate.display_name} is {certificate.step}, and invoiced")
            if compare(certificate.amount_difference, 0.0):
                wrong.append(f"{certificate.display_name}: {certificate.amount_difference} left over")
            if certificate.step == "approved" and any(
                compare(line.amount_cumulative + line.amount_remaining, line.amount_original + line.amount_variations)
                for line in certificate.line_ids
            ):
                wrong.append(f"{certificate.display_name}: a chapter does not add up")
        numbers = contract.certificate_ids.filtered(lambda row: row.step != "cancelled").mapped("number")
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            wrong.append(f"{contract.name}: certificates {sorted(numbers)}")
        return wrong

    def _find_false_events(self):
        """Rows that wait for what happened, or are due for what did not."""
        wrong = []
        for row in self.contract.instalment_ids:
            if row.trigger in ("certificate", "stage", "progress") and row.state in ("waiting", "due"):
                happened = row._get_day_happened()
                if bool(happened) != bool(row.date_event):
                    wrong.append(f"{row.display_name} ({row.trigger}): event on {row.date_event}, happened {happened}")
        return wrong
