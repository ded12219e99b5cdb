import os
import random
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .billing_common import BillingCommon
from .money_machine import MoneyMachine

STEPS = int(os.environ.get("MONEY_MACHINE_STEPS", 25))
# More by MONEY_MACHINE_SEEDS, as a count or as first-last; a seed that fails once stays in the list for good.
SEEDS = os.environ.get("MONEY_MACHINE_SEEDS", "12")


def read_seeds(text):
    """Seeds of a count, or of a range with its ends.

    >>> list(read_seeds("3")), list(read_seeds("7-9"))
    ([0, 1, 2], [7, 8, 9])
    """
    first, dash, last = text.partition("-")
    return range(int(first), int(last) + 1) if dash else range(int(first))


@tagged("post_install", "-at_install")
class TestMoneyMachine(BillingCommon):
    """Whatever happens to a contract, in whatever order, its money is what the ledger says."""

    machine = MoneyMachine

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.context_today(cls.env.user)
        cls.tax_inside = cls.percent_tax(cls, 9.5, price_include_override="tax_included")
        rates = [("2016-01-01", 0.87), (today - timedelta(days=60), 0.913), (today - timedelta(days=20), 1.1073)]
        cls.euro = cls.setup_other_currency("EUR", rates=[(str(day), rate) for day, rate in rates])
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Euro", "currency_id": cls.euro.id})
        cls.bank = cls.company_data["default_journal_bank"]
        cls.cash = cls.company_data["default_journal_cash"]
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "Half now, half in 30 days",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days}) for days in (0, 30)
                ],
            }
        )

    def test_the_money_is_true_after_whatever_people_do(self):
        counts = {}
        for seed in read_seeds(SEEDS):
            with self.subTest(seed=seed), self.cr.savepoint() as savepoint:
                machine = self.machine(self, random.Random(seed))
                try:
                    machine.run(STEPS)
                finally:
                    for name, (done, not_done) in machine.counts.items():
                        before = counts.get(name, (0, 0))
                        counts[name] = (before[0] + done, before[1] + not_done)
                    savepoint.rollback()
        if "MONEY_MACHINE_SEEDS" in os.environ:
            print("\n".join(f"{name}: {done} done, {not_done} not" for name, (done, not_done) in sorted(counts.items())))
