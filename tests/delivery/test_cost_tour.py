from odoo.tests import new_test_user, tagged

from ..contract.line_common import LineCommon


@tagged("post_install", "-at_install")
class TestCostTour(LineCommon):
    def test_a_bill_is_booked_on_a_chapter_and_found_in_the_costs(self):
        estimator = new_test_user(
            self.env,
            login="line_estimator",
            groups="construction_crm.group_estimator",
            name="Esther Reckons",
            company_id=self.env.company.id,
        )
        self.env["res.partner"].create({"name": "Tile trade", "supplier_rank": 1})
        order = self.make_order()
        project = order.opportunity_id.with_user(self.project_manager)._start_project({})
        project.with_user(estimator).action_follow_costs()
        self.start_tour(
            "/odoo/action-account.action_move_in_invoice_type", "construction_cost_bill", login=self.accountant.login
        )
        bill = self.env["account.move"].search([("move_type", "=", "in_invoice"), ("state", "=", "posted")])
        self.assertEqual(bill.amount_untaxed, 432.10)
        self.assertEqual(bill.line_ids.analytic_line_ids.account_id, project.sudo().account_id)  # sudo: an account
        self.start_tour("/odoo", "construction_cost_view", login=estimator.login)
