import random
import unittest
from datetime import date, timedelta

from core.contract.periods import count_periods, list_days, share_percents


class TestPlanPeriods(unittest.TestCase):
    def test_no_month_end_drifts(self):
        for offset in range(366):
            first = date(2024, 1, 1) + timedelta(offset)
            days = list_days(first, "month", 25)
            if (first.month, first.day) != (2, 29):
                self.assertEqual(days[12], first.replace(year=2025))
            self.assertTrue(all(day.day <= first.day for day in days))
            self.assertEqual(days, sorted(set(days)))

    def test_as_many_periods_as_begin_before_the_end(self):
        for period in ("month", "quarter", "week"):
            days = list_days(date(2026, 1, 31), period, 10)
            for number, day in enumerate(days, start=1):
                self.assertEqual(count_periods(days[0], day, period), number)

    def test_shares_never_exceed_the_whole(self):
        for seed in range(200):
            dice = random.Random(seed)
            values = [dice.choice((0.01, 1, 33.33, 12345.67)) for _ in range(dice.randint(1, 40))]
            shares = share_percents(values, 95)
            self.assertIsNone(shares[-1])
            self.assertLessEqual(sum(shares[:-1]), 95 + 0.00005 * len(shares))

    def test_nothing_to_share_is_an_error(self):
        for values in ([0], [-1, 5]):
            with self.assertRaises(ValueError):
                share_percents(values)
