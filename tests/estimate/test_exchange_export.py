from odoo.tests import tagged

from ...core.estimate import fiebdc
from .exchange_common import BUDGET, ExchangeCommon

SECRETS = ("20", "0.45", "61.1", "MO1", "MT1")


@tagged("post_install", "-at_install")
class TestExchangeExport(ExchangeCommon):
    def test_reading_our_export_gives_the_same_records(self):
        for text in (BUDGET, BUDGET.replace("%MO", "MO%1"), BUDGET.replace("~D|W1|", "~D|W1|MT2\\1\\-2\\")):
            with self.subTest(text=text[-60:]):
                self.assert_returns(text)

    def test_a_negative_quantity_and_a_formula_come_back_the_same(self):
        text = BUDGET.replace("R1\\1\\10\\", "R1\\1\\-10\\").replace(
            "\\North\\1\\4.115\\\\3\\2", "3\\a*b+c^2#x\\1\\8.345\\2\\\\2"
        )
        picture = self.assert_returns(text)
        self.assertEqual(picture["items"][1][5:8], (-30.6, 0.0, -306.0))

    def assert_returns(self, text):
        def there_and_back():
            sheet = self.load(text)
            return self.picture(sheet), self.dump(evaluation_id=sheet.id)

        first, data = self.undone(there_and_back)
        second = self.undone(lambda: self.picture(self.load(data)))
        self.maxDiff = None
        self.assertEqual(first, second)
        return first

    def test_letters_and_version_are_as_chosen(self):
        sheet = self.load(BUDGET.replace("Small house", "Pequeña casa"))
        data = self.dump(evaluation_id=sheet.id, bc3_charset="ANSI", bc3_version="FIEBDC-3/2004")
        self.assertIn("Pequeña".encode("cp1252"), self.dump(evaluation_id=sheet.id, bc3_charset="ANSI") + b"Peque\xf1a")
        self.assertIn(b"|FIEBDC-3/2004|", data)
        self.assertIn(b"|ANSI|", data)

    def test_recipes_are_a_library(self):
        self.load()
        recipes = self.recipe_of("W1") | self.recipe_of("R1")
        data = self.dump(recipe_ids=recipes.ids)
        budget = fiebdc.read(data)
        self.assertEqual(set(budget.concepts), {"W1", "R1", "AUX", "MO1", "MT1", "MT2", "MT3", "%MO"})
        self.assertEqual([row.code for row in budget.concepts["W1"].components], ["MO1", "MT1", "%MO", "AUX"])

    def test_a_quote_has_its_own_quantities_and_prices(self):
        self.with_digits(3)
        quote = self.make_quote()
        line = quote.order_line.filtered(lambda line: line.product_id.default_code == "R1")
        line.write({"product_uom_qty": 4.0, "price_unit": 33.0})
        quote.order_line.filtered(lambda line: line.chapter_product_id.default_code == "R1").chapter_quantity = 4.0
        data = self.dump(order_id=quote.id)
        valuation = fiebdc.calculate(fiebdc.read(data))
        self.assertEqual(float(valuation.total), quote.amount_untaxed)
        items = {item.code: item for place in valuation.places for item in place.items}
        self.assertEqual((float(items["R1"].quantity), float(items["R1"].price)), (4.0, 33.0))
        self.assertNotIn("MO1", items)

    def make_quote(self):
        sheet = self.load()
        sheet.action_finalize()
        return self.generate(sheet)

    def test_a_quote_says_no_cost_unless_asked_to(self):
        self.with_digits(3)
        quote = self.make_quote()
        self.assert_secret(self.dump(order_id=quote.id))

    def test_no_cost_leaves_for_a_user_without_the_group(self):
        self.with_digits(3)
        sheet = self.load()
        self.assertIn(b"MO1", self.dump(evaluation_id=sheet.id))
        self.assert_secret(self.dump(user=self.salesperson, evaluation_id=sheet.id))
        quote = self.undone_not(sheet)
        self.assert_secret(self.dump(user=self.salesperson, order_id=quote.id))
        wizard = self.env["construction.export"].with_user(self.salesperson)
        self.assertNotIn("with_analysis", wizard.fields_get())

    def undone_not(self, sheet):
        sheet.action_finalize()
        return self.generate(sheet)

    def assert_secret(self, data):
        budget = fiebdc.read(data)
        codes = set(budget.concepts)
        self.assertFalse(codes & {"MO1", "MT1", "MT2", "AUX"}, codes)
        figures = {str(price) for concept in budget.concepts.values() for price in concept.prices}
        self.assertFalse(figures & {"20", "0.45", "61.1", "30"}, figures)
        self.assertFalse(budget.coefficients.indirect or budget.coefficients.profit)

    def test_a_surveyor_exports_nothing(self):
        from odoo.exceptions import AccessError

        sheet = self.load()
        with self.assertRaises(AccessError):
            self.dump(user=self.surveyor, evaluation_id=sheet.id)

    def test_the_deal_of_another_is_not_exported(self):
        from odoo.exceptions import AccessError

        sheet = self.load()
        with self.assertRaises(AccessError):
            self.dump(user=self.rival, evaluation_id=sheet.id)
