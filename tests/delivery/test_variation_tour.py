from odoo.tests import tagged

from ..contract.line_common import LineCommon


@tagged("post_install", "-at_install")
class TestVariationTour(LineCommon):
    """The manager proposes, the client signs in the portal, the contract follows; the salesperson undoes it."""

    def test_the_manager_proposes_the_client_signs_and_the_contract_follows(self):
        contract = self.make_contract()
        contract.lead_id.with_user(self.project_manager)._start_project({})
        value = contract.amount_total
        amounts = contract.instalment_ids.mapped("amount")
        url = f"/odoo/action-construction_crm.construction_contract_action/{contract.id}"
        self.start_tour(url, "construction_variation_propose", login=self.project_manager.login)
        order = contract.variation_order_ids
        self.assertRecordValues(
            order, [{"variation_number": "V1", "variation_days": 5, "state": "draft", "user_id": self.salesperson.id}]
        )
        self.assertEqual(order.chapter_ids.mapped("chapter_quantity"), [-3.47, 1])
        order.write({"require_signature": True, "require_payment": False})
        order.with_user(self.salesperson).action_quotation_sent()
        self.assertTrue(order.sent_attachment_ids, "what was sent is kept")
        self.start_tour(order.get_portal_url(), "construction_variation_signature")
        self.env.invalidate_all()
        self.assertRecordValues(order, [{"variation_state": "applied", "signed_by": "Ana Ionescu"}])
        self.assertAlmostEqual(contract.amount_total, value + order.amount_total, 2)
        self.assertEqual(contract.amount_left, 0)
        self.start_tour(
            f"/odoo/action-sale.action_quotations/{order.id}",
            "construction_variation_undo",
            login=self.salesperson.login,
        )
        self.env.invalidate_all()
        self.assertEqual(contract.amount_total, value)
        self.assertEqual(contract.instalment_ids.mapped("amount"), amounts)
