import random

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..query_count import counting
from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestInvoicing(ContractCommon):
    def test_invoice_of_an_instalment_is_a_typed_down_payment(self):
        contract = self._create_contract()
        instalment = contract.instalment_ids[0]
        move = self._invoice(instalment, post=False)
        self.assertRecordValues(
            move,
            [
                {
                    "state": "draft",
                    "amount_total": 363.0,
                    "amount_untaxed": 300.0,
                    "instalment_id": instalment.id,
                    "contract_id": contract.id,
                    "invoice_kind": "advance",
                    "lead_id": contract.lead_id.id,
                    "partner_id": self.partner_a.id,
                }
            ],
        )
        self.assertTrue(move._is_downpayment())
        self.assertRecordValues(instalment, [{"state": "invoiced", "amount_invoiced": 0.0}])
        move.action_post()
        self.assertRecordValues(instalment, [{"state": "invoiced", "amount_invoiced": 363.0}])
        self.assertFalse(instalment.activity_id)
        self.assertFollowsLedger(contract)

    def test_invoicing_finishes_the_activity_of_the_instalment(self):
        instalment = self._create_contract().instalment_ids[0]
        activity = instalment.activity_id
        self.assertTrue(activity.active)
        instalment.with_user(self.accountant).action_invoice()
        self.assertRecordValues(activity, [{"active": False, "feedback": "Invoiced"}])
        self.assertTrue(activity.date_done)

    def test_invoicing_twice_opens_the_same_invoice(self):
        contract = self._create_contract()
        move = self._invoice(contract.instalment_ids[0], post=False)
        self.assertEqual(contract.instalment_ids[0].action_invoice()["res_id"], move.id)
        move.action_post()
        self.assertEqual(contract.instalment_ids[0].action_invoice()["res_id"], move.id)
        self.assertEqual(contract.instalment_ids[0].invoice_ids, move)

    def test_what_is_not_due_or_not_signed_is_not_invoiced(self):
        contract = self._create_contract(sign=False)
        with self.assertRaisesRegex(UserError, "not signed"):
            contract.instalment_ids[0].action_invoice()
        contract.instalment_ids[1].trigger_date = "2999-01-01"
        contract.action_sign()
        with self.assertRaisesRegex(UserError, "not due yet: it waits for the 01/01/2999"):
            contract.instalment_ids[1].action_invoice()

    def test_the_final_instalment_waits_for_the_others(self):
        contract = self._create_contract()
        with self.assertRaisesRegex(UserError, "Advance"):
            contract.instalment_ids[2].action_invoice()
        self.assertFalse(contract.instalment_ids[2].invoice_ids)

    def test_the_last_instalment_invoices_the_order_with_the_down_payments_deducted(self):
        contract = self._create_contract()
        for instalment in contract.instalment_ids:
            self._invoice(instalment)
        final = contract.instalment_ids[2].invoice_ids
        self.assertFalse(final._is_downpayment())
        self.assertEqual(final.amount_total, 443.71)
        self.assertEqual(sum(contract.move_ids.mapped("amount_total")), 1210.0)
        self.assertEqual(contract.order_ids.order_line[0].qty_invoiced, 1)
        self.assertEqual(contract.lead_id.amount_to_invoice, 0)
        self.assertFollowsLedger(contract)

    def test_several_due_instalments_are_invoiced_in_one_go(self):
        contract = self._create_contract()
        contract.instalment_ids.action_invoice()
        self.assertEqual(sum(contract.move_ids.mapped("amount_total")), 1210.0)
        self.assertEqual(len(contract.move_ids), 3)

    def test_invoices_add_up_to_the_cent_with_ugly_taxes(self):
        """Percentages that do not divide, several tax rates, price-included taxes, both rounding methods."""
        chance = random.Random(2)
        included = self.percent_tax(19.0, price_include_override="tax_included")
        fixed = self.fixed_tax(0.37)
        taxes = [self.tax_21, self.tax_ugly, included, self.tax_21 + fixed, self.env["account.tax"]]
        for round_number in range(8):
            self.env.company.tax_calculation_rounding_method = chance.choice(["round_per_line", "round_globally"])
            order = self._create_order(
                self._create_deal(),
                prices=[(chance.choice([1, 3, 0.333, 7]), round(chance.uniform(1, 999), 2)) for _i in taxes],
                taxes=taxes,
            )
            order.action_create_contract()
            contract = order.contract_id
            contract.instalment_ids[0].percent = round(chance.uniform(1, 40), 2)
            contract.action_sign()
            with self.subTest(round=round_number, total=contract.amount_total):
                for instalment in contract.instalment_ids:
                    self._invoice(instalment)
                    self.assertEqual(instalment.invoice_ids.amount_total, instalment.amount)
                invoiced = contract.currency_id.round(sum(contract.move_ids.mapped("amount_total")))
                self.assertEqual(invoiced, contract.amount_total)
                self.assertEqual(contract.amount_to_invoice, 0)
                self.assertFollowsLedger(contract)

    def test_prices_of_down_payments_are_written_as_money(self):
        contract = self._create_contract(prices=((1, 1000.01), (3, 33.33)), taxes=self.tax_ugly)
        for row in contract.instalment_ids[:2]:
            move = self._invoice(row)
            line = move.invoice_line_ids.filtered("is_downpayment")
            self.assertEqual(line.price_unit, line.price_subtotal)
            self.assertEqual(move.amount_total, row.amount)

    def test_foreign_currency_adds_up_in_the_currency_of_the_order(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.87), ("2026-01-01", 0.913)])
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": currency.id})
        contract = self._create_contract(prices=((3, 333.33),), taxes=self.tax_ugly, pricelist_id=pricelist.id)
        self.assertEqual(contract.currency_id, currency)
        for instalment in contract.instalment_ids:
            self._invoice(instalment)
            self._collect(instalment)
        self.assertEqual(currency.round(sum(contract.move_ids.mapped("amount_total"))), contract.amount_total)
        self.assertEqual(set(contract.instalment_ids.mapped("state")), {"collected"})
        self.assertEqual(contract.amount_collected, contract.amount_total)
        lead = contract.lead_id
        self.assertEqual(lead.amount_to_invoice, 0)
        self.assertEqual(lead.amount_invoiced, sum(contract.move_ids.mapped("amount_total_signed")))
        self.assertEqual(lead.amount_collected, lead.amount_invoiced)

    def test_a_cancelled_or_deleted_draft_makes_the_instalment_due_again(self):
        contract = self._create_contract()
        instalment = contract.instalment_ids[0]
        self._invoice(instalment, post=False).button_cancel()
        self.assertEqual(instalment.state, "due")
        move = self._invoice(instalment, post=False)
        self.assertEqual(instalment.state, "invoiced")
        move.unlink()
        self.assertEqual(instalment.state, "due")
        for row in contract.instalment_ids:
            self._invoice(row)
        self.assertEqual(contract.amount_invoiced, 1210.0)
        self.assertFollowsLedger(contract)

    def test_a_full_credit_note_makes_it_due_again_and_is_not_deducted_at_the_end(self):
        contract = self._create_contract()
        instalment = contract.instalment_ids[0]
        move = self._invoice(instalment)
        refund = move._reverse_moves(cancel=True)
        self.assertRecordValues(
            refund,
            [{"instalment_id": instalment.id, "contract_id": contract.id, "invoice_kind": "advance"}],
        )
        self.assertRecordValues(
            instalment, [{"state": "due", "amount_invoiced": 0.0, "amount_collected": 0.0, "amount": 363.0}]
        )
        self.assertFollowsLedger(contract)
        for row in contract.instalment_ids:
            self._invoice(row)
        self.assertEqual(contract.amount_invoiced, 1210.0)
        self.assertFollowsLedger(contract)

    def test_a_down_payment_credited_after_the_settlement_is_invoiced_again(self):
        contract = self._create_contract()
        for row in contract.instalment_ids:
            self._invoice(row)
        first = contract.instalment_ids[0]
        first.invoice_ids._reverse_moves(cancel=True)
        self.assertEqual(first.state, "due")
        self._invoice(first)
        self.assertEqual(contract.amount_invoiced, 1210.0)
        self.assertFollowsLedger(contract)

    def test_the_settlement_credited_is_made_again(self):
        contract = self._create_contract()
        for row in contract.instalment_ids:
            self._invoice(row)
        last = contract.instalment_ids[2]
        last.invoice_ids._reverse_moves(cancel=True)
        self.assertEqual(last.state, "due")
        self._invoice(last)
        self.assertEqual(last.amount_invoiced, 443.71)
        self.assertEqual(contract.amount_invoiced, 1210.0)
        self.assertFollowsLedger(contract)

    def test_a_partly_credited_down_payment_is_deducted_by_what_is_left(self):
        contract = self._create_contract()
        first = contract.instalment_ids[0]
        refund = self._invoice(first)._reverse_moves()
        refund.invoice_line_ids.filtered(lambda line: line.display_type == "product").price_unit = 100
        refund.action_post()
        self.assertEqual(refund.amount_total, 121.0)
        self.assertRecordValues(first, [{"amount": 242.0, "amount_invoiced": 242.0}])
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertEqual(contract.amount_invoiced, 1210.0)
        self.assertFollowsLedger(contract)

    def test_an_edited_draft_moves_the_difference_to_the_rest(self):
        contract = self._create_contract()
        move = self._invoice(contract.instalment_ids[0], post=False)
        move.invoice_line_ids.filtered(lambda line: line.display_type == "product").price_unit = 200
        move.action_post()
        self.assertEqual(contract.instalment_ids.mapped("amount"), [242.0, 403.29, 564.71])
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertFollowsLedger(contract)

    def test_a_plain_copy_of_an_invoice_belongs_to_no_instalment(self):
        contract = self._create_contract()
        copy = self._invoice(contract.instalment_ids[0]).copy()
        self.assertFalse(copy.instalment_id)
        self.assertFalse(copy.contract_id)
        self.assertFalse(copy.invoice_kind)
        self.assertFalse(copy.lead_id)

    def test_an_invoice_outside_the_plan_is_named_when_the_settlement_does_not_fit(self):
        order = self._create_order(self._create_deal())
        stray = self._create_down_payment_invoice(order, "fixed", 50, post=True)
        order.action_create_contract()
        contract = order.contract_id
        contract.action_sign()
        self.assertEqual(stray.invoice_kind, "other")
        self.assertEqual(contract.amount_invoiced, 50)
        self._invoice(contract.instalment_ids[0])
        self._invoice(contract.instalment_ids[1])
        with self.assertRaisesRegex(UserError, stray.name):
            contract.instalment_ids[2].action_invoice()

    def test_stock_invoices_of_stock_orders_stay_as_they_are(self):
        order = self._create_order(None)
        order._force_lines_to_invoice_policy_order()
        move = order._create_invoices()
        self.assertRecordValues(
            move, [{"lead_id": False, "contract_id": False, "instalment_id": False, "invoice_kind": False}]
        )

    def test_invoice_of_a_stock_order_of_a_deal_knows_the_deal(self):
        lead = self._create_deal(construction_type_id=False)
        order = self._create_order(lead)
        order._force_lines_to_invoice_policy_order()
        move = order._create_invoices()
        self.assertEqual(move.lead_id, lead)
        self.assertEqual(self.env["account.move"].search([("lead_ids", "in", lead.ids)]), move)
        self.assertEqual(lead.amount_contract, 0, "A deal that is no construction deal has no sums")

    def test_queries_of_an_invoice_do_not_grow_with_the_order(self):
        counts = []
        for size in (5, 10, 100):
            contract = self._create_contract(prices=[(1, 10.0)] * size)
            with counting(self.env) as queries:
                contract.instalment_ids[0].action_invoice()
            counts.append(queries.count)
        _warm_up, small, large = counts
        self.assertLessEqual(max(small, large), 130, counts)
        self.assertLessEqual(large, small + 2, counts)
