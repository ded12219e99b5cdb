"""Plain tests of the plan arithmetic, run with or without Odoo."""

import random
import unittest

from core.contract import plan
from core.contract.plan import PlanError, PlanRow, split


class TestContractPlan(unittest.TestCase):
    def random_rows(self, chance, total, rest):
        percents = sorted(chance.randint(0, 10000) for _i in range(chance.randint(1, 11)))
        shares = [b - a for a, b in zip([0, *percents], [*percents, 10000], strict=True)]
        rows = [PlanRow(plan.PERCENT, share / 100) for share in shares]
        if rest:
            rows[chance.randrange(len(rows))] = PlanRow(plan.REST)
        if chance.random() < 0.5:
            index = chance.randrange(len(rows))
            if rows[index].amount_type == plan.PERCENT:
                frozen = round(total * rows[index].value / 100 * chance.uniform(0.5, 1.0), 2)
                rows[index] = PlanRow(plan.PERCENT, rows[index].value, frozen)
        return rows

    def test_percentages_of_a_hundred_always_make_the_total_to_the_cent(self):
        chance = random.Random(20)
        for _round in range(2000):
            total = round(chance.uniform(0, 10 ** chance.randint(0, 8)), 2)
            rows = self.random_rows(chance, total, rest=chance.random() < 0.5)
            result = split(total, rows)
            open_rows = [r for r in rows if r.frozen is None and (r.value or r.amount_type == "rest")]
            with self.subTest(total=total, rows=rows):
                if open_rows:
                    self.assertEqual(round(sum(result.amounts), 2), total)
                    self.assertEqual(result.left, 0)
                self.assertTrue(all(amount >= 0 for amount in result.amounts))

    def test_frozen_rows_keep_their_amount_and_order_is_kept(self):
        chance = random.Random(7)
        for _round in range(500):
            total = round(chance.uniform(100, 100000), 2)
            rows = self.random_rows(chance, total, rest=True)
            result = split(total, rows)
            for row, amount in zip(rows, result.amounts, strict=True):
                if row.frozen is not None:
                    self.assertEqual(amount, row.frozen)

    def test_currencies_with_other_roundings(self):
        for rounding in (1.0, 0.05, 0.001, 0.01):
            rows = [PlanRow(plan.PERCENT, 33.3333), PlanRow(plan.REST), PlanRow(plan.PERCENT, 1 / 3)]
            result = split(1000, rows, rounding)
            self.assertAlmostEqual(sum(result.amounts), 1000, 9)
            for amount in result.amounts:
                self.assertAlmostEqual(amount / rounding, round(amount / rounding), 6)

    def test_an_incomplete_plan_says_what_is_left(self):
        self.assertEqual(split(100, [PlanRow(plan.PERCENT, 30)]).left, 70)
        self.assertEqual(split(100, []).left, 100)
        self.assertTrue(split(0, []).is_complete)

    def test_several_rest_rows_share_equally_and_the_last_takes_the_cents(self):
        self.assertEqual(split(100, [PlanRow(plan.REST)] * 3).amounts, (33.33, 33.33, 33.34))

    def test_a_grown_contract_puts_the_difference_on_the_open_rows(self):
        rows = [PlanRow(plan.PERCENT, 50, frozen=50.0), PlanRow(plan.PERCENT, 50)]
        self.assertEqual(split(150, rows).amounts, (50.0, 100.0))

    def test_bad_rows_are_named(self):
        for row, kind in (
            (PlanRow(plan.PERCENT, -1), "negative"),
            (PlanRow(plan.FIXED, -0.01), "negative"),
            (PlanRow(plan.PERCENT, 100.5), "over_percent"),
            (PlanRow("half", 1), "unknown_type"),
        ):
            with self.assertRaises(PlanError) as caught:
                split(100, [PlanRow(plan.REST), row])
            self.assertEqual((caught.exception.kind, caught.exception.row), (kind, 1))

    def test_more_than_the_total_is_refused_when_strict(self):
        rows = [PlanRow(plan.PERCENT, 60), PlanRow(plan.PERCENT, 60)]
        self.assertEqual(split(100, rows).left, -20)
        with self.assertRaises(PlanError) as caught:
            split(100, rows, strict=True)
        self.assertEqual((caught.exception.kind, caught.exception.amount), ("over_plan", 20))
