import itertools

from odoo.fields import Command
from odoo.tests import tagged

from ..query_count import counting
from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestEvaluationSpeed(EstimateCommon):
    """What a person waits for costs as many queries on a sheet of 1,000 items as on one of 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Sales are rarely from one plain list: let a pricelist with rules be in the way.
        group = cls.quick_ref("product.group_product_pricelist")
        cls.quick_ref("base.group_user").implied_ids += group
        cls.client.property_product_pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Special",
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 10}),
                    Command.create({"compute_price": "fixed", "fixed_price": 1, "product_id": cls.tile.id}),
                ],
            }
        )
        cls.plain = [cls.make_product(f"Item {number}", 10.0 + number, 5.0) for number in range(20)]
        cls.sizes = (100, 1000)
        cls.sheets = [cls.make_big_sheet(size) for size in cls.sizes]
        cls.line_ids = {sheet.id: sheet.line_ids.ids for sheet in cls.sheets}

    @classmethod
    def make_big_sheet(cls, size):
        items = [cls.wall, *cls.plain]
        return cls.make_sheet([(items[number % 21], 1.0 + number % 7) for number in range(size)])

    def setUp(self):
        super().setUp()
        self.numbers = itertools.count()
        self.rows = {}

    def assertSameQueries(self, budget, action, user=None):
        counts = []
        for sheet in self.sheets:
            sheet = sheet.with_user(user or self.estimator)
            for _warm in range(2):
                with counting(self.env) as queries:
                    action(sheet)
                count = queries.count
            counts.append(count)
        self.assertEqual(counts[0], counts[1], f"queries at {self.sizes}")
        self.assertLessEqual(counts[1], budget, counts)

    def edit_in_form(self, sheet, index):
        names = ("product_id", "quantity", "uom_id", "zone_id", "measurement_count", "price_unit", "price_subtotal")
        result = sheet.onchange(
            {"line_ids": [Command.update(self.line_ids[sheet.id][index], {"quantity": 9.0})]},
            ["line_ids"],
            {
                "amount_total": {},
                "lead_id": {},
                "currency_id": {},
                "line_ids": {"fields": {name: {} for name in names}},
            },
        )
        self.assertIn("amount_total", result["value"])

    def test_editing_a_plain_item_in_the_form(self):
        self.assertSameQueries(15, lambda sheet: self.edit_in_form(sheet, 1))

    def test_editing_an_item_with_a_recipe_in_the_form(self):
        self.assertSameQueries(19, lambda sheet: self.edit_in_form(sheet, 0))

    def test_saving_one_row(self):
        def save(sheet):
            quantity = 10.0 + next(self.numbers)
            sheet.write({"line_ids": [Command.update(self.line_ids[sheet.id][1], {"quantity": quantity})]})

        self.assertSameQueries(17, save)

    def test_measuring_one_row(self):
        for sheet in self.sheets:
            lines = sheet.line_ids.browse(self.line_ids[sheet.id][1:50])
            lines.write({"measurement_ids": [Command.create({"length": 2.0}), Command.create({"length": 3.0})]})

        def measure(sheet):
            line = self.env["construction.evaluation.line"].with_user(sheet.env.user)
            line = line.browse(self.line_ids[sheet.id][1])
            rows = self.rows.setdefault(sheet.id, line.measurement_ids.ids)
            length = 10.0 + next(self.numbers)
            line.web_save({"measurement_ids": [Command.update(rows[0], {"length": length})]}, {"quantity": {}})

        self.assertSameQueries(21, measure)

    def test_making_a_sheet_costs_no_query_a_row(self):
        counts = []
        for size in self.sizes:
            self.make_big_sheet(size)
            with counting(self.env) as queries:
                self.make_big_sheet(size)
            counts.append(queries.count)
        # Rows go to the database in batches of a hundred.
        self.assertLessEqual(counts[1] - counts[0], 9 * 4, counts)
