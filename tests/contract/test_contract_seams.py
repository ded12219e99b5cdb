from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..query_count import counting
from .billing_common import BillingCommon
from .ledger_check import assert_money_true
from .retention_common import RetentionCommon


@tagged("post_install", "-at_install")
class TestContractSeams(BillingCommon, RetentionCommon):
    """Where plans, recoupment, retention, one-off sales and collections meet."""

    def _collect_on(self, contract=None, instalment=None, **values):
        source = contract or instalment
        screen = self.env["construction.collect"].with_context(**source.action_collect()["context"])
        screen = screen.create({"journal_id": self.company_data["default_journal_bank"].id, **values})
        screen.action_collect()
        return self.env["construction.collection"].search([("token", "=", screen.token)]).payment_id

    # === Plans and retention === #

    def test_what_is_kept_back_of_invoices_makes_no_row_of_the_plan(self):
        contract = self._create_withheld(sign=False)
        self.assertEqual(contract._get_plan_retention(), 0)
        template = self.env["construction.plan.template"].create(
            {
                "name": "With a retention",
                "line_ids": [
                    Command.create({"name": "Advance", "kind": "advance", "percent": 30, "trigger": "signature"}),
                    Command.create({"name": "Works", "percent": 65, "trigger": "date"}),
                    Command.create({"name": "Guarantee", "kind": "retention", "percent": 5, "trigger": "handover"}),
                ],
            }
        )
        form = Form(self.env["construction.plan.make"].with_context(default_contract_id=contract.id))
        form.method = "periods"
        self.assertEqual(form.retention_percent, 0)
        form.method = "template"
        form.template_id = template
        self.assertNotIn("Guarantee", form.content)
        form.save().action_make()
        self.assertEqual(contract.instalment_ids.mapped("name"), ["Advance", "Works"])
        self.assertEqual(contract.instalment_ids.mapped("amount"), [363.0, 847.0])
        self.assertEqual(contract.amount_left, 0)
        contract.retention_method = "row"
        form = Form(self.env["construction.plan.make"].with_context(default_contract_id=contract.id))
        form.method = "template"
        form.template_id = template
        form.save().action_make()
        self.assertEqual(contract.instalment_ids.mapped("amount"), [363.0, 786.5, 60.5])

    def test_a_new_contract_gives_the_retention_of_its_template_to_the_last_work(self):
        self.halves.line_ids[2].write({"amount_type": "percent", "percent": 30})
        self.halves.line_ids = [Command.create({"name": "Guarantee", "kind": "retention", "percent": 10})]
        contract = self._create_withheld(sign=False)
        self.assertEqual(contract.instalment_ids.mapped("percent"), [20.0, 40.0, 40.0])
        self.assertEqual(contract.amount_left, 0)

    def test_a_retention_row_beside_what_is_kept_back_is_refused(self):
        contract = self._create_withheld(sign=False)
        wizard = self.env["construction.plan.make"].create(
            {"contract_id": contract.id, "method": "periods", "count": 2, "retention_percent": 5}
        )
        with self.assertRaisesRegex(UserError, "kept back of each invoice"):
            wizard.action_make()

    # === Preview === #

    def test_the_preview_of_a_plan_is_what_is_made(self):
        for recoup in ("none", "proportional", "percent", "last"):
            for is_billed in (False, True):
                with self.subTest(recoup=recoup, is_billed=is_billed):
                    order = self._create_order(self._create_deal(), taxes=self.tax_21)
                    contract = self._create_contract_of(
                        order, rows=self._recouping_rows(shares=(40.0, 20.0)), sign=False, retention_percent=5
                    )
                    contract.write({"advance_recoup": recoup, "advance_recoup_percent": 33.33})
                    if is_billed:
                        contract.action_sign()
                        self._invoice(contract.instalment_ids[0])
                        self._invoice(contract.instalment_ids[1])
                    wizard = self.env["construction.plan.make"].create(
                        {
                            "contract_id": contract.id,
                            "method": "periods",
                            "period": "month",
                            "count": 3,
                            "date_first": "2027-01-31",
                            "advance_percent": 0 if is_billed else 30,
                            "retention_percent": 5,
                        }
                    )
                    shown = [amount for _name, _day, amount in contract._preview_rows(wizard._prepare_rows())]
                    before = contract.instalment_ids
                    wizard.action_make()
                    self.assertNotEqual(contract.instalment_ids, before)
                    made = contract.instalment_ids.sorted(lambda row: (row.sequence, row.id)).mapped("amount")
                    self.assertEqual(shown, made)
                    self.assertEqual(contract.amount_left, 0)
                    self.assertAlmostEqual(sum(made), contract.amount_total, 2)

    # === One-off sales === #

    def test_a_one_off_sale_is_invoiced_by_stock_and_collected_on_the_contract(self):
        contract = self._create_contract(sign=False, taxes=self.tax_21)
        self.env["construction.plan.make"].create({"contract_id": contract.id, "method": "none"}).action_make()
        contract.action_sign()
        order = contract.order_ids
        self._collect_on(contract, amount=200)
        stock = self.env["sale.advance.payment.inv"].with_context(active_model="sale.order", active_ids=order.ids)
        stock.create({"advance_payment_method": "percentage", "amount": 30}).create_invoices()
        advance = order.invoice_ids
        advance.action_post()
        self.assertEqual(advance.amount_residual, 163)
        self.assertRecordValues(contract, [{"amount_invoiced": 363, "amount_collected": 200, "amount_on_account": 0}])
        assert_money_true(contract)
        order._force_lines_to_invoice_policy_order()
        stock.create({"advance_payment_method": "delivered"}).create_invoices()
        final = order.invoice_ids - advance
        final.action_post()
        self.assertEqual(final.amount_total, 847)
        self._collect_on(contract)
        self.assertEqual((advance + final).mapped("amount_residual"), [0, 0])
        values = {"amount_invoiced": 1210, "amount_collected": 1210, "amount_overdue": 0}
        self.assertRecordValues(contract, [values])
        self.assertRecordValues(contract.lead_id, [values])
        assert_money_true(contract)

    # === Collecting what is kept back === #

    def _create_billed(self, **contract_values):
        contract = self._create_withheld(contract_values=contract_values, taxes=self.tax_21)
        self._invoice(contract.instalment_ids[0])
        self._collect(contract.instalment_ids[0])
        return contract, self._invoice(contract.instalment_ids[1])

    def test_more_than_is_due_waits_on_account_unless_the_client_pays_early(self):
        contract, move = self._create_billed()
        row = contract.instalment_ids[1]
        self._collect_on(instalment=row, amount=460)
        self.assertEqual(self._terms(move), [(False, 435.6, 0), ("handover", 24.2, 24.2), ("warranty", 24.2, 24.2)])
        self.assertEqual(contract.amount_on_account, 24.4)
        assert_money_true(contract)

        contract, move = self._create_billed()
        row = contract.instalment_ids[1]
        form = Form(self.env["construction.collect"].with_context(default_instalment_id=row.id))
        self.assertEqual((form.amount, form.amount_kept_back), (435.6, 48.4))
        form.is_retention_paid = True
        self.assertEqual(form.amount, 484)
        form.is_retention_paid = False
        self.assertEqual(form.amount, 435.6)
        form.is_retention_paid = True
        form.amount = 460
        form.save().action_collect()
        self.assertEqual(self._terms(move), [(False, 435.6, 0), ("handover", 24.2, 0), ("warranty", 24.2, 24.0)])
        self.assertEqual((contract.amount_on_account, row.amount_residual), (0, 24.0))
        self.assertRetention(contract, 24.0)
        assert_money_true(contract)
        # of the whole contract the settlement is proposed, what is kept back is not
        screen = self.env["construction.collect"].with_context(**contract.action_collect()["context"])
        self.assertEqual(screen.create({}).amount, contract.instalment_ids[2].amount)

    def test_what_is_kept_back_on_an_account_of_its_own_is_collected_by_itself(self):
        account = self.company_data["default_account_receivable"].copy({"code": "RET1", "name": "Retentions"})
        contract, move = self._create_billed(retention_account_id=account.id)
        row = contract.instalment_ids[1]
        with self.assertRaisesRegex(UserError, "account of its own: collect what is due first"):
            self._collect_on(instalment=row, amount=484, is_retention_paid=True)
        self._collect_on(instalment=row)
        self.assertEqual(row.amount_residual, 48.4)
        self._collect_on(instalment=row)
        self.assertEqual((row.amount_residual, row.state), (0, "collected"))
        self.assertFalse(move.line_ids.filtered("retention_part").filtered(lambda line: not line.reconciled))
        assert_money_true(contract)

    def test_a_salesperson_copies_a_contract_with_an_account_of_its_own(self):
        account = self.company_data["default_account_receivable"].copy({"code": "RET2", "name": "Retentions"})
        contract = self._create_withheld(sign=False, contract_values={"retention_account_id": account.id})
        copied = contract.with_user(self.salesman).copy()
        self.assertEqual(copied.sudo().retention_account_id, account)

    # === Speed === #

    def test_obstacles_of_one_long_plan_are_read_at_once(self):
        counts = []
        for size in (6, 6, 60):
            rows = [
                {"name": f"Row {number}", "kind": "progress", "percent": 100 / size, "trigger": "signature"}
                for number in range(size - 1)
            ]
            order = self._create_order(self._create_deal())
            contract = self._create_contract_of(order, rows=[*rows, {"kind": "final", "amount_type": "rest"}])
            with counting(self.env) as queries:
                contract.instalment_ids.web_read({"invoicing_obstacle": {}})
            counts.append(queries.count)
            last = contract.instalment_ids.sorted("sequence")[-1]
            self.assertIn("first invoice Row 0, Row 1", last.invoicing_obstacle)
            self.assertEqual("…" in last.invoicing_obstacle, size > 11)
        self.assertLessEqual(counts[2], counts[1], counts)

    def test_our_columns_cost_the_list_of_invoices_one_query(self):
        contracts = [self._create_contract() for _index in range(4)]
        moves = self.env["account.move"].union(*(self._invoice(contract.instalment_ids[0]) for contract in contracts))
        view = self.env["account.move"].get_view(self.env.ref("account.view_invoice_tree").id, "list")
        ours = [
            name
            for name in ("contract_id", "instalment_id", "lead_id", "invoice_kind", "construction_project_id")
            if f'name="{name}"' in view["arch"]
        ]
        self.assertIn("contract_id", ours)
        counts = []
        for names in ([], [], ours):
            with counting(self.env) as queries:
                fields_of = {name: {"fields": {"display_name": {}}} for name in ("partner_id", *names)}
                fields_of |= {name: {} for name in fields_of if moves._fields[name].type != "many2one"}
                moves.web_read({"name": {}, **fields_of})
            counts.append(queries.count)
        self.assertLessEqual(counts[2], counts[1] + 1, counts)
        self.assertEqual(moves[0].invoice_date, fields.Date.context_today(moves))
