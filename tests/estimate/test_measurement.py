import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EstimateCommon


def picture():
    """Give a small photo as a field takes it."""
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(stream, "PNG")
    return base64.b64encode(stream.getvalue())


class MeasurementCommon(EstimateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sheet = cls.make_sheet([(cls.wall, 0.0), (cls.glue, 7.0)], user_id=cls.surveyor.id)
        cls.item = cls.sheet.line_ids[0]

    def measure(self, *rows, item=None):
        item = item or self.item
        item.measurement_ids = [Command.create(row) for row in rows]
        self.env.flush_all()
        return item


@tagged("post_install", "-at_install")
class TestMeasurement(MeasurementCommon):
    """Rows measured on the site make the quantity of an item."""

    def test_rows_make_the_quantity(self):
        self.measure(
            {"name": "Wall A", "count": 2, "length": 3.45, "height": 2.6},
            {"name": "Minus the door", "length": 0.9, "height": 2.1, "is_deduction": True},
        )
        self.assertEqual(self.item.measurement_ids.mapped("quantity"), [17.94, -1.89])
        self.assertEqual(self.item.quantity, 16.05)
        self.assertEqual(self.item.measurement_count, 2)

    def test_the_price_follows_the_rows(self):
        before = self.sheet.amount_total
        self.measure({"length": 2.0, "height": 2.0})
        self.assertGreater(self.item.price_subtotal, 0)
        self.assertGreater(self.sheet.amount_total, before)

    def test_a_comment_and_a_subtotal_do_not_count(self):
        self.measure(
            {"name": "North", "count": 0},
            {"length": 2.0},
            {"kind": "subtotal"},
            {"length": 3.0},
            {"kind": "cumulative"},
        )
        self.assertEqual(self.item.measurement_ids.mapped("quantity"), [0, 2, 2, 3, 5])
        self.assertEqual(self.item.quantity, 5.0)
        self.item.measurement_ids[1].length = 4.0
        self.assertEqual(self.item.measurement_ids.mapped("quantity"), [0, 4, 4, 3, 7], "subtotals follow")

    def test_a_formula_takes_the_place_of_the_product(self):
        self.measure({"count": 2, "length": 8, "height": 4, "formula": "a * b * height / 2"})
        self.assertEqual(self.item.quantity, 32.0)

    def test_nothing_below_what_was_measured_is_rounded(self):
        self.measure({"length": 2.35, "height": 1.17})
        self.item.invalidate_recordset()
        self.assertEqual(self.item.quantity, 2.7495)

    def test_a_plain_item_costs_what_its_quote_line_will(self):
        plain = self.measure({"length": 1.333}, item=self.sheet.line_ids[1])
        self.assertEqual(plain.quantity, 1.333)
        self.item.quantity = 1
        order = self.make_order(self.sheet)
        self.assertEqual(self.sheet.amount_total, order.amount_untaxed)

    def test_the_quantity_is_not_typed_while_there_are_rows(self):
        self.measure({"length": 2.0})
        with self.assertRaisesRegex(ValidationError, "row by row"):
            self.item.quantity = 5.0
        with self.assertRaisesRegex(ValidationError, "row by row"):
            self.sheet.line_ids = [Command.update(self.item.id, {"quantity": 5.0})]

    def test_a_quantity_sent_along_with_rows_gives_way(self):
        self.item.write({"quantity": 99.0, "measurement_ids": [Command.create({"length": 2.0})]})
        self.assertEqual(self.item.quantity, 2.0)
        item = self.item.create(
            {
                "evaluation_id": self.sheet.id,
                "product_id": self.glue.id,
                "quantity": 99.0,
                "measurement_ids": [Command.create({"length": 3.0})],
            }
        )
        self.assertEqual(item.quantity, 3.0)

    def test_without_its_rows_an_item_is_not_there(self):
        self.measure({"length": 2.0}, {"length": 3.0})
        self.item.measurement_ids[0].unlink()
        self.assertEqual(self.item.quantity, 3.0)
        self.item.measurement_ids.unlink()
        self.assertEqual(self.item.quantity, 0.0)

    def test_a_quantity_typed_in_place_of_the_rows_stays(self):
        self.measure({"length": 2.0})
        self.item.write({"quantity": 8.0, "measurement_ids": [Command.clear()]})
        self.assertEqual(self.item.quantity, 8.0)

    def test_nonsense_is_refused_by_name(self):
        for values, message in (
            ({"length": float("inf")}, "too large"),
            ({"length": float("nan")}, "too large"),
            ({"count": 1e9, "length": 1e9}, "too large"),
            ({"formula": "length / 0"}, "cannot be worked out"),
            ({"formula": "__import__('os')"}, "cannot be worked out"),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, f"Tiled wall.*{message}"):
                self.measure({"name": "Wall A", **values})

    def test_deducting_more_than_there_is_is_refused(self):
        self.measure({"length": 2.0}, {"length": 1.0, "is_deduction": True})
        with self.assertRaisesRegex(ValidationError, "more is deducted than measured"), self.cr.savepoint():
            self.item.measurement_ids[0].length = 0.5
        with self.assertRaisesRegex(ValidationError, "more is deducted than measured"), self.cr.savepoint():
            self.item.measurement_ids[0].unlink()
            self.env.flush_all()

    def test_rows_are_looked_at_together(self):
        self.measure({"length": 2.0}, {"length": 1.0, "is_deduction": True})
        first, second = self.item.measurement_ids
        self.item.measurement_ids = [
            Command.update(first.id, {"length": 0.5}),
            Command.update(second.id, {"length": 0.25}),
        ]
        self.assertEqual(self.item.quantity, 0.25)

    def test_the_form_adds_up_as_one_types(self):
        with Form(self.item) as form:
            with form.measurement_ids.new() as row:
                row.length = 2.5
                row.height = 2.0
                self.assertEqual(row.quantity, 5.0)
            self.assertEqual(form.quantity, 5.0)
            with form.measurement_ids.new() as row:
                row.length = 1.0
                row.is_deduction = True
            self.assertEqual(form.quantity, 4.0)
        self.assertEqual(self.item.quantity, 4.0)

    def test_a_final_sheet_keeps_its_rows_zones_and_photos(self):
        self.measure({"length": 2.0})
        self.item.write({"zone": "Bath", "photo_ids": [Command.create({"image_1920": picture()})]})
        self.sheet.action_finalize()
        row, zone, photo = self.item.measurement_ids, self.sheet.zone_ids, self.item.photo_ids
        for attempt in (
            lambda: row.write({"length": 3.0}),
            row.unlink,
            lambda: row.create({"line_id": self.item.id, "length": 1.0}),
            lambda: zone.write({"name": "Hall"}),
            zone.unlink,
            lambda: photo.write({"name": "Before"}),
            photo.unlink,
        ):
            with self.assertRaisesRegex(UserError, "is final"):
                attempt()

    def test_a_new_version_takes_rows_zones_and_photos_along(self):
        self.measure({"length": 2.0, "name": "Wall A"})
        self.item.write({"zone": "Ground / Bath", "photo_ids": [Command.create({"image_1920": picture()})]})
        self.item.measurement_ids.zone_id = self.sheet.zone_ids[0]
        self.sheet.action_finalize()
        self.sheet.action_new_version()
        version = self.sheet.next_version_ids
        item = version.line_ids[0]
        self.assertEqual(version.zone_ids.mapped("complete_name"), ["Ground", "Ground / Bath"])
        self.assertEqual((item.zone, item.zone_id.evaluation_id), ("Ground / Bath", version))
        self.assertEqual(item.measurement_ids.zone_id.evaluation_id, version)
        self.assertEqual((item.quantity, len(item.photo_ids)), (2.0, 1))
        item.measurement_ids.length = 5.0
        self.assertEqual((item.quantity, self.item.quantity), (5.0, 2.0))


@tagged("post_install", "-at_install")
class TestZone(MeasurementCommon):
    """Zones: typed, found again, moved and counted."""

    def test_typing_a_zone_makes_it_once(self):
        self.sheet.line_ids[0].zone = "Ground floor / Bathroom"
        self.sheet.line_ids[1].zone = "ground floor / bathroom"
        self.assertEqual(self.sheet.zone_ids.mapped("complete_name"), ["Ground floor", "Ground floor / Bathroom"])
        self.assertEqual(len(self.sheet.line_ids.zone_id), 1)
        self.assertEqual(set(self.sheet.line_ids.mapped("zone")), {"Ground floor / Bathroom"})

    def test_renaming_a_zone_renames_it_on_its_items(self):
        self.item.zone = "Ground / Bath"
        self.sheet.zone_ids[0].name = "First"
        self.assertEqual(self.item.zone, "First / Bath")

    def test_deleting_a_zone_leaves_its_items(self):
        self.item.zone = "Ground / Bath"
        self.sheet.zone_ids[0].unlink()
        self.assertFalse(self.sheet.zone_ids)
        self.assertFalse(self.item.exists().zone)

    def test_a_zone_is_not_part_of_itself(self):
        self.item.zone = "Ground / Bath"
        with self.assertRaises(ValidationError):
            self.sheet.zone_ids[0].parent_id = self.sheet.zone_ids[1]

    def test_a_zone_of_another_sheet_is_refused(self):
        other = self.make_sheet()
        other.line_ids[0].zone = "Elsewhere"
        with self.assertRaisesRegex(ValidationError, "another evaluation sheet"):
            self.item.zone_id = other.zone_ids

    def test_amounts_of_zones_add_up(self):
        self.item.write({"quantity": 2.0, "zone": "Ground / Bath"})
        self.sheet.line_ids[1].zone = "Ground"
        ground, bath = self.sheet.zone_ids
        self.assertEqual(bath.amount_total, self.item.price_subtotal)
        self.assertEqual(ground.amount_total, sum(self.sheet.line_ids.mapped("price_subtotal")))

    def test_a_zone_is_made_by_typing_it_in_the_list(self):
        zones = self.env["construction.evaluation.zone"].with_user(self.surveyor)
        zones = zones.with_context(default_evaluation_id=self.sheet.id)
        first, second = zones.name_create("Hall"), zones.name_create("hall")
        self.assertEqual(first[0], second[0])


@tagged("post_install", "-at_install")
class TestMeasurementAccess(MeasurementCommon):
    """Who measures, who looks, and what stays hidden."""

    def test_a_surveyor_measures_his_sheet_and_no_other(self):
        item = self.item.with_user(self.surveyor)
        item.measurement_ids = [Command.create({"length": 2.0})]
        item.zone = "Bath"
        item.photo_ids = [Command.create({"image_1920": picture()})]
        self.assertEqual(item.quantity, 2.0)
        other = self.make_sheet(user_id=self.estimator.id).line_ids[0]
        with self.assertRaises(AccessError):
            self.env["construction.measurement"].with_user(self.surveyor).create({"line_id": other.id})

    def test_a_surveyor_is_done_when_the_sheet_is_checked(self):
        self.measure({"length": 2.0})
        self.sheet.action_measure()
        self.sheet.action_check()
        row = self.item.measurement_ids.with_user(self.surveyor)
        with self.assertRaisesRegex(AccessError, "has been checked"):
            row.length = 3.0

    def test_a_surveyor_gets_no_price_of_a_zone(self):
        self.item.write({"quantity": 2.0, "zone": "Bath"})
        zone = self.sheet.zone_ids.with_user(self.surveyor)
        with self.assertRaises(AccessError):
            zone.read(["amount_total"])
        self.assertNotIn("amount_total", zone.fields_get())

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_rows_zones_and_photos_follow_the_sheet(self):
        self.measure({"length": 2.0})
        self.item.write({"zone": "Bath", "photo_ids": [Command.create({"image_1920": picture()})]})
        self.lead.user_id = self.salesperson
        for records in (self.item.measurement_ids, self.sheet.zone_ids, self.item.photo_ids):
            for user in (self.surveyor, self.salesperson, self.estimator, self.manager, self.accountant):
                self.assertTrue(records.with_user(user).has_access("read"), (records, user.login))
            self.assertFalse(records.with_user(self.rival).has_access("read"), records)
            for user in (self.accountant, self.project_manager):
                self.assertFalse(records.with_user(user).has_access("write"), (records, user.login))

    def test_the_annex_tells_how_it_was_measured_and_no_price(self):
        self.measure(
            {"name": "Wall A", "count": 2, "length": 3.45, "height": 2.6},
            {"name": "Minus the door", "length": 0.9, "height": 2.1, "is_deduction": True},
        )
        self.item.photo_ids = [
            Command.create({"image_1920": picture(), "name": "Damp corner", "is_printed": True}),
            Command.create({"image_1920": picture(), "name": "Not for the client"}),
        ]
        report = self.env["ir.actions.report"].with_user(self.surveyor)
        html = report._render_qweb_html("construction_crm.report_measurement_annex", self.sheet.ids)[0].decode()
        for text in ("Wall A", "3.45", "17.94", "16.05", "-1.89", "Damp corner"):
            self.assertIn(text, html)
        for text in ("Not for the client", "Price", self.env.company.currency_id.symbol):
            self.assertNotIn(text, html)

    def test_the_annex_of_a_quote_has_its_numbers(self):
        self.measure({"name": "Wall A", "length": 3.45, "height": 2.6})
        self.sheet.action_finalize()
        self.sheet.action_generate_quote()
        quote = self.sheet.order_ids
        annex = quote.with_user(self.salesperson)._get_annex_values()
        self.assertEqual([item["number"] for item in annex["items"]], ["1", "2"])
        report = self.env["ir.actions.report"].with_user(self.salesperson)
        html = report._render_qweb_html("construction_crm.report_measurement_annex_quote", quote.ids)[0].decode()
        self.assertIn("8.97", html)
        self.assertIn(quote.name, html)

    def test_the_annex_speaks_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.client.lang = "fr_FR"
        self.measure({"length": 3.45})
        annex = self.sheet.with_context(lang="fr_FR")._get_annex_values()
        self.assertEqual(annex["items"][0]["quantity"], "3,45")

    def test_rows_of_several_zones_are_summed_by_zone(self):
        self.measure({"length": 2.0}, {"length": 3.0}, {"length": 4.0})
        zones = self.env["construction.evaluation.zone"]._get_or_make(self.sheet, ["Bath", "Hall"])
        for row, zone in zip(self.item.measurement_ids, ("Bath", "Hall", "Bath"), strict=True):
            row.zone_id = zones[zone]
        groups = self.item._get_annex_values()["groups"]
        self.assertEqual([(group["zone"], group["sum"]) for group in groups], [("Bath", "6.00"), ("Hall", "3.00")])


@tagged("post_install", "-at_install")
class TestFreeItem(EstimateCommon):
    """An item without a product: described, counted, and not quoted until one is chosen."""

    def test_a_free_item_is_kept_and_holds_up_the_quote(self):
        sheet = self.make_sheet()
        sheet.line_ids = [Command.create({"name": "Move the boiler", "quantity": 1})]
        item = sheet.line_ids[-1]
        self.assertEqual((item.price_subtotal, item.uom_id.name), (0.0, "Units"))
        with self.assertRaisesRegex(UserError, "Move the boiler"):
            sheet.action_finalize()
        item.product_id = self.glue
        sheet.action_finalize()

    def test_a_free_item_has_a_description(self):
        with self.assertRaisesRegex(ValidationError, "needs a product or a description"):
            self.make_sheet().line_ids = [Command.create({"quantity": 1})]
