from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..query_count import counting
from .collect_common import CollectCommon


@tagged("post_install", "-at_install")
class TestCollectRoad(CollectCommon):
    """One payment over several instalments, on account, and what invoices make of it."""

    def test_one_transfer_pays_three_instalments_as_it_is_split(self):
        for row in self.contract.instalment_ids:
            self._invoice(row)
        rows = self._record((self.first, 100), (self.second, 403.29), (self.last, 50.01))
        payment = rows.payment_id
        self.assertRecordValues(payment, [{"amount": 553.3, "partner_id": self.partner_a.id}])
        self.assertEqual(self.contract.instalment_ids.mapped("amount_collected"), [100, 403.29, 50.01])
        self.assertEqual(self.contract.instalment_ids.mapped("state"), ["partial", "collected", "partial"])
        self.assertTrue(payment.is_reconciled)
        self._true()

    def test_the_screen_proposes_the_oldest_first_and_leaves_the_rest_on_account(self):
        move = self._invoice(self.second, invoice_date="2020-01-01")
        self._invoice(self.first, invoice_date="2021-01-01")
        action = (self.first + self.second + self.last).action_collect()
        screen = Form(self.env["construction.collect"].with_context(**action["context"]))
        self.assertEqual(screen.amount, 1210)
        screen.amount = 500
        rows = [screen.line_ids.edit(number) for number in range(3)]
        self.assertEqual([row.amount for row in rows], [403.29, 96.71, 0])
        with screen.line_ids.edit(1) as row:
            row.amount = 50
        self.assertEqual(screen.amount_rest, 46.71)
        screen.journal_id = self.bank
        wizard = screen.save()
        wizard.action_collect()
        self.assertEqual(move.payment_state, "paid" if move._get_invoice_in_payment_state() == "paid" else "in_payment")
        self.assertRecordValues(
            self.contract.collection_ids.sorted("id"),
            [
                {"instalment_id": self.second.id, "amount": 403.29, "amount_open": 0},
                {"instalment_id": self.first.id, "amount": 50, "amount_open": 0},
                {"instalment_id": False, "amount": 46.71, "amount_open": 46.71},
            ],
        )
        self.assertEqual(self.contract.amount_on_account, 46.71)
        self._true()

    def test_a_split_of_more_than_was_received_is_refused(self):
        wizard = self._ask(self.env.user, instalment_ids=[Command.set((self.first + self.second).ids)], amount=100)
        wizard.line_ids[0].amount = 100.01
        with self.assertRaisesRegex(UserError, "0.01 more than"):
            wizard.action_collect()
        wizard.line_ids[0].amount = -1
        with self.assertRaisesRegex(UserError, "cannot be negative"):
            wizard.action_collect()
        self.assertFalse(self.contract.collection_ids)

    def test_an_over_payment_stays_on_account_and_pays_the_next_invoice(self):
        self._invoice(self.first)
        payment = self._collect(self.first, 400)
        self.assertRecordValues(self.first, [{"state": "collected", "amount_collected": 363.0, "amount_residual": 0}])
        self.assertRecordValues(self.contract, [{"amount_collected": 400.0, "amount_on_account": 37.0}])
        self._true()
        move = self._invoice(self.second)
        self.assertEqual(move.amount_residual, 366.29)
        self.assertRecordValues(self.second, [{"state": "partial", "amount_collected": 37.0}])
        self.assertEqual(self.contract.amount_on_account, 0)
        self.assertEqual(payment.collection_ids.mapped("instalment_id"), self.first + self.second)
        self._true()

    def test_money_on_account_waits_where_the_contract_asks(self):
        self.contract.on_account_use = "ask"
        self._record((self.contract, 100))
        move = self._invoice(self.first)
        self.assertEqual(move.amount_residual, 363)
        row = self.contract.collection_ids
        wizard = self.env["construction.collection.use"].create(
            {"collection_id": row.id, "instalment_id": self.first.id, "amount": 60}
        )
        wizard.action_use()
        self.assertEqual(move.amount_residual, 303)
        self.assertRecordValues(self.contract, [{"amount_on_account": 40, "amount_collected": 100}])
        self._true()
        with self.assertRaisesRegex(UserError, "up to that"):
            wizard.write({"amount": 40.01})
            wizard.action_use()

    def test_the_choice_of_the_company_is_proposed_for_contracts(self):
        self.env.company.construction_on_account_use = "ask"
        self.assertEqual(self._create_contract().on_account_use, "ask")

    def test_prepayments_of_the_instalment_pay_before_money_on_account(self):
        self._record((self.contract, 300))
        self._record((self.first, 200), (self.second, 100))
        move = self._invoice(self.first)
        self.assertEqual(move.amount_residual, 0)
        self.assertEqual(self.first.collection_ids.sorted("amount").mapped("amount"), [163, 200])
        self.assertEqual(self.second.amount_collected, 100, "the other part of the transfer is not touched")
        self.assertEqual(self.contract.amount_on_account, 137)
        self._true()

    def test_a_contract_is_collected_with_its_open_instalments(self):
        self._invoice(self.first)
        screen = Form(self.env["construction.collect"].with_context(**self.contract.action_collect()["context"]))
        self.assertEqual(len(screen.line_ids), 3)
        self.assertEqual(screen.amount, 1210, "all three are due")
        screen.amount = 2000
        self.assertEqual(screen.amount_rest, 790)

    def test_money_on_a_contract_without_a_plan_pays_its_invoices(self):
        contract = self._create_contract(sign=False)
        contract._replace_plan([])
        self.assertTrue(contract.is_one_off)
        contract.action_sign()
        wizard = (
            self.env["construction.collect"]
            .with_context(**contract.action_collect()["context"])
            .create({"journal_id": self.cash.id, "amount": 500})
        )
        self.assertFalse(wizard.line_ids)
        wizard.action_collect()
        self.assertRecordValues(contract, [{"amount_collected": 500, "amount_on_account": 500}])
        self._true(contract)
        order = contract.order_ids
        order._force_lines_to_invoice_policy_order()
        move = order._create_invoices()
        move.action_post()
        self.assertEqual(move.amount_residual, 710)
        self.assertRecordValues(contract, [{"amount_collected": 500, "amount_on_account": 0}])
        self._true(contract)
        screen = self.env["construction.collect"].with_context(**contract.action_collect()["context"])
        self.assertEqual(screen.create({}).amount, 710)
        self._record((contract, 710))
        self.assertEqual(move.amount_residual, 0)
        self._true(contract)

    def test_a_deposit_before_the_signature_is_kept_for_the_contract(self):
        contract = self._create_contract(sign=False)
        self._record((contract, 100))
        self.assertEqual(contract.amount_on_account, 100)
        with self.assertRaisesRegex(UserError, "was received"):
            contract.action_cancel()
        contract.action_sign()
        self._invoice(contract.instalment_ids[0])
        self.assertEqual(contract.instalment_ids[0].amount_collected, 100)
        self._true(contract)

    def test_a_credit_note_of_a_paid_invoice_pays_the_next_one(self):
        move = self._invoice(self.first)
        self._collect(self.first)
        refund = move._reverse_moves()
        refund.invoice_line_ids.filtered(lambda line: line.display_type == "product").price_unit = 100
        refund.action_post()
        self.assertEqual(self.contract.amount_on_account, 121)
        self._true()
        following = self._invoice(self.second)
        self.assertEqual(following.amount_residual, following.amount_total - 121)
        self.assertEqual((self.first + self.second).mapped("amount_collected"), [242, 121])
        self.assertEqual(self.contract.amount_on_account, 0)
        self._true()

    def test_a_reversed_invoice_gives_the_money_back_to_its_instalment(self):
        move = self._invoice(self.first)
        self._collect(self.first)
        move._reverse_moves(cancel=True)
        self.assertRecordValues(self.first, [{"amount_invoiced": 0, "amount_collected": 363}])
        self._true()
        again = self._invoice(self.first)
        self.assertEqual(again.amount_residual, 0)
        self._true()

    def test_another_currency_with_exchange_differences_adds_up(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.87), ("2020-01-01", 0.913)])
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        contract = self._create_contract(prices=((3, 333.33),), taxes=self.tax_ugly, pricelist_id=pricelist.id)
        first, second, _last = contract.instalment_ids
        self._invoice(first, invoice_date="2019-06-01")
        self._invoice(second, invoice_date="2019-07-01")
        dollars = self.env.company.currency_id
        today = fields.Date.context_today(contract)
        asked = [row._get_amount_to_collect(dollars, today) for row in (first, second)]
        self._record((first, asked[0]), (second, dollars.round(asked[1] / 3)), (contract, 10.01))
        self.assertEqual(first.state, "collected")
        self.assertEqual(second.state, "overdue" if second.amount_overdue else "partial")
        self._true(contract)
        self._collect(second, currency_id=euro.id)
        self.assertEqual(second.state, "collected")
        self._true(contract)
        self._record((contract, 33.33), currency=euro)
        self._invoice(contract.instalment_ids[2], invoice_date="2019-08-01")
        self._true(contract)
        self.assertEqual(contract.amount_on_account, 0)

    def test_instalments_of_two_contracts_of_a_client_share_one_transfer(self):
        other = self._create_contract()
        rows = self._record((self.first, 363), (other.instalment_ids[0], 100), (other, 7))
        self.assertEqual(len(rows.payment_id), 1)
        self._invoice(other.instalment_ids[0])
        self.assertEqual([self.contract.amount_collected, other.amount_collected], [363, 107])
        self.assertEqual(other.amount_on_account, 0)
        self._true(self.contract, other)

    def test_two_clients_have_a_payment_each(self):
        other = self._create_contract(self._create_deal(partner_id=self.partner_b.id), partner_id=self.partner_b.id)
        with self.assertRaisesRegex(UserError, "one client"):
            self._record((self.first, 1), (other.instalment_ids[0], 1))
        rows = self.first + other.instalment_ids[0]
        wizard = (
            self.env["construction.collect"]
            .with_context(**rows.action_collect()["context"])
            .create({"journal_id": self.bank.id})
        )
        self.assertTrue(wizard.is_several_clients)
        wizard.action_collect()
        wizard.action_collect()
        self.assertEqual(rows.collection_ids.payment_id.mapped("partner_id"), self.partner_a + self.partner_b)
        self.assertEqual(rows.mapped("amount_collected"), [363, 363])
        self._true(self.contract, other)

    def test_asked_twice_is_recorded_once(self):
        first = self._record((self.first, 100), (self.contract, 20), token="same")
        again = self._record((self.first, 100), (self.contract, 20), token="same")
        self.assertEqual(first, again)
        self.assertEqual(self.contract.amount_collected, 120)

    def test_changing_a_draft_payment_changes_what_it_pays(self):
        payment = self._record((self.first, 100), (self.second, 50), (self.contract, 10)).payment_id
        payment.action_draft()
        payment.amount = 120
        self.assertRecordValues(
            payment.collection_ids.sorted("id"),
            [{"instalment_id": self.first.id, "amount": 100}, {"instalment_id": self.second.id, "amount": 20}],
        )
        payment.amount = 130.5
        self.assertEqual(payment.collection_ids.sorted("id").mapped("amount"), [100, 20, 10.5])
        self.assertEqual(self.contract.amount_collected, 0)
        payment.action_post()
        self.assertEqual(self.contract.amount_collected, 130.5)
        self._true()

    def test_reference_method_date_and_memo_reach_the_payment(self):
        wizard = self._ask(
            self.env.user, instalment_id=self.first.id, reference="ST 12", memo="Advance", date="2024-02-29", amount=5
        )
        wizard.action_collect()
        self.assertRecordValues(
            self.first.collection_ids.payment_id,
            [
                {
                    "payment_reference": "ST 12",
                    "memo": "Advance",
                    "date": fields.Date.to_date("2024-02-29"),
                    "payment_method_line_id": wizard.payment_method_line_id.id,
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "bank or cash"):
            wizard.copy({"journal_id": self.company_data["default_journal_misc"].id, "token": "x"}).action_collect()

    def test_cash_has_a_receipt_of_its_own_number(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        payment = self._record((self.first, 100), (self.second, 1), journal=self.cash).payment_id
        other = self._record((self.contract, 1), journal=self.cash).payment_id
        number = payment.construction_receipt_number
        self.assertEqual(int(other.construction_receipt_number[-4:]), int(number[-4:]) + 1)
        payment.action_draft()
        payment.action_post()
        self.assertEqual(payment.construction_receipt_number, number)
        self.assertFalse(self._record((self.contract, 1)).payment_id.construction_receipt_number)
        report = self.env.ref("account.action_report_payment_receipt")
        html = report._render_qweb_html(report.report_name, (payment + other).ids)[0].decode()
        for text in (number, "Cent un ", "Advance", "Half way", self.contract.name):
            self.assertIn(text, html)

    def test_smart_buttons_lead_from_each_to_the_others(self):
        payment = self._record((self.first, 100)).payment_id
        self.assertEqual(payment.action_view_construction_contracts()["res_id"], self.contract.id)
        self.assertEqual(payment.action_view_construction_leads()["res_id"], self.contract.lead_id.id)
        for action in (self.contract.action_view_collections(), self.contract.lead_id.action_view_collections()):
            self.assertEqual(self.env["construction.collection"].search(action["domain"]), payment.collection_ids)

    def test_collecting_sixty_instalments_takes_queries_for_one_match(self):
        counts = []
        for size in (3, 3, 30):
            contract = self._plan_of(size)
            contract.instalment_ids.action_invoice()
            contract.instalment_ids.invoice_ids.action_post()
            with counting(self.env) as queries:
                self._record(*((row, row.amount) for row in contract.instalment_ids))
            counts.append(queries.count)
            self.assertEqual(set(contract.instalment_ids.mapped("state")), {"collected"})
        _warm_up, small, large = counts
        # what stock does for each invoice that is paid: its message, five queries, and a look at its taxes
        self.assertLessEqual(large, small + 27 * 8, counts)

    def _plan_of(self, size):
        contract = self._create_contract(sign=False)
        rows = [{"name": str(n), "percent": 1, "trigger": "signature"} for n in range(size - 1)]
        rows.append({"name": "Rest", "kind": "final", "amount_type": "rest", "trigger": "signature"})
        contract.write({"instalment_ids": [Command.clear(), *map(Command.create, rows)]})
        contract.action_sign()
        return contract
