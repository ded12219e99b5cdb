import random

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPlanChanges(ContractCommon):
    """The plan follows the value of the contract, and says what moved and why."""

    @classmethod
    def _create_contract(cls, sign=True, **order_values):
        """Of an order without deal: what the client of a construction deal signed changes by revisions only."""
        order = cls._create_order(False, **order_values)
        order.action_create_contract()
        contract = order.contract_id
        rows = cls.template._prepare_instalments_values()
        contract.instalment_ids = [Command.clear(), *map(Command.create, rows)]
        if sign:
            contract.action_sign()
        return contract

    def _end_of_transaction(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_a_changed_order_moves_open_rows_and_tells_it(self):
        contract = self._create_contract()
        order = contract.order_ids
        first, half, rest = contract.instalment_ids
        self._invoice(first)
        self._end_of_transaction()
        before = [first.amount, half.amount, rest.amount]
        messages = contract.message_ids
        order.order_line[0].price_unit = 2000
        self._end_of_transaction()
        self.assertEqual(first.amount, before[0])
        self.assertEqual(contract.amount_left, 0)
        change = contract.plan_change_ids
        self.assertRecordValues(
            change,
            [{"amount_before": 1210.0, "amount_after": 2420.0, "user_id": self.env.uid}],
        )
        self.assertIn(order.name, change.reason)
        told = [text for text in (contract.message_ids - messages).mapped("body") if "Half way" in text]
        self.assertEqual(len(told), 1)
        self.assertNotIn("Advance", told[0])
        self.assertIn(order.name, told[0])

    def test_many_edits_of_one_save_are_told_once_and_nothing_when_nothing_moved(self):
        contract = self._create_contract(prices=[(1, 500.0), (1, 500.0)])
        for line in contract.order_ids.order_line:
            line.price_unit = 600
        self._end_of_transaction()
        self.assertEqual(len(contract.plan_change_ids), 1)
        contract.order_ids.order_line[0].price_unit = 600
        self._end_of_transaction()
        self.assertEqual(len(contract.plan_change_ids), 1)

    def test_draft_plans_keep_no_history(self):
        contract = self._create_contract(sign=False)
        contract.instalment_ids[1].percent = 20
        contract.order_ids.order_line[0].price_unit = 2000
        self._end_of_transaction()
        self.assertFalse(contract.plan_change_ids)

    def test_a_plan_edited_after_signing_is_told(self):
        contract = self._create_contract()
        contract.instalment_ids[1].with_user(self.salesman).percent = 20
        self._end_of_transaction()
        self.assertEqual(contract.plan_change_ids.mapped("reason"), ["The plan was edited"])
        contract.instalment_ids[1].unlink()
        self._end_of_transaction()
        contract.invalidate_recordset(["plan_change_ids"])
        self.assertEqual(len(contract.plan_change_ids), 2)
        self.assertIn("–", contract.plan_change_ids[0].content)

    def test_a_reason_given_is_not_told_twice(self):
        contract = self._create_contract()
        before = contract._get_plan_amounts()
        contract.order_ids.order_line[0].price_unit = 3000
        contract._log_plan_change(before, "The client wanted three")
        self._end_of_transaction()
        self.assertEqual(contract.plan_change_ids.mapped("reason"), ["The client wanted three"])

    def _create_fixed(self):
        contract = self._create_contract(sign=False)
        contract.instalment_ids = [
            Command.clear(),
            Command.create({"name": "All", "amount_type": "fixed", "amount_fixed": 1210}),
        ]
        contract.instalment_ids.trigger_date = contract.date_start
        contract.action_sign()
        return contract

    def test_fixed_rows_that_no_longer_fit_leave_the_difference_to_plan(self):
        contract = self._create_fixed()
        contract.order_ids.order_line[0].price_unit = 2000
        self._end_of_transaction()
        self.assertEqual(contract.amount_left, 1210)
        self.assertIn("Left to plan", contract.plan_change_ids.content)

    def test_a_smaller_contract_says_which_plan_asks_for_too_much(self):
        contract = self._create_fixed()
        contract.order_ids.order_line[0].price_unit = 500
        self._end_of_transaction()
        self.assertLess(contract.amount_left, 0)
        with self.assertRaisesRegex(ValidationError, "more than the contract"):
            contract.instalment_ids = [Command.create({"name": "More", "percent": 10})]

    def test_history_is_read_only_for_everyone(self):
        contract = self._create_contract()
        contract.order_ids.order_line[0].price_unit = 2000
        self._end_of_transaction()
        change = contract.plan_change_ids
        for user in (self.salesman, self.accountant, self.auditor, self.project_user):
            self.assertTrue(change.with_user(user).content)
            self.assertFalse(change.with_user(user).has_access("write"))
        self.assertFalse(change.with_user(self.other_salesman).has_access("read"))

    def test_any_sequence_of_changes_keeps_the_plan_equal_to_the_contract(self):
        """Rows come, go, are invoiced, and the order changes: the plan still makes the contract to the cent."""
        for seed in range(6):
            with self.subTest(seed=seed):
                self._play(random.Random(seed))

    def _play(self, dice):
        taxes = self.tax_ugly if dice.random() < 0.5 else self.tax_21
        contract = self._create_contract(prices=[(1, 777.77), (3, 33.33)], taxes=taxes, sign=False)
        contract.instalment_ids = [
            Command.clear(),
            *[
                Command.create({"name": f"Step {i}", "percent": dice.choice((7, 12.5, 33.3333 / 3)), "sequence": i})
                for i in range(5)
            ],
            Command.create({"name": "Rest", "amount_type": "rest", "kind": "final", "sequence": 99}),
        ]
        contract.instalment_ids.trigger = "signature"
        contract.action_sign()
        frozen = {}
        for _step in range(12):
            self._make_a_move(dice, contract, frozen)
            self.env.flush_all()
            amounts = contract.instalment_ids.mapped("amount")
            self.assertEqual(contract.currency_id.round(sum(amounts)), contract.amount_total)
            self.assertGreaterEqual(min(amounts), 0)
            for row, amount in frozen.items():
                self.assertEqual(row.amount, amount, "invoiced rows stay")

    def _make_a_move(self, dice, contract, frozen):
        line = dice.choice(contract.order_ids.order_line.filtered(lambda line: not line.is_downpayment))
        move = dice.choice(("quantity", "price", "invoice", "percent", "add"))
        open_rows = contract.instalment_ids.filtered(lambda row: row.state == "due" and row.amount_type == "percent")
        if move == "quantity":
            line.write({"product_uom_qty": line.product_uom_qty + dice.randint(1, 3), "price_unit": line.price_unit})
        elif move == "price":
            line.price_unit += dice.choice((0.01, 17.17, 100))
        elif move == "add":
            values = {"name": "More", "percent": 1, "trigger": "signature", "sequence": 50}
            contract.instalment_ids = [Command.create(values)]
        elif not open_rows:
            return
        elif move == "percent":
            dice.choice(open_rows).percent = dice.choice((1, 5.5, 8))
        else:
            row = dice.choice(open_rows)
            self._invoice(row)
            frozen[row] = row.amount

    def test_refusals_name_the_row(self):
        contract = self._create_contract()
        row = contract.instalment_ids[0]
        for values in ({"percent": 101}, {"percent": -1}, {"amount_type": "fixed", "amount_fixed": -5}):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                row.write(values)
                self.env.flush_all()
        self._invoice(row, post=False)
        with self.assertRaisesRegex(UserError, "Advance.*invoiced"):
            row.percent = 10
        with self.assertRaisesRegex(UserError, "Advance.*invoiced"):
            row.unlink()
        with self.assertRaisesRegex(ValidationError, "more than the contract"), self.cr.savepoint():
            contract.instalment_ids[1].write({"amount_type": "fixed", "amount_fixed": 5000})

    def test_an_unfinished_plan_is_not_signed(self):
        contract = self._create_contract(sign=False)
        contract.instalment_ids[2].unlink()
        with self.assertRaisesRegex(UserError, "does not add up"):
            contract.action_sign()

    def test_several_rest_rows_share_what_is_left_to_the_cent(self):
        contract = self._create_contract(sign=False, prices=[(1, 100.0)], taxes=self.env["account.tax"])
        contract.instalment_ids = [Command.clear()] + [
            Command.create({"name": f"Part {i}", "amount_type": "rest"}) for i in range(3)
        ]
        self.assertEqual(contract.instalment_ids.mapped("amount"), [33.33, 33.33, 33.34])
