"""Plain tests of the recoupment of advances, run with or without Odoo."""

import doctest
import random
import unittest

from core.contract import recoupment
from core.contract.recoupment import METHODS, WorkRow, recoup


def cents(amounts):
    return sum(round(amount * 100) for amount in amounts)


class TestContractRecoupment(unittest.TestCase):
    def test_examples_of_the_module(self):
        self.assertFalse(doctest.testmod(recoupment).failed)

    def test_an_advance_within_the_work_is_taken_back_whole_and_no_row_goes_below_nothing(self):
        chance = random.Random(74)
        for _round in range(3000):
            gross = [round(chance.uniform(0, 10 ** chance.randint(0, 6)), 2) for _i in range(chance.randint(1, 13))]
            advance = round(chance.uniform(0, sum(gross)), 2)
            result = recoup(advance, map(WorkRow, gross), chance.choice(METHODS), round(chance.uniform(0, 100), 2))
            with self.subTest(gross=gross, advance=advance):
                self.assertEqual(result.left, 0)
                self.assertEqual(cents(result.amounts), round(advance * 100))
                for taken, row in zip(result.amounts, gross, strict=True):
                    self.assertGreaterEqual(taken, 0)
                    self.assertLessEqual(taken, row)

    def test_what_invoices_took_back_stays_and_the_others_take_the_rest(self):
        chance = random.Random(7)
        for _round in range(2000):
            gross = [round(chance.uniform(1, 1000), 2) for _i in range(chance.randint(2, 9))]
            advance = round(chance.uniform(0, sum(gross)), 2)
            method = chance.choice(METHODS)
            plan = recoup(advance, map(WorkRow, gross), method, 20).amounts
            billed = chance.randrange(len(gross) - 1)
            rows = [
                WorkRow(row, taken if index <= billed else None)
                for index, (row, taken) in enumerate(zip(gross, plan, strict=True))
            ]
            again = recoup(advance, rows, method, 20)
            self.assertEqual(again.amounts[: billed + 1], plan[: billed + 1])
            self.assertEqual(cents(again.amounts), round(advance * 100))
            self.assertEqual(again.left, 0)

    def test_thirteen_thirds_leave_no_cent_behind(self):
        rows = [WorkRow(100 / 3)] * 13
        result = recoup(133.33, rows, "proportional")
        self.assertEqual(cents(result.amounts), 13333)
        self.assertLess(max(result.amounts) - min(result.amounts), 0.011)

    def test_a_percentage_too_small_leaves_the_rest_to_the_last_rows(self):
        self.assertEqual(recoup(250, [WorkRow(500)] * 3, "percent", 10).amounts, (50, 50, 150))
        self.assertEqual(recoup(700, [WorkRow(500), WorkRow(500)], "percent", 10).amounts, (200, 500))

    def test_a_percentage_too_large_stops_at_the_advance(self):
        self.assertEqual(recoup(250, [WorkRow(500)] * 3, "percent", 40).amounts, (200, 50, 0))

    def test_more_advance_than_work_is_told(self):
        self.assertEqual(recoup(10, [WorkRow(4)], "proportional").left, 6)
        self.assertEqual(recoup(10, [], "last").left, 10)

    def test_a_credited_advance_is_given_back_by_the_last_open_row(self):
        rows = [WorkRow(500, 150.0), WorkRow(300), WorkRow(200)]
        self.assertEqual(recoup(100, rows, "proportional").amounts, (150, 0, -50))
        self.assertEqual(recoup(100, [WorkRow(500, 150.0)], "proportional").left, -50)

    def test_other_currency_units(self):
        self.assertEqual(recoup(1000, [WorkRow(1500)] * 3, "proportional", rounding=1.0).amounts, (333, 334, 333))
        self.assertEqual(recoup(1, [WorkRow(1)] * 3, "proportional", rounding=0.001).amounts, (0.333, 0.334, 0.333))

    def test_bad_input_is_refused(self):
        with self.assertRaisesRegex(ValueError, "method"):
            recoup(1, [], "first")
        with self.assertRaisesRegex(ValueError, "percentage"):
            recoup(1, [], "percent", 101)
