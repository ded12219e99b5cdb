from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .report_common import REPORTS, ReportCommon


@tagged("post_install", "-at_install")
class TestFunnel(ReportCommon):
    def _stages(self, deal, user=None):
        return self._rows("construction.funnel", user, lead_id=deal.id).stage_id

    def test_a_deal_stands_for_every_stage_up_to_its_own(self):
        self.assertEqual(self._stages(self.deal), self.first)
        self._move(self.deal, self.third)
        self.assertEqual(self._stages(self.deal), self.first | self.second | self.third, "skipped stages count")

    def test_a_stage_never_counts_fewer_deals_than_the_next(self):
        for number, stage in enumerate((self.first, self.second, self.second, self.third)):
            self._make_deal(f"Deal {number}", self.ana).stage_id = stage
        counts = [
            len(self._rows("construction.funnel", stage_id=stage.id)) for stage in (self.first, self.second, self.third)
        ]
        self.assertEqual(counts, [6, 3, 1])

    def test_moving_on_is_the_share_that_left_for_a_later_stage(self):
        self._move(self.deal, self.second)
        [(deals, amount, moved)] = self.env["construction.funnel"]._read_group(
            [("construction_type_id", "=", self.type.id), ("stage_id", "=", self.first.id)],
            [],
            ["deal_count:sum", "amount:sum", "percent_moved_on:avg"],
        )
        self.assertEqual((deals, amount, moved), (2, 2000.0, 50.0))

    def test_a_lost_deal_stays_where_it_was_lost(self):
        self._move(self.deal, self.second)
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        rows = self._rows("construction.funnel", lead_id=self.deal.id)
        self.assertEqual(rows.stage_id, self.first | self.second)
        self.assertEqual(set(rows.mapped("won_status")), {"lost"})
        self.assertEqual(rows.filtered(lambda row: row.stage_id == self.second).percent_moved_on, 0)

    def test_a_won_deal_moved_on_from_every_stage(self):
        self.deal.action_set_won()
        rows = self._rows("construction.funnel", lead_id=self.deal.id)
        self.assertIn(self.first, rows.stage_id)
        self.assertEqual({row.percent_moved_on for row in rows if not row.stage_id.is_won}, {100})

    def test_an_archived_deal_that_is_not_lost_is_left_out(self):
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET won_status = 'pending' WHERE id = %s", [self.deal.id])
        self.assertFalse(self._stages(self.deal))

    def test_a_stage_of_another_team_is_not_reached(self):
        teams = self.env["crm.team"].create([{"name": "North"}, {"name": "South"}])
        self.second.team_ids = teams[1]
        self.deal.team_id = teams[0]
        self._move(self.deal, self.third)
        self.assertNotIn(self.second, self._stages(self.deal))

    def test_leads_and_opportunities_of_stock_are_no_deals(self):
        plain = self.env["crm.lead"].create({"name": "Plain", "type": "opportunity", "stage_id": self.third.id})
        self.env.flush_all()
        self.assertFalse(self.env["construction.funnel"].search([("lead_id", "=", plain.id)]))

    # === DAYS === #

    def _make_deal_in_first(self):
        values = {"type": "opportunity", "construction_type_id": self.type.id, "user_id": self.ana.id}
        # the tests' own context tracks nothing
        leads = self.env["crm.lead"].with_context(tracking_disable=False, mail_notrack=False)
        return leads.create({**values, "name": "From the first", "stage_id": self.first.id})

    def _days(self, deal):
        return {row.stage_id: row.days for row in self._rows("construction.funnel", lead_id=deal.id)}

    def test_days_add_up_to_the_age_of_the_deal(self):
        deal = self._make_deal_in_first()
        self._age(deal, 4)
        self.assertAlmostEqual(self._days(deal)[self.first], 4, 2)
        self._move(deal, self.second)
        self._age(deal, 3)
        self._move(deal, self.third)
        self._age(deal, 2)
        days = self._days(deal)
        self.assertAlmostEqual(days[self.first], 4, 2)
        self.assertAlmostEqual(days[self.second], 3, 2)
        self.assertAlmostEqual(days[self.third], 2, 2)

    def test_coming_back_to_a_stage_adds_to_its_days(self):
        deal = self._make_deal_in_first()
        self._age(deal, 4)
        self._move(deal, self.second)
        self._age(deal, 3)
        self._move(deal, self.first)
        self._age(deal, 2)
        self.assertAlmostEqual(self._days(deal)[self.first], 6, 2)
        self._move(deal, self.second)
        self.assertAlmostEqual(self._days(deal)[self.second], 3, 2)

    def test_a_stage_that_was_skipped_has_no_days(self):
        self._move(self.deal, self.third)
        self.env.flush_all()
        [(days,)] = self.env["construction.funnel"]._read_group(
            [("lead_id", "=", self.deal.id), ("stage_id", "=", self.second.id)], [], ["days:avg"]
        )
        self.assertFalse(days)

    def test_the_days_are_those_stock_tracks(self):
        deal = self._make_deal_in_first()
        self._age(deal, 5)
        self._move(deal, self.second)
        self._age(deal, 1)
        tracked = {int(stage): seconds / 86400 for stage, seconds in deal.duration_tracking.items() if seconds}
        self.assertEqual(tracked.keys(), set((self.first | self.second).ids))
        for stage, days in self._days(deal).items():
            self.assertAlmostEqual(days, tracked[stage.id], 2)


