"""Long quotes: what is done for all lines at once gives what stock gives line by line, in the queries of few."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.sale.models.sale_order_line import SaleOrderLine as StockLine

from ..query_count import count_queries
from .common import QuoteCommon

SIZES = (4, 40)
# The figures and texts of a line, whichever road made it.
LINE_FIELDS = (
    "display_type",
    "product_id",
    "name",
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "technical_price_unit",
    "discount",
    "tax_ids",
    "purchase_price",
    "price_subtotal",
    "price_tax",
    "price_total",
    "price_reduce_taxexcl",
    "price_reduce_taxinc",
    "margin",
    "margin_percent",
    "qty_to_invoice",
    "untaxed_amount_to_invoice",
    "chapter_number",
    "chapter_product_id",
    "chapter_quantity",
    "chapter_uom_id",
    "cost_nature",
    "recipe_id",
    "evaluation_line_id",
    "generation_key",
    "has_sheet_price",
    "is_percentage",
    "sequence",
)


class LongQuoteCommon(QuoteCommon):
    def make_long_quote(self, size):
        items = [(self.wall, 1.5 + number) for number in range(size)]
        return self.generate(self.make_final_sheet([*items, (self.glue, 4.0)]))

    def assert_linear(self, make_action):
        """The queries at ten times the size are those of the small one, but for the batches of the ORM."""
        make_action(SIZES[0])()  # What is read once for all is read here.
        few, many = (count_queries(self.env, make_action(size)) for size in SIZES)
        self.assertLessEqual(many, few + 12)

    def values_of(self, quote):
        return quote.order_line.sorted("sequence").read(LINE_FIELDS, load=None)


@tagged("post_install", "-at_install")
class TestLongQuoteForm(LongQuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spec = Form(cls.env["sale.order"])._view["fields_spec"]

    def edit(self, quote, command):
        self.env.invalidate_all()
        result = quote.onchange({"order_line": [command]}, ["order_line"], self.spec)
        result["value"].pop("expected_date", None)  # the second it was asked in
        return result

    def edit_as_stock(self, quote, command):
        with patch.object(type(quote.order_line), "_has_links", lambda lines: True):
            return self.edit(quote, command)

    def test_a_change_has_the_consequences_it_has_in_stock(self):
        quote = self.make_long_quote(3)
        lines = quote.order_line
        lone = self.generate(self.make_final_sheet([(self.glue, 1.0)]))
        lone.order_line = [Command.create({"display_type": "line_subsection", "name": "Lone", "sequence": 1})]
        for order, command in (
            (quote, Command.update(lines[2].id, {"product_uom_qty": 9.0})),
            (quote, Command.update(lines[2].id, {"product_id": self.glue.id})),
            (quote, Command.delete(lines[2].id)),
            (quote, Command.create({"product_id": self.glue.id, "product_uom_qty": 2})),
            (lone, Command.update(lone.order_line[1].id, {"product_uom_qty": 9.0})),
        ):
            with self.subTest(command=command):
                self.assertEqual(self.edit(order, command), self.edit_as_stock(order, command))

    def test_a_subsection_without_a_section_becomes_one(self):
        quote = self.generate(self.make_final_sheet([(self.glue, 1.0)]))
        with Form(quote) as form, form.order_line.new() as line:
            line.display_type = "line_subsection"
            line.name = "Below"
            line.sequence = 1
        self.assertIn("line_section", quote.order_line.filtered(lambda line: line.name == "Below").display_type)

    def test_lines_are_not_gone_through_for_each_line(self):
        quote = self.make_long_quote(3)
        command = Command.update(quote.order_line[2].id, {"product_uom_qty": 9.0})
        with patch.object(StockLine, "_get_linked_lines", side_effect=AssertionError):
            self.edit(quote, command)

    def test_linked_lines_are_left_to_stock(self):
        quote = self.make_long_quote(3)
        self.assertFalse(quote.order_line._has_links())
        quote.order_line[2].linked_line_id = quote.order_line[1]
        self.assertTrue(quote.order_line._has_links())
        self.assertEqual(quote.order_line[1]._get_linked_lines(), quote.order_line[2])

    def test_opening_asks_no_more_for_many_lines(self):
        def opening(size):
            quote = self.make_long_quote(size)
            return lambda: quote.web_read(self.spec)

        self.assert_linear(opening)

    def test_editing_asks_no_more_for_many_lines(self):
        def editing(size):
            quote = self.make_long_quote(size)
            command = Command.update(quote.order_line[2].id, {"product_uom_qty": 9.0})
            return lambda: self.edit(quote, command)

        self.assert_linear(editing)


@tagged("post_install", "-at_install")
class TestLongQuoteLife(LongQuoteCommon):
    def change(self, sheet):
        """Make the next version of the sheet, every quantity another; final."""
        sheet.action_new_version()
        version = sheet.next_version_ids
        for line in version.line_ids:
            line.quantity = line.quantity * 2 + 0.35
        version.action_finalize()
        return version

    def open_wizard(self, quote):
        return self.env["construction.quote.regenerate"].browse(quote.action_regenerate()["res_id"])

    def test_a_regenerated_quote_is_what_a_new_one_would_be(self):
        tax = self.env["account.tax"].create({"name": "VAT 19", "amount": 19.0, "amount_type": "percent"})
        (self.tile | self.glue).taxes_id = tax
        quote = self.make_long_quote(5)
        version = self.change(quote.evaluation_id)
        self.open_wizard(quote).action_apply()
        made = quote.read(["amount_untaxed", "amount_tax", "amount_total", "margin"])[0]
        found = self.values_of(quote)
        quote._action_cancel()
        new = self.generate(version)
        self.assertNotEqual(new, quote)
        for mine, other in zip(found, self.values_of(new), strict=True):
            self.assertEqual(mine | {"id": 0}, other | {"id": 0})
        self.assertEqual(made | {"id": 0}, new.read(list(made.keys() - {"id"}))[0] | {"id": 0})

    def test_regenerating_asks_little_more_for_many_lines(self):
        def regenerating(size):
            quote = self.make_long_quote(size)
            self.change(quote.evaluation_id)
            return self.open_wizard(quote).action_apply

        self.assert_linear(regenerating)

    def test_revising_asks_little_more_for_many_lines(self):
        def revising(size):
            quote = self.make_long_quote(size)
            quote.state = "sent"
            return quote.action_revise

        self.assert_linear(revising)

    def test_a_revision_made_without_rights_on_costs_has_all_of_the_quote(self):
        quote = self.make_long_quote(3)
        quote.state = "sent"
        quote.with_user(self.salesperson).action_revise()
        names = [name for name in LINE_FIELDS if name not in ("qty_to_invoice", "untaxed_amount_to_invoice")]
        lines = quote.next_revision_ids.order_line
        for mine, other in zip(lines.read(names, load=None), quote.order_line.read(names, load=None), strict=True):
            self.assertEqual(mine | {"id": 0}, other | {"id": 0})

    def test_figures_of_components_are_none(self):
        quote = self.make_long_quote(2)
        components = quote.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual(set(components.mapped("chapter_subtotal")), {0.0})
        self.assertFalse(components.chapter_tax_ids)

    def test_milestones_of_stock_follow_the_quantity(self):
        product = self.make_product("Works", 100.0, 0.0, type="service", service_policy="delivered_milestones")
        order = self.make_stock_order(
            order_line=[Command.create({"product_id": product.id, "product_uom_qty": 10}) for _line in range(3)]
        )
        project = self.env["project.project"].sudo().create({"name": "Works", "allow_milestones": True})
        line = order.order_line[1]
        self.assertFalse(line.milestone_ids)
        milestone = project.milestone_ids.create(
            {"name": "Half", "project_id": project.id, "sale_line_id": line.id, "quantity_percentage": 0.5}
        )
        self.assertEqual(line.milestone_ids, milestone)
        order.action_confirm()
        milestone.is_reached = True
        self.assertEqual(line.qty_delivered, 5)
        line.product_uom_qty = 20
        self.assertEqual(line.qty_delivered, 10)
        self.assertEqual(milestone.product_uom_qty, 10)
