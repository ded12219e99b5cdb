from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .step_common import StepCommon


@tagged("post_install", "-at_install")
class TestStepStages(StepCommon):
    """Where a deal stands and which step is open never contradict each other."""

    def drag(self, stage, user=None, deal=None):
        (deal or self.deal).with_user(user or self.salesperson).write({"stage_id": stage.id})

    def test_dragging_forward_closes_the_step_and_opens_that_of_the_stage(self):
        self.activate()
        contact = self.deal.step_id
        contact.summary = "Wants a bath"
        self.drag(self.visited)
        self.assertEqual(contact.state, "done")
        self.assertEqual(self.deal.step_type_id, self.kind_visit)

    def test_a_step_left_without_its_condition_counts_as_skipped(self):
        self.activate()
        contact = self.deal.step_id
        self.drag(self.visited)
        self.assertEqual(contact.state, "cancelled")

    def test_dragging_back_takes_up_the_step_of_that_stage_again(self):
        self.activate()
        self.close(summary="Wants a bath")
        visit = self.deal.step_id
        self.drag(self.first)
        self.assertEqual(visit.state, "cancelled")
        self.assertEqual(self.deal.step_type_id, self.kind_contact)
        self.assertEqual(self.deal.stage_id, self.first)

    def test_dragging_a_new_deal_activates_it(self):
        self.drag(self.visited)
        self.assertTrue(self.deal.is_activated)
        self.assertEqual(self.deal.step_type_id, self.kind_visit)

    def test_a_gate_holds_the_deal_and_leads_to_what_is_missing(self):
        self.activate()
        self.close(summary="Wants a bath")
        with self.assertRaises(RedirectWarning) as caught:
            self.drag(self.offered)
        message, action, label = caught.exception.args[:3]
        self.assertIn("Finalise an evaluation sheet", message)
        self.assertEqual((action["res_model"], label), ("construction.evaluation", "New Evaluation Sheet"))
        self.make_final_sheet()
        self.drag(self.offered)
        self.assertEqual(self.deal.step_type_id, self.kind_offer)

    def test_a_gate_cannot_be_jumped_over(self):
        self.activate()
        self.deal.step_id.summary = "Wants a bath"
        for stage in (self.offered, self.contracted, self.won):
            with self.subTest(stage=stage.name), self.assertRaises(RedirectWarning):
                self.drag(stage)
        with self.assertRaises(RedirectWarning):
            self.deal.with_user(self.salesperson).action_set_won()

    def test_a_context_from_outside_opens_no_gate(self):
        self.activate()
        self.deal.step_id.summary = "Wants a bath"
        for value in (True, 1, "construction_by_step", [self.deal.id]):
            deal = self.deal.with_user(self.salesperson).with_context(construction_by_step=value)
            with self.subTest(value=value), self.assertRaises(RedirectWarning):
                deal.write({"stage_id": self.offered.id})

    def test_losing_a_deal_passes_every_gate(self):
        self.activate()
        self.close(summary="Wants a bath")
        self.deal.with_user(self.salesperson).action_set_lost(lost_reason_id=self.reason.id)
        self.assertFalse(self.deal.active)

    def test_a_manager_lets_a_deal_pass_with_a_written_reason(self):
        self.activate()
        self.close(summary="Wants a bath")
        visit = self.deal.step_id
        with self.assertRaises(RedirectWarning) as caught:
            self.drag(self.offered, user=self.manager)
        action = caught.exception.args[1]
        self.assertEqual(action["res_model"], "construction.step.override")
        wizard = self.env[action["res_model"]].with_user(self.manager).with_context(**action["context"])
        with self.assertRaises(UserError):
            wizard.create({"reason": "  "}).action_apply()
        dialog = wizard.create({"reason": "The client measured himself"})
        self.assertIn("Finalise", dialog.holds)
        dialog.action_apply()
        self.assertEqual(self.deal.stage_id, self.offered)
        self.assertEqual(self.deal.step_type_id, self.kind_offer)
        self.assertEqual((visit.state, visit.override_reason), ("cancelled", "The client measured himself"))
        self.assertIn("The client measured himself", "".join(self.deal.message_ids.mapped("body")))

    def test_a_salesperson_cannot_let_a_deal_pass(self):
        self.activate()
        values = {"lead_id": self.deal.id, "stage_id": self.offered.id, "reason": "Please"}
        with self.assertRaises(AccessError):
            self.env["construction.step.override"].with_user(self.salesperson).create(values)
        with self.assertRaises(AccessError):
            self.env["construction.step.override"].create(values).with_user(self.salesperson).action_apply()

    def test_a_deal_without_steps_moves_as_in_stock(self):
        deal = self.make_deal(is_activated=True)
        self.drag(self.contracted, deal=deal)
        self.drag(self.won, deal=deal)
        self.assertFalse(deal.step_ids)

    def test_an_accepted_quote_wins_the_deal_and_leaves_the_contract_to_sign(self):
        self.activate()
        self.close(summary="Wants a bath")
        self.make_final_sheet()
        self.close()
        offer = self.deal.step_id
        self.make_quote().action_confirm()
        self.assertEqual(offer.state, "done")
        self.assertEqual(self.deal.won_status, "won")
        self.assertEqual(self.deal.step_type_id, self.kind_contract)
        self.assertTrue(self.deal.stage_id.is_won, "opening what comes after winning does not take the deal back")

    def test_a_quote_taken_back_takes_the_step_back(self):
        self.activate()
        self.make_final_sheet()
        self.deal.step_id.summary = "Wants a bath"
        self.drag(self.offered)
        quote = self.make_quote()
        quote.action_confirm()
        quote._action_cancel()
        self.assertEqual(self.deal.stage_id, self.offered)
        self.assertEqual(self.deal.step_type_id, self.kind_offer)

    def test_a_step_whose_condition_comes_true_closes_by_itself_if_its_type_says_so(self):
        self.kind_visit.closes_itself = True
        self.activate()
        self.close(summary="Wants a bath")
        self.make_final_sheet()
        self.deal._advance_steps("sheet")
        self.assertEqual(self.deal.step_type_id, self.kind_offer)

    def test_otherwise_closing_it_is_proposed(self):
        self.activate()
        self.close(summary="Wants a bath")
        self.assertIn("Finalise", self.deal.step_hold)
        self.make_final_sheet()
        self.deal._advance_steps("sheet")
        self.assertEqual(self.deal.step_type_id, self.kind_visit)
        self.assertIn("Next Step", self.deal.message_ids[0].body)
        self.deal.invalidate_recordset(["step_hold"])
        self.assertFalse(self.deal.step_hold)

    def test_stages_are_proposed_and_none_is_made_or_overwritten(self):
        kinds = self.kind_contact + self.kind_visit + self.kind_offer + self.kind_contract
        (self.kind_visit + self.kind_offer).stage_id = False
        count = self.env["crm.stage"].search_count([])
        self.kind_visit.with_user(self.consultant).action_link_stages()
        self.assertEqual(kinds.mapped("stage_id"), self.stages)
        self.assertEqual(self.env["crm.stage"].search_count([]), count)
