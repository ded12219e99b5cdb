import random
import unittest

from core.contract.retention import PARTS, get_open_percent, get_room, split_parts, take_share, withhold


class TestRetention(unittest.TestCase):
    def test_parts_add_up_to_the_cent(self):
        draw = random.Random(5)
        for _round in range(2000):
            rounding = draw.choice([0.01, 0.001, 1.0, 0.05])
            digits = {0.01: 2, 0.001: 3, 1.0: 0, 0.05: 2}[rounding]
            base = round(draw.uniform(0, 1e6), digits)
            amount = withhold(base, round(draw.uniform(0, 30), 2), rounding, most=base)
            parts = split_parts(amount, round(draw.uniform(0, 100), 2), rounding)
            self.assertAlmostEqual(sum(parts.values()), amount, 6)
            self.assertTrue(all(part > 0 for part in parts.values()))
            self.assertLessEqual(amount, base)

    def test_a_cap_is_filled_and_never_passed(self):
        draw = random.Random(7)
        for _round in range(300):
            value, cap = round(draw.uniform(100, 1e6), 2), round(draw.uniform(0.01, 10), 2)
            kept = 0.0
            for _invoice in range(40):
                room = get_room(value, cap, kept)
                kept = round(kept + withhold(value / 40, 10, room=room), 2)
            self.assertLessEqual(kept, round(value * cap / 100 + 0.0051, 2))
            self.assertAlmostEqual(kept, value * cap / 100, delta=0.0051 if cap < 9.9 else 1)

    def test_what_is_released_is_not_kept_back_again(self):
        self.assertEqual(get_open_percent(10, 30, ["warranty"]), 3.0)
        self.assertEqual(split_parts(10, 30, released=["warranty"]), {"handover": 10.0})
        self.assertEqual(split_parts(10, 30, released=PARTS), {})
        self.assertEqual(split_parts(0, 30), {})

    def test_credit_notes_of_everything_take_everything(self):
        self.assertEqual(take_share(484.01, 24.2, 484.01), 24.2)
        self.assertEqual(take_share(0, 24.2, 484.01), 0.0)


if __name__ == "__main__":
    unittest.main()
