from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestSheetTemplate(EstimateCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["construction.sheet.template"].create(
            {
                "name": "Bathroom",
                "line_ids": [
                    Command.create({"product_id": cls.wall.id, "zone": "Bathroom", "is_required": True}),
                    Command.create({"product_id": cls.glue.id, "quantity": 2.0}),
                    Command.create({"product_id": cls.tile.id}),
                ],
                "question_ids": [
                    Command.create({"name": "Is there power?"}),
                    Command.create({"name": "Which wall?", "kind": "choice", "choices": "Brick\nConcrete"}),
                    Command.create({"name": "How many steps?", "kind": "number", "is_mandatory": False}),
                    Command.create({"name": "Who has the key?", "kind": "text", "is_mandatory": False}),
                ],
            }
        )
        cls.construction_type.sheet_template_id = cls.template

    def make_sheet_of_type(self, **values):
        return self.env["construction.evaluation"].create({"lead_id": self.lead.id, **values})

    def fill(self, sheet):
        sheet.line_ids[0].quantity = 3.0
        sheet.answer_ids[0].value = "yes"
        sheet.answer_ids[1].value = "Brick"

    # === A SHEET STARTS WITH IT ===

    def test_a_sheet_starts_with_the_template_of_its_type(self):
        sheet = self.make_sheet_of_type()
        self.assertEqual(sheet.sheet_template_id, self.template)
        self.assertRecordValues(
            sheet.line_ids,
            [
                {"product_id": self.wall.id, "zone": "Bathroom", "quantity": 0.0, "is_proposed": False},
                {"product_id": self.glue.id, "zone": False, "quantity": 2.0, "is_proposed": True},
                {"product_id": self.tile.id, "zone": False, "quantity": 0.0, "is_proposed": True},
            ],
        )
        self.assertEqual(sheet.answer_ids.mapped("kind"), ["yes_no", "choice", "number", "text"])

    def test_the_form_shows_the_items_before_it_is_saved(self):
        sheets = self.env["construction.evaluation"].with_user(self.salesperson)
        form = Form(sheets.with_context(default_lead_id=self.lead.id))
        self.assertEqual(len(form.line_ids), 3)
        sheet = form.save()
        self.assertEqual(len(sheet.line_ids), 3)
        self.assertEqual(len(sheet.answer_ids), 4)

    def test_a_sheet_made_with_items_keeps_just_these(self):
        sheet = self.make_sheet()
        self.assertEqual(sheet.line_ids.product_id, self.wall + self.glue)
        self.assertFalse(sheet.answer_ids)

    def test_a_type_without_a_template_gives_an_empty_sheet(self):
        self.construction_type.sheet_template_id = False
        self.assertFalse(self.make_sheet_of_type().line_ids)

    def test_an_archived_template_is_not_proposed(self):
        self.template.active = False
        self.assertFalse(self.make_sheet_of_type().sheet_template_id)

    def test_archived_products_are_left_out(self):
        self.glue.active = False
        self.assertEqual(self.make_sheet_of_type().line_ids.product_id, self.wall + self.tile)

    def test_loading_adds_only_what_is_missing_and_twice_is_once(self):
        sheet = self.make_sheet([(self.glue, 7.0)], sheet_template_id=self.template.id)
        sheet.with_user(self.estimator).action_load_template()
        self.assertEqual(sheet.line_ids.mapped("product_id"), self.glue + self.wall + self.tile)
        self.assertEqual(sheet.line_ids[0].quantity, 7.0)
        self.assertEqual(len(sheet.answer_ids), 4)
        before = sheet.line_ids, sheet.answer_ids
        sheet.action_load_template()
        self.assertEqual((sheet.line_ids, sheet.answer_ids), before)

    def test_a_surveyor_loads_a_template_on_his_sheet(self):
        sheet = self.make_sheet([], user_id=self.surveyor.id).with_user(self.surveyor)
        sheet.sheet_template_id = self.template
        sheet.action_load_template()
        self.assertEqual(len(sheet.line_ids), 3)

    def test_loading_without_a_template_says_what_to_do(self):
        self.construction_type.sheet_template_id = False
        with self.assertRaisesRegex(UserError, "Choose a template"):
            self.make_sheet().action_load_template()

    def test_a_final_sheet_loads_nothing(self):
        sheet = self.make_sheet()
        sheet.action_finalize()
        with self.assertRaisesRegex(UserError, "is final"):
            sheet.action_load_template()
        with self.assertRaisesRegex(UserError, "is final"):
            self.env["construction.evaluation.answer"].create({"evaluation_id": sheet.id, "name": "Late?"})

    # === WHAT IS NOT MEASURED, WHAT IS NOT ANSWERED ===

    def test_only_what_was_measured_is_quoted(self):
        sheet = self.make_sheet_of_type()
        self.fill(sheet)
        sheet.action_finalize()
        sheet.action_generate_quote()
        chapters = sheet.order_ids.order_line.filtered(lambda line: line.display_type == "line_section")
        self.assertEqual(chapters.mapped("chapter_product_id"), self.wall + self.glue)
        self.assertEqual(sheet.order_ids.amount_untaxed, sheet.amount_total)

    def test_an_item_always_needed_keeps_the_sheet_from_being_final(self):
        sheet = self.make_sheet_of_type()
        self.fill(sheet)
        sheet.line_ids[0].quantity = 0.0
        with self.assertRaisesRegex(UserError, "Tiled wall has no quantity"):
            sheet.action_finalize()

    def test_another_item_in_place_of_a_proposal_is_wanted(self):
        sheet = self.make_sheet_of_type()
        self.fill(sheet)
        sheet.line_ids[2].product_id = self.tiler
        with self.assertRaisesRegex(UserError, "Tiler has no quantity"):
            sheet.action_finalize()

    def test_open_questions_keep_the_sheet_from_being_final(self):
        sheet = self.make_sheet_of_type()
        self.fill(sheet)
        sheet.answer_ids[1].value = "  "
        with self.assertRaisesRegex(UserError, "Not answered yet: Which wall"):
            sheet.action_finalize()
        sheet.answer_ids[1].value = "Concrete"
        sheet.action_finalize()
        self.assertEqual(sheet.state, "final")

    def test_answers_fit_their_questions(self):
        sheet = self.make_sheet_of_type()
        power, wall, steps, key = sheet.answer_ids
        for answer, value in ((power, "perhaps"), (wall, "Wood"), (steps, "many")):
            with self.assertRaisesRegex(ValidationError, value), self.cr.savepoint():
                answer.value = value
        power.value, wall.value, steps.value, key.value = "no", "Concrete", "0", "The neighbour"
        self.assertEqual(power.answer, "No")

    def test_answers_stay_when_the_template_changes(self):
        sheet = self.make_sheet_of_type()
        self.fill(sheet)
        sheet.action_finalize()
        self.template.question_ids.unlink()
        self.template.line_ids.unlink()
        self.assertEqual(sheet.answer_ids[1].value, "Brick")
        self.assertEqual(len(sheet.line_ids), 3)

    def test_a_new_version_keeps_the_answers(self):
        sheet = self.make_sheet_of_type()
        self.fill(sheet)
        sheet.action_finalize()
        second = sheet.browse(sheet.action_new_version()["res_id"])
        self.assertEqual(second.answer_ids.mapped("value"), sheet.answer_ids.mapped("value"))
        self.assertEqual(len(second.line_ids), 3)
        self.assertEqual(second.line_ids.mapped("is_proposed"), [False, True, True])

    def test_a_choice_needs_choices(self):
        with self.assertRaisesRegex(ValidationError, "at least two choices"):
            self.template.question_ids = [Command.create({"name": "Which?", "kind": "choice", "choices": "One"})]

    # === WHO ===

    def test_a_surveyor_answers_until_the_sheet_is_checked(self):
        sheet = self.make_sheet_of_type(user_id=self.surveyor.id)
        answer = sheet.answer_ids[0].with_user(self.surveyor)
        answer.value = "yes"
        sheet.with_user(self.surveyor).write({"answer_ids": [Command.update(answer.id, {"value": "no"})]})
        self.assertEqual(answer.value, "no")
        sheet.action_check()
        with self.assertRaisesRegex(AccessError, "has been checked"):
            answer.value = "yes"

    def test_answers_of_others_are_not_seen(self):
        sheet = self.make_sheet_of_type(user_id=self.estimator.id)
        answers = self.env["construction.evaluation.answer"]
        domain = [("evaluation_id", "=", sheet.id)]
        for user in (self.surveyor, self.rival):
            self.assertFalse(answers.with_user(user).search(domain))
        for user in (self.salesperson, self.manager, self.accountant, self.estimator):
            self.assertEqual(len(answers.with_user(user).search(domain)), 4)

    def test_who_keeps_templates(self):
        for user in (self.estimator, self.manager):
            self.template.with_user(user).name = "Bath"
        for user in (self.surveyor, self.salesperson, self.accountant, self.project_manager):
            self.assertTrue(self.template.with_user(user).name)
            with self.assertRaises(AccessError):
                self.template.with_user(user).name = "Mine"

    def test_templates_of_another_company_are_not_seen(self):
        self.template.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        found = self.env["construction.sheet.template"].with_user(self.salesperson).search([])
        self.assertNotIn(self.template, found)
        self.assertFalse(self.make_sheet_of_type().sheet_template_id)

    # === SAVE AS TEMPLATE ===

    def test_a_sheet_is_saved_as_a_template_without_its_quantities(self):
        sheet = self.make_sheet_of_type()
        self.fill(sheet)
        action = sheet.with_user(self.estimator).action_save_as_template()
        template = self.env["construction.sheet.template"].browse(action["res_id"])
        self.assertEqual(template.line_ids.mapped("product_id"), self.wall + self.glue + self.tile)
        self.assertEqual(template.line_ids.mapped("quantity"), [0.0, 0.0, 0.0])
        self.assertEqual(template.question_ids.mapped("choices"), [False, "Brick\nConcrete", False, False])
        with self.assertRaises(AccessError):
            sheet.with_user(self.salesperson).action_save_as_template()
