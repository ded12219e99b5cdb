from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .crew_common import MONDAY, TODAY, CrewCommon

# Where a form of the tests tells the warnings of its fields.
LOG = "odoo.tests.form.onchange"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCapacityPromise(CrewCommon):
    """Promising a start on a deal or on a quote, with the load of the crews in view."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "delivery_colleague", "sales_team.group_sale_salesman")
        cls.quote = cls._make_quote(100, lead=cls._make_deal(name="Wanted soon"))
        cls.deal = cls.quote.opportunity_id
        cls._make_task(240, MONDAY, cls._day(weeks=1, days=4))  # two full weeks: 23 and 24

    def _check(self, record, user=None):
        action = record.with_user(user or self.salesperson).action_check_capacity()
        return self.env[action["res_model"]].with_user(user or self.salesperson).browse(action["res_id"])

    def _make_other_quote(self, hours):
        lead = self._make_deal(name="Of a colleague", user_id=self.colleague.id, date_start_wanted=self._day(weeks=2))
        return self._make_quote(hours, lead=lead, user_id=self.colleague.id)

    def test_the_deal_tells_its_earliest_start(self):
        check = self._check(self.deal)
        self.assertEqual(check.hours_total, 100)
        self.assertIn("Week 25", check.earliest)
        self.assertIn("Masons", check.earliest)
        self.assertEqual(check.date_earliest, self._day(weeks=2))
        self.assertEqual(check.line_ids.mapped("trade_id"), self.masonry)
        self.assertFalse(check.warning)

    def test_winning_the_other_quotes_too_makes_it_later(self):
        self._make_other_quote(360)
        check = self._check(self.deal)
        self.assertIn("Week 25", check.earliest)
        self.assertIn("Week 28", check.earliest_all)

    def test_the_quote_tells_its_own_hours(self):
        self._make_quote(60, lead=self.deal)
        self.assertEqual(self._check(self.deal).hours_total, 160)
        self.assertEqual(self._check(self.quote).hours_total, 100)

    def test_a_start_without_room_warns_and_is_saved_all_the_same(self):
        with self.assertLogs(LOG, "WARNING") as log, Form(self.deal.with_user(self.salesperson)) as form:
            form.date_start_wanted = self._day(weeks=1)
        self.assertIn("Week 25", log.output[0])
        self.assertEqual(self.deal.date_start_wanted, self._day(weeks=1))

    def test_quotes_of_others_in_an_own_deal_count_too(self):
        self.quote.user_id = self.colleague
        with self.assertLogs(LOG, "WARNING"), Form(self.deal.with_user(self.salesperson)) as form:
            form.date_start_wanted = self._day(weeks=1)

    def test_the_quote_warns_too_and_writes_the_deal(self):
        with self.assertLogs(LOG, "WARNING"), Form(self.quote.with_user(self.salesperson)) as form:
            form.date_start_wanted = self._day(weeks=1)
        self.assertEqual(self.deal.date_start_wanted, self._day(weeks=1))

    def test_a_start_with_room_does_not_warn(self):
        with self.assertNoLogs(LOG, "WARNING"), Form(self.deal) as form:
            form.date_start_wanted = self._day(weeks=2)

    def test_the_panel_warns_and_promises(self):
        check = self._check(self.deal)
        with self.assertRaisesRegex(UserError, "Enter the day"):
            check.action_promise()
        check.date_wanted = self._day(weeks=1)
        self.assertIn("no room", check.warning)
        check.action_promise()
        self.assertEqual(self.deal.date_start_wanted, self._day(weeks=1))
        check.action_promise_earliest()
        self.assertEqual(self.deal.date_start_wanted, self._day(weeks=2))

    def test_other_hours_can_be_tried(self):
        check = self._check(self.deal)
        check.line_ids.hours = 300
        self.assertEqual(check.hours_total, 300)
        check.line_ids.crew_id = self.roofers
        self.assertIn("Roofers", check.earliest)
        check.line_ids.hours = 0
        self.assertIn("No hours", check.earliest)
        check.line_ids.hours = 10_000
        self.assertIn("No room within a year", check.earliest)
        with self.assertRaisesRegex(UserError, "no room within a year"):
            check.action_promise_earliest()

    def test_a_trade_without_crew_is_told(self):
        self.masons.active = False
        check = self._check(self.deal)
        self.assertIn("No crew has the trade “Masonry”: 100 hours", check.warning)
        self.assertIn("no crew", check.earliest)

    def test_a_deal_that_is_no_construction_deal_is_refused(self):
        with self.assertRaisesRegex(UserError, "construction type"):
            self._check(self._make_deal(construction_type_id=False))

    # === RIGHTS === #

    def test_a_salesperson_checks_own_deals_only(self):
        other = self._make_other_quote(50)
        with self.assertRaises(AccessError):
            self._check(other.opportunity_id)
        self._check(self.deal)
        check = self.env["construction.capacity.check"].search([])
        with self.assertRaises(AccessError):
            check.with_user(self.colleague).read(["earliest"])

    def test_the_load_shows_hours_of_others_and_never_their_names(self):
        self._make_other_quote(50)
        board = self.env["construction.crew"].with_user(self.salesperson).get_load_board()
        masons = next(crew for crew in board["crews"] if crew["id"] == self.masons.id)
        self.assertTrue(any(cell["quotes"] for cell in masons["weeks"]))
        self.assertNotIn("colleague", str(board))
        self.assertNotIn("Of a", str(board))

    def test_a_bar_opens_what_its_reader_may_read(self):
        theirs = self._make_other_quote(50)
        self.deal.date_start_wanted = self._day(weeks=2)
        crew = self.masons.with_user(self.salesperson)
        action = crew.action_open_load("quote", 2)
        self.assertEqual(self.env["sale.order"].search(action["domain"]), self.quote)
        self.quote.action_cancel()
        self.assertIn("1 records you may not open", crew.action_open_load("quote", 2)["params"]["message"])
        boss = self.masons.with_user(self.sale_manager)
        self.assertEqual(self.env["sale.order"].search(boss.action_open_load("quote", 2)["domain"]), theirs)
        planner = self.masons.with_user(self.pm)
        action = planner.action_open_load("task", 0)
        self.assertEqual(action["res_model"], "project.task")

    def test_who_neither_plans_nor_sells_sees_no_load(self):
        surveyor = new_test_user(self.env, "delivery_surveyor", "construction_crm.group_surveyor")
        for user in (surveyor, self.accountant):
            with self.assertRaises(AccessError):
                self.env["construction.crew"].with_user(user).get_load_board()
            with self.assertRaises(AccessError):
                self.env["construction.crew.week"].with_user(user).action_open()

    def test_crews_are_kept_by_project_administrators_and_sales_managers(self):
        for user in (self.project_admin, self.sale_manager):
            crew = self.env["construction.crew"].with_user(user).create({"name": f"Crew of {user.login}"})
            crew.with_user(user).write({"size": 2})
        for user in (self.pm, self.salesperson, self.accountant):
            self.assertEqual(self.masons.with_user(user).name, "Masons")
            with self.assertRaises(AccessError):
                self.masons.with_user(user).write({"size": 9})

    def test_rows_of_the_load_belong_to_who_opened_them(self):
        self.env["construction.crew.week"].with_user(self.salesperson).action_open()
        self.env["construction.crew.week"].with_user(self.pm).action_open()
        rows = self.env["construction.crew.week"].with_user(self.pm).search([])
        self.assertEqual(rows.create_uid, self.pm)
        week = rows.filtered(lambda row: row.crew_id == self.masons)[0]
        self.assertEqual((week.hours_tasks, week.hours_capacity, week.percent), (120, 120, 100))

    # === NOTHING FOR OTHERS === #

    def test_forms_ask_nothing_of_the_load_when_they_open(self):
        for record in (self.deal, self.quote):
            spec = Form(record)._view["fields_spec"]
            self.assertIn("date_start_wanted", spec)
            self.assertNotIn("load_preview", spec)

    def test_a_stock_quote_is_read_without_its_deal(self):
        stock = self.env["sale.order"].create({"partner_id": self.client.id})
        self.env.flush_all()
        self.env.invalidate_all()
        stock.fetch(["name", "opportunity_id"])
        with self.assertQueryCount(0):
            self.assertFalse(stock.date_start_wanted)
