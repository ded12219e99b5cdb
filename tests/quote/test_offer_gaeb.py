import base64
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...core.estimate.gaeb.reader import read
from ..core import gaeb_sample
from ..estimate.common import EstimateCommon

BILL = [
    (
        "01",
        "Boden",
        [
            ("0010", "Estrich", "12.500", "m2", {}),
            ("0020", "Fliesen", "7.333", "m2", {}),
            ("0030", "Fliesen, groß", "7.333", "m2", {"provis": "WithoutTotal"}),
        ],
    )
]


@tagged("post_install", "-at_install")
class TestOfferGaeb(EstimateCommon):
    """The offer to a tender is written from the quote as well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.currency_id = cls.env.ref("base.EUR")
        # Tenders have three decimals of a quantity.
        cls.env.ref("uom.decimal_product_uom").digits = 3
        wizard = (
            cls.env["construction.import"]
            .with_user(cls.estimator)
            .create(
                {
                    "file": base64.b64encode(gaeb_sample.make_tender(bill=BILL)),
                    "filename": "LV.x83",
                    "lead_id": cls.lead.id,
                }
            )
        )
        cls.sheet = cls.env["construction.evaluation"].browse(wizard.action_import()["res_id"])
        for line, price in zip(cls.sheet.line_ids, (31.25, 74.805, 99.0), strict=True):
            line.product_id = cls.make_product(line.short_name, 1.0, 0.0, uom_id=cls.square_meter.id)
            line.price_given = price
        cls.sheet.action_measure()
        cls.sheet.action_check()
        cls.sheet.action_finalize()
        cls.sheet.action_generate_quote()
        cls.order = cls.sheet.order_ids

    def offer(self, order=None):
        wizard = (
            self.env["construction.export"]
            .with_user(self.estimator)
            .with_context(default_order_id=(order or self.order).id)
            .create({})
        )
        wizard.action_export()
        self.assertTrue(wizard.filename.endswith(".x84"))
        return read(base64.b64decode(wizard.file))

    def test_the_quote_makes_the_offer_of_its_sheet(self):
        draft = self.offer()
        self.assertEqual(float(draft.stated_total), self.order.amount_untaxed)
        self.assertEqual(self.order.amount_untaxed, self.sheet.amount_total)
        self.assertEqual(
            [(item.reference, item.price, item.is_optional) for item in draft.items],
            [
                ("01.0010", Decimal("31.250"), False),
                ("01.0020", Decimal("74.805"), False),
                ("01.0030", Decimal("99.000"), True),
            ],
        )

    def test_a_price_changed_on_the_quote_is_offered(self):
        # What rounding made at the old price is for a person to take off.
        self.order.order_line.filtered(lambda line: line.name == "Rounding of the budget").unlink()
        line = self.order.order_line.filtered(lambda line: line.evaluation_line_id == self.sheet.line_ids[0])[-1]
        line.price_unit = 30.004
        draft = self.offer()
        self.assertEqual(draft.items[0].price, Decimal("30.004"))
        self.assertEqual(float(draft.stated_total), self.order.amount_untaxed)

    def test_what_stands_on_the_quote_alone_is_refused(self):
        self.order.order_line = [(0, 0, {"product_id": self.glue.id, "price_unit": 5.0, "name": "Glue"})]
        with self.assertRaisesRegex(UserError, "would come to"):
            self.offer()

    def test_a_quote_without_a_tender_makes_a_file_of_its_own(self):
        sheet = self.make_sheet()
        sheet.action_measure()
        sheet.action_check()
        sheet.action_finalize()
        sheet.action_generate_quote()
        wizard = self.env["construction.export"].create({"order_id": sheet.order_ids.id, "format": "x84"})
        wizard.action_export()
        draft = read(base64.b64decode(wizard.file))
        self.assertEqual(float(draft.stated_total), sheet.order_ids.amount_untaxed)
