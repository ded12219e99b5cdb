"""Plain tests of the load of crews: hours are kept, and room is where there is room."""

import random
import unittest
from datetime import date, timedelta

from core.delivery.capacity import (
    Workdays,
    add,
    first_room,
    free_hours,
    list_weeks,
    order_span,
    percent,
    place,
    share,
    spread,
    week_of,
)

MONDAY = date(2026, 6, 1)


def random_workdays(chance, weeks=30):
    """A calendar with free days and whole free weeks, at times without any working hour."""
    pattern = [chance.choice([0, 0, 4, 8, 7.5]) for _day in range(7)]
    hours = [value for _week in range(weeks) for value in (pattern if chance.random() < 0.9 else [0] * 7)]
    return Workdays(MONDAY, hours)


class TestCapacity(unittest.TestCase):
    def test_spreading_keeps_every_hour(self):
        chance = random.Random(1)
        for _round in range(3000):
            days = random_workdays(chance)
            start = MONDAY + timedelta(days=chance.randint(-40, 260))
            end = start + timedelta(days=chance.randint(0, 120))
            hours = chance.uniform(0.01, 5000)
            parts = spread(hours, start, end, days)
            self.assertAlmostEqual(sum(parts.values()), hours, places=6)
            self.assertTrue(all(part >= 0 for part in parts.values()))
            self.assertTrue(all(week.weekday() == 0 for week in parts))
            self.assertTrue(all(week_of(days.first) <= week <= days.last for week in parts))

    def test_nothing_is_done_in_a_week_off(self):
        days = Workdays(MONDAY, [8] * 5 + [0] * 9 + [8] * 5 + [0, 0])
        parts = spread(80, MONDAY, MONDAY + timedelta(days=20), days)
        self.assertEqual(parts, {MONDAY: 40.0, MONDAY + timedelta(weeks=2): 40.0})

    def test_dates_the_wrong_way_round_or_missing_still_make_a_span(self):
        tuesday = MONDAY + timedelta(days=1)
        self.assertEqual(order_span(tuesday, MONDAY), (MONDAY, tuesday))
        self.assertEqual(order_span(tuesday, None), (tuesday, tuesday))
        self.assertIsNone(order_span(None, False))

    def test_placing_keeps_every_hour_and_overloads_only_the_last_week(self):
        chance = random.Random(2)
        for _round in range(2000):
            capacity = [chance.choice([0, 40, 120.5]) for _week in range(chance.randint(1, 20))]
            hours = chance.uniform(0, 1500)
            first = chance.randint(0, 25)
            placed = place(hours, capacity, first)
            self.assertAlmostEqual(sum(placed), hours, places=6)
            for week, room in zip(placed[:-1], capacity, strict=False):
                self.assertLessEqual(week, room)
            self.assertFalse(any(placed[: min(first, len(capacity) - 1)]))

    def test_overload_takes_the_room_of_the_weeks_behind(self):
        self.assertEqual(free_hours([100, 0, 0, 0], [40, 40, 40, 40]), [0, 0, 20, 40])
        self.assertEqual(first_room(10, [100, 0, 0, 0], [40] * 4), 2)

    def test_the_first_week_with_room_has_it(self):
        chance = random.Random(3)
        for _round in range(2000):
            capacity = [chance.choice([0, 40, 80]) for _week in range(40)]
            load = [chance.uniform(0, 90) for _week in range(40)]
            hours = chance.uniform(1, 400)
            first = chance.randint(0, 10)
            week = first_room(hours, load, capacity, first)
            if week is None:
                continue
            free = free_hours(load, capacity)
            self.assertGreaterEqual(week, first)
            self.assertGreater(free[week], 0)
            self.assertGreaterEqual(sum(free[week:]) + 1e-6, hours)

    def test_more_load_never_makes_room_earlier(self):
        chance = random.Random(4)
        for _round in range(1000):
            capacity = [40] * 40
            load = [chance.uniform(0, 60) for _week in range(40)]
            more = add(load, place(chance.uniform(0, 200), capacity, chance.randint(0, 20)))
            hours = chance.uniform(1, 300)
            before, after = first_room(hours, load, capacity), first_room(hours, more, capacity)
            if after is not None:
                self.assertIsNotNone(before)
                self.assertLessEqual(before, after)

    def test_a_crew_without_people_never_has_room_and_is_never_divided_by(self):
        self.assertIsNone(first_room(1, [0, 0], [0, 0]))
        self.assertIsNone(percent(1, 0))
        self.assertEqual(percent(0, 0), 0)
        self.assertEqual(sum(place(10, [0, 0])), 10)

    def test_shares_add_up(self):
        chance = random.Random(5)
        for _round in range(500):
            weights = {key: chance.choice([0, 1, 2, 7]) for key in range(chance.randint(1, 9))}
            self.assertAlmostEqual(sum(share(77.7, weights).values()), 77.7, places=9)

    def test_weeks_go_on_over_the_end_of_the_year(self):
        weeks = list_weeks(date(2026, 12, 31), 3)
        self.assertEqual([week.isocalendar().week for week in weeks], [53, 1, 2])
