from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import RedirectWarning
from odoo.tests import Form, tagged

from .step_common import ZONE, StepCommon


@tagged("post_install", "-at_install")
class TestStepWords(StepCommon):
    """What the screens say of a step, and which buttons stand where it is worked."""

    def _read_label(self):
        self.deal.invalidate_recordset(["step_hold", "step_fix_label"])
        return self.deal.with_user(self.salesperson).step_fix_label

    # === WHAT IS MISSING === #

    def test_the_link_names_what_it_opens(self):
        self.assertFalse(self._read_label())
        self.activate()
        self.assertEqual(self._read_label(), "Add Contact")
        self.close(summary="Wants a bath")
        self.assertEqual(self._read_label(), "New Evaluation Sheet")
        sheet = self.env["construction.evaluation"].create({"lead_id": self.deal.id})
        self.assertEqual(self._read_label(), "Open the Evaluation Sheet")
        sheet._set_state("final")
        self.assertFalse(self._read_label())
        self.close()
        self.assertEqual(self._read_label(), "Open the Quote")
        self.make_quote().with_user(self.salesperson).action_confirm()
        self.assertEqual(self.deal.step_type_id, self.kind_contract)
        self.assertEqual(self._read_label(), "Open the Order")

    def test_the_words_of_the_link_cost_no_query(self):
        self.activate()
        self.close(summary="Wants a bath")
        deal = self.deal.with_user(self.salesperson)
        deal.mapped("evaluation_count")
        with self.assertQueryCount(0):
            deal.step_id._get_fix_label()

    def test_the_only_quote_is_opened_at_once(self):
        self.activate()
        self.close(summary="Wants a bath")
        self.make_final_sheet()
        self.close()
        deal = self.deal.with_user(self.salesperson)
        self.assertFalse(deal.action_fix_step().get("res_id"))
        quote = self.make_quote()
        self.assertEqual(deal.action_fix_step()["res_id"], quote.id)
        self.make_quote()
        action = deal.action_fix_step()
        self.assertFalse(action.get("res_id"))
        self.assertEqual(len(self.env["sale.order"].search(action["domain"])), 2)

    def test_a_manager_is_told_what_the_button_beside_the_reason_opens(self):
        self.activate()
        self.close(summary="Wants a bath")
        wizard = (
            self.env["construction.step.override"]
            .with_user(self.manager)
            .create({"lead_id": self.deal.id, "stage_id": self.offered.id, "reason": "Measured himself"})
        )
        self.assertEqual(wizard.fix_label, "New Evaluation Sheet")
        self.assertEqual(wizard.action_fix()["res_model"], "construction.evaluation")

    def test_each_step_that_holds_a_deal_is_named_with_what_it_waits_for(self):
        self.activate()
        self.close(summary="Wants a bath")
        deal = self.deal.with_user(self.salesperson)
        with self.assertRaises(RedirectWarning) as caught:
            deal.stage_id = self.offered
        self.assertIn("cannot leave “Visited” before the step “Visit” is done", caught.exception.args[0])
        with self.assertRaises(RedirectWarning) as caught:
            deal.stage_id = self.contracted
        message = caught.exception.args[0]
        self.assertIn("cannot move on to “Contracted”", message)
        self.assertIn("• Visit: Finalise an evaluation sheet", message)
        self.assertIn("• Offer: Have a quote of this deal accepted", message)

    # === DIALOGS === #

    def test_a_deal_taken_on_already_is_not_activated_again_in_words(self):
        wizard = self.env["construction.lead.activate"].with_user(self.salesperson)
        self.assertTrue(wizard.new({"lead_ids": self.deal.ids}).is_activation)
        self.deal.is_activated = True
        self.assertFalse(wizard.new({"lead_ids": self.deal.ids}).is_activation)
        arch = etree.fromstring(wizard.get_view(view_type="form")["arch"])
        labels = [node.get("string") for node in arch.iter("button") if node.get("name") == "action_activate"]
        self.assertEqual(labels, ["Activate", "Open Step"])

    def test_the_summary_is_asked_for_only_where_nothing_was_written_down(self):
        self.activate()
        step = self.deal.step_id
        wizard = self.env["construction.step.next"].with_user(self.salesperson)
        self.assertTrue(wizard.new({"step_id": step.id}).is_summary_needed)
        self.assertFalse(wizard.new({"step_id": step.id}).holds)
        self.deal.contact_record_ids = [fields.Command.create({"summary": "Wants a bath", "step_id": step.id})]
        self.assertFalse(wizard.new({"step_id": step.id}).is_summary_needed)

    def test_rescheduling_proposes_the_time_of_the_meeting(self):
        day = fields.Date.today() + timedelta(days=4)
        self.activate(date_contact=day)
        step = self.deal.with_user(self.salesperson).step_id
        self.assertEqual(step.action_reschedule()["context"]["default_hour"], 0)
        step.sudo()._schedule_meetings(fields.Datetime.to_datetime(day) + timedelta(hours=7, minutes=30))
        # seven o'clock here is nine o'clock, or ten in summer, where the owner is
        event = step.sudo().activity_ids.calendar_event_id
        local = fields.Datetime.context_timestamp(event.with_context(tz=ZONE), event.start)
        self.assertEqual(step.action_reschedule()["context"]["default_hour"], local.hour + 0.5)

    def test_a_contact_is_written_down_from_its_step(self):
        self.activate()
        step = self.deal.with_user(self.salesperson).step_id
        action = step.action_add_contact()
        form = Form(
            self.env["construction.contact.record"].with_user(self.salesperson).with_context(**action["context"])
        )
        form.summary = "Talked about tiles"
        self.assertEqual(form.save().step_id, step)
        self.assertFalse(step._get_requirement_holds())

    # === SCREENS === #

    def _get_arch(self, xmlid, kind):
        view = self.env.ref(f"construction_crm.{xmlid}")
        leads = self.env["crm.lead"].with_user(self.salesperson)
        return etree.fromstring(leads.get_view(view.id, kind)["arch"])

    def test_a_card_offers_what_the_deal_offers(self):
        menu = self._get_arch("crm_lead_view_kanban", "kanban").find(".//t[@t-name='menu']")
        names = [node.get("name") for node in menu.iter("a") if node.get("name")]
        self.assertEqual(names[:3], ["action_activate_lead", "action_next_step", "action_reschedule_step"])
        self.assertEqual(int(names[3]), self.env.ref("crm.crm_lead_lost_action").id)

    def test_the_list_to_activate_begins_with_activating(self):
        arch = self._get_arch("crm_lead_view_list_to_activate", "list")
        self.assertEqual(arch.find("header/button").get("name"), "action_activate_lead")
        self.assertEqual(len(arch.xpath("./button[@name='action_activate_lead']")), 1)
        shown = {node.get("name") for node in arch.iter("field") if node.get("optional") == "show"}
        self.assertLessEqual({"create_date", "partner_id", "phone", "construction_type_id", "source_id"}, shown)
        self.assertFalse({"step_type_id", "amount_contract", "amount_collected", "stage_id"} & shown)
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.crm_lead_action_to_activate")
        self.assertEqual(
            action["views"][0], (self.env.ref("construction_crm.crm_lead_view_list_to_activate").id, "list")
        )

    def test_the_list_of_deals_shows_what_is_next_beside_the_deal(self):
        arch = self._get_arch("crm_lead_view_list_construction", "list")
        shown = [
            node.get("name") for node in arch.xpath("./field[not(@column_invisible)]") if node.get("optional") != "hide"
        ]
        self.assertLess(shown.index("step_deadline"), shown.index("expected_revenue"))
        self.assertLess(shown.index("stage_id"), 13, "so many columns fit on a screen")
        self.assertNotIn("amount_overdue", shown)
