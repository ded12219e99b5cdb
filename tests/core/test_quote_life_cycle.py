"""Plain tests of comparing, approving and numbering quotes."""

import doctest
import random
import unittest

from core.quote import approval, comparison, revisions
from core.quote.comparison import Chapter, Line, compare


def load_tests(loader, tests, ignore):
    for module in (approval, comparison, revisions):
        tests.addTests(doctest.DocTestSuite(module))
    return tests


def line(key, lineage=None, item=None, **values):
    return Line(key, lineage or key, item or f"item {key}", f"Line {key}", **values)


def chapter(key, *lines, **values):
    return Chapter(key, key, f"chapter {key}", f"Chapter {key}", lines=list(lines), **values)


class TestComparison(unittest.TestCase):
    def kinds(self, pairs):
        return [(row.kind, (row.new or row.old).key) for pair in pairs for row in pair.lines]

    def test_the_same_is_the_same_in_whatever_order(self):
        old = [chapter(1, line(10), line(11)), chapter(2, line(20))]
        new = [chapter(2, line(20)), chapter(1, line(11), line(10))]
        self.assertEqual({pair.kind for pair in compare(old, new)}, {"same"})

    def test_a_line_copied_within_a_quote_is_added_once(self):
        old = [chapter(1, line(10))]
        new = [chapter(1, line(10), line(12, lineage=10, item="item 10"))]
        self.assertEqual(self.kinds(compare(old, new)), [("same", 10), ("added", 12)])

    def test_a_line_that_moved_is_told_by_its_chapter(self):
        old = [chapter(1, line(10), line(11)), chapter(2)]
        new = [chapter(1, line(11)), chapter(2, line(10))]
        (moved,) = (row for pair in compare(old, new) for row in pair.lines if row.changes)
        self.assertEqual(moved.changes, {"chapter"})

    def test_what_was_generated_from_one_place_is_one_line(self):
        old = [chapter(1, Line(10, 10, "tile", "White tile", origin="7/1"))]
        new = [chapter(1, Line(30, 30, "stone", "Stone", origin="7/1"))]
        ((row,),) = (pair.lines for pair in compare(old, new))
        self.assertEqual((row.kind, row.changes), ("changed", {"name"}))

    def test_the_same_item_in_another_chapter_is_not_taken_for_it(self):
        old = [chapter(1, line(10, item="paint")), chapter(2, line(20, item="paint", subtotal=5.0))]
        new = [chapter(2, line(40, item="paint", subtotal=6.0))]
        pairs = compare(old, new)
        self.assertEqual([pair.kind for pair in pairs], ["removed", "changed"])

    def test_a_section_counts_its_subsections(self):
        inner = chapter(2, line(20, subtotal=5.0), level=2)
        outer = chapter(1, line(10, subtotal=3.0))
        outer.inner.append(inner)
        self.assertEqual((outer.subtotal, inner.subtotal), (8.0, 5.0))

    def test_nothing_is_lost_and_nothing_is_told_twice(self):
        dice = random.Random(7)
        for _round in range(200):
            old = [
                chapter(number, *(line(100 * number + place) for place in range(dice.randint(0, 4))))
                for number in range(1, dice.randint(1, 5))
            ]
            lines = [row for part in old for row in part.lines]
            new = [chapter(part.key) for part in old if dice.random() < 0.8]
            for row in dice.sample(lines, dice.randint(0, len(lines))):
                if new:
                    dice.choice(new).lines.append(row)
            pairs = compare(old, new)
            for side, whole in (("old", old), ("new", new)):
                told = [getattr(row, side).key for pair in pairs for row in pair.lines if getattr(row, side)]
                self.assertCountEqual(told, [row.key for part in whole for row in part.lines])
                chapters = [getattr(pair, side).key for pair in pairs if getattr(pair, side)]
                self.assertCountEqual(chapters, [part.key for part in whole])


class TestFingerprint(unittest.TestCase):
    def test_rows_do_not_run_into_each_other(self):
        self.assertNotEqual(revisions.fingerprint([("a", "b")]), revisions.fingerprint([("a",), ("b",)]))
        self.assertNotEqual(revisions.fingerprint([]), revisions.fingerprint([()]))


class TestRules(unittest.TestCase):
    def test_a_discount_line_and_discounts_on_lines_add_up(self):
        lines = [approval.Priced(90.0, 10.0), approval.Priced(100.0), approval.Priced(-10.0)]
        self.assertEqual(approval.discount_percent(lines), 10.0)

    def test_a_quote_of_nothing_has_no_discount(self):
        self.assertEqual(approval.discount_percent([approval.Priced(0.0, 50.0)]), 0.0)
        self.assertEqual(approval.old_cost_percent([approval.Priced(5.0)], 10), 0.0)
