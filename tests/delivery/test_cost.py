from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..query_count import counting
from .cost_common import UNIT_COST, CostChecks, CostCommon
from .variation_common import VariationCommon


@tagged("post_install", "-at_install")
class TestCostAccounts(CostCommon):
    """Where costs land."""

    def test_each_chapter_has_an_account_that_a_few_letters_find(self):
        positions = self.wall | self.roof | self.paint
        self.assertEqual(len(positions.analytic_account_id), 3)
        self.assertEqual(positions.analytic_account_id.plan_id, self.plan)
        self.assertEqual(self.wall.analytic_account_id.name, f"{self.project.code} · 1 Wall")
        found = self.env["account.analytic.account"].name_search(f"{self.project.code} · 2")
        self.assertEqual([account_id for account_id, _name in found], self.roof.analytic_account_id.ids)
        self.assertTrue(self.account)

    def test_following_twice_is_once(self):
        count = self.env["account.analytic.account"].search_count([])
        self.project.with_user(self.estimator).action_follow_costs()
        self.project.with_user(self.estimator).action_follow_costs()
        self.assertEqual(self.env["account.analytic.account"].search_count([]), count)
        self.assertEqual(self.env["account.analytic.plan"].search_count([("name", "=", "Chapters")]), 1)

    def test_accountants_choose_chapters_and_nobody_else_sees_analytic_items_for_it(self):
        self.assertTrue(self.accountant.has_group("analytic.group_analytic_accounting"))
        for user in (self.manager, self.salesman, self.surveyor):
            self.assertFalse(user.has_group("analytic.group_analytic_accounting"), user.login)

    def test_a_type_can_follow_costs_from_the_start(self):
        self.construction_type.follow_costs = True
        project = self._start_project(self._make_contract())
        self.assertTrue(all(project.position_ids.mapped("analytic_account_id")))
        self.assertTrue(project.with_user(self.estimator).follows_costs)
        self.construction_type.follow_costs = False
        project = self._start_project(self._make_contract())
        self.assertFalse(any(project.position_ids.mapped("analytic_account_id")))
        self.assertFalse(project.with_user(self.estimator).follows_costs)

    def test_naming_the_chapter_is_enough(self):
        bill = self._bill((100.0, self._on(self.wall)), post=False)
        key = f"{self.account.id},{self.wall.analytic_account_id.id}"
        self.assertEqual(bill.invoice_line_ids.analytic_distribution, {key: 100})
        bill.action_post()
        line = bill.invoice_line_ids.analytic_line_ids
        self.assertEqual(line.account_id, self.account)
        self.assertEqual(line[self.plan._column_name()], self.wall.analytic_account_id)

    def test_naming_it_on_an_analytic_item_is_enough_too(self):
        column = self.plan._column_name()
        item = self.env["account.analytic.line"].create(
            {"name": "Sand", "amount": -5, column: self.wall.analytic_account_id.id}
        )
        self.assertEqual(item.account_id, self.account)
        item.write({column: self.roof.analytic_account_id.id})
        self.assertReconciles()
        self.assertEqual(self._row(self.roof).amount_actual, 5)

    def test_a_chapter_of_another_project_is_refused(self):
        other = self._start_project(self._make_contract())
        other.with_user(self.estimator).action_follow_costs()
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            self._bill((100.0, self._on(self.wall, other)))
        self.assertReconciles(other)

    def test_what_is_booked_keeps_its_chapter(self):
        self._bill((100.0, self._on(self.paint)))
        self.assertTrue(self.paint._is_in_use())
        self.assertFalse(self.roof._is_in_use())

    def test_a_project_without_chapters_says_what_is_missing(self):
        project = self.env["project.project"].create(
            {"name": "Bare", "construction_type_id": self.construction_type.id}
        )
        with self.assertRaisesRegex(UserError, "has no chapters yet"):
            project.with_user(self.estimator).action_follow_costs()

    def test_only_who_may_see_costs_follows_them(self):
        for user in (self.manager, self.project_admin, self.salesman):
            with self.assertRaisesRegex(AccessError, "not open to you"):
                self.project.with_user(user).action_follow_costs()

    def test_stock_records_without_chapters_stay_as_they_are(self):
        account = self.env["account.analytic.account"].create(
            {"name": "Office", "plan_id": self.account.plan_id.id, "company_id": self.env.company.id}
        )
        bill = self._bill((100.0, {str(account.id): 60, str(self.account.id): 40}))
        self.assertEqual(bill.invoice_line_ids.analytic_distribution, {str(account.id): 60, str(self.account.id): 40})
        self.assertReconciles()
        self.assertEqual(self._row(None).amount_actual, 40)


