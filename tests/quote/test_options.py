from odoo.exceptions import UserError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import QuoteCommon


class OptionsCommon(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.make_final_sheet([(cls.wall, 10.0), (cls.tile, 12.0), (cls.glue, 4.0)])
        cls.quote = cls.generate(cls.sheet)
        cls.works, cls.second, cls.third = cls.quote.order_line.filtered(lambda line: line.display_type)
        cls.full = cls.quote.amount_untaxed

    def offer(self, chapter, choice, group=""):
        wizard = self.env["construction.chapter.choice"].with_user(self.salesperson)
        wizard.create({"line_id": chapter.id, "choice": choice, "group": group}).action_apply()


@tagged("post_install", "-at_install")
class TestOptions(OptionsCommon):
    def test_an_option_is_priced_and_does_not_count_until_chosen(self):
        price = self.second.chapter_subtotal
        self.offer(self.second, "optional")
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full - price, 2)
        self.assertRecordValues(
            self.second,
            [
                {
                    "is_chosen": False,
                    "chapter_offered_subtotal": price,
                    "chapter_subtotal": 0.0,
                    "chapter_price_unit": 12.33,
                }
            ],
        )
        self.second.with_user(self.salesperson).action_toggle_chosen()
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full, 2)
        self.second.with_user(self.salesperson).action_toggle_chosen()
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full - price, 2)
        self.offer(self.second, "works")
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full, 2)

    def test_alternatives_exclude_each_other(self):
        self.offer(self.second, "alternative", "Floor")
        self.offer(self.third, "alternative", "Floor")
        self.assertEqual((self.second.is_chosen, self.third.is_chosen), (True, False))
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full - self.third.chapter_offered_subtotal, 2)
        self.third.action_toggle_chosen()
        self.assertEqual((self.second.is_chosen, self.third.is_chosen), (False, True))
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full - self.second.chapter_offered_subtotal, 2)
        with self.assertRaisesRegex(UserError, "Choose another"):
            self.third._choose(False)
        with self.assertRaises(ValidationError):
            self.second.is_chosen = True

    def test_an_alternative_needs_a_name(self):
        with self.assertRaises(ValidationError):
            self.offer(self.second, "alternative", " ")

    def test_an_order_with_no_alternative_chosen_is_refused(self):
        self.offer(self.second, "alternative", "Floor")
        self.second._put_quantities(False)
        self.second.is_chosen = False
        with self.assertRaisesRegex(UserError, "Floor"):
            self.quote.action_confirm()

    def test_on_a_sent_quote_only_the_choice_is_open(self):
        self.offer(self.second, "optional")
        self.quote.action_quotation_sent()
        option = self.second.with_user(self.salesperson)
        line = self.quote.order_line.filtered(lambda line: line.offered_quantity)
        for values in (
            {"product_uom_qty": 13.0, "offered_quantity": 0.0},
            {"product_uom_qty": 12.0, "offered_quantity": 0.0, "price_unit": 1.0},
            {"product_uom_qty": 12.0},
            {"price_unit": 1.0},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                line.with_user(self.salesperson).write(values)
        with self.assertRaises(UserError):
            self.works.with_user(self.salesperson).is_chosen = False
        with self.assertRaises(UserError):
            option.chapter_choice = False
        option.action_toggle_chosen()
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full, 2)
        self.quote.action_confirm()
        with self.assertRaises(UserError):
            option.action_toggle_chosen()

    def test_prices_of_an_option_survive_leaving_and_taking(self):
        line = self.quote.order_line.filtered(lambda line: line.product_id == self.tile)[-1]
        line.write({"price_unit": 20.0, "discount": 10.0})
        self.offer(self.second, "optional")
        self.tile.list_price = 99.0
        self.second._choose()
        self.assertRecordValues(line, [{"price_unit": 20.0, "discount": 10.0, "product_uom_qty": 12.0}])

    def test_regenerating_leaves_options_as_they_are(self):
        self.offer(self.second, "optional")
        action = self.quote.action_regenerate()
        self.assertEqual(action.get("tag"), "display_notification")

    def test_a_scaled_option_is_offered_with_more(self):
        self.offer(self.second, "optional")
        self.second._set_chapter_quantity(24.0)
        self.second._choose()
        self.assertEqual(self.second.chapter_subtotal, 24 * 12.33)


@tagged("post_install", "-at_install")
class TestOptionsPortal(OptionsCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.offer(self.second, "alternative", "Floor")
        self.offer(self.third, "alternative", "Floor")
        self.quote.action_quotation_sent()
        self.quote._portal_ensure_token()

    def choose(self, chapter, token=None, chosen="1"):
        self.authenticate(None, None)

        return self.url_open(
            f"/my/orders/{self.quote.id}/chapters/{chapter.id}/choose",
            data={
                "csrf_token": Request.csrf_token(self),
                "access_token": token or self.quote.access_token,
                "chosen": chosen,
            },
        )

    def test_the_customer_chooses_another_alternative_online(self):
        page = self.url_open(self.quote.get_portal_url()).text
        self.assertIn("not in the total", page)
        self.assertEqual(self.choose(self.third).status_code, 200)
        self.assertTrue(self.third.is_chosen)
        self.assertFalse(self.second.is_chosen)
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full - self.second.chapter_offered_subtotal, 2)

    def test_nobody_chooses_with_a_wrong_link_or_what_is_no_option(self):
        self.choose(self.third, token="wrong")
        self.choose(self.works, chosen="")
        self.assertFalse(self.third.is_chosen)
        self.assertAlmostEqual(self.quote.amount_untaxed, self.full - self.third.chapter_offered_subtotal, 2)

    def test_nothing_is_chosen_once_accepted(self):
        self.quote.action_confirm()
        self.choose(self.third)
        self.assertFalse(self.third.is_chosen)
