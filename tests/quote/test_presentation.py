from lxml import html

from odoo.tests import tagged

from ..query_count import counting
from .common import QuoteCommon

PRESENTATIONS = ("full", "no_prices", "chapters", "total")


@tagged("post_install", "-at_install")
class TestPresentation(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.generate()

    def render(self, order):
        document, _type = self.env["ir.actions.report"]._render_qweb_html("sale.action_report_saleorder", order.ids)
        return html.fromstring(document)

    def render_portal(self, order):
        document = self.env["ir.ui.view"]._render_template(
            order._get_name_portal_content_view(),
            {"sale_order": order, "report_type": "html", "is_html_empty": lambda value: not value},
        )
        return html.fromstring(document)

    def read_rows(self, page):
        """Give the rows of the table: the texts of their cells."""
        rows = page.xpath("//tbody[contains(@class, 'sale_tbody')]/tr")
        return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]

    def test_totals_are_the_same_in_all_presentations(self):
        totals = (self.quote.amount_untaxed, self.quote.amount_total)
        for presentation in PRESENTATIONS:
            self.quote.presentation = presentation
            self.assertEqual((self.quote.amount_untaxed, self.quote.amount_total), totals)

    def test_the_switch_sets_all_sections(self):
        for presentation, prices, composition in (
            ("no_prices", True, False),
            ("chapters", False, True),
            ("total", False, True),
            ("full", False, False),
        ):
            self.quote.presentation = presentation
            for chapter in self.quote.chapter_ids:
                self.assertEqual(chapter.collapse_prices, prices)
                self.assertEqual(chapter.collapse_composition, composition)

    def test_full_shows_chapters_and_their_components(self):
        for page in (self.render(self.quote), self.render_portal(self.quote)):
            rows = self.read_rows(page)
            self.assertEqual(len(rows), 6)
            chapter, component = rows[0], rows[1]
            self.assertTrue(chapter[0].startswith("1 Tiled wall"), chapter)
            self.assertEqual(chapter[1], "2.50 m²")
            self.assertEqual(float(chapter[2]), round(self.quote.chapter_ids[0].chapter_price_unit, 2))
            self.assertTrue(component[0].startswith("1.1 Tiler"), component)
            self.assertIn("31.37", component[2])

    def test_components_without_prices(self):
        self.quote.presentation = "no_prices"
        for page in (self.render(self.quote), self.render_portal(self.quote)):
            rows = self.read_rows(page)
            self.assertEqual(len(rows), 6)
            self.assertTrue(rows[0][2])
            self.assertEqual(rows[1][2:], ["", ""])

    def test_chapters_only(self):
        self.quote.presentation = "chapters"
        for page in (self.render(self.quote), self.render_portal(self.quote)):
            rows = self.read_rows(page)
            self.assertEqual([row[0] for row in rows], ["1 Tiled wall", "2 Glue"])
            self.assertEqual(rows[0][1], "2.50 m²")
            self.assertIn(f"{self.quote.chapter_ids[0].chapter_subtotal:.2f}", rows[0][-1])

    def test_a_chapter_of_several_taxes_is_one_row(self):
        self.quote.order_line[1].tax_ids = self.tax_sale_a
        self.quote.order_line[2].tax_ids = self.tax_sale_b
        self.quote.presentation = "chapters"
        self.assertEqual(len(self.read_rows(self.render(self.quote))), 2)

    def test_one_total_shows_no_other_amount(self):
        self.quote.presentation = "total"
        for page in (self.render(self.quote), self.render_portal(self.quote)):
            for row in self.read_rows(page):
                self.assertEqual(row[2:], ["", ""])
            self.assertIn(f"{self.quote.amount_total:.2f}", page.text_content())

    def test_one_total_hides_what_stands_outside_of_chapters(self):
        self.quote.presentation = "total"
        self.quote.order_line.create({"order_id": self.quote.id, "product_id": self.tile.id, "sequence": -1})
        rows = self.read_rows(self.render(self.quote))
        self.assertIn("Tile", rows[0][0])
        self.assertEqual(rows[0][2:], ["", ""])

    def test_rows_make_the_total_even_when_taxes_are_rounded_globally(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        self.glue.list_price = 0.335
        quote = self.generate(self.make_final_sheet([(self.glue, 1.0)] * 3))
        chapters = sum(quote.chapter_ids.mapped("chapter_subtotal"))
        self.assertNotEqual(quote.currency_id.compare_amounts(chapters, quote.amount_untaxed), 0)
        self.assertAlmostEqual(chapters + quote.rounding_difference, quote.amount_untaxed)
        for page in (self.render(quote), self.render_portal(quote)):
            self.assertEqual(self.read_rows(page)[-1][0], "Rounding")

    def test_what_rounding_takes_off_is_no_advantage(self):
        self.env.company.tax_calculation_rounding_method = "round_globally"
        self.glue.list_price = 0.335
        quote = self.generate(self.make_final_sheet([(self.glue, 1.0)] * 3))
        self.assertTrue(quote.rounding_difference)
        self.assertAlmostEqual(quote.amount_undiscounted, quote.amount_untaxed)

    def test_rows_of_chapters_have_the_columns_of_the_header_on_a_phone(self):
        self.quote.order_line.tax_ids = self.tax_sale_a
        for presentation in PRESENTATIONS:
            self.quote.presentation = presentation
            page = self.render_portal(self.quote)
            head = page.xpath("//table[@id='sales_order_table']/thead//th")
            hidden = [[c for c in th.get("class", "").split() if c.startswith("d-")] for th in head]
            for row in page.xpath("//tr[@name='tr_section_group']"):
                cells = [[c for c in td.get("class", "").split() if c.startswith("d-")] for td in row.xpath("td")]
                self.assertEqual(cells, hidden)

    def test_quotes_of_stock_print_as_before(self):
        order = self.make_stock_order()
        order.order_line.create({"order_id": order.id, "display_type": "line_section", "name": "Part", "sequence": -1})
        for page in (self.render(order), self.render_portal(order)):
            self.assertFalse(page.xpath("//*[starts-with(@name, 'td_chapter')]"))
            self.assertFalse(page.xpath("//*[@name='chapter_number' or @name='tr_rounding']"))
            section = page.xpath("//td[@name='td_section_name']")[0]
            self.assertEqual(section.get("colspan"), "3")

    def test_printing_costs_no_more_queries_for_more_chapters(self):
        counts = []
        for size in (3, 30):
            quote = self.generate(self.make_final_sheet([(self.wall, 1.0)] * size))
            self.render(quote)
            with counting(self.env) as queries:
                self.render(quote)
            counts.append(queries.count)
        self.assertLessEqual(counts[1], counts[0])