@tagged("post_install", "-at_install")
class TestWinRate(ReportCommon):
    def test_only_decided_deals_count(self):
        self.assertFalse(self._rows("construction.win.rate"))
        self.deal.action_set_won()
        self.other_deal.action_set_lost(lost_reason_id=self.reason.id)
        rows = self._rows("construction.win.rate")
        self.assertEqual(rows.lead_id, self.deal | self.other_deal)
        [(won, lost, rate)] = self.env["construction.win.rate"]._read_group(
            [("id", "in", rows.ids)], [], ["won_count:sum", "lost_count:sum", "win_rate:avg"]
        )
        self.assertEqual((won, lost, rate), (1, 1, 50.0))

    def test_why_deals_are_lost_is_counted_by_reason(self):
        self.other_deal.action_set_lost(lost_reason_id=self.reason.id)
        [row] = self._rows("construction.win.rate", lost_reason_id=self.reason.id)
        self.assertRecordValues(
            row, [{"lead_id": self.other_deal.id, "user_id": self.bob.id, "amount_lost": 1000.0, "amount_won": 0.0}]
        )

    def test_a_deal_taken_up_again_does_not_count(self):
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.deal.action_unarchive()
        self.assertFalse(self._rows("construction.win.rate"))


@tagged("post_install", "-at_install")
class TestProductivity(ReportCommon):
    def test_contacts_count_for_who_had_them(self):
        self._record(self.ana)
        self._record(self.ana)
        [row] = self.env["construction.productivity"]._read_group(
            [("construction_type_id", "=", self.type.id)], ["user_id"], ["contact_count:sum"]
        )
        self.assertEqual(row, (self.ana, 2))

    def test_steps_are_on_time_by_the_day_first_planned(self):
        kind = self.env["construction.step.type"].search([], limit=1)
        today = fields.Date.context_today(self.deal)
        make = self.env["construction.step"].create
        step = make({"lead_id": self.deal.id, "type_id": kind.id, "user_id": self.ana.id, "date_deadline": today})
        self.assertFalse(self._rows("construction.productivity", kind="step"), "open and not overdue")
        step.write({"state": "done", "date_done": fields.Datetime.now()})
        late = make(
            {
                "lead_id": self.other_deal.id,
                "type_id": kind.id,
                "user_id": self.ana.id,
                "date_deadline": today - timedelta(days=3),
            }
        )
        self.env.flush_all()
        [(steps, on_time)] = self.env["construction.productivity"]._read_group(
            [("construction_type_id", "=", self.type.id)], [], ["step_count:sum", "percent_on_time:avg"]
        )
        self.assertEqual((steps, on_time), (2, 50.0))
        late.date_deadline = today + timedelta(days=3)
        late.write({"state": "done", "date_done": fields.Datetime.now()})
        rows = self._rows("construction.productivity", kind="step")
        self.assertEqual(sorted(rows.mapped("percent_on_time")), [0, 100], "put off is late")

    def test_what_is_won_counts_for_the_salesperson_of_the_deal(self):
        self.deal.action_set_won()
        [row] = self._rows("construction.productivity", kind="won")
        self.assertRecordValues(row, [{"user_id": self.ana.id, "won_count": 1, "amount_won": 1000.0}])


