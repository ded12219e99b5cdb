from odoo.tests import Form, tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDealForm(DeliveryCommon):
    """What the form of a deal asks beside stock's lead form, with all rooms on it."""

    def _count_queries(self, lead):
        spec = Form(self.env["crm.lead"])._view["fields_spec"]
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lead.browse(lead.id).web_read(spec)
        return self.env.cr.sql_log_count - before

    def test_a_deal_asks_little_more_than_a_lead(self):
        lead = self._make_deal(construction_type_id=False)
        self._make_order(lead)
        # The counts of its sheets and of its invoices, and what its quote costs: its lines.
        self.assertLessEqual(self._count_queries(self.lead), self._count_queries(lead) + 3)

    def test_the_plan_is_shown_once_there_is_a_contract(self):
        self.assertFalse(self.lead.shown_instalment_ids)
        self.order.action_create_contract()
        contract = self.order.contract_id
        contract.instalment_ids = [(0, 0, {"name": "All", "amount_type": "rest", "kind": "progress"})]
        self.assertEqual(self.lead.shown_instalment_ids, contract.instalment_ids)
        self.assertTrue(self.lead.shown_instalment_ids)