@tagged("post_install", "-at_install")
class TestCost(CostCommon):
    """What is estimated, committed and booked adds up."""

    def test_the_estimate_is_the_frozen_cost_of_the_orders(self):
        rows = self.assertReconciles()
        self.assertEqual(rows.position_id, self.wall | self.roof | self.paint)
        self.assertAlmostEqual(self._row(self.wall).amount_estimate, 37 * UNIT_COST)
        self.works.standard_price = 1000
        self.assertAlmostEqual(self._row(self.wall).amount_estimate, 37 * UNIT_COST)

    def test_chapters_and_what_has_none_add_up_to_the_project(self):
        self._bill(
            (100.01, self._on(self.wall)),
            (50.50, self._on(self.roof, self.project)),
            (33.33, self._on(project=self.project)),
            (10.0, None),
        )
        wall, roof = self.wall.analytic_account_id.id, self.roof.analytic_account_id.id
        self._bill((77.77, {f"{self.account.id},{wall}": 33.33, f"{self.account.id},{roof}": 66.67}))
        self._bill((20.0, self._on(self.wall)), move_type="in_refund")
        self.assertReconciles()
        self.assertEqual(self._row(None).amount_actual, 33.33)
        self.assertEqual(self._row(None).display_name, "Without Chapter")
        self.assertAlmostEqual(self._row(self.wall).amount_actual, 100.01 + 25.92 - 20, 2)
        self.assertAlmostEqual(self.project.cost_actual, 100.01 + 50.50 + 33.33 + 77.77 - 20, 2)

    def test_a_draft_bill_costs_nothing_yet_and_a_cancelled_one_nothing_more(self):
        bill = self._bill((100.0, self._on(self.wall)), post=False)
        self.assertEqual(self._row(self.wall).amount_actual, 0)
        bill.action_post()
        self.assertEqual(self._row(self.wall).amount_actual, 100)
        bill.button_draft()
        self.assertEqual(self._row(self.wall).amount_actual, 0)
        self.assertReconciles()

    def test_what_the_client_is_billed_is_no_cost(self):
        self._bill((100.0, self._on(self.wall)))
        self._bill((999.0, self._on(self.wall)), move_type="out_invoice")
        income = self.company_data["default_account_revenue"]
        self.env["account.analytic.line"].create(
            {"name": "Rent", "amount": 50, "account_id": self.account.id, "general_account_id": income.id}
        )
        self.assertEqual(self._row(self.wall).amount_actual, 100)
        self.assertEqual(self._read_costs().mapped("amount_actual"), [100, 0, 0])

    def test_the_forecast_follows_the_works(self):
        row = self._row(self.wall)
        estimate = row.amount_estimate
        self.assertAlmostEqual(row.amount_forecast, estimate)
        self.assertAlmostEqual(row.amount_difference, 0)
        self._bill((200.0, self._on(self.wall)))
        self._report({self.wall: 15})
        row = self._row(self.wall)
        self.assertAlmostEqual(row.amount_remaining, estimate / 2, 1)
        self.assertAlmostEqual(row.amount_forecast, 200 + estimate / 2, 1)
        self.assertLess(row.amount_difference, 0)
        over = self.env["construction.cost"].search([("amount_difference", "<", 0)])
        self.assertEqual(over, row)
        self._report({self.wall: 15})
        self.assertAlmostEqual(self._row(self.wall).amount_forecast, 200)
        self.assertReconciles()

    def test_while_nothing_is_booked_what_is_done_is_no_saving(self):
        self._report({self.wall: 15})
        self.assertAlmostEqual(self._row(self.wall).amount_forecast, self._row(self.wall).amount_estimate)
        self.assertAlmostEqual(sum(self._read_costs().mapped("amount_difference")), 0)
        self._bill((1.0, self._on(project=self.project)))
        row = self._row(self.wall)
        self.assertAlmostEqual(row.amount_remaining, row.amount_estimate / 2, 1)
        self.assertReconciles()

    def test_the_formula_of_what_remains_can_be_another(self):
        model = self.env.registry["construction.cost"]
        with patch.object(model, "_get_remaining", lambda _self: SQL("total.amount_committed + 1")):
            self.assertAlmostEqual(self._row(self.wall).amount_forecast, 1)

    def test_each_line_of_the_order_knows_its_chapter_once_and_for_all(self):
        lines = self.order.order_line.filtered(lambda line: not line.display_type)
        self.assertEqual(lines.mapped("construction_position_id.name"), ["Wall", "Roof", "Paint"])
        self.assertEqual(lines.filtered(lambda line: line.construction_position_id == self.wall), lines[:2])
        self.env["construction.position"]._sync(self.order)
        self.assertEqual(len(lines.filtered("construction_position_id")), 4)

    def test_a_cancelled_order_was_reckoned_with_for_nothing(self):
        contract = self._make_contract(sign=False)
        project = self._start_project(contract)
        self.assertTrue(project.cost_estimate)
        contract.order_ids._action_cancel()
        self.assertFalse(sum(self._read_costs(project).mapped("amount_estimate")))

    def test_an_order_in_another_currency_is_reckoned_in_that_of_the_company(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 4.0)])
        pricelist = self.env["product.pricelist"].create({"name": "Foreign", "currency_id": currency.id})
        contract = self._make_contract(pricelist_id=pricelist.id)
        project = self._start_project(contract)
        self.assertEqual(contract.order_ids.currency_id, currency)
        rows = self.assertReconciles(project)
        self.assertEqual(rows.currency_id, self.env.company.currency_id)
        self.assertAlmostEqual(rows[0].amount_estimate, 37 * UNIT_COST / 4, 1)

    def test_costs_of_another_company_stay_there(self):
        other = self.setup_other_company()["company"]
        stranger = self.env["account.analytic.account"].create(
            {"name": "Theirs", "plan_id": self.account.plan_id.id, "company_id": other.id}
        )
        project = self.env["project.project"].create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "construction_type_id": self.construction_type.id,
                "account_id": stranger.id,
            }
        )
        self.env["account.analytic.line"].with_company(other).create(
            {"name": "Sand", "amount": -5, "account_id": stranger.id, "company_id": other.id}
        )
        self.assertEqual(sum(self._read_costs(project).mapped("amount_actual")), 5)
        self.assertFalse(self._read_costs(project, self.estimator))

    def test_projects_that_share_an_account_count_it_once(self):
        twin = self._start_project(self._make_contract())
        twin.account_id = self.account
        self._bill((100.0, self._on(project=self.project)))
        self.assertEqual(self._row(None).amount_actual, 100)
        self.assertFalse(sum(self._read_costs(twin).mapped("amount_actual")))

    def test_the_nature_of_costs_is_told(self):
        self._bill((100.0, self._on(self.wall)))
        self.env.flush_all()
        items = self.env["construction.cost.item"].search([("project_id", "=", self.project.id)])
        actual = items.filtered(lambda item: item.kind == "actual")
        self.assertRecordValues(
            actual, [{"cost_nature": "material", "partner_id": self.vendor.id, "amount": 100, "quantity": 1}]
        )
        self.assertEqual(set((items - actual).mapped("cost_nature")), {"labour"})

    def test_each_cost_opens_its_document(self):
        bill = self._bill((100.0, self._on(self.wall)))
        self.env.flush_all()
        items = self.env["construction.cost.item"].search([("project_id", "=", self.project.id)])
        actual = items.filtered(lambda item: item.kind == "actual")
        action = actual.with_user(self.accountant).action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", bill.id))
        with self.assertRaisesRegex(AccessError, "not the document"):
            actual.with_user(self.estimator).action_open_document()
        estimate = (items - actual)[0].with_user(self.estimator).action_open_document()
        self.assertEqual((estimate["res_model"], estimate["res_id"]), ("sale.order", self.order.id))

    def test_the_pivot_opens_the_same_figures(self):
        self._bill((100.0, self._on(self.wall)), (11.0, self._on(project=self.project)))
        self.env.flush_all()
        by_project = self.env["construction.cost"].with_user(self.accountant)
        groups = by_project.formatted_read_group(
            [("project_id", "=", self.project.id)], ["project_id"], ["amount_actual:sum", "amount_estimate:sum"]
        )
        self.assertAlmostEqual(groups[0]["amount_actual:sum"], 111)
        found = by_project.search(groups[0]["__extra_domain"])
        self.assertAlmostEqual(sum(found.mapped("amount_actual")), 111)

    def test_the_rows_of_a_project_take_the_same_queries_for_many_chapters(self):
        def count(project):
            with counting(self.env) as queries:
                rows = self.env["construction.cost"].search([("project_id", "=", project.id)])
                rows.mapped("amount_forecast"), rows.mapped("display_name"), project.cost_actual
            return queries.count, len(rows)

        def make(size):
            lines = [
                command
                for number in range(size)
                for command in self._prepare_chapter(str(number), self.items[0], 2, [(2, 10)])
            ]
            project = self._start_project(self._make_contract(lines))
            with counting(self.env) as queries:
                project.action_follow_costs()
            return project, queries.count

        small, queries_small = make(10)
        large, queries_large = make(60)
        few, many = count(small), count(large)
        self.assertEqual((few[1], many[1]), (10, 60))
        self.assertLessEqual(many[0], few[0])
        self.assertLessEqual(queries_large, queries_small + 12)
        self.assertLess(many[0], 20)

    def test_without_purchase_nothing_is_committed(self):
        if "purchase.order.line" in self.env:
            self.skipTest("Purchase is installed")
        self.assertFalse(sum(self._read_costs().mapped("amount_committed")))
        self.assertReconciles()