@tagged("post_install", "-at_install")
class TestReportAccess(ReportCommon):
    """Other salespeople's deals are in nobody's counts who may not see them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all_leads = new_test_user(cls.env, "report_all", "sales_team.group_sale_salesman_all_leads")
        cls._record(cls.ana)
        cls._record(cls.bob, lead_id=cls.other_deal.id)
        (cls.deal | cls.other_deal).action_set_won()

    def test_salespeople_see_their_own_deals_only(self):
        for model in REPORTS:
            with self.subTest(model=model):
                self.assertEqual(self._rows(model, self.ana).lead_id, self.deal)
                self.assertEqual(self._rows(model, self.bob).lead_id, self.other_deal)

    def test_counts_and_sums_leave_out_what_is_not_mine(self):
        [(deals, amount)] = (
            self.env["construction.win.rate"]
            .with_user(self.ana)
            ._read_group([("construction_type_id", "=", self.type.id)], [], ["won_count:sum", "amount_won:sum"])
        )
        self.assertEqual((deals, amount), (1, 1000.0))

    def test_who_sees_all_deals_sees_all_of_every_report(self):
        for user in (self.boss, self.all_leads, self.estimator):
            for model in REPORTS:
                with self.subTest(user=user.login, model=model):
                    self.assertEqual(self._rows(model, user).lead_id, self.deal | self.other_deal)

    def test_my_contact_on_a_deal_of_another_is_not_in_my_counts(self):
        self.other_deal.user_id = self.ana
        self._record(self.ana, lead_id=self.other_deal.id)
        self.other_deal.user_id = self.bob
        self.assertEqual(self._rows("construction.productivity", self.ana).lead_id, self.deal)

    def test_nobody_else_reads_the_reports(self):
        for user in (
            self.surveyor,
            self.accountant,
            self.auditor,
            self.worker,
            self.leader,
            self.portal,
            self.employee,
        ):
            for model in (*REPORTS, "construction.overview"):
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_a_report_keeps_companies_apart(self):
        company = self.env["res.company"].create({"name": "Another builder"})
        self.boss.company_ids = [Command.link(company.id)]
        far = self.env["crm.lead"].create(
            {
                "name": "Far away",
                "type": "opportunity",
                "company_id": company.id,
                "construction_type_id": self.type.id,
                "user_id": self.boss.id,
                "stage_id": self.first.id,
            }
        )
        far.action_set_won()
        self.env.flush_all()
        for model in REPORTS:
            rows = self.env[model].with_user(self.boss)
            domain = [("lead_id", "=", far.id)]
            with self.subTest(model=model):
                self.assertFalse(rows.with_context(allowed_company_ids=self.env.company.ids).search(domain))
                self.assertTrue(rows.with_context(allowed_company_ids=company.ids).search(domain))

    def test_every_number_leads_to_its_deal(self):
        for model in REPORTS:
            row = self._rows(model, self.ana)[0]
            action = row.action_open()
            self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", self.deal.id))
