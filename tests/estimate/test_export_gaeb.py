import base64
from decimal import Decimal

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...core.estimate.gaeb.reader import read
from ...models.estimate.tender_draft import get_draft
from ...models.estimate.tender_offer import write_gaeb
from ..core import gaeb_sample
from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestExportGaeb(EstimateCommon):
    """A priced tender goes back as an offer; a sheet of ours goes out as one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.currency_id = cls.env.ref("base.EUR")
        cls.tender = gaeb_sample.make_tender()
        wizard = (
            cls.env["construction.import"]
            .with_user(cls.estimator)
            .create({"file": base64.b64encode(cls.tender), "filename": "LV.x83", "lead_id": cls.lead.id})
        )
        action = wizard.action_import()
        cls.sheet = cls.env["construction.evaluation"].with_user(cls.estimator).browse(action["res_id"])
        for line in cls.sheet.line_ids:
            line.price_given = float(gaeb_sample.PRICES[line.reference])
        cls.line(cls, "03.02.0050").quantity = 55.5

    def line(self, number):
        return self.sheet.line_ids.filtered(lambda line: line.reference == number)

    def offer(self, sheet=None, **options):
        sheet = sheet or self.sheet
        return write_gaeb(sheet, get_draft(sheet), sheet.amount_total, sheet, **options)

    def test_the_offer_comes_to_the_total_of_the_sheet(self):
        for has_texts in (False, True):
            offer = self.offer(has_texts=has_texts)
            self.assertEqual(float(offer.total), self.sheet.amount_total)
            self.assertEqual(float(read(offer.content).stated_total), self.sheet.amount_total)

    def test_reading_the_offer_gives_the_same_budget(self):
        draft = read(self.offer(has_texts=True).content)
        self.assertEqual(
            [(item.reference, float(item.quantity), float(item.price), item.is_optional) for item in draft.items],
            [(line.reference, line.quantity, line.price_given, line.is_optional) for line in self.sheet.line_ids],
        )
        zones = self.sheet.zone_ids.sorted("sequence")
        self.assertEqual([zone.code for zone in draft.zones], zones.mapped("code"))
        self.assertEqual([float(zone.stated_total) for zone in draft.zones], zones.mapped("amount_total"))

    def test_an_offer_imported_again_makes_the_same_sheet(self):
        wizard = (
            self.env["construction.import"]
            .with_user(self.estimator)
            .create(
                {
                    "file": base64.b64encode(self.offer(has_texts=True).content),
                    "filename": "LV.x84",
                    "lead_id": self.lead.id,
                }
            )
        )
        copy = self.env["construction.evaluation"].browse(wizard.action_import()["res_id"])
        self.assertEqual(copy.amount_total, self.sheet.amount_total)
        for line, twin in zip(self.sheet.line_ids, copy.line_ids, strict=True):
            for name in ("reference", "name", "quantity", "uom_id", "price_given", "is_optional", "price_subtotal"):
                self.assertEqual(twin[name], line[name], (line.reference, name))
        self.assertFalse(copy.tender_file)

    def test_nothing_of_the_client_is_changed(self):
        answered, asked = etree.fromstring(self.offer(has_texts=True).content), etree.fromstring(self.tender)
        for name in ("Description", "LblTx", "QU"):
            texts = [
                ["".join(found.itertext()) for found in root.iter(f"{{{etree.QName(root).namespace}}}{name}")]
                for root in (answered, asked)
            ]
            self.assertEqual(*texts)

    def test_choosing_a_product_keeps_the_words_of_the_client(self):
        line = self.line("01.0030")
        name = line.name
        line.product_id = self.glue
        self.assertEqual(line.name, name)
        self.assertTrue(self.offer())

    def test_prices_of_recipes_are_given_rounded(self):
        line = self.line("02.02.0010")
        line.product_id = self.wall
        self.sheet.price_source = "catalogue"
        self.assertGreater(line.price_subtotal, 0.0)
        self.sheet.action_give_prices()
        self.assertEqual(self.sheet.price_source, "given")
        self.assertEqual(line.price_subtotal, self.sheet.currency_id.round(line.quantity * round(line.price_given, 2)))
        self.assertEqual(float(self.offer().total), self.sheet.amount_total)

    def test_parts_of_a_price_are_those_of_its_recipe(self):
        line = self.line("02.02.0040")
        line.product_id = self.make_product("Rebar", 1.0, 1.0, uom_id=line.uom_id.id)
        self.tiler.cost_nature, self.tile.cost_nature = "labour", "material"
        recipe = self.make_recipe(line.product_id, [(self.tiler, 10.0, 0.0), (self.tile, 50.0, 0.0)])
        recipe.action_activate()
        self.sheet.action_update_prices()
        root = etree.fromstring(self.offer().content)
        item = next(found for found in root.iter("{*}Item") if found.get("ID") == "i-02.02.0040")
        parts = [Decimal(item.findtext(f"{{*}}UPComp{number}")) for number in (1, 2, 3)]
        self.assertEqual(sum(parts), Decimal("1985.000"))
        # 10 hours at 20.00, 50 m² at 7.00: 200 to 350.
        self.assertEqual(parts[0], Decimal("721.818"))
        self.assertEqual(parts[2], Decimal("0.000"))

    def test_what_does_not_fit_the_tender_is_named(self):
        self.line("01.0030").quantity = 86
        self.line("01.0040").price_given = 9.87654
        with self.assertRaises(UserError) as caught:
            self.offer()
        self.assertIn("01.0030", str(caught.exception))
        self.assertIn("9.87654", str(caught.exception))

    def export(self, user=None, **values):
        wizard = self.env["construction.export"].with_user(user or self.estimator).create(values)
        wizard.action_export()
        return wizard

    def test_the_wizard_proposes_the_offer_of_a_tender(self):
        wizards = self.env["construction.export"].with_user(self.estimator)
        wizard = wizards.with_context(default_evaluation_id=self.sheet.id).create({})
        self.assertEqual((wizard.format, wizard.has_tender), ("x84", True))
        wizard.action_export()
        self.assertTrue(wizard.filename.endswith(".x84"))
        self.assertIn("02.02.0040: The client asks for the parts of its unit price", wizard.offer_notes)
        self.assertEqual(float(read(base64.b64decode(wizard.file)).stated_total), self.sheet.amount_total)
        other = wizards.with_context(default_evaluation_id=self.make_sheet().id).create({})
        self.assertEqual((other.format, other.has_tender), ("bc3", False))

    def test_a_tender_of_ours_has_no_price(self):
        wizard = self.export(evaluation_id=self.sheet.id, format="x83")
        data = base64.b64decode(wizard.file)
        self.assertNotIn(b"<UP>", data)
        self.assertEqual(len(read(data).items), 38)

    def test_whoever_sees_no_price_exports_none(self):
        self.sheet.sudo().user_id = self.surveyor
        for form in ("x84", "x83"):
            with self.assertRaises(AccessError):
                self.export(self.surveyor, evaluation_id=self.sheet.id, format=form)

    def test_other_formats_come_to_the_same_total(self):
        wizard = self.export(evaluation_id=self.sheet.id, format="bc3")
        copy = (
            self.env["construction.import"]
            .with_user(self.estimator)
            .create({"file": wizard.file, "filename": "a.bc3", "lead_id": self.lead.id})
        )
        sheet = self.env["construction.evaluation"].browse(copy.action_import()["res_id"])
        self.assertEqual(sheet.amount_total, self.sheet.amount_total)

    def test_a_sheet_without_a_tender_makes_a_file_of_its_own(self):
        sheet = self.make_sheet([(self.wall, 2.5), (self.glue, 7.0)]).with_user(self.estimator)
        sheet.line_ids[0].zone = "Bath / Floor"
        offer = self.offer(sheet)
        draft = read(offer.content)
        self.assertEqual(float(offer.total), sheet.amount_total)
        self.assertEqual({item.name for item in draft.items}, {"Tiled wall", "Glue"})
        self.assertIn("Floor", [zone.name for zone in draft.zones])
        self.assertEqual(draft.items[0].unit, "m²" if draft.items[0].name == "Tiled wall" else "Stk")
