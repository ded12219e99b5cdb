from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from ..job_time import job_time
from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContract(ContractCommon):
    def test_contract_from_a_confirmed_order_takes_the_plan_of_the_type(self):
        contract = self._create_contract(sign=False)
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "draft",
                    "partner_id": self.partner_a.id,
                    "construction_type_id": self.construction_type.id,
                    "amount_untaxed": 1000.0,
                    "amount_total": 1210.0,
                    "amount_planned": 1210.0,
                    "amount_left": 0.0,
                    "user_id": self.salesman.id,
                    "warranty_months": 24,
                }
            ],
        )
        self.assertRecordValues(
            contract.instalment_ids,
            [
                {"name": "Advance", "kind": "advance", "amount": 363.0, "state": "waiting"},
                {"name": "Half way", "kind": "progress", "amount": 403.29, "state": "waiting"},
                {"name": "Settlement", "kind": "final", "amount": 443.71, "state": "waiting"},
            ],
        )

    def test_creating_the_contract_twice_opens_the_same(self):
        contract = self._create_contract(sign=False)
        action = contract.order_ids.action_create_contract()
        self.assertEqual(action["res_id"], contract.id)
        self.assertEqual(self.env["construction.contract"].search_count([("lead_id", "=", contract.lead_id.id)]), 1)

    def test_contract_needs_a_confirmed_order(self):
        order = self._create_order(self._create_deal())
        order._action_cancel()
        with self.assertRaisesRegex(UserError, "Confirm order"):
            order.action_create_contract()

    def test_contract_without_a_template_gets_one_row_with_the_rest(self):
        self.construction_type.plan_template_id = False
        contract = self._create_contract(sign=False)
        self.assertRecordValues(contract.instalment_ids, [{"amount_type": "rest", "amount": 1210.0}])

    def test_missing_data_blocks_signing_but_not_saving(self):
        contract = self._create_contract(sign=False)
        contract.date_start = False
        self.assertIn("start date", contract.missing_data)
        with self.assertRaisesRegex(UserError, "start date"):
            contract.action_sign()
        self.assertEqual(contract.state, "draft")
        contract.date_start = "2026-01-01"
        self.assertFalse(contract.missing_data)
        contract.action_sign()
        self.assertEqual(contract.state, "signed")

    def test_signing_needs_a_plan_that_adds_up(self):
        contract = self._create_contract(sign=False)
        contract.instalment_ids[-1:].unlink()
        self.assertEqual(contract.amount_left, 443.71)
        with self.assertRaisesRegex(UserError, "does not add up"):
            contract.action_sign()

    @freeze_time("2026-03-01")
    def test_signing_makes_the_signature_rows_due_and_tells_the_invoicing_person(self):
        self.construction_type.user_invoicing_id = self.accountant
        contract = self._create_contract(sign=False)
        contract.date_start = "2026-04-01"
        contract.instalment_ids[0].delay_days = 0
        contract.action_sign()
        self.assertRecordValues(
            contract.instalment_ids,
            [
                {"state": "due", "date_due": fields.Date.to_date("2026-03-01")},
                {"state": "waiting", "date_due": fields.Date.to_date("2026-04-01")},
                {"state": "waiting", "date_due": fields.Date.to_date("2026-04-01")},
            ],
        )
        self.assertRecordValues(
            contract.activity_ids, [{"user_id": self.accountant.id, "summary": "Invoice “Advance”"}]
        )

    def test_resetting_to_draft_undoes_the_signature(self):
        contract = self._create_contract()
        contract.action_draft()
        self.assertEqual(contract.state, "draft")
        self.assertEqual(contract.instalment_ids.mapped("state"), ["waiting"] * 3)
        self.assertFalse(contract.instalment_ids[0].date_due)
        self.assertFalse(contract.activity_ids)

    def test_states_go_one_way(self):
        contract = self._create_contract(sign=False)
        with self.assertRaisesRegex(UserError, "cannot be started"):
            contract.action_start()
        contract.action_sign()
        with self.assertRaisesRegex(UserError, "cannot be signed"):
            contract.action_sign()
        contract.action_start()
        contract.action_complete()
        self.assertTrue(contract.date_end)
        self.assertGreater(contract.date_warranty_end, contract.date_end)
        with self.assertRaisesRegex(UserError, "to collect"):
            contract.action_close()

    def test_cancelling_a_contract_frees_the_order(self):
        contract = self._create_contract()
        contract.action_cancel()
        self.assertEqual(set(contract.instalment_ids.mapped("state")), {"cancelled"})
        order = contract.order_ids
        order.action_create_contract()
        self.assertNotEqual(order.contract_id, contract)

    def test_an_order_with_a_signed_contract_cannot_be_cancelled(self):
        contract = self._create_contract()
        with self.assertRaisesRegex(UserError, contract.name):
            contract.order_ids.action_cancel()
        self.assertEqual(contract.order_ids.state, "sale")

    def test_cancelling_the_order_cancels_its_draft_contract(self):
        contract = self._create_contract(sign=False)
        contract.order_ids.action_cancel()
        self.assertEqual(contract.state, "cancelled")

    def test_contract_with_an_invoice_is_neither_cancelled_nor_deleted(self):
        contract = self._create_contract()
        move = self._invoice(contract.instalment_ids[0])
        with self.assertRaisesRegex(UserError, move.name):
            contract.action_cancel()
        with self.assertRaisesRegex(UserError, "signed"):
            contract.unlink()
        with self.assertRaisesRegex(UserError, "invoiced"):
            contract.instalment_ids[0].unlink()
        contract.instalment_ids[1].unlink()

    def test_contract_with_a_payment_is_not_cancelled(self):
        contract = self._create_contract()
        payment = self._collect(contract.instalment_ids[0], 100)
        with self.assertRaisesRegex(UserError, "received"):
            contract.action_cancel()
        with self.assertRaisesRegex(UserError, "received"):
            contract.instalment_ids[0].unlink()
        payment.action_cancel()
        contract.action_cancel()

    def test_a_draft_contract_is_deleted_with_its_plan(self):
        contract = self._create_contract(sign=False)
        order = contract.order_ids
        contract.unlink()
        self.assertFalse(order.contract_id)

    def test_delivery_rows_know_how_far_they_are(self):
        contract = self._create_contract(sign=False)
        contract.delivery_ids = [Command.create({"name": "Windows", "quantity": 4})]
        delivery = contract.delivery_ids
        self.assertEqual(delivery.state, "planned")
        delivery.quantity_delivered = 1
        self.assertEqual(delivery.state, "partial")
        delivery.quantity_delivered = 4
        self.assertEqual(delivery.state, "delivered")

    def test_plan_is_edited_in_the_form(self):
        contract = self._create_contract(sign=False)
        with Form(contract) as form:
            with form.instalment_ids.edit(0) as row:
                row.percent = 50
            with form.instalment_ids.edit(1) as row:
                row.amount_type = "fixed"
                row.amount_fixed = 100
        self.assertEqual(contract.instalment_ids.mapped("amount"), [605.0, 100.0, 505.0])


