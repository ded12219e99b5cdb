from odoo.exceptions import UserError
from odoo.tests import tagged

from .exchange_common import BUDGET, ExchangeCommon


@tagged("post_install", "-at_install")
class TestExchangeGiven(ExchangeCommon):
    def test_a_quote_at_given_prices_has_one_priced_line_an_item(self):
        self.with_digits(3)
        sheet = self.load()
        sheet.action_finalize()
        quote = self.generate(sheet)
        lines = quote.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual(lines.mapped("product_id.default_code"), ["W1", "R1"])
        self.assertEqual(lines.mapped("price_unit"), [62.32, 30.6])
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)
        self.assertEqual(lines[0].purchase_price, 61.1)

    def test_corrections_stand_in_a_row_of_their_own(self):
        self.with_digits(3)
        sheet = self.load()
        sheet.line_ids[0].amount_correction = 0.07
        self.assertEqual(sheet.amount_total, 1075.41)
        sheet.action_finalize()
        quote = self.generate(sheet)
        self.assertEqual(quote.amount_untaxed, 1075.41)
        self.assertEqual(quote.order_line[-1].price_subtotal, 0.07)
        self.assertIn("Rounding", quote.order_line[-1].name)

    def test_the_quote_is_the_sheet_to_the_cent_however_taxes_are_rounded(self):
        self.with_digits(3)
        included = self.env["account.tax"].create(
            {"name": "VAT in it", "amount": 21.0, "type_tax_use": "sale", "price_include_override": "tax_included"}
        )
        for method in ("round_per_line", "round_globally"):
            for taxes in (self.env["account.tax"], included):
                with self.subTest(method=method, taxes=taxes.name):
                    self.undone(lambda method=method, taxes=taxes: self.assert_equal_quote(method, taxes))

    def assert_equal_quote(self, method, taxes):
        self.env.company.tax_calculation_rounding_method = method
        sheet = self.load()
        sheet.line_ids.product_id.taxes_id = taxes
        sheet.action_finalize()
        quote = self.generate(sheet)
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)

    def test_a_quantity_a_quote_cannot_hold_is_a_fault_only_where_it_matters(self):
        sheet = self.load()
        with self.assertRaisesRegex(UserError, "Brick wall.*12.345"):
            sheet.action_finalize()
        sheet.line_ids[0].price_given = 0.01
        sheet.action_finalize()

    def test_who_has_the_settings_may_raise_the_accuracy(self):
        wizard = self.wizard(BUDGET, lead_id=self.lead.id)
        self.assertEqual((wizard.digits_needed, wizard.can_raise_digits), (3, False))
        self.estimator.group_ids += self.quick_ref("base.group_system")
        wizard = self.wizard(BUDGET, lead_id=self.lead.id, raise_digits=True)
        self.assertTrue(wizard.can_raise_digits)
        wizard.action_import()
        self.assertEqual(self.env["decimal.precision"].precision_get("Product Unit"), 3)

    def test_a_typed_price_changes_the_sheet(self):
        sheet = self.make_sheet([(self.glue, 3.0)])
        sheet.price_source = "given"
        sheet.line_ids.price_given = 2.675
        self.assertEqual(sheet.amount_total, 8.03)
        sheet.price_source = "catalogue"
        self.assertEqual(sheet.line_ids.price_unit, self.glue.list_price)

    def test_a_final_sheet_keeps_its_given_prices(self):
        with self.assertRaises(UserError):
            self.sheet.line_ids.price_given = 5.0

    def test_a_surveyor_neither_reads_nor_types_given_prices(self):
        sheet = self.load()
        sheet.user_id = self.surveyor
        line = sheet.line_ids[0].with_user(self.surveyor)
        self.assertFalse({"price_given", "amount_correction"} & set(line.fields_get()))
        for action in (
            lambda: line.read(["price_given"]),
            lambda: line.write({"price_given": 1.0}),
            lambda: line.search([("price_given", ">", 1)]),
        ):
            with self.assertRaises(Exception) as caught:
                action()
            self.assertIn(type(caught.exception).__name__, ("AccessError", "ValueError"))

    def test_a_copy_has_the_given_prices(self):
        self.with_digits(3)
        sheet = self.load()
        sheet.action_finalize()
        version = self.env["construction.evaluation"].browse(sheet.action_new_version()["res_id"])
        self.assertEqual((version.price_source, version.amount_total), ("given", sheet.amount_total))
