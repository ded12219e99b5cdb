import doctest
import random
import unittest
from decimal import Decimal

from core.delivery import certificate, positions
from core.delivery.certificate import CertificateError, Works, carve, certify, check


def cents(amount):
    return int((Decimal(repr(amount)) * 100).to_integral_value())


class Job:
    """A contract that is measured, varied and certified at random; the truth is kept in whole cents beside."""

    def __init__(self, rng):
        self.rng = rng
        self.rows = {}
        for key in range(rng.randint(1, 12)):
            self.add(key)
        if rng.random() < 0.4:
            self.rows["less"] = [1.0, 0.0, -round(rng.uniform(0, 100), 2)]
        self.certificates = []  # (amounts by key, carved)
        self.pot_share = rng.choice([1.0, 0.7, 0.333])

    def add(self, key):
        self.rows[key] = [round(self.rng.uniform(0.1, 50), 2), 0.0, round(self.rng.uniform(1, 9999), 2)]

    def work(self):
        """Some progress; at times more than contracted, at times a correction backwards."""
        for key, row in self.rows.items():
            if key != "less" and self.rng.random() < 0.6:
                row[1] = round(row[1] + self.rng.uniform(-0.2, 0.6) * row[0], 6)
                row[1] = max(row[1], 0.0)

    def vary(self):
        """Extra works during the cycle, or less of what there is."""
        if self.rng.random() < 0.5:
            self.add(f"extra {len(self.rows)}")
        else:
            row = self.rows[self.rng.choice([key for key in self.rows if key != "less"])]
            factor = self.rng.choice([1.5, 0.8, 1.1])
            row[0], row[2] = round(row[0] * factor, 2), round(row[2] * factor, 2)

    def finish(self):
        for row in self.rows.values():
            row[1] = row[0]

    @property
    def total(self):
        return sum(cents(row[2]) for row in self.rows.values()) / 100

    @property
    def pot(self):
        return round(self.total * self.pot_share, 2)

    def certify(self):
        before = self.certificates[-1][0] if self.certificates else {}
        works = [
            Works(key, quantity, done, (amount, amount), (before.get(key, 0.0),) * 2, is_follower=key == "less")
            for key, (quantity, done, amount) in self.rows.items()
        ]
        lines = certify(works)
        cumulative = sum(cents(line.cumulative[0]) for line in lines) / 100
        carved = carve(self.pot, self.total, cumulative, sum(cents(c) for _a, c in self.certificates) / 100)
        self.certificates.append(({line.key: line.cumulative[0] for line in lines}, carved))
        return lines


class TestCertificate(unittest.TestCase):
    def test_examples_of_the_modules(self):
        for module in (certificate, positions):
            self.assertFalse(doctest.testmod(module).failed)

    def test_random_jobs_always_add_up(self):
        for seed in range(400):
            rng = random.Random(seed)
            job = Job(rng)
            for _step in range(rng.randint(1, 12)):
                rng.choice([job.work, job.work, job.vary])()
                if rng.random() < 0.2 and job.certificates:
                    job.certificates.pop()  # the latest is withdrawn
                with self.subTest(seed=seed):
                    self._certify(job)
            job.finish()
            self._certify(job, is_last=True)

    def _certify(self, job, is_last=False):
        before = dict(job.certificates[-1][0]) if job.certificates else {}
        try:
            lines = job.certify()
        except CertificateError as error:
            self.assertEqual(error.kind, "negative")
            self.assertFalse(is_last and job.pot_share == 1.0 and sum(map(abs, before.values())) == 0)
            return
        for line in lines:
            amount = job.rows[line.key][2]
            # never more than contracted, never the other way round
            self.assertLessEqual(abs(line.cumulative[0]), abs(amount))
            self.assertGreaterEqual(line.cumulative[0] * amount, 0)
            self.assertEqual(cents(line.period[0]), cents(line.cumulative[0]) - cents(before.get(line.key, 0.0)))
        previous = sum(cents(amount) for amount in before.values())
        period = sum(cents(line.period[0]) for line in lines)
        gone = sum(cents(amount) for key, amount in before.items() if key not in job.rows)
        remaining = sum(cents(line.remaining[0]) for line in lines)
        self.assertEqual(gone, 0)
        self.assertEqual(check(job.total, 0.0, previous / 100, period / 100, remaining / 100), 0.0)
        carved = sum(cents(amount) for _amounts, amount in job.certificates)
        self.assertLessEqual(carved, cents(job.pot))
        if is_last:
            # no drift from the third certificate on: the last one brings exactly the contract
            self.assertEqual(previous + period, cents(job.total))
            self.assertEqual(remaining, 0)
            self.assertEqual(carved, cents(job.pot))

    def test_rounding_each_period_would_drift_and_this_does_not(self):
        cumulative, before = 0, (0.0, 0.0)
        for done in range(1, 8):
            line = certify([Works("row", 7, done, (100.0, 100.0), before)])[0]
            cumulative += cents(line.period[0])
            before = line.cumulative
        self.assertEqual(cumulative, 10000)
        self.assertNotEqual(7 * round(100 / 7, 2), 100.0)

    def test_a_deposit_is_not_counted_twice(self):
        """The part the plan pays as an advance is left out of each certificate, to the cent at the end."""
        first = carve(80.01, 100.01, 33.34, 0.0)
        second = carve(80.01, 100.01, 66.67, first)
        third = carve(80.01, 100.01, 100.01, first + second)
        self.assertEqual(cents(first) + cents(second) + cents(third), 8001)

    def test_more_than_contracted_is_certified_as_all_of_it(self):
        line = certify([Works("row", 10, 15, (1000.0, 1210.0))])[0]
        self.assertEqual(line.cumulative, (1000.0, 1210.0))

    def test_currencies_without_cents(self):
        lines = certify([Works("row", 3, 1, (1000.0, 1100.0))], rounding=1.0)
        self.assertEqual(lines[0].cumulative, (333.0, 367.0))

    def test_works_that_were_taken_out_again_go_back_to_nothing(self):
        line = certify([Works("row", 0.0, 0.0, (0.0, 0.0), previous=(50.0, 60.0))])[0]
        self.assertEqual(line.period, (-50.0, -60.0))


if __name__ == "__main__":
    unittest.main()
