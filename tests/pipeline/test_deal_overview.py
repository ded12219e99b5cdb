from odoo.tests import tagged

from ..query_count import counting
from .report_common import ReportCommon


@tagged("post_install", "-at_install")
class TestOverview(ReportCommon):
    def _tiles(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return {tile.key: tile for tile in self.env["construction.overview"].with_user(user).search([])}

    def test_every_tile_counts_with_the_rights_of_who_looks(self):
        own = self._tiles(self.ana)
        everything = self._tiles(self.boss)
        deals = self.env["crm.lead"].with_user(self.ana)
        self.assertEqual(
            own["open"].record_count,
            deals.search_count(
                [("type", "=", "opportunity"), ("construction_type_id", "!=", False), ("won_status", "=", "pending")]
            ),
        )
        self.assertGreater(everything["open"].record_count, own["open"].record_count)

    def test_every_tile_opens_what_it_counts(self):
        for user in (self.ana, self.boss):
            for key, tile in self._tiles(user).items():
                with self.subTest(user=user.login, tile=key):
                    action = tile.action_open()
                    found = self.env[action["res_model"]].with_user(user).search_count(action["domain"])
                    self.assertEqual(found, tile.record_count)

    def test_a_deal_left_alone_is_counted_in_red(self):
        before = self._tiles(self.ana)["no_next_task"].record_count
        self._make_deal("Left alone", self.ana).activity_ids.unlink()
        tile = self._tiles(self.ana)["no_next_task"]
        self.assertEqual(tile.record_count, before + 1)
        self.assertTrue(tile.is_warning)

    def test_the_overview_takes_eight_queries_however_many_deals(self):
        spec = {"key": {}, "record_count": {}, "amount": {}, "has_amount": {}, "currency_id": {}, "is_warning": {}}

        def count():
            with counting(self.env) as queries:
                self.env["construction.overview"].with_user(self.boss).web_search_read([], spec, count_limit=81)
            return queries.count

        # what rights a user has is read once
        count()
        few = count()
        for number in range(30):
            self._make_deal(f"Deal {number}", self.ana)
        self.assertEqual(count(), few)
        # two of them tell who looks, and for which companies
        self.assertLessEqual(few, 8)


@tagged("post_install", "-at_install")
class TestReportQueries(ReportCommon):
    """Opening a screen costs as many queries on many deals as on few."""

    def _count(self, call):
        call()
        with counting(self.env) as queries:
            call()
        return queries.count

    def assertConstant(self, call, most):
        few = self._count(call)
        for number in range(20):
            deal = self._make_deal(f"One of many {number}", self.ana)
            deal.stage_id = (self.first, self.second, self.third)[number % 3]
        self.assertEqual(self._count(call), few)
        self.assertLessEqual(few, most)

    def test_the_funnel_takes_one_query(self):
        funnel = self.env["construction.funnel"].with_user(self.boss)
        measures = ["deal_count:sum", "amount:sum", "percent_moved_on:avg", "days:avg"]
        self.assertConstant(lambda: funnel._read_grouping_sets([], [[], ["stage_id"]], measures), 2)

    def test_the_other_reports_take_one_query(self):
        for model, measure in (("construction.win.rate", "win_rate:avg"), ("construction.productivity", "__count")):
            rows = self.env[model].with_user(self.boss)
            self.assertConstant(lambda rows=rows, measure=measure: rows._read_group([], ["user_id"], [measure]), 2)

    def test_the_list_of_what_lacks_a_task_takes_as_many_queries_for_many_deals(self):
        deals = self.env["crm.lead"].with_user(self.boss)
        spec = {"name": {}, "has_no_next_task": {}, "amount_quoted": {}}
        domain = [("has_no_next_task", "=", True)]
        self.assertConstant(lambda: deals.web_search_read(domain, spec, limit=80), 5)
