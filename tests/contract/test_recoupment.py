import random

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestRecoupment(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_deal()

    def _create_recouping(self, method="proportional", rows=None, sign=True, **values):
        order = self._create_order(self._create_deal(), taxes=self.tax_21)
        return self._create_contract_of(
            order, rows=rows or self._recouping_rows(), sign=sign, advance_recoup=method, **values
        )

    def test_the_plan_shows_work_gross_and_what_each_row_takes_back(self):
        contract = self._create_recouping()
        self.assertRecordValues(
            contract.instalment_ids,
            [
                {"amount_gross": 363.0, "amount_recouped": 0.0, "amount": 363.0},
                {"amount_gross": 484.0, "amount_recouped": 145.2, "amount": 338.8},
                {"amount_gross": 423.5, "amount_recouped": 127.05, "amount": 296.45},
                {"amount_gross": 302.5, "amount_recouped": 90.75, "amount": 211.75},
            ],
        )
        self.assertEqual(contract.amount_left, 0)
        contract = self._create_recouping("percent", advance_recoup_percent=50)
        self.assertEqual(contract.instalment_ids.mapped("amount_recouped"), [0.0, 242.0, 121.0, 0.0])
        contract = self._create_recouping("last")
        self.assertEqual(contract.instalment_ids.mapped("amount_recouped"), [0.0, 0.0, 60.5, 302.5])
        self.assertEqual(sum(contract.instalment_ids.mapped("amount")), 1210.0)

    def test_the_invoice_shows_the_work_and_the_advance_taken_back_with_its_taxes(self):
        contract = self._create_recouping()
        advance = self._invoice(contract.instalment_ids[0])
        move = self._invoice(contract.instalment_ids[1])
        lines = move.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        self.assertRecordValues(
            lines,
            [
                {"price_total": 484.0, "price_subtotal": 400.0, "tax_ids": self.tax_21.ids},
                {"price_total": -145.2, "price_subtotal": -120.0, "tax_ids": self.tax_21.ids},
            ],
        )
        self.assertIn("Advance taken back", lines[1].name)
        self.assertEqual(lines[1].account_id, advance.invoice_line_ids[:1].account_id)
        self.assertRecordValues(
            move, [{"amount_total": 338.8, "invoice_kind": "progress", "move_type": "out_invoice"}]
        )
        self.assertEqual(contract.amount_recouped, 145.2)
        self.assertFollowsLedger(contract)

    def test_the_final_invoice_settles_to_the_cent_with_each_method(self):
        for method in ("none", "proportional", "percent", "last"):
            rows = self._recouping_rows()
            if method == "none":
                rows[0]["percent"] = 10.0
            contract = self._create_recouping(method, rows=rows, advance_recoup_percent=20)
            with self.subTest(method=method):
                for row in contract.instalment_ids.filtered("amount"):
                    self._invoice(row)
                self.assertSettled(contract)
                self.assertEqual(contract.amount_recouped, 0 if method == "none" else 363)

    def test_work_is_not_invoiced_before_the_advance_it_takes_back(self):
        contract = self._create_recouping()
        with self.assertRaisesRegex(UserError, "takes back .*145.20 of the advance.* invoice Advance first"):
            contract.instalment_ids[1].action_invoice()
        self.assertFalse(contract.move_ids)

    def test_a_cancelled_or_credited_invoice_gives_the_advance_back(self):
        contract = self._create_recouping()
        self._invoice(contract.instalment_ids[0])
        work = contract.instalment_ids[1]
        self._invoice(work, post=False).button_cancel()
        self.assertRecordValues(work, [{"state": "due", "amount_recouped_booked": 0.0, "amount": 338.8}])
        move = self._invoice(work)
        self._credit(move)
        self.assertRecordValues(work, [{"state": "due", "amount_recouped_booked": 0.0, "amount": 338.8}])
        self.assertEqual(contract.amount_recouped, 0)
        self.assertFollowsLedger(contract)
        for row in contract.instalment_ids[1:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_a_credit_note_of_the_advance_lowers_what_is_taken_back(self):
        contract = self._create_recouping()
        advance = self._invoice(contract.instalment_ids[0])
        self._invoice(contract.instalment_ids[1])
        refund = self._credit(advance, post=False)
        refund.invoice_line_ids.filtered(lambda line: line.display_type == "product").price_unit = 100
        refund.action_post()
        self.assertRecordValues(
            contract.instalment_ids,
            [
                {"amount": 242.0, "amount_recouped": 0.0},
                {"amount": 338.8, "amount_recouped": 145.2},
                {"amount": 367.03, "amount_recouped": 56.47},
                {"amount": 262.17, "amount_recouped": 40.33},
            ],
        )
        for row in contract.instalment_ids[2:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_an_advance_credited_after_it_was_taken_back_is_made_up_for_at_the_end(self):
        contract = self._create_recouping("percent", advance_recoup_percent=100)
        rows = contract.instalment_ids
        for row in rows[:2]:
            self._invoice(row)
        self.assertEqual(rows[1].amount_recouped_booked, 363)
        self._credit(rows[0].invoice_ids)
        self.assertEqual(rows[0].state, "due")
        rows[0].percent = 0
        self.assertEqual(rows.mapped("amount_recouped"), [0, 363, 0, -363])
        self.assertEqual(contract.amount_left, 0)
        for row in rows[2:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_edited_drafts_move_the_rest(self):
        contract = self._create_recouping()
        self._invoice(contract.instalment_ids[0])
        move = self._invoice(contract.instalment_ids[1], post=False)
        move.invoice_line_ids.filtered(lambda line: line.price_unit < 0).price_unit = -100
        self.assertRecordValues(contract.instalment_ids[1], [{"amount": 363.0, "amount_recouped": 121.0}])
        self.assertEqual(contract.amount_left, 0)
        self.assertEqual(contract.amount_recouped, 121.0)
        move.action_post()
        for row in contract.instalment_ids[2:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_a_retention_row_takes_nothing_back_and_settles_last(self):
        rows = self._recouping_rows()
        rows.insert(-1, {"name": "Kept back", "kind": "retention", "percent": 5.0, "sequence": 90})
        contract = self._create_recouping(rows=rows)
        kept = contract.instalment_ids.filtered(lambda row: row.kind == "retention")
        self.assertRecordValues(kept, [{"amount": 60.5, "amount_recouped": 0.0}])
        for row in contract.instalment_ids - kept + kept:
            self._invoice(row)
        self.assertSettled(contract)

    def test_several_orders_take_the_advance_back_where_it_was_billed(self):
        first = self._create_order(self.lead, taxes=self.tax_21)
        contract = self._create_contract_of(first, rows=self._recouping_rows(), advance_recoup="proportional")
        self._invoice(contract.instalment_ids[0])
        second = self._create_order(self.lead, prices=((1, 777.77),), taxes=self.tax_ugly)
        contract._join_orders(second)
        self.assertEqual(contract.instalment_ids[0].amount, 363.0)
        move = self._invoice(contract.instalment_ids[1])
        back = move.invoice_line_ids.filtered(lambda line: line.price_unit < 0)
        self.assertEqual(back.sale_line_ids.order_id, first)
        self.assertEqual(back.tax_ids, self.tax_21)
        for row in contract.instalment_ids[2:]:
            self._invoice(row)
        self.assertSettled(contract)

    def test_an_advance_that_is_taken_back_cannot_be_the_rest_or_more_than_the_work(self):
        with self.assertRaisesRegex(ValidationError, "cannot be the rest"):
            self._create_recouping(rows=[{"kind": "advance", "amount_type": "rest"}, {"percent": 100}])
        rows = [{"kind": "advance", "percent": 90}, {"percent": 50}, {"kind": "retention", "percent": 50}]
        contract = self._create_recouping(rows=rows[:2], sign=False)
        with self.assertRaisesRegex(ValidationError, "more than the contract is worth"):
            contract.instalment_ids = [(0, 0, {"name": "Kept", "trigger": "signature", **rows[2]})]

    def test_the_percentage_must_be_given(self):
        contract = self._create_recouping("percent", sign=False)
        with self.assertRaisesRegex(UserError, "The percentage by which the advance is taken back"):
            contract.action_sign()

    def test_random_contracts_are_never_negative_and_add_up(self):
        chance = random.Random(74)
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.87), ("2026-01-01", 0.913)])
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": currency.id})
        included = self.percent_tax(19.0, price_include_override="tax_included")
        taxes = [self.tax_21, self.tax_ugly, included, self.tax_21 + self.tax_ugly, self.env["account.tax"]]
        for round_number in range(3):
            self.env.company.tax_calculation_rounding_method = chance.choice(["round_per_line", "round_globally"])
            lead = self._create_deal()
            values = {"pricelist_id": pricelist.id} if round_number % 3 == 2 else {}
            orders = self.env["sale.order"].concat(
                *(
                    self._create_order(
                        lead,
                        prices=[(chance.choice([1, 3, 0.333, 7]), round(chance.uniform(1, 999), 2)) for _tax in some],
                        taxes=some,
                        **values,
                    )
                    for some in [chance.sample(taxes, chance.randint(1, 4)) for _order in range(chance.randint(1, 3))]
                )
            )
            contract = self._create_contract_of(
                orders,
                rows=self._recouping_rows(chance.choice([10.0, 33.33, 60.0]), (33.33, 20.01, 12.5)),
                advance_recoup=chance.choice(["proportional", "percent", "last"]),
                advance_recoup_percent=chance.choice([15.0, 33.33, 90.0]),
            )
            with self.subTest(round=round_number, total=contract.amount_total, method=contract.advance_recoup):
                for row in contract.instalment_ids:
                    self.assertGreaterEqual(row.amount, 0)
                    if not row.amount:
                        continue
                    move = self._invoice(row)
                    self.assertEqual(row.invoice_ids.amount_total, row.amount)
                    if chance.random() < 0.3:
                        self._credit(move)
                        self._invoice(row)
                self.assertEqual(contract.amount_to_invoice, 0)
                if not values:
                    self.assertSettled(contract)
