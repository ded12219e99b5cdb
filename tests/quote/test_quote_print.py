import base64
import io

from lxml import html
from openpyxl import load_workbook
from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.pdf import PdfReader

from ...models.quote.quote_workbook import write_quote
from ..query_count import counting
from .common import QuoteCommon

PRESENTATIONS = ("full", "no_prices", "chapters", "total")


class QuotePrintCommon(QuoteCommon):
    def render(self, order, report_type="html", report="sale.action_report_saleorder"):
        data = {"report_type": report_type}
        document, _kind = self.env["ir.actions.report"]._render_qweb_html(report, order.ids, data=data)
        return html.fromstring(document)

    def read_workbook(self, order):
        """Give the rows of the spreadsheet, as the values a program shows before it works anything out."""
        content = io.BytesIO()
        write_quote(content, order)
        return [list(row) for row in load_workbook(content, data_only=True).active.iter_rows(values_only=True)]

    def make_photo(self, line, name="Before", is_printed=True):
        buffer = io.BytesIO()
        Image.new("RGB", (40, 30), (90, 120, 60)).save(buffer, "PNG")
        image = base64.b64encode(buffer.getvalue())
        return self.env["construction.evaluation.photo"].create(
            {"line_id": line.id, "name": name, "image_1920": image, "is_printed": is_printed}
        )


