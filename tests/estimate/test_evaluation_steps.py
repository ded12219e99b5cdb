from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import EstimateCommon


@tagged("post_install", "-at_install")
class TestEvaluationSteps(EstimateCommon):
    def test_sheets_are_numbered_in_their_company(self):
        sheet = self.make_sheet()
        self.assertRegex(sheet.name, r"^SHEET/\d{4}/\d{4}$")
        self.assertEqual(sheet.company_id, self.env.company)

    def test_a_sheet_takes_client_and_site_from_its_deal(self):
        sheet = self.make_sheet()
        self.assertRecordValues(
            sheet,
            [{"partner_id": self.client.id, "site_id": self.site.id, "client_name": "Ana Popescu"}],
        )
        self.assertIn("Quay 7", sheet.site_address)

    def test_the_sheet_walks_from_planned_to_final(self):
        sheet = self.make_sheet()
        for action, state in (
            ("action_measure", "measured"),
            ("action_check", "checked"),
            ("action_reset", "planned"),
            ("action_cancel", "cancelled"),
            ("action_reset", "planned"),
            ("action_measure", "measured"),
            ("action_finalize", "final"),
        ):
            getattr(sheet, action)()
            self.assertEqual(sheet.state, state)

    def test_steps_twice_are_once(self):
        sheet = self.make_sheet()
        sheet.action_measure()
        sheet.action_measure()
        sheet.action_check()
        sheet.action_check()
        self.assertTrue(sheet.action_finalize())
        messages = sheet.message_ids
        self.assertTrue(sheet.action_finalize())
        self.assertEqual(sheet.message_ids, messages)

    def test_the_state_is_changed_by_its_buttons_only(self):
        sheet = self.make_sheet()
        with self.assertRaisesRegex(UserError, "buttons"):
            sheet.state = "final"
        with self.assertRaisesRegex(UserError, "buttons"):
            self.make_sheet(state="final")

    def test_finalising_lists_every_fault_at_once(self):
        free = self.make_product("Advice", 0.0, 0.0)
        pinch = self.make_product("Pinch", 1.0, 1.0)
        salted = self.make_product("Salted wall", 1.0, 1.0)
        self.make_recipe(salted, [(pinch, 0.001, 0.0), (self.glue, 1.0, 0.0)]).action_activate()
        sheet = self.make_sheet([(self.wall, 0.0), (free, 1.0), (salted, 1.0), (self.glue, 1.0)])
        with self.assertRaises(UserError) as error:
            sheet.action_finalize()
        message = str(error.exception)
        self.assertIn("Tiled wall has no quantity", message)
        self.assertIn("Advice has no price", message)
        self.assertIn("Salted wall needs 0.001 Units of Pinch, which rounds to zero", message)
        self.assertEqual(message.count("\n"), 3)
        self.assertEqual(sheet.state, "planned")

    def test_a_sheet_without_items_cannot_be_finalised(self):
        with self.assertRaisesRegex(UserError, "has no items"):
            self.make_sheet([]).action_finalize()

    def test_a_cancelled_sheet_cannot_be_finalised(self):
        sheet = self.make_sheet()
        sheet.action_cancel()
        with self.assertRaisesRegex(UserError, "is cancelled"):
            sheet.action_finalize()

    def test_a_final_sheet_cannot_be_changed_by_any_command(self):
        other_line = self.make_sheet().line_ids[0]
        sheet = self.make_sheet()
        sheet.action_finalize()
        line = sheet.line_ids[0]
        create = Command.create({"product_id": self.glue.id, "quantity": 1})
        attempts = [
            lambda sheet: sheet.write({"note": "x"}),
            lambda sheet: sheet.write({"user_id": self.surveyor.id}),
            lambda sheet: sheet.write({"name": "x"}),
            lambda sheet: sheet.write({"lead_id": self.lead.id}),
            *(
                lambda sheet, command=command: sheet.write({"line_ids": [command]})
                for command in (
                    create,
                    Command.update(line.id, {"quantity": 9}),
                    Command.delete(line.id),
                    Command.unlink(line.id),
                    Command.link(other_line.id),
                    Command.clear(),
                    Command.set([other_line.id]),
                )
            ),
            lambda sheet: sheet.line_ids.write({"quantity": 9}),
            lambda sheet: sheet.line_ids.write({"sequence": 9}),
            lambda sheet: sheet.line_ids.unlink(),
            lambda sheet: sheet.line_ids.copy(),
            lambda sheet: other_line.with_env(sheet.env).write({"evaluation_id": sheet.id}),
            lambda sheet: sheet.line_ids.create({"evaluation_id": sheet.id, "product_id": self.glue.id}),
            lambda sheet: sheet.action_update_prices(),
        ]
        for user in (self.env.user, self.estimator):
            for attempt in attempts:
                with (
                    self.assertRaisesRegex(UserError, "is final.*New Version"),
                    self.cr.savepoint(),
                ):
                    attempt(sheet.with_user(user))
        with self.assertRaisesRegex(UserError, "kept with its deal"):
            sheet.unlink()
        with self.assertRaisesRegex(UserError, "not open to it"):
            sheet.action_reset()
        with self.assertRaisesRegex(UserError, "is final"):
            sheet.sudo().write({"note": "x"})

    def test_a_final_sheet_can_still_be_talked_about(self):
        sheet = self.make_sheet()
        sheet.action_finalize()
        sheet.message_post(body="Client agrees")  # pylint: disable=translation-required
        sheet.activity_schedule("mail.mail_activity_data_todo", user_id=self.env.uid)

    def test_new_version_twice_opens_the_one_made(self):
        sheet = self.make_sheet()
        with self.assertRaisesRegex(UserError, "not final yet"):
            sheet.action_new_version()
        sheet.action_finalize()
        action = sheet.action_new_version()
        self.assertEqual(sheet.action_new_version()["res_id"], action["res_id"])
        second = sheet.browse(action["res_id"])
        self.assertRecordValues(
            second,
            [
                {
                    "name": sheet.name,
                    "version": 2,
                    "state": "measured",
                    "previous_version_id": sheet.id,
                    "amount_total": sheet.amount_total,
                }
            ],
        )
        self.assertEqual(second.line_ids.mapped("quantity"), [2.5, 7.0])
        self.assertEqual(second.display_name, f"{sheet.name} v2")
        self.assertEqual((sheet.version_count, sheet.is_latest_version), (2, False))
        self.assertEqual(sheet.state, "final")

    def test_a_cancelled_version_makes_room_for_the_next(self):
        sheet = self.make_sheet()
        sheet.action_finalize()
        second = sheet.browse(sheet.action_new_version()["res_id"])
        second.action_cancel()
        third = sheet.browse(sheet.action_new_version()["res_id"])
        self.assertEqual((third.version, third.previous_version_id), (3, sheet))
        with self.assertRaisesRegex(UserError, "newer version"):
            second.action_reset()

    def test_a_deal_with_sheets_is_kept(self):
        sheet = self.make_sheet()
        lead = self.lead.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "evaluation sheets .*Mark it as lost"):
            lead.unlink()
        sheet.unlink()
        lead.unlink()

    def test_merging_deals_carries_final_sheets_over(self):
        first = self.make_lead(name="First")
        sheet = self.make_sheet(lead_id=first.id)
        sheet.action_finalize()
        merged = (self.make_lead(name="Second", probability=90) + first).merge_opportunity(auto_unlink=True)
        self.assertEqual(sheet.lead_id, merged)
        self.assertEqual(sheet.state, "final")

    def test_the_deal_counts_and_opens_its_sheets(self):
        sheet = self.make_sheet()
        self.assertEqual(self.lead.evaluation_count, 1)
        self.assertEqual(self.lead.action_view_evaluations()["res_id"], sheet.id)
        action = self.lead.action_create_evaluation()
        self.assertEqual(action["context"], {"default_lead_id": self.lead.id})
        self.assertFalse(action.get("res_id"))
        second = self.make_sheet([])
        self.assertEqual(self.lead.evaluation_count, 2)
        self.assertFalse(self.lead.action_view_evaluations().get("res_id"))
        self.assertEqual(second.action_view_lead()["res_id"], self.lead.id)
