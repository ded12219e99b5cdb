from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestTender(TenderCommon):
    """The deadline of a tender, and who is reminded of it."""

    def _reminder(self, deal=None):
        return self.activities(deal or self.deal, self.kind_tender)

    def test_a_deadline_reminds_the_salesperson_some_days_before(self):
        self.deal.with_user(self.manager).date_tender = self.moment(10)
        self.assertRecordValues(
            self._reminder(), [{"user_id": self.salesperson.id, "date_deadline": self.day(7), "automated": True}]
        )

    def test_setting_it_twice_reminds_once(self):
        self.deal.date_tender = self.moment(10)
        self.deal.date_tender = self.moment(10)
        self.deal._remind_of_tenders(renew=True)
        self.assertEqual(len(self._reminder()), 1)

    def test_the_reminder_moves_with_the_deadline_and_the_salesperson(self):
        self.deal.date_tender = self.moment(10)
        reminder = self._reminder()
        self.deal.date_tender = self.moment(20)
        self.assertEqual((self._reminder(), reminder.date_deadline), (reminder, self.day(17)))
        self.deal.user_id = self.rival
        self.assertEqual((self._reminder(), reminder.user_id), (reminder, self.rival))
        self.deal.date_tender = False
        self.assertFalse(self._reminder())

    def test_what_was_done_is_not_asked_again_until_the_deadline_moves(self):
        self.deal.date_tender = self.moment(10)
        self._reminder().action_feedback()
        self.deal.user_id = self.rival
        self.assertFalse(self._reminder())
        self.deal.date_tender = self.moment(15)
        self.assertEqual(self._reminder().user_id, self.rival)

    def test_a_near_deadline_reminds_today_and_a_past_one_not_at_all(self):
        self.deal.date_tender = self.moment(2)
        self.assertEqual(self._reminder().date_deadline, self.today)
        self.deal.date_tender = self.moment(-2)
        self.assertFalse(self._reminder())

    def test_the_company_says_how_many_days_before(self):
        company = self.deal.company_id or self.salesperson.company_id
        company.construction_tender_days = 5
        self.deal.date_tender = self.moment(10)
        self.assertEqual(self._reminder().date_deadline, self.day(5))
        company.construction_tender_days = 0
        other = self.make_deal(date_tender=self.moment(10))
        self.assertFalse(self._reminder(other))

    def test_a_new_deal_with_a_deadline_reminds_and_one_without_salesperson_later(self):
        deal = self.make_deal(date_tender=self.moment(10), user_id=False)
        self.assertFalse(self._reminder(deal))
        deal.user_id = self.salesperson
        deal.date_tender = self.moment(11)
        self.assertEqual(self._reminder(deal).user_id, self.salesperson)

    def test_a_sent_quote_hands_the_offer_in(self):
        self.deal.date_tender = self.moment(10)
        reminder = self._reminder()
        quote = self.make_quote().with_user(self.salesperson)
        self.assertFalse(self.deal.date_tender_sent)
        quote.action_quotation_sent()
        self.assertEqual(self.deal.date_tender_sent, quote.date_sent)
        self.assertFalse(self._reminder())
        self.assertTrue(reminder.exists(), "done, not dropped")
        self.assertFalse(reminder.active)

    def test_an_order_by_hand_hands_it_in_too(self):
        self.deal.date_tender = self.moment(10)
        self.make_quote().with_user(self.salesperson).action_confirm()
        self.assertTrue(self.deal.date_tender_sent)
        self.assertFalse(self._reminder())

    def test_a_deadline_noted_after_the_quote_was_sent_is_met(self):
        quote = self.make_quote()
        quote.action_quotation_sent()
        self.deal.date_tender = self.moment(10)
        self.assertEqual(self.deal.date_tender_sent, quote.date_sent)
        self.assertFalse(self._reminder())
        self.deal.date_tender_sent = False
        self.assertTrue(self._reminder(), "a further offer is asked for")

    def test_a_lost_deal_asks_for_no_offer_until_it_is_open_again(self):
        self.deal.date_tender = self.moment(10)
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.assertFalse(self._reminder())
        self.deal.action_unarchive()
        self.deal.probability = 10
        self.assertTrue(self._reminder())

    def test_a_missed_tender_is_found(self):
        deals = self.env["crm.lead"].with_context(active_test=False)
        sent, late, lost, stock = (
            self.make_deal(name=name, date_tender=self.moment(-1)) for name in ("sent", "late", "lost", "stock")
        )
        self.deal.date_tender = self.moment(1)
        sent.date_tender_sent = self.moment(-2)
        lost.action_set_lost(lost_reason_id=self.reason.id)
        stock.construction_type_id = False
        every = sent | late | lost | stock | self.deal
        self.assertEqual(every.filtered("is_tender_missed"), late)
        domain = [("id", "in", every.ids)]
        self.assertEqual(deals.search([*domain, ("is_tender_missed", "=", True)]), late)
        self.assertEqual(deals.search([*domain, ("is_tender_missed", "!=", True)]), every - late)
        self.assertEqual(deals.search([*domain, ("is_tender_missed", "=", False)]), every - late)

    def test_the_list_shows_open_tenders_by_their_deadline(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("construction_crm.crm_lead_action_tenders")
        soon = self.make_deal(date_tender=self.moment(1))
        self.deal.date_tender = self.moment(5)
        plain = self.make_deal()
        arch = self.env.ref("construction_crm.crm_lead_view_list_tender").arch
        self.assertIn('default_order="date_tender, id"', arch)
        domain = [*safe_eval(action["domain"]), ("id", "in", (soon | self.deal | plain).ids)]
        self.assertEqual(list(self.env["crm.lead"].search(domain, order="date_tender, id")), [soon, self.deal])

    def test_this_week_is_from_monday_to_sunday(self):
        deals = self.env["crm.lead"]
        for day in ("2026-01-04", "2026-01-05", "2026-01-11", "2026-01-12"):
            deals += self.make_deal(name=day, date_tender=f"{day} 12:00:00")
        with freeze_time("2026-01-07 08:00:00"):
            found = self._filter("crm.lead", "crm_lead_view_search_construction", "tender_this_week")
        self.assertEqual(sorted((found & deals).mapped("name")), ["2026-01-05", "2026-01-11"])

    def test_every_filter_works(self):
        self.ask()
        self.make_bond()
        for model, view in (
            ("crm.lead", "crm_lead_view_search_construction"),
            ("construction.bond", "construction_bond_view_search"),
            ("construction.clarification", "construction_clarification_view_search"),
        ):
            self._filter(model, view)

    def _filter(self, model, view, name=None):
        """Search by one filter of a search view, or by each in turn and group by those that group."""
        records = self.env[model].with_user(self.salesperson)
        found = records
        view = self.env.ref(f"construction_crm.{view}")
        for node in etree.fromstring(records.get_view(view.id, "search")["arch"]).iter("filter"):
            ours = "tender" in node.get("name") or model != "crm.lead"
            if (name and node.get("name") != name) or not ours:
                continue
            with self.subTest(filter=node.get("name")):
                if node.get("domain"):
                    found = records.search(safe_eval(node.get("domain"), {"uid": self.env.uid}))
                group = safe_eval(node.get("context") or "{}").get("group_by")
                if group:
                    records.formatted_read_group([], [group], ["__count"])
        return found

    def test_stock_leads_ask_nothing_for_it(self):
        lead = self.env["crm.lead"].create({"name": "Stock", "date_tender": self.moment(5)})
        self.assertFalse(lead.activity_ids)
        lead.read(["construction_type_id"])
        with self.assertQueryCount(0):
            lead._remind_of_tenders(renew=True)
            lead._hand_in_tenders(fields.Datetime.now())

    def test_who_may_not_write_on_the_deal_sets_no_deadline(self):
        for user in (self.rival, self.accountant, self.surveyor, self.project_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.deal.with_user(user).date_tender = self.moment(5)

    def test_a_copy_starts_without_and_a_merge_keeps_it(self):
        self.deal.write({"date_tender": self.moment(10), "tender_reference": "T-14"})
        self.ask()
        bond = self.make_bond()
        self.assertFalse(self.deal.copy().date_tender)
        other = self.make_deal(name="The same house")
        self.ask(lead_id=other.id, question="Whose scaffold?")
        kept = (self.deal | other).merge_opportunity()
        self.assertRecordValues(kept, [{"date_tender": self.moment(10), "tender_reference": "T-14"}])
        self.assertEqual(len(self._reminder(kept)), 1)
        self.assertEqual(bond.lead_id, kept)
        self.assertEqual(kept.clarification_ids.mapped("number"), [1, 2])

    def test_the_tender_opens_in_a_form_of_its_own(self):
        action = self.deal.with_user(self.salesperson).action_view_tender()
        self.assertEqual(action["res_id"], self.deal.id)
        self.assertEqual(action["views"][0][0], self.env.ref("construction_crm.crm_lead_view_form_tender").id)
        view = self.env["crm.lead"].with_user(self.salesperson).get_view(view_type="form")
        self.assertNotIn("clarification_ids", view["arch"])
        self.assertNotIn("bond_ids", view["arch"])
