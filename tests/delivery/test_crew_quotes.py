from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .crew_common import MONDAY, TODAY, CrewCommon


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestCrewQuotes(CrewCommon):
    """Hours of quotes and of sold works in the load of crews."""

    def _tentative(self, crew=None):
        return round(sum(self._load().tentative[(crew or self.masons).id]), 2)

    def _wanted(self, crew=None):
        return round(sum(self._load().wanted[(crew or self.masons).id]), 2)

    def test_an_open_quote_counts_by_the_probability_of_its_deal(self):
        self._make_quote(100, probability=30)
        self.assertEqual(self._tentative(), 30)
        self.assertEqual(self._wanted(), 100)
        self.assertFalse(any(self._load().firm[self.masons.id]))

    def test_a_quote_of_more_hours_than_a_week_goes_on_in_the_next(self):
        self._make_quote(200, probability=100)
        self.assertEqual(self._load().wanted[self.masons.id][:3], [120, 80, 0])

    def test_a_quote_starts_when_its_deal_wants_to(self):
        lead = self._make_deal(date_start_wanted=self._day(weeks=3, days=2))
        self._make_quote(50, lead=lead)
        self.assertEqual(self._load().wanted[self.masons.id][:5], [0, 0, 0, 50, 0])
        lead.date_start_wanted = False
        lead.date_deadline = self._day(weeks=1)
        self.assertEqual(self._load().wanted[self.masons.id][:5], [0, 0, 0, 50, 0], "two weeks after the closing")
        lead.date_deadline = self._day(weeks=-20)
        self.assertEqual(self._load().wanted[self.masons.id][:2], [50, 0], "not in the past")

    def test_a_revision_counts_instead_of_what_it_revises(self):
        quote = self._make_quote(100, probability=100)
        quote.action_quotation_sent()
        quote.action_revise()
        revision = quote.next_revision_ids
        revision.order_line.filtered("product_id").product_uom_qty = 60
        self.assertEqual(self._wanted(), 60)
        revision.action_quotation_sent()
        self.assertEqual(self._wanted(), 60)
        revision.action_cancel()
        self.assertLessEqual(self._wanted(), 100)

    def test_of_variants_only_the_largest_counts(self):
        quote = self._make_quote(100, probability=100)
        variant = quote._make_variant("Cheap", "Dear")
        variant.order_line.filtered("product_id").product_uom_qty = 40
        self.assertEqual(self._wanted(), 100)
        variant.order_line.filtered("product_id").product_uom_qty = 140
        self.assertEqual(self._wanted(), 140)

    def test_two_quotes_of_one_deal_for_different_works_both_count(self):
        quote = self._make_quote(100, probability=100)
        self._make_quote(40, probability=100, lead=quote.opportunity_id)
        self.assertEqual(self._wanted(), 140)

    def test_lost_and_cancelled_and_stock_quotes_are_no_load(self):
        self._make_quote(100).opportunity_id.action_set_lost(lost_reason_id=self.env.ref("crm.lost_reason_1").id)
        self._make_quote(100).action_cancel()
        self._make_quote(100, lead=self._make_deal(construction_type_id=False))
        self.assertEqual(self._wanted(), 0)

    def test_options_not_chosen_are_no_load(self):
        quote = self._make_quote(100)
        quote.order_line.filtered("product_id").product_uom_qty = 0
        self.assertEqual(self._wanted(), 0)

    def test_sold_works_are_firm_until_their_tasks_take_over(self):
        quote = self._make_quote(100)
        lead = quote.opportunity_id
        quote.action_confirm()
        load = self._load()
        self.assertEqual(load.firm[self.masons.id][:2], [100, 0])
        self.assertEqual(load.sold[self.masons.id][:2], [100, 0])
        self.assertEqual(sum(load.wanted[self.masons.id]), 0)
        project = self._start(lead)
        self.assertEqual(project.task_ids.crew_id, self.masons)
        load = self._load()
        self.assertEqual(sum(load.sold[self.masons.id]), 0)
        self.assertAlmostEqual(sum(load.firm[self.masons.id]) + load.undated[self.masons.id], 100)

    def test_days_of_labour_are_hours_and_units_are_not(self):
        lead = self._make_deal(date_start_wanted=MONDAY)
        lead.probability = 100
        self._make_order(lead, confirm=False)
        self.assertEqual(self._wanted(), 2 * 8 + 4, "2 days and 4 hours; 5 units of labour have none")

    def test_several_crews_of_a_trade_share_its_hours_by_their_people(self):
        more = self.masons.copy({"name": "More masons", "size": 1})
        self._make_quote(100, probability=100)
        self.assertEqual(self._wanted(), 75)
        self.assertEqual(self._wanted(more), 25)

    def test_labour_without_a_trade_goes_to_the_usual_crew_of_its_stage(self):
        self.mason.trade_id = False
        self._make_quote(100, probability=50)
        self.assertEqual(dict(self._load().homeless), {0: 50})
        self.works.crew_id = self.roofers  # the stage of walls
        self.assertEqual(self._wanted(self.roofers), 100)

    def test_hours_of_a_trade_nobody_does_are_told(self):
        self.masons.trade_ids = [Command.clear()]
        self._make_quote(100, probability=50)
        self.assertEqual(dict(self._load().homeless), {self.masonry.id: 50})
        board = self.env["construction.crew"].get_load_board()
        self.assertEqual(board["homeless"], [{"trade": "Masonry", "hours": 50}])