@tagged("post_install", "-at_install")
class TestCostOfVariations(CostChecks, VariationCommon):
    def test_a_variation_is_reckoned_with_in_the_chapters_it_changes(self):
        contract = self._sign_contract()
        self.project = contract.lead_id.with_user(self.manager)._start_project({}).with_env(self.env)
        self.project.action_follow_costs()
        wall = self._position(contract, self.wall)
        self.assertAlmostEqual(self._row(wall).amount_estimate, (33.33 + 700) * 5.55, 1)
        self._sign(self._propose(contract, [(self.wall, 6), (self.painting, -300)], [(self.wood, 10)]))
        self.assertAlmostEqual(self._row(wall).amount_estimate, 1.5 * (33.33 + 700) * 5.55, 0)
        self.assertAlmostEqual(self._row(self._position(contract, self.painting)).amount_estimate, 0)
        wood = self._position(contract, self.wood)
        self.assertAlmostEqual(self._row(wood).amount_estimate, (8 + 20) * 7.77, 1)
        self.assertTrue(wood.analytic_account_id)
        self.assertReconciles()


@tagged("post_install", "-at_install", "-standard", "construction_soft")
class TestCostSoft(CostCommon):
    """With Purchase and Timesheets, which the live test of soft apps installs."""

    def _purchase(self, *lines, confirm=True, **values):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.brick.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": False,
                            "analytic_distribution": distribution,
                        }
                    )
                    for quantity, price, distribution in lines
                ],
                **values,
            }
        )
        if confirm:
            order.button_confirm()
        return order

    def test_what_is_ordered_is_committed_until_it_is_billed(self):
        order = self._purchase((10, 12.5, self._on(self.wall)), (3, 7.0, self._on(project=self.project)), confirm=False)
        self.assertFalse(sum(self._read_costs().mapped("amount_committed")))
        order.button_confirm()
        self.assertEqual(self._row(self.wall).amount_committed, 125)
        self.assertEqual(self._row(None).amount_committed, 21)
        self.assertReconciles()
        order.order_line.qty_received = 4
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.invoice_date = fields.Date.today()
        first = bill.invoice_line_ids.filtered(lambda line: line.purchase_line_id == order.order_line[0])
        first.quantity = 4
        self.assertEqual(self._row(self.wall).amount_committed, 125, "a draft bill is no bill yet")
        first.price_unit = 13.0
        bill.action_post()
        row = self._row(self.wall)
        self.assertEqual((row.amount_committed, row.amount_actual), (75, 52))
        rows = self.assertReconciles()
        self.assertTrue(rows)
        item = self.env["construction.cost.item"].search(
            [("kind", "=", "committed"), ("position_id", "=", self.wall.id)]
        )
        action = item.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("purchase.order", order.id))

    def test_the_forecast_takes_what_is_committed_where_that_is_more(self):
        self._purchase((10, 1000, self._on(self.wall)))
        row = self._row(self.wall)
        self.assertEqual(row.amount_remaining, 10000)
        self.assertLess(row.amount_difference, 0)

    def test_a_purchase_in_another_currency_and_shared_is_reckoned_right(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 4.0)])
        wall, roof = (str(position.analytic_account_id.id) for position in (self.wall, self.roof))
        self._purchase((10, 10, {wall: 25, roof: 75}), currency_id=currency.id)
        self.assertEqual(self._row(self.wall).amount_committed, 6.25)
        self.assertEqual(self._row(self.roof).amount_committed, 18.75)
        self.assertReconciles()

    def test_hours_on_the_task_of_a_chapter_are_the_chapters(self):
        task = self.wall.task_ids[0]
        self.project.allow_timesheets = True
        employees = self.env["hr.employee"].sudo()
        employee = employees.create({"name": "Mason", "hourly_cost": 20, "user_id": self.foreman.id})
        self.foreman.group_ids += self.env.ref("hr_timesheet.group_hr_timesheet_user")
        hours = self.env["account.analytic.line"].with_user(self.foreman)
        line = hours.create({"name": "Laid", "task_id": task.id, "employee_id": employee.id, "unit_amount": 3})
        line = line.with_env(self.env)
        self.assertEqual(line[self.plan._column_name()], self.wall.analytic_account_id)
        self.assertEqual(line.account_id, self.account)
        self.assertEqual(self._row(self.wall).amount_actual, 60)
        self.assertReconciles()
