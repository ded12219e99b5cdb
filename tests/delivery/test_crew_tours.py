from datetime import date, timedelta

from odoo.tests import HttpCase, tagged

from .crew_common import CrewCommon


@tagged("post_install", "-at_install")
class TestCrewTours(HttpCase, CrewCommon):
    """The load of crews in the browser, by a planner and by a salesperson."""

    # The browser knows no frozen time: the week after this one.
    monday = date.today() + timedelta(days=7 - date.today().weekday())

    def test_the_planner_reads_the_load_and_moves_a_task(self):
        task = self._make_task(300, self._day(), name="Walls of the cellar")
        self.start_tour("/odoo", "construction_load_plan", login=self.pm.login)
        self.assertGreater(task.date_work_start, self._day(weeks=13))
        rows = self.env["construction.crew.week"].search([("create_uid", "=", self.pm.id)])
        self.assertTrue(rows)
        self.assertFalse(any(rows.mapped("is_over")))

    def test_the_salesperson_promises_a_day_and_is_warned(self):
        # this week, too: on a Monday it has all its room
        self._make_task(360, self._day(weeks=-1), self._day(weeks=1, days=4))
        quote = self._make_quote(100, lead=self._make_deal(name="House to promise"))
        deal = quote.opportunity_id
        self.start_tour(f"/odoo/crm/{deal.id}", "construction_load_promise", login=self.salesperson.login)
        self.assertTrue(deal.date_start_wanted)
        self.assertLess(deal.date_start_wanted, self._day(weeks=2))
