from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContractOrders(ContractCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_deal()

    def _make(self, order, keep=None):
        action = order.action_create_contract()
        self.assertEqual(action["res_model"], "construction.contract.make")
        wizard = self.env[action["res_model"]].browse(action["res_id"]).with_env(order.env)
        if keep is not None:
            wizard.order_ids = keep
        return order.contract_id.browse(wizard.action_confirm()["res_id"])

    def test_all_confirmed_orders_of_the_deal_are_proposed_as_one_contract(self):
        first = self._create_order(self.lead)
        second = self._create_order(self.lead, prices=((1, 500.0),))
        draft = self.env["sale.order"].create({"partner_id": self.partner_a.id, "opportunity_id": self.lead.id})
        contract = self._make(second)
        self.assertEqual(contract.order_ids, first | second)
        self.assertFalse(draft.contract_id)
        self.assertEqual(contract.amount_total, 1815.0)
        self.assertEqual(contract.amount_left, 0.0)
        self.assertEqual(sum(contract.instalment_ids.mapped("amount")), 1815.0)

    def test_an_order_taken_out_gets_a_contract_of_its_own(self):
        first = self._create_order(self.lead)
        second = self._create_order(self.lead, prices=((1, 500.0),))
        contract = self._make(first, keep=first)
        self.assertEqual(contract.order_ids, first)
        second.action_create_contract()
        self.assertEqual(second.contract_id.amount_total, 605.0)
        self.assertNotEqual(second.contract_id, contract)

    def test_orders_of_another_client_or_currency_are_no_candidates(self):
        order = self._create_order(self.lead)
        self._create_order(self.lead, partner_id=self.partner_b.id)
        currency = self.setup_other_currency("CAD", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "CAD", "currency_id": currency.id})
        self._create_order(self.lead, pricelist_id=pricelist.id)
        order.action_create_contract()
        self.assertEqual(order.contract_id.order_ids, order)

    def test_answering_the_question_twice_makes_one_contract(self):
        order = self._create_order(self.lead)
        self._create_order(self.lead)
        wizard = self.env["construction.contract.make"].browse(order.action_create_contract()["res_id"])
        self.assertEqual(wizard.action_confirm()["res_id"], wizard.action_confirm()["res_id"])
        self.assertEqual(len(self.lead.contract_ids), 1)

    def test_an_order_joins_the_signed_contract_and_the_plan_follows(self):
        contract = self._create_contract(lead=self.lead)
        self._invoice(contract.instalment_ids[0])
        self.assertEqual((contract.amount_original, contract.amount_variations), (1210.0, 0.0))
        order = self._create_order(self.lead, prices=((1, 1000.0),))
        self.assertTrue(order.is_joinable)
        self.assertEqual(order.action_add_to_contract()["res_id"], contract.id)
        self.assertEqual(order.contract_id, contract)
        self.assertRecordValues(
            contract,
            [
                {
                    "amount_original": 1210.0,
                    "amount_variations": 1210.0,
                    "amount_total": 2420.0,
                    "amount_planned": 2420.0,
                }
            ],
        )
        self.assertEqual(contract.instalment_ids[0].amount, 363.0)
        self.assertTrue(contract.message_ids.filtered(lambda message: order.name in message.body))
        self.assertEqual(self.lead.amount_contract, 2420.0)

    def test_adding_twice_adds_once(self):
        contract = self._create_contract(lead=self.lead)
        order = self._create_order(self.lead)
        order.action_add_to_contract()
        order.action_add_to_contract()
        self.assertEqual(contract.amount_total, 2420.0)

    def test_what_cannot_join_is_told_why(self):
        contract = self._create_contract(lead=self.lead)
        stranger = self._create_order(self.lead, partner_id=self.partner_b.id)
        with self.assertRaisesRegex(UserError, "another client"):
            stranger.action_add_to_contract()
        currency = self.setup_other_currency("CAD", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "CAD", "currency_id": currency.id})
        foreign = self._create_order(self.lead, pricelist_id=pricelist.id)
        with self.assertRaisesRegex(UserError, "currencies"):
            foreign.action_add_to_contract()
        alone = self._create_order(self._create_deal())
        with self.assertRaisesRegex(UserError, "no contract yet"):
            alone.action_add_to_contract()
        quote = self._create_order(self.lead)
        quote._action_cancel()
        with self.assertRaisesRegex(UserError, "Confirm order"):
            quote.action_add_to_contract()
        self.assertEqual(contract.amount_total, 1210.0)
        self.assertFalse((stranger | foreign | alone | quote).filtered("is_joinable"))

    def test_a_settled_account_takes_no_more_orders(self):
        contract = self._create_contract(lead=self.lead)
        for instalment in contract.instalment_ids:
            self._invoice(instalment)
        order = self._create_order(self.lead)
        with self.assertRaisesRegex(UserError, "final invoice is made"):
            order.action_add_to_contract()

    def test_no_road_mixes_clients_in_one_contract(self):
        contract = self._create_contract(lead=self.lead)
        stranger = self._create_order(self.lead, partner_id=self.partner_b.id)
        with self.assertRaisesRegex(UserError, "Add to Contract"):
            stranger.contract_id = contract
        with self.assertRaisesRegex(ValidationError, "same company, currency and client"):
            stranger.sudo().contract_id = contract

    def test_cancelling_one_of_several_orders_leaves_the_draft_contract_to_the_others(self):
        first = self._create_order(self.lead)
        second = self._create_order(self.lead, prices=((1, 500.0),))
        contract = self._make(first)
        second._action_cancel()
        self.assertEqual(contract.order_ids, first)
        self.assertRecordValues(contract, [{"state": "draft", "amount_total": 1210.0, "amount_planned": 1210.0}])
        first._action_cancel()
        self.assertEqual(contract.state, "cancelled")

    def test_the_deal_with_two_contracts_is_asked_which_one(self):
        first = self._create_contract(lead=self.lead)
        other = self._create_contract(lead=self.lead, prices=((1, 500.0),))
        order = self._create_order(self.lead)
        action = order.action_add_to_contract()
        wizard = self.env["construction.contract.make"].browse(action["res_id"])
        self.assertEqual(wizard.contract_candidate_ids, first | other)
        with Form(wizard) as form:
            form.contract_id = first
        wizard.action_confirm()
        self.assertEqual(order.contract_id, first)

    def test_a_salesperson_cannot_join_an_order_to_a_colleagues_contract(self):
        lead = self._create_deal(user_id=self.sale_manager.id)
        contract = self._create_contract(lead=lead, user_id=self.sale_manager.id)
        contract.user_id = self.sale_manager
        order = self._create_order(contract.lead_id).with_user(self.salesman)
        order.invalidate_recordset()
        self.assertTrue(order.is_joinable)
        with self.assertRaises(AccessError):
            order.action_add_to_contract()
        self.assertEqual(contract.amount_total, 1210.0)

    def test_resetting_to_draft_forgets_the_original_value(self):
        contract = self._create_contract(lead=self.lead)
        contract.action_draft()
        self.assertRecordValues(contract, [{"amount_original": 0.0, "amount_variations": 0.0}])
        contract.action_sign()
        self.assertEqual(contract.amount_original, 1210.0)

    def test_contracts_signed_before_this_version_keep_their_value(self):
        contract = self._create_contract(lead=self.lead)
        draft = self._create_contract(sign=False)
        self.env.flush_all()
        self.env.cr.execute("UPDATE construction_contract SET amount_original = NULL")
        self.env["construction.contract"]._init_column("amount_original")
        self.env.invalidate_all()
        self.assertEqual((contract.amount_original, draft.amount_original), (1210.0, 0.0))

    def test_the_sums_of_the_deal_count_each_order_of_the_contract_once(self):
        first = self._create_order(self.lead)
        self._create_order(self.lead, prices=((1, 500.0),))
        contract = self._make(first)
        contract.instalment_ids = [Command.clear()]
        self.assertEqual(self.lead.amount_contract, 1815.0)
        self.assertEqual(self.lead.amount_to_invoice, 1815.0)
