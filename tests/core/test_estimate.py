"""Plain tests of `core.estimate`: run `python -m unittest discover tests/core` at the root."""

import doctest
import unittest

from core.estimate import explosion, pricing
from core.estimate.explosion import Recipe, RecipeLine, explode, round_quantity


def load_tests(loader, tests, ignore):
    tests.addTests(doctest.DocTestSuite(explosion))
    tests.addTests(doctest.DocTestSuite(pricing))
    return tests


class TestExplosion(unittest.TestCase):
    def explode_one(self, quantity, consumption, output=1.0, waste=0.0, digits=2):
        recipe = Recipe(output, (RecipeLine("part", consumption, waste),))
        return explode(recipe, quantity, digits)[0]

    def test_quantity_consumption_output_and_waste_multiply(self):
        self.assertEqual(self.explode_one(12.5, 3.0, output=2.0, waste=10).quantity, 20.63)

    def test_half_is_rounded_up_whatever_the_binary_says(self):
        self.assertEqual(self.explode_one(3.0, 0.145).quantity, 0.44)
        self.assertEqual(round_quantity(1.005, 2), 1.01)

    def test_thirds_come_back_whole(self):
        self.assertEqual(self.explode_one(3.0, 1.0, output=3.0, digits=0).quantity, 1.0)
        self.assertEqual(self.explode_one(1.5, 1.0, output=3.0, digits=0).quantity, 1.0)

    def test_zero_makes_zero_and_negative_stays_negative(self):
        self.assertEqual(self.explode_one(0.0, 5.0).quantity, 0.0)
        self.assertEqual(self.explode_one(-2.0, 5.0).quantity, -10.0)

    def test_the_exact_quantity_survives_a_rounding_to_zero(self):
        component = self.explode_one(1.0, 0.004)
        self.assertEqual((component.quantity, component.exact), (0.0, 0.004))

    def test_the_largest_figures_do_not_overflow(self):
        component = self.explode_one(1e12, 1e12, output=0.01, waste=1e12)
        self.assertAlmostEqual(component.quantity / 1e36, 1.0)

    def test_components_keep_the_order_of_the_recipe(self):
        recipe = Recipe(1.0, tuple(RecipeLine(name, 1.0) for name in "cab"))
        self.assertEqual([part.key for part in explode(recipe, 1.0, 2)], ["c", "a", "b"])


class TestPricing(unittest.TestCase):
    def test_the_unit_price_makes_the_subtotal(self):
        amounts = [pricing.Amount(1.006, 1.01), pricing.Amount(1.006, 1.01)]
        price = pricing.item_price(amounts, 4.0, 0.0, lambda amount: round(amount, 2))
        self.assertEqual((price.unit, price.subtotal), (0.505, 2.02))

    def test_an_item_without_quantity_shows_the_price_of_one(self):
        price = pricing.item_price([], 0.0, 7.5, lambda amount: round(amount, 2))
        self.assertEqual((price.unit, price.subtotal), (7.5, 0))

    def test_a_sheet_without_items_comes_to_nothing(self):
        self.assertEqual(pricing.sheet_total([], [], True, lambda amount: round(amount, 2)), 0)


if __name__ == "__main__":
    unittest.main()
