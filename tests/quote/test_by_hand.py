from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import QuoteCommon


class ByHandCommon(QuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.quote = cls.make_hand_quote()

    @classmethod
    def make_hand_quote(cls, **values):
        return (
            cls.env["sale.order"]
            .with_user(cls.salesperson)
            .create({"partner_id": cls.client.id, "opportunity_id": cls.lead.id, **values})
        )

    def add(self, product, quantity, quote=None, user=None, **values):
        wizard = self.env["construction.chapter.add"].with_user(user or self.salesperson)
        wizard = wizard.create(
            {"order_id": (quote or self.quote).id, "product_id": product.id, "quantity": quantity, **values}
        )
        wizard.action_apply()
        return wizard.line_id

    def get_rows(self, quote=None):
        lines = (quote or self.quote).order_line.sorted(lambda line: (line.sequence, line.id))
        return [(line.chapter_number, line.name) for line in lines]


@tagged("post_install", "-at_install")
class TestChapterByHand(ByHandCommon):
    def test_a_chapter_comes_with_the_components_of_its_recipe(self):
        chapter = self.add(self.wall, 10.0)
        self.assertRecordValues(
            chapter,
            [
                {
                    "display_type": "line_section",
                    "chapter_number": "1",
                    "chapter_product_id": self.wall.id,
                    "chapter_quantity": 10.0,
                    "chapter_uom_id": self.square_meter.id,
                }
            ],
        )
        rows = self.quote.order_line - chapter
        self.assertRecordValues(
            rows,
            [
                {"chapter_number": "1.1", "product_id": self.tiler.id, "product_uom_qty": 8.0, "price_unit": 31.37},
                {"chapter_number": "1.2", "product_id": self.tile.id, "product_uom_qty": 10.8, "price_unit": 12.33},
                {"chapter_number": "1.3", "product_id": self.glue.id, "product_uom_qty": 33.0, "price_unit": 1.17},
            ],
        )
        self.assertEqual(rows.sudo().mapped("purchase_price"), [20.0, 7.0, 0.6])

    def test_by_hand_and_from_a_sheet_come_to_the_same(self):
        generated = self.generate(self.make_final_sheet([(self.wall, 10.0), (self.glue, 7.0)]))
        self.add(self.wall, 10.0)
        self.add(self.glue, 7.0)
        names = (
            "chapter_number",
            "product_id",
            "product_uom_qty",
            "price_unit",
            "discount",
            "tax_ids",
            "purchase_price",
            "price_subtotal",
            "chapter_quantity",
            "cost_nature",
            "recipe_id",
            "technical_price_unit",
        )
        self.assertEqual(
            [[line[name] for name in names] for line in self.quote.sudo().order_line],
            [[line[name] for name in names] for line in generated.sudo().order_line],
        )

    def test_recipes_inside_recipes_are_parts_of_the_chapter(self):
        room = self.make_product("Room", 0.0, 0.0)
        self.make_recipe(room, [(self.tiler, 1.0, 0.0), (self.wall, 20.0, 0.0)]).action_activate()
        self.add(room, 1.0)
        numbers = [number for number, _name in self.get_rows()]
        self.assertEqual(numbers, ["1", "1.1", "1.2", "1.2.1", "1.2.2", "1.2.3"])

    def test_a_chapter_can_be_put_behind_another(self):
        first = self.add(self.wall, 1.0)
        self.add(self.glue, 1.0)
        self.add(self.tile, 1.0, after_id=first.id)
        chapters = self.quote.chapter_ids.sorted("sequence")
        self.assertEqual(chapters.mapped("chapter_product_id"), self.wall + self.tile + self.glue)
        self.assertEqual(chapters.mapped("chapter_number"), ["1", "2", "3"])

    def test_pressing_twice_adds_one(self):
        wizard = self.env["construction.chapter.add"].with_user(self.salesperson)
        wizard = wizard.create({"order_id": self.quote.id, "product_id": self.glue.id, "quantity": 2.0})
        wizard.action_apply()
        wizard.action_apply()
        self.assertEqual(len(self.quote.chapter_ids), 1)

    def test_prices_from_costs_and_the_markups_of_the_company(self):
        self.env.company.construction_price_source = "buildup"
        self.env["construction.markup"].create({"name": "Profit", "base": "direct", "percent": 50.0})
        self.add(self.wall, 10.0)
        self.assertEqual(self.quote.order_line[1:].mapped("price_unit"), [30.0, 10.5, 0.9])
        self.assertTrue(all(self.quote.order_line[1:].mapped("has_sheet_price")))
        self.quote.sudo().markup_ids.percent = 100.0
        self.assertEqual(self.quote.order_line[1:].mapped("price_unit"), [40.0, 14.0, 1.2])
        self.add(self.glue, 3.0)
        self.assertEqual(self.quote.order_line[-1].price_unit, 1.2)

    def test_a_foreign_currency_and_included_taxes(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": currency.id})
        tax = self.env["account.tax"].create({"name": "In", "amount": 19.0, "price_include_override": "tax_included"})
        self.glue.taxes_id = tax
        quote = self.make_hand_quote(pricelist_id=pricelist.id)
        self.add(self.glue, 10.0, quote)
        line = quote.order_line[-1]
        self.assertRecordValues(line, [{"price_unit": 2.34, "price_total": 23.4, "tax_ids": tax.ids}])
        self.assertEqual(quote.chapter_ids.chapter_subtotal, line.price_subtotal)

    def test_bad_input_is_named_and_nothing_is_added(self):
        with self.assertRaisesRegex(ValidationError, "above zero"):
            self.add(self.wall, 0.0)
        with self.assertRaisesRegex(ValidationError, "does not convert"):
            self.add(self.wall, 1.0, uom_id=self.hour.id)
        with self.assertRaisesRegex(ValidationError, "Choose the item"):
            self.add(self.env["product.product"], 1.0)
        self.assertFalse(self.quote.order_line)

    def test_only_on_drafts_of_construction_deals(self):
        self.add(self.glue, 1.0)
        self.quote.with_user(self.salesperson).action_quotation_sent()
        with self.assertRaisesRegex(UserError, "sent"):
            self.add(self.glue, 1.0)
        order = self.make_stock_order()
        with self.assertRaisesRegex(UserError, "construction deals"):
            order.action_add_chapter()
        with self.assertRaises(AccessError):
            self.add(self.glue, 1.0, user=self.surveyor)

    def test_typed_lines_and_moves_are_numbered(self):
        first = self.add(self.glue, 1.0)
        quote = self.quote.with_user(self.salesperson)
        quote.write({"order_line": [Command.create({"product_id": self.tile.id, "sequence": 50})]})
        self.assertEqual(quote.order_line[-1].chapter_number, "1.2")
        section = {"display_type": "line_section", "name": "More", "sequence": 60}
        line = {"product_id": self.tile.id, "sequence": 61}
        quote.write({"order_line": [Command.create(section), Command.create(line)]})
        self.assertEqual(quote.order_line[-1].chapter_number, "2.1")
        quote.write({"order_line": [Command.delete(first.id), Command.delete(quote.order_line[1].id)]})
        self.assertEqual([number for number, _name in self.get_rows()], ["1", "2", "2.1"])

    def test_orders_of_stock_are_not_numbered(self):
        order = self.make_stock_order()
        self.assertFalse(order.order_line.chapter_number)

    def test_a_rounding_markup_holds_for_chapters_by_hand(self):
        self.env.company.construction_price_source = "buildup"
        self.env["construction.markup"].create(
            [
                {"name": "Profit", "base": "direct", "percent": 50.0, "sequence": 1},
                {"name": "Round", "base": "round", "round_to": 5.0, "sequence": 2},
            ]
        )
        chapter = self.add(self.wall, 10.0)
        self.assertEqual(chapter.chapter_price_unit % 5.0, 0.0)
        self.quote.sudo().markup_ids.filtered(lambda markup: markup.base == "direct").percent = 61.0
        self.assertAlmostEqual(chapter.chapter_price_unit % 5.0, 0.0)


@tagged("post_install", "-at_install")
class TestRegenerateKeepsHandWork(ByHandCommon):
    def test_chapters_by_hand_stay_and_take_nothing_of_what_is_new(self):
        sheet = self.make_final_sheet([(self.wall, 2.0), (self.glue, 3.0)])
        quote = self.generate(sheet)
        first = quote.chapter_ids[0]
        own = self.add(self.tile, 5.0, quote, after_id=first.id)
        self.add(self.glue, 9.0, quote)
        before = own.chapter_subtotal
        version = self.recipe.with_user(self.estimator)
        version = self.env["construction.recipe"].browse(version.action_new_version()["res_id"])
        version.line_ids = [Command.create({"product_id": self.tiler.id, "quantity": 9.0})]
        version.action_activate()
        newer = self.env["construction.evaluation"].browse(sheet.action_new_version()["res_id"])
        newer.line_ids.filtered(lambda line: line.product_id == self.wall).recipe_id = version
        newer.action_finalize()
        action = quote.action_regenerate()
        wizard = self.env["construction.quote.regenerate"].browse(action["res_id"])
        wizard.action_take_all()
        wizard.action_apply()
        self.assertTrue(own.exists())
        self.assertEqual(own.chapter_subtotal, before)
        chapters = quote.chapter_ids.sorted("sequence")
        self.assertEqual(chapters.mapped("chapter_product_id").ids, (self.wall | self.tile | self.glue).ids)
        self.assertEqual(chapters.mapped("chapter_number"), ["1", "2", "3", "4"])
        self.assertEqual(len(first._get_chapter_lines()), len(version.line_ids))


@tagged("post_install", "-at_install")
class TestTemplate(ByHandCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson.sudo().group_ids += cls.quick_ref("sale_management.group_sale_order_template")
        cls.template = cls.make_template(
            [
                {"display_type": "line_section", "name": "Bathroom", "product_uom_qty": 0},
                {"product_id": cls.glue.id, "product_uom_qty": 2.0},
                {"product_id": cls.wall.id, "product_uom_qty": 10.0},
                {"product_id": cls.tile.id, "product_uom_qty": 3.0},
                {"display_type": "line_section", "name": "Kitchen", "product_uom_qty": 0},
                {"product_id": cls.tile.id, "product_uom_qty": 1.0},
            ]
        )
        cls.template.chapter_line_ids[0].write({"chapter_quantity": 12.5, "chapter_uom_id": cls.square_meter.id})

    @classmethod
    def make_template(cls, lines, **values):
        lines = [Command.create({"sequence": place, **line}) for place, line in enumerate(lines)]
        return (
            cls.env["sale.order.template"]
            .sudo()
            .create({"name": "Usual works", "sale_order_template_line_ids": lines, **values})
        )

    def fill(self, template=None, **values):
        """Choose the template on the form of a new quote, as a person does."""
        form = Form(self.env["sale.order"].with_user(self.salesperson).with_context(**values))
        form.partner_id = self.client
        form.sale_order_template_id = template or self.template
        return form.save()

    def fill_deal(self, template=None):
        return self.fill(template, default_opportunity_id=self.lead.id)

    def test_sections_become_chapters_and_recipes_their_parts(self):
        quote = self.fill_deal()
        self.assertEqual(
            self.get_rows(quote),
            [
                ("1", "Bathroom"),
                ("1.1", "Glue"),
                ("1.2", "Tiled wall"),
                ("1.2.1", "Tiler"),
                ("1.2.2", "Tile"),
                ("1.2.3", "Glue"),
                ("1.3", "Tile"),
                ("1.3.1", "Tile"),
                ("2", "Kitchen"),
                ("2.1", "Tile"),
            ],
        )
        bathroom, kitchen = quote.chapter_ids
        unit = self.quick_ref("uom.product_uom_unit")
        self.assertRecordValues(
            bathroom + kitchen,
            [
                {"chapter_quantity": 12.5, "chapter_uom_id": self.square_meter.id},
                {"chapter_quantity": 1.0, "chapter_uom_id": unit.id},
            ],
        )
        part = quote.order_line.filtered(lambda line: line.chapter_number == "1.2")
        self.assertRecordValues(part, [{"chapter_quantity": 10.0, "chapter_subtotal": 422.73}])
        self.assertAlmostEqual(bathroom.chapter_subtotal + kitchen.chapter_subtotal, quote.amount_untaxed, 2)

    def test_a_quote_begins_with_the_template_of_the_type_of_its_deal(self):
        sister = self.env["res.company"].sudo().create({"name": "Sister"})
        usual, other = self.make_template([]), self.make_template([], company_id=sister.id)
        self.env.company.sudo().sale_order_template_id = usual
        self.template.write({"note": "<p>Scaffolding is ours</p>", "number_of_days": 45})
        self.lead.construction_type_id.quote_template_id = self.template
        quotes = self.env["sale.order"].with_user(self.salesperson)
        form = Form(quotes.with_context(**self.lead._prepare_opportunity_quotation_context()))
        self.assertEqual(form.sale_order_template_id, self.template)
        quote = form.save()
        self.assertEqual(quote.chapter_ids.mapped("name"), ["Bathroom", "Kitchen"])
        generated = self.generate(self.make_final_sheet([(self.wall, 10.0)]))
        self.assertIn("Scaffolding is ours", generated.note)
        self.assertEqual(generated.validity_date, fields.Date.today() + timedelta(days=45))
        self.assertEqual(generated.chapter_ids.chapter_product_id, self.wall, "What was measured, nothing else.")
        self.assertEqual(Form(quotes).sale_order_template_id, usual, "Other quotes begin as the company says.")
        with self.assertRaises(UserError):
            self.lead.construction_type_id.quote_template_id = other

    def test_without_sections_each_item_is_a_chapter(self):
        lines = [{"product_id": self.glue.id, "product_uom_qty": 4.0}, {"product_id": self.wall.id}]
        quote = self.fill_deal(self.make_template(lines))
        numbers = [number for number, _name in self.get_rows(quote)]
        self.assertEqual(numbers, ["1", "1.1", "2", "2.1", "2.2", "2.3"])
        self.assertEqual(quote.chapter_ids.mapped("chapter_product_id"), self.glue + self.wall)

    def test_items_stay_whole_where_the_template_says_so(self):
        self.template.keeps_items_whole = True
        quote = self.fill_deal()
        self.assertEqual(len(quote.order_line), 6)
        self.assertEqual(quote.order_line.filtered(lambda line: line.product_id == self.wall).price_unit, 90.0)
        self.assertEqual(len(quote.chapter_ids), 2)

    def test_on_stock_orders_templates_are_as_stock_has_them(self):
        order = self.fill()
        self.assertEqual(len(order.order_line), 6)
        self.assertFalse(any(order.order_line.mapped("chapter_number")))
        self.assertFalse(order.chapter_ids)

    def test_a_copy_and_a_revision_keep_the_chapters_as_they_are(self):
        quote = self.fill_deal()
        rows = self.get_rows(quote)
        self.assertEqual(self.get_rows(quote.copy()), rows)
        quote.action_quotation_sent()
        revision = self.env["sale.order"].browse(quote.action_revise("Longer")["res_id"])
        self.assertEqual(self.get_rows(revision), rows)

    def test_another_template_on_a_draft_replaces_the_lines(self):
        quote = self.fill_deal()
        other = self.make_template([{"product_id": self.wall.id, "product_uom_qty": 2.0}])
        form = Form(quote.with_user(self.salesperson))
        form.sale_order_template_id = other
        form.save()
        self.assertEqual([number for number, _name in self.get_rows(quote)], ["1", "1.1", "1.2", "1.3"])
