from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..query_count import counting
from .common import QuoteCommon

# What tells one row from another, or comes from elsewhere than the values of the line.
OWN_COLUMNS = {"id", "order_id", "create_date", "write_date", "create_uid", "write_uid"}
OWN_COLUMNS |= {"evaluation_line_id", "evaluation_id", "generation_key", "generated_lines"}
OWN_COLUMNS |= {"name_order", "access_token", "origin"}
SECTION_FIELDS = ("name", "chapter_product_id", "chapter_quantity", "chapter_uom_id")
LINE_FIELDS = ("product_id", "product_uom_id")
BOTH_FIELDS = ("display_type", "sequence", "product_uom_qty", "chapter_number", "cost_nature")


@tagged("post_install", "-at_install")
class TestQuoteEqual(QuoteCommon):
    """A generated quote equals, column by column, what stock makes of bare products and quantities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quick_ref("base.group_user").implied_ids += cls.quick_ref("product.group_product_pricelist")
        cls.included = cls.make_tax(19.0, price_include_override="tax_included")
        cls.excluded = cls.make_tax(9.0)
        cls.tile.taxes_id = cls.included
        cls.glue.taxes_id = cls.excluded
        cls.tiler.taxes_id = cls.included | cls.excluded
        cls.euro = cls.setup_other_currency("EUR", rates=[("2017-01-01", 0.2007)])

    @classmethod
    def make_tax(cls, amount, **values):
        return cls.env["account.tax"].create(
            {"name": f"VAT {amount}", "amount": amount, "amount_type": "percent", **values}
        )

    def make_pricelist(self, **values):
        return self.env["product.pricelist"].create(
            {
                "name": "Ugly",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 7.77,
                            "product_tmpl_id": self.tile.product_tmpl_id.id,
                            "applied_on": "1_product",
                        }
                    ),
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 0.333,
                            "min_quantity": 20,
                            "product_tmpl_id": self.glue.product_tmpl_id.id,
                            "applied_on": "1_product",
                        }
                    ),
                    Command.create({"compute_price": "formula", "base": "list_price", "price_surcharge": 1.111}),
                ],
                **values,
            }
        )

    def make_stock_twin(self, quote):
        """Let stock create the same rows from bare products and quantities."""
        rows = []
        for line in quote.order_line:
            names = BOTH_FIELDS + (SECTION_FIELDS if line.display_type else LINE_FIELDS)
            vals = {name: line._fields[name].convert_to_write(line[name], line) for name in names}
            rows.append({**vals, "recipe_id": line.recipe_id.id})
        names = ("partner_id", "partner_shipping_id", "pricelist_id", "company_id", "user_id")
        names += ("team_id", "opportunity_id")
        return self.env["sale.order"].create(
            {
                **{name: quote[name].id for name in names},
                "date_order": quote.date_order,
                "presentation": quote.presentation,
                "order_line": [Command.create(vals) for vals in rows],
            }
        )

    def read_rows(self, table, column, order):
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT * FROM %s WHERE %s = %s ORDER BY id",
                SQL.identifier(table),
                SQL.identifier(column),
                order.id,
            )
        )
        return [{name: value for name, value in row.items() if name not in OWN_COLUMNS} for row in rows]

    def assertEqualsStock(self, items=None):
        sheet = self.make_final_sheet(
            items or [(self.wall, 12.347), (self.glue, 33.0), (self.tile, 0.01), (self.tiler, 7.13)]
        )
        quote = self.generate(sheet)
        twin = self.make_stock_twin(quote)
        for line, other in zip(
            self.read_rows("sale_order_line", "order_id", quote),
            self.read_rows("sale_order_line", "order_id", twin),
            strict=True,
        ):
            self.assertEqual(line, other)
        for line, other in zip(quote.order_line, twin.order_line, strict=True):
            self.assertEqual(line.tax_ids, other.tax_ids)
        (row,), (other,) = (self.read_rows("sale_order", "id", order) for order in (quote, twin))
        for name in ("name",):
            row.pop(name), other.pop(name)
        self.assertEqual(row, other)
        self.assertEqual(quote.tax_totals, twin.tax_totals)
        self.assertEqual(sheet.amount_total, quote.amount_untaxed)
        return quote

    def test_equal_with_plain_prices(self):
        self.assertEqualsStock()

    def test_equal_when_the_company_rounds_per_line(self):
        self.env.company.tax_calculation_rounding_method = "round_per_line"
        self.assertEqualsStock()

    def test_equal_on_a_foreign_pricelist_with_quantity_bands(self):
        self.client.property_product_pricelist = self.make_pricelist(currency_id=self.euro.id)
        quote = self.assertEqualsStock()
        self.assertEqual(quote.currency_id, self.euro)
        bands = quote.order_line.filtered(lambda line: line.product_id == self.glue)
        self.assertEqual(len(set(bands.mapped("price_unit"))), 1)
        few = self.assertEqualsStock([(self.glue, 19.99), (self.glue, 20.0), (self.glue, 1.0)])
        prices = few.order_line.filtered("product_id").mapped("price_unit")
        self.assertNotEqual(prices[0], prices[1])
        self.assertEqual(prices[0], prices[2])

    def test_equal_on_a_pricelist_based_on_another(self):
        base = self.make_pricelist()
        self.client.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "On top",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "base": "pricelist",
                            "base_pricelist_id": base.id,
                            "percent_price": 3.3,
                        }
                    )
                ],
            }
        )
        self.assertEqualsStock([(self.glue, 19.99), (self.glue, 20.0), (self.wall, 3.3)])

    def test_equal_with_discounts_shown(self):
        self.quick_ref("base.group_user").implied_ids += self.quick_ref("sale.group_discount_per_so_line")
        self.client.property_product_pricelist = self.make_pricelist()
        quote = self.assertEqualsStock()
        self.assertTrue(any(quote.order_line.mapped("discount")))

    def test_equal_with_a_fiscal_position(self):
        exempt = self.make_tax(0.0)
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        exempt.write({"fiscal_position_ids": position.ids, "original_tax_ids": self.included.ids})
        self.client.property_account_position_id = position
        self.site.property_account_position_id = position
        quote = self.assertEqualsStock()
        self.assertEqual(quote.fiscal_position_id, position)
        tile_line = quote.order_line.filtered(lambda line: line.product_id == self.tile)[:1]
        self.assertEqual(tile_line.tax_ids, exempt)

    def test_equal_with_an_analytic_distribution(self):
        plan = self.env["account.analytic.plan"].create({"name": "Sites"})
        account = self.env["account.analytic.account"].create({"name": "A", "plan_id": plan.id})
        self.env["account.analytic.distribution.model"].create(
            {"partner_id": self.client.id, "analytic_distribution": {str(account.id): 100}}
        )
        quote = self.assertEqualsStock()
        self.assertEqual(quote.order_line[1].analytic_distribution, {str(account.id): 100})

    def test_equal_in_another_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.tile.with_context(lang="fr_FR").name = "Carreau"
        self.client.lang = "fr_FR"
        quote = self.assertEqualsStock()
        self.assertIn("Carreau", quote.order_line[2].name)

    def test_equal_with_an_archived_component(self):
        self.glue.action_archive()
        self.assertEqualsStock([(self.wall, 12.347)])

    def test_queries_do_not_grow_with_the_lines(self):
        counts = []
        items = (self.wall, self.glue, self.tile)
        for size in (30, 300):
            sheet = self.make_final_sheet([(items[n % 3], 1.0 + n % 7) for n in range(size)])
            for _warm in range(2):
                sheet.order_ids.action_cancel()
                with counting(self.env) as queries:
                    self.generate(sheet)
                count = queries.count
            counts.append((count, len(sheet.order_ids[:1].order_line)))
        (small, _rows), (large, rows) = counts
        # PostgreSQL gets the rows in batches of a hundred: one insert and one update each.
        self.assertLessEqual(large - small, 2 * rows // 100 + 2)
        self.assertLessEqual(small, 75)
