"""A machine that does to a contract, at random, whatever people do to one, and looks at its money after each step."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.fields import Command

from .machine_checks import find_faults
from .machine_money_steps import MoneySteps
from .machine_plan_steps import PlanSteps

PRICES = (1000.0, 333.33, 0.07, 1999.99, 12345.67)


class MoneyMachine(PlanSteps, MoneySteps):
    """One contract and its life.

    :param case: the test that runs it: a `BillingCommon`
    :param rng: random.Random; the same seed does the same again
    """

    def __init__(self, case, rng):
        self.case, self.rng, self.env = case, rng, case.env
        self.today = fields.Date.context_today(case.env.user)
        self.log = []
        self.counts = {}
        self.contract = self._build()

    # === RUNNING === #

    def run(self, count):
        """Do so many steps; the rules are checked after each.

        :raises AssertionError: with all that was done until then
        """
        self.check("built")
        steps, weights = zip(*self.get_steps().items(), strict=True)
        last = len(self.log) + count
        while len(self.log) < last:
            self.step(self.rng.choices(steps, weights)[0])

    def step(self, name):
        done = None
        try:
            with self.env.cr.savepoint():
                done = getattr(self, f"step_{name}")()
                done = "nothing to do" if done is None else str(done)
                self.env.flush_all()
                self.env.cr.precommit.run()
                self.env.flush_all()
        except (UserError, ValidationError, RedirectWarning) as error:
            done = f"refused: {str(error.args[0])[:160]}"
            self.env.cr.precommit.clear()
        except IntegrityError as error:
            # as the web layer does: a constraint of ours has its own words
            if error.diag.constraint_name not in self._get_constraints():
                self.fail(name, [f"{type(error).__name__}: {error}"])
            done = f"refused: {error.diag.constraint_name}"
            self.env.cr.precommit.clear()
        except Exception as error:
            self.fail(name, [f"{type(error).__name__}: {error}"], error)
        if done == "nothing to do":
            return
        self.counts.setdefault(name, [0, 0])[done.startswith("refused")] += 1
        self.check(f"{name}: {done}")

    def check(self, done):
        self.log.append(done)
        if wrong := find_faults(self.contract):
            self.fail(None, wrong)

    def fail(self, name, wrong, error=None):
        if name:
            self.log.append(name)
        steps = [f"{number:3} {line}" for number, line in enumerate(self.log)]
        raise AssertionError("\n".join(["After these steps:", *steps, "this is wrong:", *wrong])) from error

    def _get_constraints(self):
        return {
            name
            for model in self.env.registry.values()
            if model._name.startswith("construction.")
            for name in model._table_objects
        }

    def get_steps(self):
        """Names of the steps with how often each is tried, in parts of the whole."""
        return {**self.PLAN_STEPS, **self.MONEY_STEPS}

    # === THE CONTRACT === #

    def _build(self):
        rng, case = self.rng, self.case
        self.orders = case._create_order(case._create_deal(), **self._prepare_order())
        recoup = rng.choice(["none", "none", "proportional", "percent", "last"])
        method = rng.choice(["row", "row", "withheld"])
        contract = case._create_contract_of(
            self.orders,
            rows=self._prepare_rows(recoup, method),
            sign=False,
            advance_recoup=recoup,
            advance_recoup_percent=rng.choice([15, 30, 50]),
            retention_method=method,
            retention_percent=rng.choice([5, 10, 12.5]),
            retention_cap_percent=rng.choice([0, 0, 5]),
            retention_base=rng.choice(["total", "untaxed"]),
            warranty_months=rng.choice([1, 6, 24]),
            date_signed=self.pick_day(-320, -310),
            date_start=self.pick_day(-300, -200),
            date_end=self.pick_day(-199, 100),
            payment_term_id=rng.choice([False, case.term.id]),
            on_account_use=rng.choice(["auto", "auto", "ask"]),
            user_invoicing_id=rng.choice([False, case.accountant.id]),
        )
        contract.delivery_ids = [
            Command.create({"name": f"Delivery {number}", "date_planned": self.pick_day(-30, 60)}) for number in range(2)
        ]
        for row in contract.instalment_ids.filtered(lambda row: row.trigger == "delivery"):
            row.delivery_id = rng.choice(contract.delivery_ids)
        contract.action_sign()
        self.log.append(
            f"{contract.amount_total} {contract.currency_id.name}, advance {recoup}, retention {method}, rows "
            + ", ".join(f"{row.kind} {row.trigger} {row.amount}" for row in contract.instalment_ids)
        )
        return contract

    def _prepare_order(self):
        rng, case = self.rng, self.case
        values = {"prices": tuple((rng.choice([1, 3, 0.5]), rng.choice(PRICES)) for _line in range(rng.randint(1, 3)))}
        values["taxes"] = rng.choice([case.tax_21, case.tax_ugly, case.tax_inside])
        if rng.random() < 0.3:
            values["pricelist_id"] = case.pricelist.id
        return values

    def _prepare_rows(self, recoup, method):
        rng = self.rng
        rows = []
        if rng.random() < 0.8:
            rows.append({"name": "Advance", "kind": "advance", "percent": rng.choice([10, 20, 33.33])})
        for number in range(rng.randint(1, 3)):
            rows.append({"name": f"Works {number}", "percent": rng.choice([10, 15, 22.22])})
        if method == "row" and rng.random() < 0.5:
            rows.append({"name": "Retention", "kind": "retention", "percent": 5})
        rows.append({"name": "Settlement", "kind": "final", "amount_type": "rest"})
        for row in rows:
            row["trigger"] = rng.choice(["signature"] * 5 + ["date", "date", "delivery", "handover", "warranty_end"])
            row["delay_days"] = rng.choice([0, 0, 0, 14])
            if row["trigger"] == "date":
                row["trigger_date"] = self.pick_day(-60, 30)
        return rows

    # === CHOOSING === #

    def pick(self, records):
        """One of some records, or none of them."""
        return records[self.rng.randrange(len(records))] if records else records

    def pick_day(self, first, last):
        return self.today + timedelta(days=self.rng.randint(first, last))

    def pick_part(self, amount):
        """A part of an amount, now and then more than all of it."""
        return round(amount * self.rng.choice([0.1, 0.333, 0.5, 1, 1, 1, 1.2]), 2)

    def get_moves(self, *states, kind="out_invoice"):
        return self.contract.move_ids.filtered(lambda move: move.state in states and move.move_type == kind).sorted("id")

    def get_rows(self, *states):
        rows = self.contract.instalment_ids
        return rows.filtered(lambda row: row.state in states) if states else rows

    def as_somebody(self, records):
        """Mostly the person who runs the test, sometimes an accountant without any other right."""
        return records.with_user(self.case.accountant) if self.rng.random() < 0.3 else records
