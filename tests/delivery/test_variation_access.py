from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .variation_common import VariationCommon


@tagged("post_install", "-at_install")
class TestVariationAccess(VariationCommon):
    """Who proposes, who sees prices, who signs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._sign_contract()

    def _start_project(self):
        return self.contract.lead_id.with_user(self.manager)._start_project({"user_id": self.manager.id})

    def test_the_manager_proposes_without_seeing_prices_and_the_foreman_does_not(self):
        project = self._start_project()
        order = self._propose(self.contract, [(self.painting, -40)], user=self.manager)
        self.assertEqual(order.user_id, self.salesman)
        self.assertIn(self.salesman, order.activity_ids.user_id)
        variation = self.env["construction.variation"].with_user(self.manager).browse(order.id)
        self.assertIn("Painting", variation.content)
        self.assertEqual(variation.days, 0)
        self.assertFalse(variation.can_open_quote)
        self.assertTrue(variation.can_change)
        with self.assertRaises(AccessError):
            variation.mapped("amount_total")
        self.assertNotEqual(project.user_id, self.foreman)
        self.assertFalse(self.contract.with_user(self.foreman).is_open_to_variations)
        with self.assertRaises(AccessError):
            self.contract.with_user(self.foreman).action_propose_variation()
        self.assertFalse(variation.with_user(self.foreman).can_change)
        with self.assertRaises(AccessError):
            self.contract.with_user(self.surveyor).action_propose_variation()
        for user in (self.salesman, self.estimator, self.sale_manager):
            self.assertTrue(self.contract.with_user(user).is_open_to_variations)
            self.assertTrue(variation.with_user(user).amount_total)
        self.assertFalse(variation.with_user(self.other_salesman).has_access("read"))

    def test_a_project_administrator_lands_on_a_screen_that_opens(self):
        """Stock lets the role read orders, and its form of an order then fails on the invoices."""
        administrator = self._new_user("variation_administrator", "project.group_project_manager")
        self._start_project()
        order = self._propose(self.contract, [(self.painting, -40)], user=administrator)
        variation = self.env["construction.variation"].with_user(administrator).browse(order.id)
        self.assertFalse(variation.can_open_quote)
        wizard = self.env["construction.variation.propose"].with_user(administrator)
        self.assertEqual(wizard._open_result(order)["res_model"], "construction.variation")

    def test_a_screen_reaches_no_other_contract_and_no_other_quote(self):
        other = self._sign_contract()
        project = self._start_project()
        self.assertEqual(project.user_id, self.manager)
        foreign = self.env["sale.order"].create({"partner_id": self.partner_a.id})
        action = self.contract.with_user(self.manager).action_propose_variation()
        wizard = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        position = self._position(other, self.painting)
        wizard.line_ids[0].change = 3
        wizard.line_ids = [Command.create({"position_id": position.id, "change": 5})]
        wizard.action_apply()
        self.assertEqual(self.contract.variation_order_ids.chapter_ids.chapter_quantity, 3)
        wizard.order_id = foreign.id
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard = wizard.copy({"contract_id": other.id, "order_id": False})
        with self.assertRaises(AccessError):
            wizard.action_apply()

    def test_the_salesperson_signs_and_undoes_it(self):
        order = self._propose(self.contract, [(self.painting, 40)], user=self.salesman).with_user(self.salesman)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertEqual(self.contract.amount_variations, 484)
        order.action_undo_variation()
        self.assertEqual(self.contract.amount_variations, 0)
