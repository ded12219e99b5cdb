from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_delivery_seams import SeamCommon


@tagged("post_install", "-at_install")
class TestDeliveryMerge(SeamCommon):
    """Deals that are merged or deleted while contract, project and works hang on them."""

    def test_a_deal_with_a_contract_is_not_deleted(self):
        deal = self.contract.lead_id
        self.project.lead_id = False
        with self.assertRaisesRegex(UserError, "has contracts"):
            deal.unlink()
        self.assertTrue(deal.exists())

    def test_a_salesperson_merges_deals_with_quote_contract_and_project_of_colleagues(self):
        ana = new_test_user(self.env, "seam_ana", groups="sales_team.group_sale_salesman")
        old = self.contract.lead_id
        later = self.env["crm.stage"].create({"name": "All but built", "sequence": 999, "is_won": True})
        new = self._create_deal(name="The same house, again", stage_id=later.id)
        (new | old).user_id = ana
        self.env["sale.order"].search([("opportunity_id", "=", old.id)]).user_id = self.env.user
        self.env.invalidate_all()
        merged = (new | old).with_user(ana).merge_opportunity(auto_unlink=True).with_env(self.env)
        self.env.invalidate_all()
        self.assertEqual(merged, new, "what hangs on the other one moves")
        self.assertEqual(self.contract.lead_id, merged)
        self.assertEqual(self.project.lead_id, merged)
        self.assertEqual(self.order.opportunity_id, merged)
        self.assertEqual(merged.construction_project_id, self.project)

    def test_merged_deals_keep_contract_project_and_works_together(self):
        self._report({self.wall: 15})
        certificate = self._certificate()
        self._invoice_certificate(certificate)
        before = self._read_sums(self.contract)
        old = self.contract.lead_id
        new = self._create_deal(name="The same house, again", probability=90)
        merged = (new | old).merge_opportunity(auto_unlink=True)
        self.env.invalidate_all()
        self.assertEqual(self.contract.lead_id, merged)
        self.assertEqual(self.project.lead_id, merged)
        self.assertEqual(self.order.opportunity_id, merged)
        self.assertEqual(self.contract.position_ids.project_id, self.project)
        self.assertEqual(certificate.project_id, self.project)
        self.assertEqual(self._read_sums(self.contract), before)
        self.assertMoneyTrue()
        self._report({self.wall: 15})
        self._invoice_certificate(self._certificate())
        self.assertMoneyTrue()
