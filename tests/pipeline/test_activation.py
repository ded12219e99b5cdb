from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..query_count import counting
from .step_common import ZONE, StepCommon


@tagged("post_install", "-at_install")
class TestActivation(StepCommon):
    def test_what_is_entered_on_our_screens_or_imported_waits(self):
        Lead = self.env["crm.lead"].with_user(self.salesperson)
        values = {"name": "Roof", "construction_type_id": self.type.id}
        self.assertFalse(Lead.with_context(construction_deals=True).create(values).is_activated)
        self.assertTrue(Lead.create({"name": "Stock lead"}).is_activated)
        result = Lead.with_context(import_file=True).load(
            ["name", "construction_type_id"], [["Imported", "Renovation"]]
        )
        self.assertFalse(Lead.browse(result["ids"]).is_activated)

    def test_activating_opens_the_first_step_with_its_activity(self):
        day = fields.Date.today() + timedelta(days=4)
        self.activate(date_contact=day, priority="2")
        deal = self.deal
        self.assertTrue(deal.is_activated)
        self.assertTrue(deal.date_activated)
        self.assertEqual(deal.priority, "2")
        self.assertEqual(deal.step_type_id, self.kind_contact)
        self.assertEqual((deal.step_user_id, deal.step_deadline), (self.salesperson, day))
        activity = deal.activity_ids
        self.assertRecordValues(
            activity, [{"user_id": self.salesperson.id, "date_deadline": day, "construction_step_id": deal.step_id.id}]
        )
        self.assertFalse(activity.calendar_event_id, "without a time it is no meeting")
        self.assertIn("Activated", "".join(deal.message_ids.mapped("body")))

    def test_a_time_puts_it_into_the_calendar_of_the_responsible(self):
        day = fields.Date.today() + timedelta(days=4)
        self.activate(date_contact=day, hour=9.5)
        event = self.deal.activity_ids.calendar_event_id
        self.assertEqual(event.opportunity_id, self.deal)
        self.assertEqual(event.user_id, self.salesperson)
        self.assertEqual(event.partner_ids, self.salesperson.partner_id, "the client is not invited by this")
        local = fields.Datetime.context_timestamp(event.with_context(tz=ZONE), event.start)
        self.assertEqual((local.date(), local.hour, local.minute), (day, 9, 30))

    def test_a_colleague_who_left_takes_nothing_on(self):
        gone = self.make_user("step_gone", "sales_team.group_sale_salesman")
        self.deal.user_id = gone
        gone.active = False
        wizard = self.env["construction.lead.activate"].with_user(self.manager).create({"lead_ids": self.deal.ids})
        self.assertEqual(wizard.user_id, self.manager)
        wizard.user_id = gone
        with self.assertRaisesRegex(UserError, "does not work here any more"):
            wizard.action_activate()
        self.assertFalse(self.deal.is_activated)

    def test_a_colleague_who_left_gets_no_next_step(self):
        gone = self.make_user("step_gone", "sales_team.group_sale_salesman")
        self.activate(user=self.manager, user_id=gone.id)
        gone.active = False
        wizard = self.env["construction.step.next"].with_user(self.manager)
        wizard = wizard.create({"step_id": self.deal.step_id.id, "summary": "Wants a bath"})
        self.assertEqual(wizard.user_id, self.manager)
        wizard.user_id = gone
        with self.assertRaisesRegex(UserError, "does not work here any more"):
            wizard.action_apply()
        wizard.user_id = self.manager
        wizard.action_apply()
        self.assertEqual(self.deal.step_user_id, self.manager)

    def test_activating_twice_is_activating_once(self):
        wizard = self.activate()
        step, activities = self.deal.step_id, self.deal.activity_ids
        wizard.action_activate()
        self.assertEqual((self.deal.step_ids, self.deal.activity_ids), (step, activities))
        with self.assertRaises(UserError):
            self.deal.with_user(self.salesperson).action_activate_lead()

    def test_many_are_activated_from_the_list_in_one_go(self):
        deals = self.deal + self.make_deal(name="Second") + self.make_deal(name="Third")
        stock = self.env["crm.lead"].create({"name": "Stock lead", "user_id": self.salesperson.id})
        self.activate(deals + stock, user=self.manager, user_id=self.rival.id)
        self.assertEqual(deals.mapped("is_activated"), [True] * 3)
        self.assertEqual(deals.user_id, self.rival)
        self.assertEqual(deals.step_type_id, self.kind_contact)
        self.assertFalse(stock.step_id)
        self.assertEqual(stock.user_id, self.salesperson)

    def test_a_salesperson_may_hand_a_deal_over_while_activating_it(self):
        self.activate(user_id=self.rival.id)
        self.assertEqual(self.deal.user_id, self.rival)
        self.assertEqual(self.deal.step_user_id, self.rival)

    def test_who_may_not_change_the_deal_cannot_activate_it(self):
        for user in (self.rival, self.surveyor, self.accountant, self.project_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.deal.with_user(user).action_activate_lead()
        with self.assertRaises(AccessError):
            self.env["construction.lead.activate"].with_user(self.rival).create(
                {
                    "lead_ids": [Command.set(self.deal.ids)],
                    "user_id": self.rival.id,
                    "type_id": self.kind_contact.id,
                    "date_contact": fields.Date.today(),
                }
            ).action_activate()
        self.assertFalse(self.deal.is_activated)

    def test_a_deal_there_was_already_opens_a_step_when_wanted(self):
        deal = self.make_deal(is_activated=True)
        self.assertFalse(deal.step_id)
        self.activate(deal)
        self.assertEqual(deal.step_type_id, self.kind_contact)
        self.assertFalse(deal.date_activated, "it was not activated now")

    def test_a_firm_that_works_without_steps_activates_too(self):
        self.env["construction.step.type"].search([]).active = False
        deals = self.deal + self.make_deal(name="Second")
        day = fields.Date.today() + timedelta(days=4)
        wizard = self.activate(deals, date_contact=day, hour=9.5)
        self.assertFalse(wizard.type_id)
        self.assertEqual(deals.mapped("is_activated"), [True, True])
        self.assertFalse(deals.step_id)
        for deal in deals:
            self.assertRecordValues(
                deal.activity_ids,
                [{"user_id": self.salesperson.id, "date_deadline": day, "summary": f"First contact: {deal.name}"}],
            )
            event = deal.activity_ids.calendar_event_id
            self.assertEqual((event.partner_ids, event.opportunity_id), (self.salesperson.partner_id, deal))
        wizard.action_activate()
        self.assertEqual(len(deals.activity_ids), 2, "Twice is once.")
        # Nothing more can be opened there, and the words say where steps are made.
        with self.assertRaisesRegex(UserError, "no step in use"):
            deals.with_user(self.salesperson).action_activate_lead()
        with self.assertRaises(RedirectWarning) as refused:
            deals.with_user(self.manager).action_activate_lead()
        self.assertEqual(refused.exception.args[1]["res_model"], "construction.step.type")

    def test_a_first_step_is_asked_for_where_there_are_steps(self):
        with self.assertRaisesRegex(UserError, "Choose the step"):
            self.activate(type_id=False)
        self.assertFalse(self.deal.is_activated)

    def test_mass_activation_costs_no_query_a_deal(self):
        few = self.env["crm.lead"].union(*(self.make_deal(name=f"Few {n}") for n in range(5)))
        many = self.env["crm.lead"].union(*(self.make_deal(name=f"Many {n}") for n in range(25)))
        counts = []
        for deals in (self.make_deal(name="warm"), few, many):
            deals = deals.with_user(self.manager)
            with counting(self.env) as queries:
                deals._activate(self.kind_contact, self.salesperson, fields.Date.today())
            counts.append(queries.count)
        self.assertLess((counts[2] - counts[1]) / 20, 8, counts)

    # === QUALIFYING === #

    def _qualify(self, lead, **values):
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_user(self.salesperson)
            .with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids)
            .create({"lead_id": lead.id, **values})
        )
        wizard.action_apply()
        return wizard

    def _make_lead(self, **values):
        return self.make_deal(type="lead", partner_id=False, **values)

    def test_qualifying_makes_contact_company_and_deal_in_one_go(self):
        lead = self._make_lead(partner_name="Quay Works", contact_name="Dan Quay", email_from="dan@quay.example")
        self._qualify(lead)
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.partner_id.name, "Dan Quay")
        self.assertEqual(lead.partner_id.parent_id.name, "Quay Works")

    def test_qualifying_finds_the_company_we_have_already(self):
        company = self.env["res.partner"].create({"name": "QUAY works", "is_company": True})
        lead = self._make_lead(partner_name="Quay Works", contact_name="Dan Quay", email_from="dan@quay.example")
        self._qualify(lead)
        self.assertEqual(lead.partner_id.parent_id, company)
        self.assertEqual(self.env["res.partner"].search_count([("name", "=ilike", "quay works")]), 1)

    def test_qualifying_finds_the_person_at_that_company(self):
        company = self.env["res.partner"].create({"name": "Quay Works", "is_company": True})
        person = self.env["res.partner"].create({"name": "Dan Quay", "parent_id": company.id})
        lead = self._make_lead(partner_name="Quay Works", contact_name="Dan Quay")
        self._qualify(lead)
        self.assertEqual(lead.partner_id, person)

    def test_a_name_with_a_wildcard_is_taken_as_it_stands(self):
        self.env["res.partner"].create({"name": "100 of Works", "is_company": True})
        lead = self._make_lead(partner_name="100%Works", contact_name="Dan Quay")
        self._qualify(lead)
        self.assertEqual(lead.partner_id.parent_id.name, "100%Works")

    def test_a_lead_is_given_its_type_on_its_form_and_waits(self):
        lead = Form(self.env["crm.lead"].with_user(self.salesperson).with_context(default_type="lead"))
        lead.name = "Attic of Mrs Quay"
        lead.construction_type_id = self.type
        lead = lead.save()
        self.assertFalse(lead.is_activated)
        self._qualify(lead)
        self.assertFalse(lead.is_activated, "qualifying makes the deal, activating gives it to somebody")

    def test_a_stock_lead_that_gets_a_type_waits_too(self):
        lead, deal = self.env["crm.lead"].create(
            [{"name": "By the website", "type": "lead"}, {"name": "There before", "type": "opportunity"}]
        )
        (lead + deal).construction_type_id = self.type
        self.assertFalse(lead.is_activated)
        self.assertTrue(deal.is_activated, "deals there were before count as activated")

    def test_the_type_may_be_chosen_when_qualifying(self):
        company = self.env["res.partner"].create({"name": "Quay Works", "is_company": True})
        values = {"name": "By mail", "type": "lead", "partner_name": "Quay Works", "contact_name": "Dan Quay"}
        lead = self.env["crm.lead"].create({**values, "user_id": self.salesperson.id})
        self._qualify(lead, construction_type_id=self.type.id)
        self.assertEqual((lead.type, lead.construction_type_id), ("opportunity", self.type))
        self.assertEqual(lead.partner_id.parent_id, company)
        self.assertFalse(lead.is_activated)

    def test_a_type_the_lead_has_is_kept_when_many_are_qualified(self):
        other = self.env["construction.type"].create({"name": "Green roof"})
        typed = self._make_lead(contact_name="Dan Quay")
        self._qualify(typed, construction_type_id=other.id)
        self.assertEqual(typed.construction_type_id, self.type)

    def test_a_stock_lead_is_qualified_as_stock_does(self):
        company = self.env["res.partner"].create({"name": "Quay Works", "is_company": True})
        lead = self._make_lead(partner_name="Quay Works", contact_name="Dan Quay", construction_type_id=False)
        self._qualify(lead)
        self.assertNotEqual(lead.partner_id.parent_id, company)
