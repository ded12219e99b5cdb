"""The arithmetic of the measurements; the measuring itself needs Odoo."""

import doctest
import unittest

from tools.bench import clock, harness


def load_tests(_loader, tests, _pattern):
    """Add the doctests of the modules that need no Odoo."""
    tests.addTests([doctest.DocTestSuite(clock), doctest.DocTestSuite(harness)])
    return tests


class TestSummary(unittest.TestCase):
    def reading(self, seconds, queries=1):
        return harness.Reading({"a": seconds, "b": seconds * 2}, {"a": queries, "b": 0})

    def test_the_ratio_is_the_median_of_the_rounds_against_both_stocks(self):
        rounds = [
            (
                self.reading(1),
                self.reading(ours),
                self.reading(1.02),
            )
            for ours in (0.5, 0.6, 9)
        ]
        facts = harness.summary(rounds)
        self.assertAlmostEqual(facts["ratio"], 0.594, 3)
        self.assertEqual(facts["stock_to_stock"], 1.02)
        self.assertEqual(set(facts["parts"]), {"a", "b"})

    def test_a_row_over_its_budget_is_not_ok(self):
        facts = {"ratio": 0.1, "queries": 131, "budget": 130}
        self.assertFalse(harness.is_ok(0.2, facts))
        self.assertTrue(harness.is_ok(0.2, facts | {"queries": 130}))
        self.assertFalse(harness.is_ok(0.2, {"ratio": 0.1, "growth": 9.5}))
        self.assertFalse(harness.is_ok(None, {"error": "broken"}))
