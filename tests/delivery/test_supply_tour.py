from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..contract.line_common import LineCommon


@tagged("post_install", "-at_install")
class TestSupplyTour(LineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreman = new_test_user(
            cls.env,
            login="line_foreman",
            groups="project.group_project_user",
            name="Frank Foreman",
            company_id=cls.env.company.id,
            company_ids=[Command.set(cls.env.company.ids)],
        )
        cls.crew = cls.env["construction.crew"].create({"name": "Tilers", "leader_id": cls.foreman.id})
        order = cls.make_order()
        cls.project = order.opportunity_id.with_user(cls.project_manager)._start_project({})

    def test_the_manager_issues_a_work_order_and_the_foreman_reports_it_done(self):
        self.start_tour("/odoo/construction-projects", "construction_supply_issue", login=self.project_manager.login)
        order = self.env["construction.work.order"].search([("project_id", "=", self.project.id)])
        self.assertRecordValues(
            order,
            [{"state": "issued", "crew_id": self.crew.id, "user_id": self.foreman.id, "correction": 0}],
        )
        tiling = order.line_ids.filtered(lambda line: line.position_id.product_id == self.tiling)
        self.assertEqual(tiling.quantity, 10.0)
        action = order.with_user(self.project_manager).action_print()
        report = self.env["ir.actions.report"].with_user(self.project_manager)
        html, _type = report._render_qweb_html(action["report_name"], order.ids)
        text = " ".join(html.decode().split())
        for expected in (order.name, "Wall tiling", "Porcelain tile", "10.70", "Lake Street 7", "Tilers"):
            self.assertIn(expected, text)
        self.assertNotIn("77.77", text)

        with patch.multiple(self, browser_size="390x844", touch_enabled=True):
            self.start_tour("/odoo/work-orders", "construction_supply_done", login=self.foreman.login)
        self.assertRecordValues(order, [{"state": "done", "done_by_id": self.foreman.id}])
