"""What the tests of BC3 files share: small texts, and the real budgets where they are there."""

import unittest
from pathlib import Path

from core.estimate.fiebdc import calculate, read

HEADER = "~V||FIEBDC-3/2016|tests||ANSI|\n"


def find_shared():
    """The folder of real budgets beside this checkout or beside the one it is a worktree of; `None` without one."""
    for folder in Path(__file__).resolve().parents:
        found = folder / "shared" / "data" / "bc3"
        if found.is_dir():
            return found
    return None


class FiebdcCase(unittest.TestCase):
    """Budgets of texts; `K` writes a record of `~K` with two decimals everywhere."""

    maxDiff = None

    def budget(self, *records, header=HEADER):
        return read((header + "\n".join(records)).encode("cp1252"))

    def valuation(self, *records):
        return calculate(self.budget(*records))

    def messages(self, budget):
        return [note.message for note in budget.report.notes]

    def assertSaid(self, budget, part):
        """Some note of the report has this in it."""
        self.assertTrue(any(part in message for message in self.messages(budget)), self.messages(budget))

    def assertFigure(self, figure, text):
        self.assertEqual(str(figure), text)
