import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..core import gaeb_sample
from ..query_count import counting
from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestImportGaeb(EstimateCommon):
    """A tender of GAEB DA XML becomes a sheet of the deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.currency_id = cls.env.ref("base.EUR")

    def wizard(self, data=None, user=None, **values):
        return (
            self.env["construction.import"]
            .with_user(user or self.estimator)
            .create(
                {
                    "file": base64.b64encode(gaeb_sample.make_tender() if data is None else data),
                    "filename": "LV 014.X83",
                    "lead_id": self.lead.id,
                    **values,
                }
            )
        )

    def import_sheet(self, data=None, **values):
        action = self.wizard(data, **values).action_import()
        return self.env["construction.evaluation"].browse(action["res_id"])

    def line(self, sheet, number):
        return sheet.line_ids.filtered(lambda line: line.reference == number)

    def test_the_preview_shows_chapters_and_what_is_particular(self):
        wizard = self.wizard()
        self.assertEqual((wizard.format, wizard.target), ("gaeb", "sheet"))
        for text in ("Beton- und Stahlbetonarbeiten", "Stadt Schönbrunn", "not part of the total"):
            self.assertIn(text, wizard.preview)

    def test_categories_become_zones_with_their_numbers(self):
        sheet = self.import_sheet()
        zones = sheet.zone_ids.sorted("sequence")
        self.assertEqual(len(zones), 9)
        self.assertEqual(zones[3].code, "02.02")
        self.assertEqual(zones[3].complete_name, "Rohbauarbeiten / Beton- und Stahlbetonarbeiten")

    def test_positions_become_free_items_without_prices(self):
        sheet = self.import_sheet()
        self.assertEqual((len(sheet.line_ids), sheet.price_source, sheet.amount_total), (38, "given", 0.0))
        line = self.line(sheet, "02.01.0060")
        self.assertFalse(line.product_id)
        self.assertEqual((line.quantity, line.zone_id.code), (96.125, "02.01"))
        self.assertEqual(line.uom_id, self.env.ref("uom.product_uom_cubic_meter"))
        self.assertEqual(line.name.split("\n")[:2], ["Arbeitsräume verfüllen", "Liefern und einbauen,"])

    def test_products_are_found_by_number_and_by_name(self):
        by_name = self.make_product("Bauzaun, h = 2,00 m", 9.0, 1.0, uom_id=self.env.ref("uom.product_uom_meter").id)
        by_code = self.make_product("Anything", 9.0, 1.0, default_code="02.01.0060")
        by_code.uom_id = self.env.ref("uom.product_uom_cubic_meter")
        sheet = self.import_sheet()
        self.assertEqual(self.line(sheet, "01.0030").product_id, by_name)
        self.assertEqual(self.line(sheet, "02.01.0060").product_id, by_code)

    def test_the_file_stays_with_the_sheet_and_its_next_version(self):
        data = gaeb_sample.make_tender()
        sheet = self.import_sheet(data)
        self.assertEqual(base64.b64decode(sheet.tender_file), data)
        self.assertEqual(sheet.tender_filename, "LV 014.X83")
        self.assertEqual(base64.b64decode(sheet.copy().tender_file), data)

    def test_an_offer_is_no_tender_to_answer(self):
        sheet = self.import_sheet(gaeb_sample.make_tender(phase="86"))
        self.assertFalse(sheet.tender_file)

    def test_what_is_not_counted_is_not_in_the_total(self):
        sheet = self.import_sheet()
        line = self.line(sheet, "02.01.0040")
        self.assertTrue(line.is_optional)
        line.price_given = 22.5
        self.assertEqual((line.price_unit, line.price_subtotal, sheet.amount_total), (22.5, 0.0, 0.0))
        line.is_optional = False
        self.assertEqual(sheet.amount_total, 562.5)
        line.is_optional = True
        self.assertEqual(sheet.amount_total, 0.0)

    def test_what_is_not_counted_needs_only_its_unit_price(self):
        sheet = self.import_sheet()
        line = self.line(sheet, "02.01.0040")
        self.assertEqual([fault.kind for fault in line._get_faults()], ["price"])
        line.price_given = 22.5
        self.assertFalse(line._get_faults())

    def test_what_is_not_counted_is_not_quoted(self):
        sheet = self.make_sheet([(self.wall, 2.0), (self.glue, 3.0)])
        total = sheet.amount_total
        sheet.line_ids[1].is_optional = True
        self.assertLess(sheet.amount_total, total)
        sheet.action_measure()
        sheet.action_check()
        sheet.action_finalize()
        sheet.action_generate_quote()
        self.assertEqual(sheet.order_ids.order_line.evaluation_line_id, sheet.line_ids[0])
        self.assertEqual(sheet.order_ids.amount_untaxed, sheet.amount_total)

    def test_a_surveyor_reads_no_tender(self):
        sheet = self.import_sheet()
        sheet.user_id = self.surveyor
        with self.assertRaises(AccessError):
            sheet.with_user(self.surveyor).read(["tender_file"])
        self.assertNotIn("tender_file", sheet.with_user(self.surveyor).fields_get())
        attachments = self.env["ir.attachment"].with_user(self.surveyor)
        domain = [("res_model", "=", sheet._name), ("res_field", "=", "tender_file"), ("res_id", "=", sheet.id)]
        self.assertFalse(attachments.search(domain))
        # Nor by the chatter: the file may hold prices.
        self.assertFalse(attachments.search([("res_model", "=", sheet._name), ("res_id", "=", sheet.id)]))

    def test_older_formats_are_refused_in_a_sentence(self):
        wizard = self.wizard(b"#begin[GAEB]\r\n", filename="lv.p83")
        self.assertIn("GAEB 2000", wizard.preview)
        with self.assertRaisesRegex(UserError, "GAEB 2000"):
            wizard.action_import()

    def test_a_broken_quantity_stops_the_whole_import(self):
        data = gaeb_sample.make_tender().replace(b"<Qty>96.125</Qty>", b"<Qty>-96.125</Qty>")
        wizard = self.wizard(data)
        count = self.env["construction.evaluation"].search_count([])
        with self.assertRaisesRegex(UserError, "02.01.0060"), self.cr.savepoint():
            wizard.action_import()
        self.assertEqual(self.env["construction.evaluation"].search_count([]), count)

    def test_large_tenders_cost_no_query_more_per_position(self):
        def bill(rows):
            return [("01", "Teil", [(f"{number:04d}", f"Wand {number}", "1.000", "m2", {}) for number in range(rows)])]

        self.import_sheet(gaeb_sample.make_tender(bill=bill(5)))
        counts = []
        for rows in (40, 80):
            wizard = self.wizard(gaeb_sample.make_tender(bill=bill(rows)))
            with counting(self.env) as queries:
                wizard.action_import()
            counts.append(queries.count)
        self.assertLess(counts[1] - counts[0], 10)
