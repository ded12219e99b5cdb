from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import QuoteCommon


@tagged("post_install", "-at_install")
class TestRegenerate(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.make_final_sheet([(cls.wall, 10.0), (cls.glue, 4.0)])
        cls.quote = cls.generate(cls.sheet)

    def open_wizard(self, quote=None, user=None):
        action = (quote or self.quote).with_user(user or self.salesperson).action_regenerate()
        wizards = self.env["construction.quote.regenerate"].with_user(user or self.salesperson)
        return wizards.browse(action.get("res_id"))

    def new_final_version(self, change=None):
        action = self.sheet.with_user(self.estimator).action_new_version()
        sheet = self.env["construction.evaluation"].browse(action["res_id"])
        if change:
            change(sheet)
        sheet.action_check()
        sheet.action_finalize()
        return sheet

    def kinds(self, wizard):
        return {(line.kind, line.name) for line in wizard.line_ids}

    def line_of(self, product, quote=None):
        return (quote or self.quote).order_line.filtered(lambda line: line.product_id == product)

    def test_a_quote_that_says_what_the_sheet_says_has_nothing_to_take(self):
        action = self.quote.with_user(self.salesperson).action_regenerate()
        self.assertEqual(action["tag"], "display_notification")

    def test_a_changed_quantity_reaches_chapter_and_components(self):
        def double(sheet):
            sheet.line_ids[0].quantity = 20.0

        sheet = self.new_final_version(double)
        wizard = self.open_wizard()
        self.assertEqual({line.kind for line in wizard.line_ids}, {"changed"})
        self.assertIn("10 → 20", wizard.line_ids[0].change)
        wizard.with_user(self.salesperson).action_apply()
        self.assertEqual(self.quote.evaluation_id, sheet)
        self.assertEqual(self.quote.amount_untaxed, sheet.amount_total)
        self.assertEqual(self.line_of(self.tiler).product_uom_qty, 16.0)
        self.assertEqual(self.quote.order_line[0].chapter_quantity, 20.0)
        self.assertEqual(self.quote.order_line[0].evaluation_line_id, sheet.line_ids[0])

    def test_what_a_person_edited_stays_unless_taken(self):
        self.line_of(self.tile).write({"price_unit": 15.0, "name": "Tile, matt"})
        own = self.quote.order_line.create(
            {"order_id": self.quote.id, "product_id": self.glue.id, "product_uom_qty": 1, "sequence": 25}
        )

        def raise_quantity(sheet):
            sheet.line_ids[0].quantity = 12.0

        self.new_final_version(raise_quantity)
        wizard = self.open_wizard()
        tile = wizard.line_ids.filtered(lambda line: line.name.startswith("Tile,"))
        # Quantity is the sheet's, price and text are a person's: nothing clashes, all stay.
        self.assertEqual(tile.kind, "changed")
        wizard.action_apply()
        self.assertRecordValues(
            self.line_of(self.tile), [{"product_uom_qty": 12.96, "price_unit": 15.0, "name": "Tile, matt"}]
        )
        self.assertTrue(own.exists())
        self.assertEqual(self.quote.order_line.sorted("sequence")[2], own, "it stays behind the line it followed")

    def test_a_clash_is_kept_by_default_and_can_be_taken(self):
        self.line_of(self.tile).product_uom_qty = 11.0

        def raise_quantity(sheet):
            sheet.line_ids[0].quantity = 12.0

        self.new_final_version(raise_quantity)
        wizard = self.open_wizard()
        clash = wizard.line_ids.filtered(lambda line: line.kind == "conflict")
        self.assertEqual(len(clash), 1)
        self.assertFalse(clash.is_taken)
        clash.is_taken = True
        wizard.action_apply()
        self.assertEqual(self.line_of(self.tile).product_uom_qty, 12.96)

    def test_a_kept_clash_does_not_come_up_again_as_a_clash(self):
        self.line_of(self.tile).product_uom_qty = 11.0
        self.new_final_version(lambda sheet: sheet.line_ids[0].write({"quantity": 12.0}))
        self.open_wizard().action_apply()
        self.assertEqual(self.line_of(self.tile).product_uom_qty, 11.0)
        self.assertEqual(self.open_wizard().line_ids.mapped("kind"), ["edited"])

    def test_items_come_and_go_with_the_sheet(self):
        def exchange(sheet):
            sheet.line_ids[1].unlink()
            sheet.line_ids = [Command.create({"product_id": self.tile.id, "quantity": 3.0})]

        sheet = self.new_final_version(exchange)
        wizard = self.open_wizard()
        self.assertEqual({line.kind for line in wizard.line_ids}, {"added", "removed"})
        wizard.action_apply()
        self.assertEqual(self.quote.amount_untaxed, sheet.amount_total)
        self.assertEqual(
            self.quote.order_line.sorted("sequence").mapped("chapter_number"),
            ["1", "1.1", "1.2", "1.3", "2", "2.1"],
        )
        self.assertIn("Glue", self.quote.message_ids[0].body)

    def test_what_a_person_removed_stays_removed_unless_taken(self):
        self.line_of(self.tile).unlink()
        wizard = self.open_wizard()
        self.assertEqual(wizard.line_ids.kind, "dropped")
        self.assertFalse(wizard.line_ids.is_taken)
        wizard.line_ids.is_taken = True
        wizard.action_apply()
        self.assertEqual(self.quote.amount_untaxed, self.sheet.amount_total)

    def test_a_line_the_sheet_lost_but_a_person_changed_is_kept(self):
        self.quote.order_line[-1].price_unit = 9.0
        self.new_final_version(lambda sheet: sheet.line_ids[1].unlink())
        wizard = self.open_wizard()
        self.assertEqual(set(wizard.line_ids.mapped("kind")), {"orphaned", "removed"})
        wizard.action_apply()
        self.assertEqual(self.quote.order_line[-1].price_unit, 9.0)
        self.assertFalse(self.open_wizard().line_ids, "it is a line of the person's own now")

    def test_applying_twice_or_late_is_refused(self):
        self.new_final_version(lambda sheet: sheet.line_ids[0].write({"quantity": 12.0}))
        first, second = self.open_wizard(), self.open_wizard()
        first.action_apply()
        with self.assertRaisesRegex(UserError, "has changed since"):
            second.action_apply()

    def test_a_sent_quote_is_not_regenerated(self):
        self.quote.action_quotation_sent()
        with self.assertRaisesRegex(UserError, "no draft any more"):
            self.open_wizard()

    def test_a_rival_salesperson_cannot_regenerate(self):
        with self.assertRaises(AccessError):
            self.open_wizard(user=self.rival)

    def test_a_revision_keeps_the_numbers_it_was_sent_with(self):
        self.quote.action_quotation_sent()
        action = self.quote.action_revise()
        revision = self.env["sale.order"].browse(action["res_id"])

        def insert(sheet):
            sheet.line_ids = [Command.create({"product_id": self.tile.id, "quantity": 3.0, "sequence": 1})]
            sheet.line_ids.filtered(lambda line: line.product_id == self.wall).sequence = 0

        self.new_final_version(insert)
        self.open_wizard(revision).action_apply()
        numbers = revision.order_line.filtered(lambda line: line.display_type).mapped("chapter_number")
        self.assertEqual(sorted(numbers), ["1", "1a", "2"])

    def test_one_quote_of_two_sheets(self):
        other = self.make_final_sheet([(self.tile, 5.0)])
        sheets = self.sheet | other
        self.quote.action_cancel()
        action = sheets.with_user(self.salesperson).action_generate_quotes()
        quote = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(quote.amount_untaxed, sum(sheets.mapped("amount_total")))
        self.assertEqual(
            quote.order_line.filtered(lambda line: line.display_type).mapped("chapter_number"), ["1", "2", "3"]
        )
        self.assertEqual(sheets.action_generate_quotes()["res_id"], quote.id, "twice is once")
        self.assertEqual(other.order_count, 1)
        self.assertEqual(other.action_generate_quote()["res_id"], quote.id)

    def test_sheets_of_two_deals_stay_apart(self):
        other = self.make_final_sheet([(self.tile, 5.0)], lead_id=self.make_lead().id)
        with self.assertRaisesRegex(UserError, "cannot stand on one quote"):
            (self.sheet | other).action_generate_quotes()

    def test_only_a_manager_quotes_before_final(self):
        sheet = self.make_sheet([(self.wall, 2.0)])
        sheet.action_measure()
        with self.assertRaises(AccessError):
            sheet.with_user(self.estimator).action_generate_quote_early()
        with self.assertRaisesRegex(UserError, "Finalise"):
            sheet.with_user(self.estimator).with_context(is_early_quote=True).action_generate_quote()
        action = sheet.with_user(self.manager).action_generate_quote_early()
        quote = self.env["sale.order"].browse(action["res_id"])
        self.assertEqual(quote.amount_untaxed, sheet.amount_total)
        self.assertIn("not final", quote.message_ids[0].body)

    def test_a_chapter_scales_with_its_quantity(self):
        chapter = self.quote.order_line[0]
        self.line_of(self.tile).price_unit = 15.0
        wizard = self.env["construction.chapter.quantity"].with_user(self.salesperson).create({"line_id": chapter.id})
        self.assertEqual(wizard.quantity, 10.0)
        wizard.quantity = 25.0
        wizard.action_apply()
        self.assertRecordValues(
            self.quote.order_line[:4],
            [
                {"product_uom_qty": 0.0, "chapter_quantity": 25.0, "price_unit": 0.0},
                {"product_uom_qty": 20.0, "chapter_quantity": 0.0, "price_unit": 31.37},
                {"product_uom_qty": 27.0, "chapter_quantity": 0.0, "price_unit": 15.0},
                {"product_uom_qty": 82.5, "chapter_quantity": 0.0, "price_unit": 1.17},
            ],
        )
        self.assertEqual(self.line_of(self.glue)[-1:].product_uom_qty, 4.0, "other chapters stay")

    def test_a_chapter_is_not_scaled_to_nothing_nor_once_sent(self):
        chapter = self.quote.order_line[0]
        for quantity in (0.0, -1.0, 1e300):
            with self.assertRaises(ValidationError):
                chapter._set_chapter_quantity(quantity)
        self.quote.action_quotation_sent()
        with self.assertRaisesRegex(UserError, "sent"):
            chapter._set_chapter_quantity(3.0)
