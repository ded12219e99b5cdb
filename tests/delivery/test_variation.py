from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import tagged

from ..contract.ledger_check import assert_money_true
from .variation_common import VariationCommon


@tagged("post_install", "-at_install")
class TestVariation(VariationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._sign_contract()
        cls.original = cls.contract.order_ids

    def _start_project(self):
        return self.contract.lead_id.with_user(self.manager)._start_project({"user_id": self.manager.id})

    # === PROPOSING === #

    def test_paint_less_and_wood_instead_is_priced_by_the_contract_and_by_todays_recipe(self):
        self.painting.list_price = 99
        order = self._propose(self.contract, [(self.painting, -40)], [(self.wood, 40)])
        self.assertEqual(order.variation_number, "V1")
        self.assertEqual(order.variation_state, "proposed")
        less, more = order.chapter_ids
        self.assertEqual((less.chapter_quantity, less.chapter_subtotal, less.chapter_number), (-40, -400, "1"))
        self.assertEqual(less.origin_chapter_id, self.original.chapter_ids[0])
        self.assertFalse(less.is_variation_new)
        self.assertTrue(more.is_variation_new)
        self.assertEqual(more.chapter_number, "V1.1")
        wood = more._get_chapter_lines()
        self.assertEqual(wood.product_id, self.carpenter + self.brick)
        self.assertEqual(more.chapter_subtotal, 1263.2)

    def test_components_have_the_prices_discounts_taxes_and_costs_of_the_contract(self):
        lines = self._chapter(self.wall, 12, [(self.mason, 33.33, 31.15), (self.brick, 700, 0.8765)], self.tax_ugly)
        lines[1][2]["discount"] = 12.5
        contract = self._sign_contract(lines=lines)
        rates = contract.order_ids.order_line.filtered("product_id")
        (self.mason + self.brick).write({"lst_price": 500, "standard_price": 400, "taxes_id": [Command.clear()]})
        order = self._propose(contract, [(self.wall, 6)])
        for line, rate in zip(order.order_line.filtered("product_id"), rates, strict=True):
            for name in ("product_id", "price_unit", "discount", "tax_ids", "purchase_price", "cost_nature"):
                self.assertEqual(line[name], rate[name], name)
        self.assertEqual(order.order_line.filtered("product_id").mapped("product_uom_qty"), [16.67, 350])

    def test_a_chapter_taken_out_in_steps_leaves_nothing(self):
        for step in (-1, -2.5, -3.33, -5.17):
            self._sign(self._propose(self.contract, [(self.wall, step)]))
        wall = self._position(self.contract, self.wall)
        self.assertEqual((wall.quantity, wall.amount), (0, 0))
        lines = self.contract.order_ids.order_line.filtered(lambda line: line.product_id in self.mason + self.brick)
        for product in self.mason + self.brick:
            of_it = lines.grouped("product_id")[product]
            self.assertAlmostEqual(sum(of_it.mapped("product_uom_qty")), 0, 6)
        self.assertEqual(self.contract.amount_untaxed, 3000)

    def test_a_quote_in_unit_prices_varies_line_by_line(self):
        line = {"product_id": self.painting.id, "product_uom_qty": 300, "price_unit": 10.01, "discount": 3}
        contract = self._sign_contract(lines=[Command.create(line)])
        order = self._propose(contract, [(self.painting, -40)])
        self.assertEqual(len(order.order_line), 1)
        self.assertEqual(order.order_line.origin_chapter_id, contract.order_ids.order_line)
        self.assertEqual(order.amount_untaxed, round(-40 * 10.01 * 0.97, 2))
        self._sign(order)
        self.assertEqual(self._position(contract, self.painting).quantity, 260)

    def test_contract_rates_hold_when_the_pricelist_has_another_currency_by_now(self):
        currency = self.setup_other_currency("EUR")
        own = self.env.company.currency_id
        pricelist = self.env["product.pricelist"].create({"name": "Prices", "currency_id": own.id})
        contract = self._sign_contract(pricelist_id=pricelist.id)
        pricelist.currency_id = currency
        pricelist.item_ids = [Command.create({"compute_price": "percentage", "percent_price": 50})]
        order = self._propose(contract, [(self.painting, 10)])
        self.assertEqual(order.currency_id, contract.currency_id)
        self.assertEqual(order.amount_untaxed, 100)
        order.action_update_prices()
        self.assertEqual(order.amount_untaxed, 100)
        self._sign(order)
        self.assertEqual(contract.amount_variations, 121)

    def test_more_than_remains_is_not_taken_out(self):
        self._position(self.contract, self.painting).sudo().quantity_done = 280
        with self.assertRaisesRegex((UserError, ValidationError), "Painting.*20"):
            self._propose(self.contract, [(self.painting, -21)])
        order = self._propose(self.contract, [(self.painting, -20)])
        self._position(self.contract, self.painting).sudo().quantity_done = 281
        with self.assertRaisesRegex(UserError, "Painting"):
            order.action_quotation_sent()

    def test_two_proposals_of_the_same_chapter_do_not_take_it_out_twice(self):
        first = self._propose(self.contract, [(self.painting, -200)])
        second = self._propose(self.contract, [(self.painting, -200)])
        self.assertEqual((first + second).mapped("variation_number"), ["V1", "V2"])
        self._sign(first)
        with self.assertRaisesRegex(UserError, "Painting"):
            second.action_quotation_sent()

    def test_nothing_changed_is_no_variation_and_too_little_is_said(self):
        with self.assertRaisesRegex(UserError, "Nothing is changed"):
            self._propose(self.contract)
        contract = self._sign_contract(lines=self._chapter(self.wall, 1000, [(self.brick, 1, 5.0)]))
        with self.assertRaisesRegex(UserError, "round to nothing"):
            self._propose(contract, [(self.wall, 1)])

    def test_a_second_click_makes_no_second_variation(self):
        action = self.contract.action_propose_variation()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.line_ids[0].change = 5
        wizard.action_apply()
        wizard.action_apply()
        order = self.contract.variation_order_ids
        self.assertEqual(len(order), 1)
        self.assertEqual(order.chapter_ids.chapter_quantity, 5)

    def test_a_draft_is_changed_on_the_same_screen_and_keeps_its_new_items(self):
        order = self._propose(self.contract, [(self.painting, -40)], [(self.wood, 40)], days=3)
        wizard = self.env["construction.variation.propose"].browse(order.action_change_variation()["res_id"])
        self.assertEqual(wizard.line_ids.mapped("change"), [-40, 0])
        self.assertEqual(wizard.days, 3)
        wizard.line_ids[0].quantity_new = 250
        wizard.line_ids[1].change = 3
        wizard.action_apply()
        self.assertEqual(order.chapter_ids.mapped("chapter_quantity"), [-50, 3, 40])
        self.assertEqual(order.chapter_ids.mapped("chapter_number"), ["1", "2", "V1.1"])

    def test_contracts_not_signed_or_settled_take_no_variation(self):
        draft = self._sign_contract(sign=False)
        with self.assertRaisesRegex(UserError, "signed"):
            draft.action_propose_variation()
        order = self._propose(self.contract, [(self.painting, 5)])
        for row in self.contract.instalment_ids:
            row.trigger_date = Date.today()
            self._invoice(row)
        with self.assertRaisesRegex(UserError, "final invoice"):
            self.contract.action_propose_variation()
        with self.assertRaisesRegex(UserError, "final invoice"):
            order.action_quotation_sent()

    # === LIFE CYCLE === #

    def test_what_was_sent_is_read_only_and_a_revision_keeps_number_and_origins(self):
        order = self._propose(self.contract, [(self.painting, -40)], [(self.wood, 4)], days=7, reason="design")
        order.action_quotation_sent()
        for values in ({"variation_days": 1}, {"variation_reason": "error"}, {"variation_plan": "final"}):
            with self.assertRaises(UserError):
                order.write(values)
        with self.assertRaises(UserError):
            order.action_change_variation()
        order.action_revise("Less")
        revision = order.open_revision_id
        self.assertEqual(revision.variation_number, "V1")
        self.assertEqual((revision.variation_days, revision.variation_reason), (7, "design"))
        self.assertEqual(revision.order_line.origin_chapter_id, order.order_line.origin_chapter_id)
        self.assertEqual(revision.order_line.origin_line_id, order.order_line.origin_line_id)
        self.assertEqual(revision.amount_total, order.amount_total)
        self.assertEqual(self.contract.amount_proposed, order.amount_total)
        self.assertEqual(self.contract.variation_count, 1)
        wizard = self.env["construction.variation.propose"].browse(revision.action_change_variation()["res_id"])
        wizard.line_ids[0].change = -50
        wizard.action_apply()
        revision.action_quotation_sent()
        self.assertEqual(order.variation_state, "replaced")
        revision.action_confirm()
        self.assertEqual(self._position(self.contract, self.painting).quantity, 250)

    def test_a_duplicate_is_no_variation(self):
        order = self._propose(self.contract, [(self.painting, 40)])
        copied = order.copy()
        self.assertFalse(copied.variation_contract_id)
        self.assertFalse(copied.order_line.origin_chapter_id)
        with self.assertRaises(UserError):
            order.action_make_variant("Cheap", "Dear")

    def test_nobody_makes_a_variation_by_hand(self):
        plain = self.env["sale.order"].create({"partner_id": self.partner_a.id}).with_user(self.sale_manager)
        with self.assertRaises(UserError):
            plain.variation_contract_id = self.contract
        order = self._propose(self.contract, [(self.painting, 40)]).with_user(self.sale_manager)
        with self.assertRaises(UserError):
            order.date_variation_applied = "2026-01-01 10:00:00"
        with self.assertRaises(UserError):
            order.order_line[0].origin_line_id = False

    # === APPLYING === #

    def test_signing_makes_it_part_of_value_plan_works_tasks_and_dates_once(self):
        project = self._start_project()
        task = project.task_ids.filtered(lambda task: task.chapter_line_id == self.original.chapter_ids[1])
        hours, end = task.allocated_hours, self.contract.date_end
        order = self._propose(self.contract, [(self.wall, 6), (self.painting, -300)], [(self.wood, 10)], days=5)
        total = self.contract.amount_total
        self._sign(order)
        self.assertEqual(order.variation_state, "applied")
        self.assertEqual(order.contract_id, self.contract)
        self.assertAlmostEqual(self.contract.amount_total, total + order.amount_total, 2)
        self.assertEqual(self.contract.amount_variations, order.amount_total)
        self.assertEqual(self.contract.amount_original, total)
        self.assertEqual(self.contract.amount_left, 0)
        self.assertEqual(self.contract.date_end, Date.add(end, days=5))
        self.assertEqual(task.allocated_hours, hours + 16.67)
        painting = project.task_ids.filtered(lambda task: task.chapter_line_id == self.original.chapter_ids[0])
        self.assertEqual(painting.state, "1_canceled")
        wood = project.task_ids.filtered(lambda task: task.chapter_line_id == order.chapter_ids[-1])
        self.assertEqual(wood.allocated_hours, 8)
        self.assertFalse(self.contract.lead_id._get_chapters_without_task(project))
        change = self.contract.plan_change_ids[0]
        self.assertIn("V1", change.reason)
        self.assertEqual(change.amount_after, self.contract.amount_total)
        before = self._read_all(self.contract)
        order._apply_variations()
        order.action_apply_variation()
        self.assertEqual(self._read_all(self.contract), before)
        self.assertEqual(len(self.contract.plan_change_ids), 1)

    def test_a_project_that_starts_later_plans_the_hours_of_now(self):
        self._sign(self._propose(self.contract, [(self.wall, -6)], [(self.wood, 10)]))
        project = self._start_project()
        tasks = {task.chapter_line_id.chapter_product_id: task for task in project.task_ids}
        self.assertEqual(set(tasks), {self.painting, self.wall, self.wood})
        self.assertAlmostEqual(tasks[self.wall].allocated_hours, 16.67, 2)

    def test_invoiced_rows_stay_and_open_ones_take_the_variation(self):
        first, half, rest = self.contract.instalment_ids
        self._invoice(first)
        amount = first.amount
        order = self._sign(self._propose(self.contract, [(self.painting, 100)]))
        self.assertEqual(first.amount, amount)
        self.assertEqual(half.amount + rest.amount, self.contract.amount_total - amount)
        assert_money_true(self.contract)
        self.assertEqual(order.amount_total, 1210)

    def test_a_row_of_its_own_leaves_the_others_as_they_were(self):
        amounts = self.contract.instalment_ids.mapped("amount")
        order = self._sign(self._propose(self.contract, [(self.painting, 100)], plan="own", date_due="2030-01-02"))
        rows = self.contract.instalment_ids.sorted(lambda row: (row.sequence, row.id))
        self.assertEqual(rows.mapped("amount"), [amounts[0], amounts[1], 1210, amounts[2]])
        self.assertEqual(rows[2].name, "Variation V1")
        self.assertEqual(rows[2].date_due, Date.to_date("2030-01-02"))
        self.assertEqual(self.contract.amount_left, 0)
        order.action_undo_variation()
        self.assertEqual(self.contract.instalment_ids.mapped("amount"), amounts)

    def test_the_final_row_takes_it_all(self):
        amounts = self.contract.instalment_ids.mapped("amount")
        self._sign(self._propose(self.contract, [(self.painting, -50)], plan="final"))
        self.assertEqual(self.contract.instalment_ids.mapped("amount"), [*amounts[:2], amounts[2] - 605])

    def test_fixed_amounts_share_what_no_percentage_takes(self):
        total = self.contract.amount_total
        rows = [
            {"name": "One", "amount_type": "fixed", "amount_fixed": 1000, "trigger": "signature"},
            {"name": "Two", "amount_type": "fixed", "amount_fixed": total - 1000, "trigger": "signature"},
        ]
        contract = self._sign_contract(rows=rows)
        before = self._read_all(contract)
        order = self._sign(self._propose(contract, [(self.painting, -33)]))
        self.assertEqual(contract.amount_left, 0)
        self.assertAlmostEqual(contract.amount_total, total - 399.3, 2)
        order.action_undo_variation()
        self.assertEqual(self._read_all(contract), before)

    def test_a_reduction_larger_than_the_open_rows_is_refused_before_it_is_sent(self):
        for row in self.contract.instalment_ids[:2]:
            row.trigger_date = Date.today()
            self._invoice(row)
        order = self._propose(self.contract, [(self.painting, -290)])
        before = self._read_all(self.contract)
        with self.assertRaisesRegex(UserError, "Credit an invoice"):
            order.action_quotation_sent()
        with self.assertRaisesRegex(UserError, "Credit an invoice"):
            order.action_quotation_send()
        self.assertEqual(order.state, "draft")
        self.assertEqual(self._read_all(self.contract), before)
        own = self._propose(self.contract, [(self.painting, -1)], plan="own")
        with self.assertRaisesRegex(UserError, "another place"):
            own.action_quotation_sent()

    # === UNDOING === #

    def test_undoing_brings_back_every_figure(self):
        self._start_project()
        for plan in ("spread", "own", "final"):
            with self.subTest(plan=plan):
                before = self._read_all(self.contract)
                changes = [(self.painting, -300), (self.wall, 7.13)]
                order = self._sign(self._propose(self.contract, changes, [(self.wood, 99)], days=5, plan=plan))
                self.assertNotEqual(self._read_all(self.contract), before)
                order.action_undo_variation()
                self.assertEqual(order.variation_state, "approved")
                self.assertEqual(self._read_all(self.contract), before)
                self.assertEqual(self.contract.amount_approved, order.amount_total)
                order.action_apply_variation()
                self.assertEqual(order.variation_state, "applied")
                order.action_undo_variation()
                self.assertEqual(self._read_all(self.contract), before)
                order._action_cancel()
                self.assertEqual(order.variation_state, "cancelled")

    def test_what_is_invoiced_is_not_undone_and_the_invoice_is_named(self):
        order = self._sign(self._propose(self.contract, [(self.painting, 100)]))
        move = self._invoice(self.contract.instalment_ids[0])
        with self.assertRaisesRegex(UserError, move.name):
            order.action_undo_variation()
        with self.assertRaisesRegex(UserError, "undo the variation"):
            order._action_cancel()
        less = self._propose(self.contract, [(self.painting, -100)])
        self._sign(less)
        self.assertEqual(self.contract.amount_variations, 0)
        assert_money_true(self.contract)

    def test_what_is_done_is_not_undone(self):
        order = self._sign(self._propose(self.contract, [(self.painting, 100)], [(self.wood, 10)]))
        self._position(self.contract, self.painting).sudo().quantity_done = 301
        with self.assertRaisesRegex(UserError, "Painting"):
            order.action_undo_variation()
        self._position(self.contract, self.painting).sudo().quantity_done = 300
        self._position(self.contract, self.wood).sudo().quantity_done = 1
        with self.assertRaisesRegex(UserError, "Wood panelling"):
            order.action_undo_variation()

    def test_the_last_one_is_undone_first_and_edited_rows_are_named(self):
        first = self._sign(self._propose(self.contract, [(self.painting, 100)], plan="own"))
        second = self._sign(self._propose(self.contract, [(self.painting, -10)]))
        with self.assertRaisesRegex(UserError, "V2"):
            first.action_undo_variation()
        second.action_undo_variation()
        self.contract.instalment_ids[1].amount_fixed = 5
        with self.assertRaisesRegex(UserError, "Half way.*by hand"):
            first.action_undo_variation()

    def test_a_variation_out_of_the_contract_is_not_invoiced_nor_joined_elsewhere(self):
        order = self._sign(self._propose(self.contract, [(self.painting, 100)]))
        order.action_undo_variation()
        self.assertFalse(order.is_contractable)
        for method in (order.action_create_contract, order.action_add_to_contract, order._create_invoices):
            with self.assertRaises(UserError):
                method()

    # === FROM A SHEET === #

    def test_a_sheet_measured_again_proposes_what_differs(self):
        lead = self._create_deal()
        sheet = self.env["construction.evaluation"].create(
            {
                "lead_id": lead.id,
                "line_ids": [
                    Command.create({"product_id": self.painting.id, "quantity": 300}),
                    Command.create({"product_id": self.wood.id, "quantity": 20}),
                ],
            }
        )
        sheet.action_measure()
        sheet.action_check()
        sheet.action_finalize()
        sheet.action_generate_quote()
        order = sheet.order_ids
        order.action_confirm()
        order.action_create_contract()
        contract = order.contract_id
        contract.action_sign()
        again = sheet.browse(sheet.action_new_version()["res_id"])
        again.line_ids.filtered(lambda line: line.product_id == self.painting).quantity = 287.5
        again.line_ids.filtered(lambda line: line.product_id == self.wood).unlink()
        again.line_ids = [Command.create({"product_id": self.wall.id, "quantity": 3})]
        again.action_measure()
        again.action_check()
        again.action_finalize()
        action = contract.action_propose_variation()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.evaluation_id = again
        wizard._onchange_evaluation_id()
        self.assertEqual(wizard.line_ids.mapped("change"), [-12.5, -20])
        self.assertEqual(wizard.item_ids.product_id, self.wall)
        self.assertEqual(wizard.reason, "measured")
