import logging
import os
import random
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .billing_common import BillingCommon
from .money_machine import MoneyMachine

_logger = logging.getLogger(__name__)

STEPS = int(os.environ.get("MONEY_MACHINE_STEPS", 25))
# More by MONEY_MACHINE_SEEDS, as a count or as first-last; a seed that fails once stays in the list for good.
SEEDS = os.environ.get("MONEY_MACHINE_SEEDS", "12")


ROLE_SEEDS = (3, 5)
FIVE_SUMS = ["amount_contract", "amount_invoiced", "amount_collected", "amount_overdue", "amount_to_invoice"]
CONTRACT_SUMS = ["amount_total", *FIVE_SUMS[1:], "amount_on_account", "amount_retained", "amount_left"]
ROW_SUMS = ["amount", "amount_invoiced", "amount_collected", "amount_residual", "amount_overdue", "amount_retained"]


def read_seeds(text):
    """Seeds of a count, or of a range with its ends.

    >>> list(read_seeds("3")), list(read_seeds("7-9"))
    ([0, 1, 2], [7, 8, 9])
    """
    first, dash, last = text.partition("-")
    return range(int(first), int(last) + 1) if dash else range(int(first))


_logger = logging.getLogger(__name__)


class MachineCommon(BillingCommon):
    """What the machine needs: taxes inside prices, a second currency whose rate moves, payment terms in two parts."""

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


@tagged("post_install", "-at_install")
class TestMoneyMachine(MachineCommon):
    """Whatever happens to a contract, in whatever order, its money is what the ledger says."""

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
            for name, (done, not_done) in sorted(counts.items()):
                _logger.info("%s: %s done, %s not", name, done, not_done)


@tagged("post_install", "-at_install")
class TestMoneyMachineRoles(MachineCommon, HttpCase):
    """Whatever happened, everybody reads the same sums, and clients only what is theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client_user = new_test_user(cls.env, login="machine_client", groups="base.group_portal")
        cls.client_user.partner_id.parent_id = cls.partner_a
        cls.stranger = new_test_user(cls.env, login="machine_stranger", groups="base.group_portal")

    def _run_machine(self, seed):
        machine = self.machine(self, random.Random(seed))
        machine.run(STEPS)
        return machine.contract

    def test_the_sums_of_a_deal_are_the_same_for_everybody(self):
        for seed in ROLE_SEEDS:
            with self.subTest(seed=seed), self.cr.savepoint() as savepoint:
                contract = self._run_machine(seed)
                self._compare_roles(contract.lead_id, FIVE_SUMS, contract)
                self._compare_roles(contract, CONTRACT_SUMS, contract)
                self._compare_roles(contract.instalment_ids, ROW_SUMS, contract)
                savepoint.rollback()

    def _compare_roles(self, records, names, contract):
        found = {}
        for user in (self.accountant, self.salesman, self.sale_manager):
            self.env.invalidate_all()
            found[user.login] = [[record[name] for name in names] for record in records.with_user(user)]
            # as lists and their footers read them
            total = records.with_user(user)._read_group([("id", "in", records.ids)], [], [f"{names[0]}:sum"])[0][0]
            self.assertAlmostEqual(total, sum(row[0] for row in found[user.login]), 2, contract.name)
        first, *others = found.values()
        for other in others:
            self.assertEqual(first, other)

    def test_a_client_finds_the_own_contract_and_nobody_elses(self):
        own = self._run_machine(ROLE_SEEDS[0])
        other = self._create_contract(self._create_deal(partner_id=self.partner_b.id), partner_id=self.partner_b.id)
        self.assertTrue(own.date_signed)
        for login, seen in (("machine_client", True), ("machine_stranger", False)):
            self.authenticate(login, login)
            for path in ("/my/contracts", f"/my/contracts/{own.id}", f"/my/contracts/{other.id}"):
                page = self.url_open(path).text
                self.assertNotIn(other.name, page, (login, path))
                self.assertEqual(own.name in page, seen and str(other.id) not in path.split("/"), (login, path))
        for model in ("construction.instalment", "construction.collection", "account.payment"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.stranger).search([]).read(["display_name"])
