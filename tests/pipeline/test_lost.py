from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..quote.common import QuoteCommon


@tagged("post_install", "-at_install")
class TestLost(QuoteCommon):
    """A lost deal has its reason, whatever the road; competitors end as the deal does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("crm.lost_reason_1")
        cls.alpha, cls.beta = cls.env["res.partner"].create(
            [{"name": "Alpha Bau", "is_company": True}, {"name": "Beta Bau", "is_company": True}]
        )
        cls.lead.competitor_ids = [
            Command.create({"partner_id": cls.alpha.id, "amount": 900.0}),
            Command.create({"partner_id": cls.beta.id}),
        ]

    def lose(self, lead=None, user=None, **values):
        wizard = self.env["crm.lead.lost"].with_user(user or self.salesperson)
        lead = lead or self.lead
        values = {"lead_ids": lead.ids, "lost_reason_id": self.reason.id, **values}
        return wizard.create(values).action_lost_reason_apply()

    def get_outcomes(self, lead=None):
        rivals = (lead or self.lead).with_context(active_test=False).competitor_ids
        return {rival.partner_id.name: rival.outcome for rival in rivals}

    # === THE REASON === #

    def test_no_road_loses_a_deal_without_a_reason(self):
        lead = self.lead.with_user(self.salesperson)
        roads = {
            "button": lambda: self.lose(lost_reason_id=False),
            "remote call": lambda: lead.action_set_lost(),
            "write": lambda: lead.write({"active": False, "probability": 0}),
            "list": lambda: (lead | lead.create({"name": "Plain", "type": "opportunity"})).action_set_lost(),
        }
        for name, road in roads.items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "[Rr]eason"), self.env.cr.savepoint():
                road()
            self.env.invalidate_all()
            self.assertTrue(self.lead.active)
            self.assertEqual(self.lead.won_status, "pending")
        with self.assertRaisesRegex(UserError, "reason"):
            self.make_lead(active=False, probability=0)

    def test_a_deal_without_chances_can_be_lost_too(self):
        self.lead.probability = 0
        self.lose()
        self.assertEqual((self.lead.won_status, self.lead.lost_reason_id), ("lost", self.reason))

    def test_stock_leads_need_no_reason(self):
        lead = self.env["crm.lead"].create({"name": "Plain", "type": "opportunity"})
        lead.action_set_lost()
        self.assertEqual(lead.won_status, "lost")
        with self.assertQueryCount(0):
            lead._handle_won_lost({}, {})

    def test_a_restored_deal_needs_a_new_reason(self):
        self.lose()
        self.lead.action_restore()
        with self.assertRaises(UserError):
            self.lead.action_set_lost()

    def test_the_form_asks_for_it(self):
        form = Form(self.env["crm.lead.lost"].with_user(self.salesperson).with_context(default_lead_ids=self.lead.ids))
        with self.assertRaises(AssertionError):
            form.save()
        form.lost_reason_id = self.reason
        form.save().action_lost_reason_apply()
        self.assertEqual(self.lead.won_status, "lost")

    def test_who_may_not_write_the_deal_does_not_lose_it(self):
        for user in (self.rival, self.accountant, self.surveyor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.lead.with_user(user).action_set_lost(lost_reason_id=self.reason.id)

    # === COMPETITORS === #

    def test_won_means_they_lost(self):
        self.lead.with_user(self.salesperson).action_set_won()
        self.assertEqual(set(self.get_outcomes().values()), {"lost"})
        self.assertTrue(all(self.lead.competitor_ids.mapped("date_outcome")))

    def test_the_one_who_got_it_is_noted_and_the_others_lost(self):
        rival = self.lead.competitor_ids[0]
        self.lose(competitor_id=rival.id)
        self.assertEqual(self.get_outcomes(), {"Alpha Bau": "won", "Beta Bau": "lost"})

    def test_somebody_new_who_got_it_stands_on_the_deal_from_then_on(self):
        gamma = self.env["res.partner"].create({"name": "Gamma Bau"})
        self.lose(winner_id=gamma.id)
        self.assertEqual(self.get_outcomes(), {"Alpha Bau": "lost", "Beta Bau": "lost", "Gamma Bau": "won"})

    def test_where_nobody_knows_they_stay_as_they_are(self):
        self.lose()
        self.assertEqual(set(self.get_outcomes().values()), {"open"})

    def test_who_got_it_can_be_noted_later_and_the_others_lost(self):
        self.lose()
        first, second = self.lead.with_context(active_test=False).competitor_ids[:2]
        first.with_user(self.salesperson).outcome = "won"
        self.assertEqual((first.outcome, second.outcome), ("won", "lost"))

    def test_a_deal_that_is_open_again_opens_them_but_for_what_was_typed(self):
        self.lead.competitor_ids[1].outcome = "lost"
        self.lose(competitor_id=self.lead.competitor_ids[0].id)
        self.lead.with_user(self.salesperson).action_restore()
        self.assertEqual(self.get_outcomes(), {"Alpha Bau": "open", "Beta Bau": "lost"})

    def test_only_one_gets_the_job_and_nobody_one_that_we_won(self):
        self.lead.competitor_ids[0].outcome = "won"
        with self.assertRaisesRegex(ValidationError, "only one"):
            self.lead.competitor_ids[1].outcome = "won"
        self.lead.action_set_won()
        with self.assertRaisesRegex(ValidationError, "You won"):
            self.lead.competitor_ids[1].outcome = "won"

    @mute_logger("odoo.sql_db")
    def test_nobody_bids_twice_nor_below_zero(self):
        for values in ({"partner_id": self.alpha.id}, {"partner_id": self.client.id, "amount": -1.0}):
            with self.subTest(values), self.assertRaises(Exception), self.env.cr.savepoint():  # noqa: B017
                self.lead.competitor_ids = [Command.create(values)]

    def test_the_tally_counts_what_the_user_may_see(self):
        self.lose(competitor_id=self.lead.competitor_ids[0].id)
        other = self.make_lead(name="Attic", user_id=self.rival.id)
        other.competitor_ids = [Command.create({"partner_id": self.alpha.id})]
        other.action_set_won()
        self.assertTrue(self.alpha.is_competitor)
        self.assertFalse(self.client.is_competitor)
        expected = {self.salesperson: (1, 0), self.rival: (0, 1), self.manager: (1, 1)}
        for user, counts in expected.items():
            partner = self.alpha.with_user(user)
            self.assertEqual((partner.competitor_won_count, partner.competitor_lost_count), counts, user.login)

    def test_contacts_that_are_no_competitors_cost_no_query(self):
        self.client.mapped("is_competitor")
        with self.assertQueryCount(0):
            self.assertFalse(self.client.competitor_won_count)

    def test_competitors_are_seen_with_the_deal(self):
        Competitor = self.env["construction.competitor"]
        domain = [("lead_id", "=", self.lead.id)]
        for user in (self.salesperson, self.manager, self.estimator, self.accountant):
            self.assertEqual(Competitor.with_user(user).search_count(domain), 2, user.login)
        self.assertFalse(Competitor.with_user(self.rival).search_count(domain))
        for user in (self.surveyor, self.project_manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                Competitor.with_user(user).search_count(domain)
        with self.assertRaises(AccessError):
            self.lead.competitor_ids.with_user(self.accountant).write({"amount": 1.0})

    def test_competitors_group_by_what_their_deals_are(self):
        self.lose(competitor_id=self.lead.competitor_ids[0].id)
        groups = self.env["construction.competitor"]._read_group(
            [("lead_id", "=", self.lead.id)], ["lost_reason_id", "user_id"], ["__count"]
        )
        self.assertEqual(groups, [(self.reason, self.salesperson, 2)])

    def test_merged_deals_share_their_competitors(self):
        other = self.make_lead(name="Second")
        other.competitor_ids = [Command.create({"partner_id": self.alpha.id})]
        merged = (self.lead | other).merge_opportunity()
        self.assertEqual(merged.competitor_ids.partner_id, self.alpha | self.beta)

    # === THE CLIENT'S HISTORY === #

    def get_history(self):
        return " ".join(self.client.message_ids.mapped("body"))

    def test_the_client_keeps_why_and_who_but_no_amount(self):
        self.lead.expected_revenue = 98765.0
        self.lose(competitor_id=self.lead.competitor_ids[0].id)
        note = self.client.message_ids[0]
        for text in (self.lead.name, self.reason.name, "Alpha Bau"):
            self.assertIn(text, note.body)
        self.assertNotIn("98765", note.body)
        self.assertNotIn("900", note.body)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(note.author_id, self.salesperson.partner_id)

    def test_losing_many_tells_each_client_once(self):
        other = self.make_lead(name="Attic", partner_id=self.alpha.id, site_id=False)
        self.lose(self.lead | other, user=self.manager)
        self.assertEqual(self.get_history().count(self.lead.name), 1)
        self.assertEqual(" ".join(self.alpha.message_ids.mapped("body")).count("Attic"), 1)

    # === A DECLINED QUOTE === #

    def decline(self, quote, **values):
        wizard = self.env["construction.quote.decline"].with_user(self.salesperson)
        values = {"order_id": quote.id, "reason_id": self.reason.id, **values}
        return wizard.create(values).action_decline()

    def test_a_declined_quote_is_told_and_leaves_the_deal_open(self):
        quote = self.make_sent_quote()
        with self.assertRaisesRegex(UserError, "reason"):
            self.decline(quote, reason_id=False)
        self.decline(quote)
        self.assertEqual(self.lead.won_status, "pending")
        self.assertIn(quote.name, self.get_history())
        self.assertIn(self.reason.name, self.get_history())

    def test_with_the_quote_the_deal_may_be_lost(self):
        quote = self.make_sent_quote()
        self.decline(quote, is_deal_lost=True, competitor_id=self.lead.competitor_ids[1].id)
        self.assertEqual((self.lead.won_status, self.lead.lost_reason_id), ("lost", self.reason))
        self.assertEqual(self.get_outcomes(), {"Alpha Bau": "lost", "Beta Bau": "won"})

    def test_the_dialog_asks_why_and_takes_competitors_for_companies(self):
        arch = etree.fromstring(self.env["crm.lead.lost"].get_view(view_type="form")["arch"])
        [label] = arch.xpath("//label[@for='lost_reason_id']")
        self.assertEqual(label.get("string"), "Why was it lost?")
        for node in arch.xpath("//field[@name='winner_id']"):
            self.assertTrue(safe_eval(node.get("context"))["default_is_company"])
