from odoo.tests import HttpCase, tagged

from .step_common import StepCommon


@tagged("post_install", "-at_install")
class TestStepTours(StepCommon, HttpCase):
    """Steps in the browser: by the salesperson, by the sales manager, by the consultant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # stock's own stages are another team's: ours all find room in the statusbar
        other = cls.env["crm.team"].create({"name": "Another team"})
        (cls.env["crm.stage"].search([]) - cls.stages - cls.won).team_ids = other

    def test_a_salesperson_leads_a_deal_from_activation_to_won(self):
        self.start_tour("/odoo", "construction_steps_activate", login=self.salesperson.login)
        self.assertTrue(self.deal.is_activated)
        self.assertEqual(self.deal.stage_id, self.visited)
        contact = self.deal.step_ids.filtered(lambda step: step.state == "done")
        self.assertEqual((contact.type_id, contact.summary), (self.kind_contact, "Wants a bath"))
        self.make_final_sheet()
        self.start_tour("/odoo", "construction_steps_go_on", login=self.salesperson.login)
        self.assertEqual(self.deal.stage_id, self.offered)
        self.make_quote().with_user(self.salesperson).action_confirm()
        self.assertEqual(self.deal.won_status, "won")
        self.assertEqual(self.deal.step_type_id, self.kind_contract)

    def test_a_manager_lets_a_deal_pass(self):
        self.activate()
        self.close(summary="Wants a bath")
        self.deal.user_id = self.manager
        self.start_tour("/odoo", "construction_steps_override", login=self.manager.login)
        self.assertEqual(self.deal.stage_id, self.offered)
        self.assertIn("The client measured himself", "".join(self.deal.message_ids.mapped("body")))

    def test_a_consultant_changes_the_steps_and_the_next_deal_follows(self):
        checked = self.env["crm.stage"].create({"name": "Checked", "sequence": 101})
        self.start_tour("/odoo", "construction_steps_consultant", login=self.consultant.login)
        kinds = self.env["construction.step.type"].search([])
        self.assertEqual(kinds.mapped("name"), ["Contact", "Credit check", "Survey", "Offer", "Contract"])
        self.activate()
        self.close(summary="Wants a bath")
        self.assertEqual(self.deal.step_type_id.name, "Credit check")
        self.assertEqual(self.deal.stage_id, checked)
        with self.assertRaisesRegex(Exception, "Credit check"):
            self.deal.with_user(self.salesperson).stage_id = self.visited
        self.close(summary="Pays well")
        self.assertEqual(self.deal.step_type_id.name, "Survey")