@tagged("post_install", "-at_install")
class TestChapterPresentation(QuotePrintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.generate()
        cls.chapter = cls.quote.chapter_ids[0]

    def test_what_the_menu_of_a_section_sets_stays_when_the_presentation_is_switched(self):
        self.chapter.write({"collapse_prices": False, "collapse_composition": True})
        self.assertEqual(self.chapter.chapter_presentation, "chapters")
        for presentation in ("no_prices", "total", "chapters", "full"):
            self.quote.presentation = presentation
            self.assertEqual(self.chapter._get_flags(), (False, True), presentation)
        self.assertEqual(self.quote.chapter_ids[1]._get_flags(), (False, False))

    def test_a_chapter_set_back_follows_the_quote_again(self):
        self.chapter.write({"collapse_prices": True})
        self.assertEqual(self.chapter.chapter_presentation, "no_prices")
        self.chapter.write({"collapse_prices": False})
        self.assertFalse(self.chapter.chapter_presentation)
        self.quote.presentation = "chapters"
        self.assertEqual(self.chapter._get_flags(), (False, True))

    def test_a_chapter_shown_in_full_shows_no_amount_under_one_total(self):
        self.quote.presentation = "total"
        self.chapter.chapter_presentation = "full"
        rows = self.render(self.quote).xpath("//tbody[contains(@class, 'sale_tbody')]/tr")
        self.assertGreater(len(rows), 2)
        for row in rows:
            amount = row[-1].text_content().strip()
            self.assertFalse(amount, amount)

    def test_a_new_section_is_presented_as_its_quote(self):
        self.quote.presentation = "chapters"
        section = self.quote.order_line.create(
            {"order_id": self.quote.id, "display_type": "line_section", "name": "By hand"}
        )
        self.assertEqual(section._get_flags(), (False, True))
        self.assertFalse(section.chapter_presentation)

    def test_a_copy_keeps_what_chapters_have_of_their_own(self):
        self.chapter.chapter_presentation = "chapters"
        copied = self.quote.copy().chapter_ids
        self.assertEqual(copied.mapped("chapter_presentation"), ["chapters", False])
        self.assertEqual([line._get_flags() for line in copied], [(False, True), (False, False)])

    def test_what_was_sent_cannot_be_presented_otherwise(self):
        self.quote.action_quotation_sent()
        for values in ({"chapter_presentation": "chapters"}, {"collapse_prices": True}):
            with self.assertRaises(UserError):
                self.chapter.write(values)
        for values in ({"print_photos": "annex"}, {"print_summary": True}):
            with self.assertRaises(UserError):
                self.quote.write(values)

    def test_a_preview_shows_another_presentation_and_writes_nothing(self):
        for presentation in PRESENTATIONS:
            preview = self.quote.with_context(construction_presentation=presentation)
            shown = len(preview._get_order_lines_to_report())
            self.assertEqual(shown, 2 if presentation in ("chapters", "total") else 6)
        self.assertEqual(self.quote.presentation, "full")
        page = self.render(self.quote, report="construction_crm.action_report_quote_presentations")
        tables = page.xpath("//tbody[contains(@class, 'sale_tbody')]")
        self.assertEqual([len(table) for table in tables], [6, 6, 2, 2])
        self.assertEqual(len(page.xpath("//div[@name='preview_label']")), 4)


@tagged("post_install", "-at_install")
class TestQuotePrint(QuotePrintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.generate()

    def test_a_title_is_one_row_with_its_first_line(self):
        page = self.render(self.quote, "pdf")
        kept = page.xpath("//tbody[contains(@class, 'sale_tbody')]/tr[@class='o_kept_rows']")
        self.assertEqual(len(kept), 2)
        for row in kept:
            names = [inner.get("name") for inner in row.xpath(".//tr")]
            self.assertEqual(names, ["tr_section", "tr_product"])
        header = page.xpath("//table[contains(@class, 'o_has_total_table')]/thead")[0]
        self.assertIn("table-header-group", header.get("style"))

    def test_the_total_is_spelled_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.client.lang = "de_DE"
        words = self.render(self.quote).xpath("//p[@name='amount_in_words']/span")[0].text_content()
        self.assertEqual(words, self.quote.currency_id._get_amount_in_words(self.quote.amount_total, "de_DE"))

    def test_the_summary_adds_up(self):
        self.quote.print_summary = True
        page = self.render(self.quote)
        self.assertEqual(len(page.xpath("//tr[@name='tr_summary']")), 2)
        for presentation in ("chapters", "total"):
            self.quote.presentation = presentation
            self.assertFalse(self.render(self.quote).xpath("//tr[@name='tr_summary']"))

    def test_photos_chosen_for_the_client_are_printed_where_asked(self):
        sheet = self.make_sheet()
        line = sheet.line_ids[0]
        self.make_photo(line), self.make_photo(line, "Secret", is_printed=False)
        sheet.action_finalize()
        quote = self.generate(sheet)
        for option, place in (("chapter", "//tr[@name='tr_photos']"), ("annex", "//div[@name='photo_annex']")):
            quote.print_photos = option
            page = self.render(quote)
            self.assertEqual(len(page.xpath(f"{place}//img")), 1)
            self.assertNotIn("Secret", page.text_content())
        quote.print_photos = False
        self.assertFalse(self.render(quote).xpath("//*[@name='tr_photos' or @name='photo_annex']"))

    def test_orders_of_stock_print_without_our_parts(self):
        page = self.render(self.make_stock_order(), "pdf")
        self.assertFalse(page.xpath("//*[@name='amount_in_words' or @class='o_kept_rows']"))
        self.assertFalse(page.xpath("//colgroup"))

    def test_many_lines_print_with_the_queries_of_few(self):
        counts = []
        for size in (5, 50):
            quote = self.generate(self.make_final_sheet([(self.wall, 1.0)] * size))
            self.render(quote, "pdf")
            with counting(self.env) as queries:
                page = self.render(quote, "pdf")
            counts.append(queries.count)
            self.assertEqual(len(page.xpath("//tr[@name='tr_section']")), size)
            amounts = page.xpath("//tr[@name='tr_section']//*[@name='price_subtotal_section']//span/text()")
            self.assertEqual(amounts, [f"{amount:.2f}" for amount in quote.chapter_ids.mapped("chapter_subtotal")])
        self.assertLessEqual(counts[1], counts[0] + 2)


@tagged("post_install", "-at_install")
class TestQuotePdf(QuotePrintCommon, HttpCase):
    def test_every_page_has_the_header_and_no_title_ends_one(self):
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() in ("install", "broken"):
            self.skipTest("wkhtmltopdf is not there to print with.")
        # Chapters of one line and of four in turn, so that titles come to all places of a page.
        quote = self.generate(self.make_final_sheet([(self.wall, 1.0), (self.glue, 2.0), (self.glue, 3.0)] * 12))
        quote.chapter_ids.name = "TITLE"
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, _kind = report._render_qweb_pdf("sale.action_report_saleorder", quote.ids)
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
        self.assertGreater(len(pages), 2)
        titles = 0
        for text in pages:
            rows = [row.strip() for row in text.splitlines() if row.strip()]
            if not any(word in text for word in ("TITLE", "Tile", "Glue")):
                continue  # the totals alone
            self.assertIn("Description", text)
            places = [place for place, row in enumerate(rows) if "TITLE" in row]
            lines = [place for place, row in enumerate(rows) if any(word in row for word in ("Glue", "Tiler", "Tile"))]
            is_alone = places and places[-1] > max(lines, default=-1)
            self.assertFalse(is_alone, "a title stands alone at the end of a page")
            titles += len(places)
        self.assertEqual(titles, len(quote.chapter_ids))


@tagged("post_install", "-at_install")
class TestQuoteWorkbook(QuotePrintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.generate()

    def test_it_shows_no_more_than_the_presentation(self):
        for presentation, rows, amounts in (("full", 6, 6), ("no_prices", 6, 2), ("chapters", 2, 2), ("total", 2, 0)):
            self.quote.presentation = presentation
            lines = self.read_workbook(self.quote)[4:-3]
            self.assertEqual(len(lines), rows, presentation)
            self.assertEqual(len([row for row in lines if row[-1] is not None]), amounts, presentation)
            self.assertEqual(self.read_workbook(self.quote)[-1][-1], self.quote.amount_total)

    def test_an_option_that_is_not_chosen_is_in_no_sum(self):
        chapter = self.quote.chapter_ids[1]
        chapter._set_choice("optional")
        rows = self.read_workbook(self.quote)
        row = next(row for row in rows if row[1] and row[1].startswith(chapter.name) and "option" in row[1])
        self.assertIsNone(row[-2])
        self.assertEqual(row[-1], chapter.chapter_offered_subtotal)
        self.assertEqual(rows[-3][-2], self.quote.amount_untaxed)

    def test_texts_that_look_like_formulas_stay_texts(self):
        self.quote.chapter_ids[0].name = '=HYPERLINK("http://bad")'
        content = io.BytesIO()
        write_quote(content, self.quote)
        cell = load_workbook(content).active["B5"]
        self.assertEqual((cell.data_type, cell.quotePrefix), ("s", True))

    def test_one_quote_at_a_time(self):
        with self.assertRaises(UserError):
            (self.quote | self.quote.copy()).action_download_workbook()


@tagged("post_install", "-at_install")
class TestQuotePreviewOnline(QuotePrintCommon, HttpCase):
    def test_the_office_looks_at_presentations_the_client_cannot(self):
        quote = self.generate()
        quote.presentation = "total"
        quote.action_quotation_sent()
        url = quote.get_portal_url(query_string="&presentation=full")
        self.assertNotIn("presentation_preview", self.url_open(url).text)
        self.assertNotIn("td_product_name", self.url_open(url).text)
        salesperson = new_test_user(self.env, "previewer", groups="sales_team.group_sale_salesman_all_leads")
        self.authenticate(salesperson.login, salesperson.login)
        page = self.url_open(url).text
        self.assertIn("presentation_preview", page)
        self.assertIn("td_product_name", page)

    def test_clients_get_no_spreadsheet(self):
        quote = self.generate()
        portal = new_test_user(self.env, "client_ana", groups="base.group_portal")
        self.authenticate(portal.login, portal.login)
        with self.assertLogs("odoo.http", "WARNING"):
            answer = self.url_open(f"/construction_crm/quote/{quote.id}/xlsx")
        self.assertEqual(answer.status_code, 403)
