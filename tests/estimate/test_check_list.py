from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..query_count import counting
from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestCheckList(EstimateCommon):
    def get_kinds(self, sheet, user=None):
        sheet = sheet.with_user(user or self.estimator)
        sheet.invalidate_recordset(["check_list", "fault_count"])
        return [fault["kind"] for fault in sheet.check_list or ()]

    def test_a_sheet_in_order_has_nothing_to_settle(self):
        sheet = self.make_sheet()
        self.assertEqual(self.get_kinds(sheet), [])
        self.assertEqual(sheet.fault_count, 0)

    def test_every_fault_points_to_its_record(self):
        free = self.make_product("Advice", 0.0, 0.0)
        sheet = self.make_sheet([(self.wall, 0.0), (free, 1.0)])
        sheet.invalidate_recordset()
        self.assertEqual(
            [(fault["kind"], fault["model"], fault["id"]) for fault in sheet.check_list],
            [
                ("quantity", "construction.evaluation.line", sheet.line_ids[0].id),
                ("price", "construction.evaluation.line", sheet.line_ids[1].id),
            ],
        )
        self.assertEqual(sheet.fault_count, 2)

    def test_faults_are_listed_in_the_order_of_the_sheet(self):
        sheet = self.make_sheet([(self.wall, 0.0), (self.glue, 0.0)])
        sheet.line_ids[1].sequence = 1
        sheet.invalidate_recordset()
        self.assertEqual([fault["id"] for fault in sheet.check_list], sheet.line_ids.sorted("sequence").ids)

    def test_a_duplicate_is_a_warning_and_does_not_block(self):
        sheet = self.make_sheet([(self.glue, 1.0), (self.glue, 2.0), (self.glue, 3.0)])
        sheet.line_ids[2].zone = "Kitchen"
        self.assertEqual(self.get_kinds(sheet), ["duplicate"])
        self.assertEqual(sheet.fault_count, 0)
        sheet.action_finalize()
        self.assertEqual(sheet.state, "final")

    def test_works_without_a_recipe_are_a_warning(self):
        works = self.make_product("Painting", 10.0, 5.0, type="service")
        by_hour = self.make_product("Helper", 10.0, 5.0, type="service", uom_id=self.hour.id)
        crane = self.make_product("Crane", 10.0, 5.0, type="service", cost_nature="equipment")
        sheet = self.make_sheet([(works, 1.0), (by_hour, 1.0), (crane, 1.0), (self.glue, 1.0)])
        self.assertEqual(self.get_kinds(sheet), ["recipe"])

    def test_a_unit_that_no_longer_converts_is_a_fault(self):
        sheet = self.make_sheet([(self.glue, 1.0)])
        self.cr.execute("UPDATE product_template SET uom_id = %s", [self.hour.id])
        self.env.invalidate_all()
        self.assertIn("unit", self.get_kinds(sheet))
        with self.assertRaisesRegex(UserError, "does not convert"):
            sheet.action_finalize()

    def test_a_missing_parameter_is_a_fault_of_its_item(self):
        plaster = self.make_product("Plaster", 1.0, 1.0, uom_id=self.square_meter.id)
        recipe = self.make_recipe(plaster, [])
        recipe.parameter_ids = [Command.create({"name": "thickness", "is_required": True})]
        recipe.line_ids = [Command.create({"product_id": self.glue.id, "quantity_formula": "thickness * 2"})]
        recipe.action_activate()
        sheet = self.make_sheet([(plaster, 1.0)])
        self.assertEqual(self.get_kinds(sheet, self.surveyor), ["parameter"])

    def test_a_proposed_item_nobody_measured_is_a_hint_and_not_quoted(self):
        sheet = self.make_sheet([(self.wall, 0.0), (self.glue, 1.0)])
        sheet.line_ids[0].is_proposed = True
        self.assertEqual(self.get_kinds(sheet), ["unmeasured"])
        sheet.action_finalize()
        sheet.action_generate_quote()
        chapters = sheet.order_ids.order_line.filtered("display_type")
        self.assertEqual(chapters.mapped("chapter_product_id"), self.glue)
        self.assertEqual(chapters.mapped("chapter_number"), ["1"])
        self.assertEqual(sheet.order_ids.amount_untaxed, sheet.amount_total)

    def test_a_sheet_of_proposals_only_cannot_be_final(self):
        sheet = self.make_sheet([(self.wall, 0.0)])
        sheet.line_ids.is_proposed = True
        with self.assertRaisesRegex(UserError, "no item with a quantity"):
            sheet.action_finalize()

    def test_a_surveyor_gets_no_fault_about_prices(self):
        advice = self.make_product("Advice", 0.0, 0.0)
        works = self.make_product("Painting", 10.0, 5.0, type="service")
        sheet = self.make_sheet([(advice, 1.0), (works, 1.0), (self.wall, 0.0)], user_id=self.surveyor.id)
        self.assertEqual(self.get_kinds(sheet), ["price", "quantity", "recipe"])
        self.assertEqual(self.get_kinds(sheet, self.surveyor), ["quantity"])
        self.assertEqual(sheet.with_user(self.surveyor).fault_count, 1)

    def test_a_final_sheet_has_no_check_list(self):
        sheet = self.make_sheet([(self.glue, 1.0), (self.glue, 1.0)])
        sheet.action_finalize()
        self.assertEqual(self.get_kinds(sheet), [])

    def test_typing_does_not_make_the_list_again(self):
        form = Form(self.make_sheet([(self.glue, 0.0)]).with_user(self.estimator))
        with form.line_ids.edit(0) as line:
            line.quantity = 2.0
        self.assertEqual(form.save().fault_count, 0)

    def test_the_list_costs_as_many_queries_for_many_items(self):
        counts = []
        for size in (100, 1000):
            items = [self.wall, self.glue, self.tile]
            sheet = self.make_sheet([(items[number % 3], 1.0 + number % 7) for number in range(size)])
            for _warm in range(2):
                with counting(self.env) as queries:
                    self.assertTrue(sheet.with_user(self.estimator).check_list)
                count = queries.count
            counts.append(count)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 25, counts)


@tagged("post_install", "-at_install")
class TestLiveTotal(EstimateCommon):
    def test_total_cost_and_margin_follow_as_one_types(self):
        sheet = self.make_sheet([(self.glue, 10.0)])
        form = Form(sheet.with_user(self.estimator))
        self.assertEqual((form.amount_total, form.amount_cost), (11.7, 6.0))
        with form.line_ids.edit(0) as line:
            line.quantity = 20.0
        self.assertEqual((form.amount_total, form.amount_cost), (23.4, 12.0))
        with form.line_ids.new() as line:
            line.product_id = self.wall
            line.quantity = 1.0
        self.assertGreater(form.amount_total, 23.4)
        self.assertGreater(form.amount_cost, 12.0)
        self.assertAlmostEqual(form.margin_percent, (1 - form.amount_cost / form.amount_total) * 100, places=1)
        with form.line_ids.edit(1) as line:
            line.product_id = self.tile
        total = form.amount_total
        self.assertEqual((total, form.amount_cost), (35.73, 19.0))
        self.assertEqual(form.save().amount_total, total)