@tagged("post_install", "-at_install")
class TestPlan(ContractCommon):
    def test_rows_may_not_ask_for_more_than_the_contract(self):
        contract = self._create_contract(sign=False)
        with self.assertRaisesRegex(ValidationError, "more than the contract"):
            contract.instalment_ids[0].write({"amount_type": "fixed", "amount": 2000})

    def test_a_context_from_outside_does_not_stop_the_check(self):
        contract = self._create_contract(sign=False)
        row = contract.instalment_ids[0].with_context(construction_plan_checked=contract.ids)
        with self.assertRaisesRegex(ValidationError, "more than the contract"):
            row.write({"amount_type": "fixed", "amount": 2000})

    def test_negative_rows_are_refused(self):
        contract = self._create_contract(sign=False)
        with self.assertRaises(ValidationError):
            contract.instalment_ids[0].percent = -10
            self.env.flush_all()

    def test_negative_fixed_amounts_are_refused(self):
        contract = self._create_contract(sign=False)
        with self.assertRaises(ValidationError):
            contract.instalment_ids[0].write({"amount_type": "fixed", "amount": -10})
            self.env.flush_all()

    def _change_price(self, contract, price):
        """Only an order that is no construction quote may change once it is confirmed."""
        contract.lead_id.construction_type_id = False
        contract.order_ids.order_line[0].price_unit = price

    def test_plan_follows_the_value_and_leaves_invoiced_rows_alone(self):
        contract = self._create_contract()
        self._invoice(contract.instalment_ids[0], post=False)
        self._change_price(contract, 2000)
        self.assertEqual(contract.amount_total, 2420.0)
        self.assertEqual(contract.instalment_ids.mapped("amount"), [363.0, 806.59, 1250.41])
        self.assertEqual(contract.amount_left, 0.0)

    def test_an_invoiced_row_cannot_be_changed(self):
        contract = self._create_contract()
        self._invoice(contract.instalment_ids[0], post=False)
        with self.assertRaisesRegex(UserError, "is invoiced"):
            contract.instalment_ids[0].percent = 40
        with self.assertRaisesRegex(UserError, "is invoiced"):
            contract.instalment_ids[0].amount = 40
        contract.instalment_ids[0].name = "Advance payment"

    def test_a_smaller_order_shows_what_the_plan_asks_too_much(self):
        contract = self._create_contract()
        self._invoice(contract.instalment_ids[0])
        self._change_price(contract, 100)
        self.assertEqual(contract.instalment_ids.mapped("amount"), [363.0, 0.0, 0.0])
        self.assertEqual(contract.amount_left, 121 - 363)

    def test_a_currency_without_cents(self):
        currency = self.setup_other_currency("JPY", rounding=1.0, rates=[("2016-01-01", 150.0)])
        pricelist = self.env["product.pricelist"].create({"name": "Yen", "currency_id": currency.id})
        contract = self._create_contract(
            sign=False, prices=((1, 1001.0),), taxes=self.tax_21, pricelist_id=pricelist.id
        )
        self.assertEqual(contract.currency_id, currency)
        self.assertEqual(contract.instalment_ids.mapped("amount"), [363.0, 404.0, 444.0])
        self.assertEqual(sum(contract.instalment_ids.mapped("amount")), contract.amount_total)

    def test_a_plan_of_many_rows_is_made_in_few_queries(self):
        for size in (12, 120):
            contract = self._create_contract(sign=False)
            contract.instalment_ids.unlink()
            rows = [
                {"contract_id": contract.id, "name": f"Month {i}", "percent": 100 / size, "delay_days": 30 * i}
                for i in range(size - 1)
            ] + [{"contract_id": contract.id, "name": "End", "amount_type": "rest"}]
            self.env.flush_all()
            self.env.invalidate_all()
            with self.assertQueryCount(12):
                self.env["construction.instalment"].create(rows)
                self.env.flush_all()
            self.assertEqual(contract.amount_left, 0)

    def test_events_of_other_rooms_fire_and_are_undone(self):
        contract = self._create_contract()
        row = contract.instalment_ids[1]
        row.trigger = "handover"
        self.assertEqual(row.state, "waiting")
        fired = contract._raise_event("handover", fields.Date.to_date("2020-01-01"))
        self.assertEqual(fired, row)
        self.assertRecordValues(row, [{"state": "due", "date_due": fields.Date.to_date("2020-01-01")}])
        self._invoice(contract.instalment_ids[0])
        contract._revoke_event("handover")
        self.assertEqual(row.state, "waiting")
        self.assertEqual(contract.instalment_ids[0].state, "invoiced")
        self.assertTrue(contract.instalment_ids[0].date_event)

    @freeze_time("2026-01-10")
    def test_the_daily_job_makes_dated_rows_due_and_invoices_overdue(self):
        contract = self._create_contract(sign=False)
        contract.instalment_ids[1].trigger_date = "2026-02-01"
        contract.instalment_ids[2].trigger_date = "2026-03-01"
        contract.action_sign()
        self._invoice(contract.instalment_ids[0], invoice_date_due="2026-01-20")
        self.assertEqual(contract.instalment_ids.mapped("state"), ["invoiced", "waiting", "waiting"])
        with freeze_time("2026-02-01"), self.enter_registry_test_mode(), job_time(self.registry):
            self.env.ref("construction_crm.ir_cron_update_due").method_direct_trigger()
        self.assertEqual(contract.instalment_ids.mapped("state"), ["overdue", "due", "waiting"])
        self.assertEqual(contract.activity_ids.mapped("summary"), ["Invoice “Half way”"])
        for record in (contract, contract.lead_id, contract.instalment_ids[0]):
            self.assertEqual(record.amount_overdue, 363.0)

    @freeze_time("2026-01-10")
    def test_the_invoice_of_an_overdue_row_paid_is_no_longer_overdue(self):
        contract = self._create_contract()
        self._invoice(contract.instalment_ids[0], invoice_date="2025-12-01", invoice_date_due="2026-01-01")
        self.assertEqual(contract.instalment_ids[0].state, "overdue")
        self._collect(contract.instalment_ids[0])
        self.assertEqual(contract.instalment_ids[0].state, "collected")
        self.assertEqual(contract.lead_id.amount_overdue, 0)

    @freeze_time("2026-03-01")
    def test_rows_due_at_once_when_signed_tell_the_invoicing_person(self):
        self.construction_type.user_invoicing_id = self.accountant
        contract = self._create_contract(sign=False)
        contract.instalment_ids[1].trigger_date = "2026-02-20"
        contract.action_sign()
        self.assertEqual(contract.instalment_ids[1].state, "due")
        activities = contract.activity_ids.filtered(lambda activity: activity.user_id == self.accountant)
        self.assertIn("Invoice “Advance”", activities.mapped("summary"))
        self.assertIn("Invoice “Half way”", activities.mapped("summary"))

    def test_orders_of_plain_deals_never_look_for_contracts(self):
        self.works.invoice_policy = "order"
        order = self._create_order(self._create_deal(construction_type_id=False))
        queries = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, *args, **kwargs):
            queries.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(type(self.env.cr), "execute", spy):
            order.order_line.product_uom_qty = 3
            move = order._create_invoices()
            move.action_post()
            self.env.flush_all()
        self.assertTrue(queries)
        self.assertFalse([query for query in queries if "construction_contract" in query])

    def test_a_plain_deal_with_a_contract_has_its_sums(self):
        contract = self._create_contract(lead=self._create_deal(construction_type_id=False), sign=False)
        self.assertEqual(contract.lead_id.amount_contract, contract.amount_total)
