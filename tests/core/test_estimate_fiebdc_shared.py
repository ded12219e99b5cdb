"""Plain tests on real budgets of other people's programs, where the folder of shared data stands beside the checkout.

Every rule they rest on has a test of its own with a small text; where the folder is missing, these say so and the
others stand alone.
"""

from collections import Counter
from decimal import Decimal

from fiebdc_case import FiebdcCase, find_shared

from core.estimate.fiebdc import calculate, read, summarize, write

SHARED = find_shared()


class SharedCase(FiebdcCase):
    def load(self, name):
        budget = read((SHARED / name).read_bytes())
        return budget, calculate(budget)

    def counts(self, name, *names):
        budget, valuation = self.load(name)
        counts = summarize(budget, valuation)["counts"]
        return [counts[one] for one in names]


class SharedTotals(SharedCase):
    def test_05_totals_as_its_own_chapters_say(self):
        budget, valuation = self.load("test_file_05.bc3")
        self.assertEqual(budget.encoding, "utf-8")
        self.assertFigure(valuation.total, "697444.60")
        self.assertEqual((valuation.contradictions, str(valuation.indirect)), ([], "2"))
        totals = {place.code: str(place.total) for place in valuation.places}
        self.assertEqual((totals["CAP1.1"], totals["CAP1.10"]), ("38433.52", "116533.53"))
        for place in valuation.places:
            self.assertEqual(place.total, budget.concepts[place.code].price)
        self.assertEqual([str(step.percentage) for step in valuation.steps], ["13", "6", "21"])

    def test_05_has_the_counts_of_its_note(self):
        names = "chapters", "items", "recipes", "components", "measurements"
        self.assertEqual(self.counts("test_file_05.bc3", *names), [17, 152, 115, 622, 59])

    def test_guadix_totals_to_the_cent_and_explains_its_prices(self):
        budget, valuation = self.load("guadix.bc3")
        self.assertEqual((budget.encoding, str(valuation.total)), ("cp850", "1474153876.25"))
        reasons = Counter((found.kind, found.reason) for found in valuation.contradictions)
        self.assertEqual(reasons, {("price", "its percentage rows count at their own price"): 127})
        self.assertEqual(self.counts("guadix.bc3", "concepts", "items"), [486, 417])

    def test_sch_base_totals_to_the_cent_and_names_what_digits_lost(self):
        budget, valuation = self.load("sch_base.bc3")
        self.assertFigure(valuation.total, "1132583228.56")
        shared = [note.message for note in valuation.report.notes if "six digits" in note.message]
        self.assertEqual(len(shared), 3)
        self.assertEqual([found.code for found in valuation.contradictions], ["1201", "1205"])
        self.assertEqual(self.counts("sch_base.bc3", "concepts", "items"), [380, 427])

    def test_puebla_is_whole_and_its_contradictions_are_listed(self):
        _budget, valuation = self.load("PUEBLA-EE.BC3")
        self.assertIsNone(valuation.stated_total)
        reasons = Counter(found.reason for found in valuation.contradictions)
        self.assertEqual(reasons, {"its components and 5 % more": 60, "": 14})
        names = "items", "decompositions", "decomposition_rows"
        self.assertEqual(self.counts("PUEBLA-EE.BC3", *names), [82, 105, 394])

    def test_06_totals_what_its_components_make(self):
        budget, valuation = self.load("test_file_06.bc3")
        self.assertFigure(valuation.total, "2.14")
        self.assertEqual(set(budget.ignored), {"L", "R", "X"})

    def test_11_is_a_list_of_recipes_with_a_root_price_nothing_explains(self):
        _budget, valuation = self.load("test_file_11.bc3")
        self.assertEqual((str(valuation.total), str(valuation.stated_total)), ("0.00", "390352.04"))
        self.assertIn("PRESUPUESTO_PASARELA_ALCORCON", [found.code for found in valuation.contradictions])
        self.assertEqual(self.counts("test_file_11.bc3", "items", "recipes"), [0, 8])


class SharedRoundTrip(SharedCase):
    def test_each_budget_comes_back_the_same_from_each_character_set(self):
        files = sorted(path for path in SHARED.iterdir() if path.suffix.lower() == ".bc3")
        self.assertGreaterEqual(len(files), 6)
        for path in files:
            budget, valuation = self.load(path.name)
            for charset in ("UTF-8", "ANSI"):
                again = read(write(budget, charset=charset))
                self.assertEqual(again, budget, f"{path.name} in {charset}")
                self.assertEqual(list(again.concepts), list(budget.concepts))
                self.assertEqual(calculate(again).total, valuation.total)


class SharedItems(SharedCase):
    def test_items_and_chapters_add_up_to_the_total(self):
        for name in ("test_file_05.bc3", "guadix.bc3", "sch_base.bc3", "PUEBLA-EE.BC3", "test_file_06.bc3"):
            _budget, valuation = self.load(name)
            total = sum((item.amount for place in valuation.places for item in place.items), Decimal(0))
            self.assertLess(abs(total - valuation.total), Decimal("0.01"), name)


def load_tests(loader, tests, _pattern):
    """The real budgets, or a line that says they are not there."""
    if SHARED:
        return tests
    print("shared/data/bc3 is not beside this checkout: the real budgets were not read")
    return loader.suiteClass()
