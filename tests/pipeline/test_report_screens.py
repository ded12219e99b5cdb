from lxml import etree

from odoo.tests import HttpCase, tagged

from .report_common import ReportCommon


@tagged("post_install", "-at_install")
class TestReportScreens(ReportCommon):
    """What the reports over deals show, and what their screens and files are called."""

    def test_every_pivot_and_graph_has_a_title(self):
        """Without it, what a number opens and the file it is exported to are called Untitled."""
        views = self.env["ir.ui.view"].search([("type", "in", ("pivot", "graph")), ("mode", "=", "primary")])
        ours = views.filtered(lambda view: view.xml_id.startswith("construction_crm."))
        self.assertGreater(len(ours), 20)
        for view in ours:
            with self.subTest(view=view.xml_id):
                self.assertTrue(etree.fromstring(view.get_combined_arch()).get("string"))

    def test_the_total_of_the_funnel_counts_the_amount_of_a_deal_once(self):
        self._move(self.deal, self.third)
        domain = [("construction_type_id", "=", self.type.id)]
        funnel = self.env["construction.funnel"].with_user(self.boss)
        self.env.flush_all()
        by_stage, by_user, total = funnel._read_grouping_sets(
            domain, [["stage_id"], ["user_id"], []], ["__count", "amount:sum", "lead_id:count_distinct"]
        )
        self.assertEqual({row[0]: row[2] for row in by_stage}[self.first], 2000.0)
        self.assertEqual({row[0]: row[2] for row in by_stage}[self.third], 1000.0)
        self.assertEqual({row[0]: row[2] for row in by_user}, {self.ana: 1000.0, self.bob: 1000.0})
        self.assertEqual(total, [(4, 2000.0, 2)])
        self.assertEqual(funnel._read_group(domain, [], ["amount:sum"]), [(2000.0,)])
        # Asked for one stage, it is what reached that stage.
        domain += [("stage_id", "=", self.second.id)]
        self.assertEqual(funnel._read_group(domain, [], ["amount:sum"]), [(1000.0,)])

    def test_the_funnel_of_a_salesperson_adds_up_own_deals_only(self):
        [(amount,)] = self.env["construction.funnel"].with_user(self.ana)._read_group([], [], ["amount:sum"])
        self.assertEqual(amount, 1000.0)


@tagged("post_install", "-at_install")
class TestReportTours(ReportCommon, HttpCase):
    """A click on a number."""

    def test_a_number_opens_what_it_counts(self):
        self.deal.action_set_won()
        self.other_deal.action_set_lost(lost_reason_id=self.reason.id)
        self.start_tour("/odoo/construction-win-rate", "construction_report_numbers", login=self.boss.login)
