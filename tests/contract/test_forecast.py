from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .follow_common import FollowCommon


@tagged("post_install", "-at_install")
class TestForecast(FollowCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([("id", "!=", cls.lead.id)]).active = False

    def _read(self, user=None, domain=(), **context):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["construction.forecast"]
            .with_user(user or self.accountant)
            .with_context(**context)
            .search(list(domain))
        )

    def _assert_is_open_amount(self, contract=None):
        """The forecast of a contract comes to what of it is not collected."""
        contract = contract or self.contract
        rows = self._read(domain=[("contract_id", "=", contract.id)])
        self.assertAlmostEqual(
            sum(rows.mapped("amount")), contract.amount_total - contract.amount_collected, 2, rows.mapped("source")
        )
        self.assertAlmostEqual(sum(self._read().mapped("amount")), sum(rows.mapped("amount")), 2, "nothing else")
        return rows

    def test_the_sum_over_a_contract_is_its_open_amount_before_and_after_each_event(self):
        self._assert_is_open_amount()
        self._collect(self.advance, 100)
        self._assert_is_open_amount()
        self.half.trigger_date = self.today
        draft = self._invoice(self.half, post=False)
        self._assert_is_open_amount()
        draft.write({"invoice_date": self.today})
        draft.action_post()
        self._assert_is_open_amount()
        self._collect(self.rest, 50)  # before its invoice
        rows = self._assert_is_open_amount()
        self.assertIn("advance", rows.mapped("source"))
        reversal = self.env["account.move.reversal"].with_context(active_model="account.move", active_ids=draft.ids)
        reversal.create({"journal_id": draft.journal_id.id}).reverse_moves()
        draft.reversal_move_ids.action_post()
        self._assert_is_open_amount()
        self.half.action_invoice()
        self._assert_is_open_amount()
        self._bill(self.rest, late=-10)
        self._assert_is_open_amount()
        for row in self.contract.instalment_ids:
            for move in row.invoice_ids.filtered(lambda move: move.state == "draft"):
                move.write({"invoice_date": self.today})
                move.action_post()
            if row.state != "collected":
                self._collect(row)
        self.assertFalse(self._assert_is_open_amount())

    def test_what_no_instalment_covers_is_in_it_all_the_same(self):
        self.rest.unlink()
        rows = self._assert_is_open_amount()
        self.assertIn("unplanned", rows.mapped("source"))

    def test_money_is_expected_when_it_is_promised_or_to_be_paid(self):
        self._bill(self.half, late=-20)
        self.rest.trigger_date = self.today + timedelta(days=90)
        rows = {row.instalment_id: row for row in self._read()}
        self.assertEqual((rows[self.advance].source, rows[self.advance].date), ("overdue", self.today))
        self.assertEqual((rows[self.half].source, rows[self.half].date), ("invoice", self.today + timedelta(days=20)))
        self.assertEqual((rows[self.rest].source, rows[self.rest].date), ("plan", self.today + timedelta(days=90)))
        self.advance._record_promise(self.today + timedelta(days=33))
        row = self._read(domain=[("instalment_id", "=", self.advance.id)])
        self.assertEqual((row.source, row.date), ("promise", self.today + timedelta(days=33)))
        later = self._read(domain=[("instalment_id", "=", self.advance.id)], construction_slip_weeks=2)
        self.assertEqual(later.date, self.today + timedelta(days=47))

    def test_what_nobody_knows_the_day_of_has_none(self):
        self.rest.write({"trigger": "handover", "trigger_date": False})
        self.rest.contract_id.date_end = False
        row = self._read(domain=[("instalment_id", "=", self.rest.id)])
        self.assertEqual((row.source, row.date, row.amount), ("plan", False, self.rest.amount))
        self.rest.contract_id.date_end = self.today + timedelta(days=60)
        row = self._read(domain=[("instalment_id", "=", self.rest.id)])
        self.assertEqual(row.date, self.today + timedelta(days=60))

    def test_a_retention_comes_when_it_is_released(self):
        contract = self._create_contract(lead=self._create_deal(), sign=False)
        contract.write(
            {
                "retention_method": "withheld",
                "retention_percent": 10,
                "date_end": self.today + timedelta(days=60),
                "warranty_months": 12,
            }
        )
        contract.action_sign()
        self._bill(contract.instalment_ids[1], late=5)
        rows = self._read(domain=[("contract_id", "=", contract.id), ("source", "=", "retention")])
        self.assertEqual(rows.mapped("date"), [self.today + timedelta(days=60), contract.date_warranty_end])
        self.assertAlmostEqual(sum(rows.mapped("amount")), contract.amount_retained, 2)

    def test_an_open_deal_is_weighted_and_spread_as_its_type_asks_to_the_cent(self):
        self.template.line_ids[1].delay_days = 30
        lead = self._create_deal(name="Mansard", expected_revenue=1000.01)
        lead.write({"probability": 37.0, "date_deadline": self.today + timedelta(days=10)})
        rows = self._read(domain=[("lead_id", "=", lead.id)])
        self.assertEqual(set(rows.mapped("source")), {"deal"})
        self.assertEqual(len(rows), 3)
        self.assertAlmostEqual(sum(rows.mapped("amount")), 370.0, 2)
        self.assertAlmostEqual(sum(rows.mapped("amount_full")), 1000.01, 2)
        first, last = self.today + timedelta(days=10), self.today + timedelta(days=40)
        self.assertEqual(sorted(rows.mapped("date")), [first, first, last])
        self.assertAlmostEqual(sum(rows.filtered(lambda row: row.date == last).mapped("amount")), 123.32, 2)

    def test_fixed_rows_and_plans_that_do_not_add_up_are_spread_to_the_cent_too(self):
        for lines in (
            [{"amount_type": "fixed", "amount": 300}, {"amount_type": "rest"}],
            [{"amount_type": "fixed", "amount": 5000}, {"amount_type": "rest"}],
            [{"percent": 33.3333}, {"percent": 33.3333}],
            [],
        ):
            self.template.line_ids = [Command.clear()] + [Command.create({"name": "Row", **line}) for line in lines]
            lead = self._create_deal(name="Mansard", expected_revenue=777.77)
            lead.probability = 50.0
            rows = self._read(domain=[("lead_id", "=", lead.id)])
            self.assertAlmostEqual(sum(rows.mapped("amount")), 388.89, 2, lines)
            self.assertTrue(all(amount >= 0 for amount in rows.mapped("amount")))

    def test_each_euro_is_there_once_on_the_way_from_deal_to_contract(self):
        lead = self._create_deal(name="Mansard", expected_revenue=1000.0)
        lead.probability = 40.0

        def read():
            rows = self._read(domain=[("lead_id", "=", lead.id)])
            return set(rows.mapped("source")), round(sum(rows.mapped("amount")), 2)

        self.assertEqual(read(), ({"deal"}, 400.0))
        order = self._create_order(lead)
        self.assertEqual(read(), ({"order"}, 1210.0))
        order.action_create_contract()
        self.assertEqual(read(), ({"order"}, 1210.0), "not signed yet")
        order.contract_id.action_sign()
        self.assertEqual(read(), ({"plan"}, 1210.0))
        self._bill(order.contract_id.instalment_ids[0], late=1)
        self.assertEqual(read(), ({"plan", "overdue"}, 1210.0))
        order.contract_id.action_complete()
        lead.active = False
        self.assertEqual(read()[1], 1210.0)

    def test_a_lost_deal_and_a_cancelled_contract_bring_nothing(self):
        lead = self._create_deal(name="Mansard", expected_revenue=1000.0)
        lead.probability = 40.0
        lead.action_set_lost(lost_reason_id=self.env.ref("crm.lost_reason_1").id)
        self.assertFalse(self._read(domain=[("lead_id", "=", lead.id)]))
        contract = self._create_contract(lead=self._create_deal(name="Barn"))
        contract.action_cancel()
        self.assertFalse(self._read(domain=[("contract_id", "=", contract.id)]))

    def test_a_contract_in_another_currency_comes_in_the_money_of_the_company(self):
        other = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create({"name": "EUR", "currency_id": other.id})
        contract = self._create_contract(lead=self._create_deal(), pricelist_id=pricelist.id)
        for bill in (False, True):
            if bill:
                self._bill(contract.instalment_ids[0], late=5)
            rows = self._read(domain=[("contract_id", "=", contract.id)])
            self.assertAlmostEqual(sum(rows.mapped("amount")), 605.0, 1)

    def test_each_sees_what_is_his_and_opens_it(self):
        for user in (self.salesman, self.accountant, self.auditor, self.sale_manager):
            rows = self._read(user=user)
            self.assertAlmostEqual(sum(rows.mapped("amount")), 1210.0, 2)
            for row in rows:
                self.assertEqual(row.action_open()["res_id"], row.instalment_id.id)
        self.assertFalse(self._read(user=self.other_salesman))
        for user in (self.surveyor, self.project_user):
            with self.assertRaises(AccessError):
                self._read(user=user)
        other = self.setup_other_company()["company"]
        self.accountant.company_ids += other
        self.assertFalse(self._read(allowed_company_ids=other.ids))

    def test_it_groups_by_week_in_one_query(self):
        model = self.env["construction.forecast"].with_user(self.accountant)
        self.env.flush_all()
        groups = model._read_group([], ["date:week", "source"], ["amount:sum"])
        self.assertAlmostEqual(sum(amount for _week, _source, amount in groups), 1210.0, 2)
        action = self.env["construction.forecast.slip"].with_user(self.accountant).create({"weeks": 3}).action_show()
        self.assertEqual(action["context"]["construction_slip_weeks"], 3)
