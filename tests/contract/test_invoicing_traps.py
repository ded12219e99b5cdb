from odoo import fields
from odoo.exceptions import RedirectWarning
from odoo.fields import Command
from odoo.tests import Form, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestInvoicingTraps(BillingCommon):
    """What people and stock do to invoices of a plan, and what the plan makes of it."""

    # === Roads around the plan === #

    def test_stock_invoicing_of_an_order_with_a_plan_is_refused_and_leads_to_the_contract(self):
        contract = self._create_contract()
        order = contract.order_ids
        plain = self._create_order(None)
        wizard = self.env["sale.advance.payment.inv"]
        for method, values in (("delivered", {}), ("fixed", {"fixed_amount": 10}), ("percentage", {"amount": 10})):
            asked = wizard.create({"sale_order_ids": order.ids, "advance_payment_method": method, **values})
            with self.assertRaisesRegex(RedirectWarning, contract.name) as caught:
                asked.create_invoices()
            self.assertEqual(caught.exception.args[1]["res_id"], contract.id)
        with self.assertRaises(RedirectWarning):
            (plain + order)._create_invoices()
        with self.assertRaises(RedirectWarning):
            order.with_context(construction_invoice_by_plan=True)._create_invoices(final=True)
        self.assertFalse(contract.move_ids)
        plain._force_lines_to_invoice_policy_order()
        asked = wizard.create({"sale_order_ids": plain.ids})
        asked.create_invoices()
        self.assertEqual(len(plain.invoice_ids), 1)
        contract.action_cancel()
        order._force_lines_to_invoice_policy_order()
        self.assertTrue(order._create_invoices())

    # === Typing === #

    def test_every_road_keeps_the_kind_and_the_instalment(self):
        contract = self._create_contract()
        first = contract.instalment_ids[0]
        move = self._invoice(first)
        reversal = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"journal_id": move.journal_id.id, "date": fields.Date.today()})
        )
        reversal.modify_moves()
        self.assertEqual(len(first.invoice_ids), 3)
        self.assertEqual(set(first.invoice_ids.mapped("invoice_kind")), {"advance"})
        again = first.invoice_ids.filtered(lambda move: move.state == "draft")
        self.assertEqual(again.amount_total, 363)
        self.assertEqual(first.state, "invoiced")
        again.invoice_date = fields.Date.today()
        again.action_post()
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertEqual(contract.instalment_ids[2].invoice_ids.invoice_kind, "final")
        self.assertSettled(contract)

    def test_invoices_follow_the_project_of_their_deal_when_it_starts_later(self):
        contract = self._create_contract()
        before = self._invoice(contract.instalment_ids[0])
        project = self.env["project.project"].sudo().create({"name": "House", "lead_id": contract.lead_id.id})
        after = self._invoice(contract.instalment_ids[1])
        self.assertEqual((before + after).construction_project_id, project)
        groups = self.env["account.move"].with_user(self.accountant)._read_group(
            [("contract_id", "=", contract.id)], ["construction_project_id"], ["__count"]
        )
        self.assertEqual(groups, [(project.sudo(False).with_user(self.accountant), 2)])

    # === Drafts edited by hand === #

    def test_the_plan_follows_an_edited_draft_at_once(self):
        contract = self._create_contract()
        move = self._invoice(contract.instalment_ids[0], post=False)
        with Form(move) as form, form.invoice_line_ids.edit(0) as line:
            line.price_unit = 200
        self.assertEqual(contract.instalment_ids.mapped("amount"), [242.0, 403.29, 564.71])
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        move.invoice_date = fields.Date.today()
        move.action_post()
        self.assertSettled(contract)

    def test_a_line_added_by_hand_counts_for_the_contract_and_is_deducted(self):
        contract = self._create_contract()
        move = self._invoice(contract.instalment_ids[0], post=False)
        move.invoice_line_ids = [
            Command.create({"name": "Travel", "quantity": 3, "price_unit": 20, "discount": 50, "tax_ids": self.tax_21.ids})
        ]
        self.assertEqual(contract.instalment_ids[0].amount, 399.3)
        move.invoice_date = fields.Date.today()
        move.action_post()
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_quantity_discount_and_taxes_edited_by_hand_are_deducted_as_billed(self):
        contract = self._create_contract()
        move = self._invoice(contract.instalment_ids[0], post=False)
        line = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        line.write({"quantity": 2, "discount": 33.33, "tax_ids": [Command.set(self.tax_ugly.ids)]})
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        move.invoice_date = fields.Date.today()
        move.action_post()
        self.assertSettled(contract)

    def test_a_plan_that_no_longer_adds_up_is_told_on_the_contract(self):
        rows = [{"kind": "advance", "percent": 50}, {"kind": "final", "amount_type": "fixed", "amount": 605.0}]
        contract = self._create_contract_of(self._create_order(self._create_deal()), rows=rows)
        move = self._invoice(contract.instalment_ids[0], post=False)
        move.invoice_line_ids.filtered(lambda line: line.display_type == "product").price_unit = 400
        move.invoice_date = fields.Date.today()
        move.action_post()
        self.assertEqual(contract.amount_left, 121)
        self.assertIn("Add an instalment", contract.message_ids[0].body)

    def test_a_deleted_draft_frees_the_instalment_and_its_order_lines(self):
        contract = self._create_contract()
        self._invoice(contract.instalment_ids[0], post=False).unlink()
        self.assertEqual(contract.instalment_ids[0].state, "due")
        self.assertFalse(contract.order_ids.order_line.filtered(lambda line: line.is_downpayment and not line.display_type))

    # === Accounting === #

    def test_rounding_to_coins_is_no_part_of_the_plan(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Coins",
                "rounding": 1.0,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        contract = self._create_contract(prices=((1, 1003.33),))
        planned = contract.instalment_ids.mapped("amount")
        move = self._invoice(contract.instalment_ids[0], invoice_cash_rounding_id=rounding.id)
        self.assertEqual(move.amount_total, 364)
        self.assertEqual(contract.instalment_ids.mapped("amount"), planned)
        self._collect(contract.instalment_ids[0])
        self.assertEqual(contract.instalment_ids[0].state, "collected")
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertEqual(contract.instalment_ids[2].invoice_ids.amount_total, planned[2])

    def test_archived_products_and_taxes_are_invoiced_to_the_end(self):
        contract = self._create_contract()
        self._invoice(contract.instalment_ids[0])
        self.works.active = False
        self.tax_21.active = False
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_a_locked_period_moves_the_date_not_the_amounts(self):
        contract = self._create_contract()
        self.env.company.fiscalyear_lock_date = "2026-06-30"
        move = self._invoice(contract.instalment_ids[0], invoice_date="2026-06-15")
        self.assertGreater(move.date, fields.Date.to_date("2026-06-30"))
        self.assertFollowsLedger(contract)

    def test_a_draft_billed_to_another_partner_stays_in_its_plan(self):
        contract = self._create_contract()
        move = self._invoice(contract.instalment_ids[0], partner_id=self.partner_b.id)
        self.assertEqual(move.contract_id, contract)
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_rates_that_change_leave_the_contract_currency_to_the_cent(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.87)])
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": currency.id})
        order = self._create_order(self._create_deal(), prices=((3, 333.33),), pricelist_id=pricelist.id)
        contract = self._create_contract_of(order, rows=self._recouping_rows(), advance_recoup="proportional")
        for index, row in enumerate(contract.instalment_ids):
            currency.rate_ids = [Command.create({"name": f"2026-0{index + 1}-01", "rate": 0.8 + index / 7})]
            self._invoice(row, invoice_date=f"2026-0{index + 1}-15")
        self.assertEqual(currency.round(sum(contract.move_ids.mapped("amount_total"))), contract.amount_total)
        self.assertEqual((contract.amount_to_invoice, contract.lead_id.amount_to_invoice), (0, 0))
        self.assertEqual(
            contract.lead_id.amount_invoiced, self.env.company.currency_id.round(sum(contract.move_ids.mapped("amount_total_signed")))
        )

    # === What the invoice says === #

    def test_terms_and_narration_come_from_the_contract_in_the_language_of_the_client(self):
        term = self.env["account.payment.term"].create(
            {"name": "20 days", "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 20})]}
        )
        contract = self._create_contract(note="<p>Thank you</p>")
        contract.payment_term_id = term
        for row in contract.instalment_ids:
            move = self._invoice(row, invoice_date="2026-01-01")
            self.assertEqual(move.invoice_date_due, fields.Date.to_date("2026-01-21"))
            self.assertIn(contract.name, move.narration)
            self.assertIn(row.name, move.narration)
            self.assertIn("Thank you", move.narration)
        self.assertIn("1,210.00", contract.instalment_ids[2].invoice_ids.narration)
