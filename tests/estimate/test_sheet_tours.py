from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..contract.line_common import LineCommon


@tagged("post_install", "-at_install")
class TestSheetTours(LineCommon):
    """Sheets and recipes through the browser: templates, questions, the check list, the catalogue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.estimator = new_test_user(
            cls.env,
            login="line_estimator",
            name="Esther Estimates",
            groups="base.group_user,construction_crm.group_estimator",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )
        cls.wall = cls._make_product("Bathroom wall", 0.0, False, "uom.product_uom_square_meter", type="service")
        cls.auxiliary = cls._make_product("Auxiliary means", 0.0, "other", "uom.product_uom_unit", type="service")
        cls.template = cls.env["construction.sheet.template"].create(
            {
                "name": "Bathroom",
                "line_ids": [
                    Command.create({"product_id": cls.wall.id, "quantity": 4.0}),
                    Command.create({"product_id": cls.shower.id, "is_required": True}),
                    Command.create({"product_id": cls.tile.id}),
                ],
                "question_ids": [
                    Command.create({"name": "Is there power?"}),
                    Command.create(
                        {"name": "Which wall?", "kind": "choice", "choices": "Brick\nConcrete", "is_mandatory": False}
                    ),
                    Command.create({"name": "Which floor?", "kind": "number", "is_mandatory": False}),
                ],
            }
        )
        cls.bathroom.sheet_template_id = cls.template

    def make_sheet(self):
        deal = self.env["crm.lead"].create(
            {
                "name": "Ionescu bathroom",
                "type": "opportunity",
                "partner_id": self.client.id,
                "construction_type_id": self.bathroom.id,
                "user_id": self.salesperson.id,
            }
        )
        return self.env["construction.evaluation"].create({"lead_id": deal.id, "user_id": self.surveyor.id})

    def test_an_estimator_builds_a_recipe_and_finalises_a_sheet(self):
        self.start_tour("/odoo", "construction_estimate_recipe", login=self.estimator.login)
        recipe = self.env["construction.recipe"].search([("product_tmpl_id", "=", self.wall.product_tmpl_id.id)])
        self.assertRecordValues(
            recipe.line_ids,
            [
                {"product_id": self.tiling.id, "kind": "quantity", "quantity": 1.2, "percent": 0.0},
                {"product_id": self.adhesive.id, "kind": "quantity", "quantity": 2.0, "percent": 0.0},
                {"product_id": self.auxiliary.id, "kind": "percent", "quantity": 1.0, "percent": 3.0},
            ],
        )
        self.assertEqual(recipe.state, "active")
        self.assertIn(self.tile, [part["product"] for part in recipe.explode(1.0)])

        sheet = self.make_sheet()
        sheet.action_measure()
        with mute_logger("odoo.http"):
            self.start_tour("/odoo", "construction_estimate_sheet", login=self.estimator.login)
        self.assertEqual(sheet.state, "final")
        self.assertEqual(sheet.line_ids.mapped("quantity"), [10.0, 2.0, 0.0])
        self.assertEqual(sheet.answer_ids[0].value, "yes")
        sheet.with_user(self.salesperson).action_generate_quote()
        self.assertEqual(sheet.order_ids.amount_untaxed, sheet.amount_total)
        self.assertNotIn(self.tile, sheet.order_ids.order_line.mapped("chapter_product_id"))

    def test_a_surveyor_answers_and_adds_from_the_catalogue_on_a_phone(self):
        sheet = self.make_sheet()
        with patch.multiple(self, browser_size="375x667", touch_enabled=True):
            self.start_tour("/odoo/my-visits", "construction_estimate_survey", login=self.surveyor.login)
        self.assertEqual(sheet.answer_ids.mapped("value"), ["no", "Brick", "2"])
        added = sheet.line_ids.filtered(lambda line: line.product_id == self.adhesive)
        self.assertRecordValues(added, [{"quantity": 2.0, "is_proposed": False}])

    def test_refusals(self):
        sheet = self.make_sheet()
        self.assert_refused(self.surveyor, sheet, "action_finalize")
        self.assert_refused(self.surveyor, sheet, "action_save_as_template")
        self.assert_refused(self.colleague, sheet, "action_load_template")
        self.assert_refused(self.project_manager, sheet, "action_load_template")
        self.assert_refused(self.project_manager, sheet, "action_visit_missed")
        self.assert_refused(self.accountant, sheet.answer_ids[:1], "write", {"value": "yes"})
        self.assert_refused(self.salesperson, self.template, "write", {"name": "Mine"})

    # === THE CATALOGUE'S OWN ROUTES ===

    def post(self, user, route, **params):
        self.authenticate(user.login, user.login)
        params = {"res_model": "construction.evaluation", **params}
        return self.url_open(
            f"/product/catalog/{route}", json={"id": 0, "jsonrpc": "2.0", "method": "call", "params": params}
        ).json()

    def get_info(self, user, sheet):
        products = self.tile + self.shower + self.tiling
        return self.post(user, "order_lines_info", order_id=sheet.id, product_ids=products.ids)

    def test_the_catalogue_sends_a_surveyor_no_price(self):
        sheet = self.make_sheet()
        answer = self.get_info(self.surveyor, sheet)
        self.assertEqual({"price"} & {key for info in answer["result"].values() for key in info}, set())
        self.assertNotIn("849.99", str(answer))
        answer = self.post(
            self.surveyor, "update_order_line_info", order_id=sheet.id, product_id=self.tile.id, quantity=3.5
        )
        self.assertNotIn("error", answer)
        self.assertFalse(answer.get("result"))
        self.assertEqual(sheet.line_ids[2].quantity, 3.5)

    def test_the_catalogue_shows_prices_to_whoever_sees_them(self):
        sheet = self.make_sheet()
        info = self.get_info(self.salesperson, sheet)["result"]
        self.assertEqual(info[str(self.shower.id)]["price"], 849.99)
        answer = self.post(
            self.salesperson, "update_order_line_info", order_id=sheet.id, product_id=self.tiling.id, quantity=2
        )
        added = sheet.line_ids.filtered(lambda line: line.product_id == self.tiling)
        self.assertEqual(answer["result"], added.price_unit)
        self.assertTrue(added.price_unit)

    def test_the_catalogue_takes_an_item_off_again(self):
        sheet = self.make_sheet()
        for quantity in (2, 0, 0):
            self.post(
                self.surveyor,
                "update_order_line_info",
                order_id=sheet.id,
                product_id=self.adhesive.id,
                quantity=quantity,
            )
        self.assertNotIn(self.adhesive, sheet.line_ids.product_id)
        self.post(self.surveyor, "update_order_line_info", order_id=sheet.id, product_id=self.tile.id, quantity=0)
        self.assertIn(self.tile, sheet.line_ids.product_id, "a proposal stays on the sheet")

    @mute_logger("odoo.http")
    def test_the_catalogue_changes_no_locked_sheet_and_none_of_others(self):
        sheet = self.make_sheet()
        values = {"order_id": sheet.id, "product_id": self.tile.id, "quantity": 9}
        self.assertIn("error", self.post(self.colleague, "update_order_line_info", **values))
        self.assertIn("error", self.get_info(self.colleague, sheet))
        sheet.action_cancel()
        answer = self.post(self.surveyor, "update_order_line_info", **values)
        self.assertIn("is cancelled", answer["error"]["data"]["message"])
        self.assertTrue(self.get_info(self.surveyor, sheet)["result"][str(self.tile.id)]["readOnly"])
        self.assertEqual(sheet.line_ids[2].quantity, 0.0)

    def test_what_stands_there_twice_or_is_measured_is_not_typed_in_the_catalogue(self):
        sheet = self.make_sheet()
        sheet.line_ids[2].copy({"quantity": 2.0})
        info = self.get_info(self.surveyor, sheet)["result"][str(self.tile.id)]
        self.assertEqual((info["readOnly"], info["quantity"]), (True, 2.0))
        sheet.line_ids[1].measurement_ids = [Command.create({"length": 3.0})]
        self.assertTrue(self.get_info(self.surveyor, sheet)["result"][str(self.shower.id)]["readOnly"])
        with mute_logger("odoo.http"):
            answer = self.post(
                self.surveyor, "update_order_line_info", order_id=sheet.id, product_id=self.shower.id, quantity=9
            )
        self.assertIn("Change it there", answer["error"]["data"]["message"])
