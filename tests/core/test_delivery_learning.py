import random
import unittest

from core.delivery.learning import Sample, learn, share_out


class TestLearning(unittest.TestCase):
    def test_larger_works_count_more(self):
        lesson = learn([Sample(10, 20), Sample(990, 990)])
        self.assertAlmostEqual(lesson.ratio, 1.01)
        self.assertEqual((lesson.low, lesson.high, lesson.count), (1.0, 2.0, 2))
        self.assertAlmostEqual(lesson.spread, 100 / 3)

    def test_one_project_has_no_spread(self):
        self.assertEqual(learn([Sample(4, 5)]).spread, 0)

    def test_nothing_expected_teaches_nothing(self):
        self.assertIsNone(learn([]))
        self.assertIsNone(learn([Sample(0, 7)]))

    def test_nothing_used_is_a_lesson_too(self):
        lesson = learn([Sample(5, 0)])
        self.assertEqual((lesson.ratio, lesson.spread), (0, 0))

    def test_the_lesson_lies_between_the_samples(self):
        chance = random.Random(7)
        for _round in range(200):
            samples = [Sample(chance.uniform(0.001, 1e6), chance.uniform(0, 1e6)) for _sample in range(9)]
            lesson = learn(samples)
            self.assertLessEqual(lesson.low - 1e-9, lesson.ratio)
            self.assertLessEqual(lesson.ratio, lesson.high + 1e-9)

    def test_what_was_used_is_shared_out_wholly(self):
        chance = random.Random(11)
        for _round in range(200):
            takers = {number: chance.uniform(0, 100) for number in range(chance.randint(1, 9))}
            used = chance.uniform(0, 1000)
            self.assertAlmostEqual(sum(share_out(used, takers).values()), used)


if __name__ == "__main__":
    unittest.main()
