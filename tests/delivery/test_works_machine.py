import os
import random

from odoo.fields import Command
from odoo.tests import tagged

from ..contract.test_money_machine import MachineCommon, read_seeds
from .works_machine import WorksMachine

STEPS = int(os.environ.get("WORKS_MACHINE_STEPS", 30))
# More by WORKS_MACHINE_SEEDS, as a count or as first-last; a seed that fails once stays in the list for good.
SEEDS = os.environ.get("WORKS_MACHINE_SEEDS", "10")


class WorksMachineCommon(MachineCommon):
    """What the machine needs on a site: stages, one of them of handover, and a foreman."""

    machine = WorksMachine

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("project.group_project_manager")
        cls.foreman = cls._new_user("foreman", "project.group_project_user")
        cls.stages = cls.env["project.project.stage"].create(
            [
                {"name": "Shell", "sequence": 101, "duration_days": 20},
                {"name": "Handing over", "sequence": 102, "duration_days": 3, "is_handover": True},
            ]
        )
        cls.construction_type.stage_ids = [Command.set(cls.stages.ids)]


@tagged("post_install", "-at_install")
class TestWorksMachine(WorksMachineCommon):
    """Whatever happens to the works of a contract, in whatever order, its money is what the ledger says."""

    def test_works_and_money_agree_after_whatever_people_do(self):
        for seed in read_seeds(SEEDS):
            with self.subTest(seed=seed), self.cr.savepoint() as savepoint:
                machine = self.machine(self, random.Random(seed))
                try:
                    machine.run(STEPS)
                finally:
                    savepoint.rollback()
