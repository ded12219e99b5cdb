import random

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import tagged

from ..contract.ledger_check import assert_money_true
from .variation_common import VariationCommon

PLANS = (
    None,
    [
        {"name": "Advance", "kind": "advance", "percent": 30, "trigger": "signature"},
        {"name": "Works", "percent": 33.33, "trigger": "signature"},
        {"name": "More works", "percent": 36.67, "trigger": "signature", "kind": "final"},
    ],
    [
        {"name": "Fixed", "amount_type": "fixed", "amount_fixed": 1234.56, "trigger": "signature"},
        {"name": "Rest", "amount_type": "rest", "trigger": "signature"},
        {"name": "Half", "percent": 17.17, "trigger": "signature"},
    ],
)


@tagged("post_install", "-at_install")
class TestVariationRandom(VariationCommon):
    """Any sequence of variations, undone and invoiced ones among them, keeps contract, plan and works adding up."""

    def test_any_sequence_of_variations_adds_up(self):
        for seed in range(6):
            with self.subTest(seed=seed):
                self._play(random.Random(seed))

    def _play(self, dice):
        self.env.company.tax_calculation_rounding_method = dice.choice(["round_per_line", "round_globally"])
        included = self.percent_tax(19.0, price_include_override="tax_included")
        taxes = dice.choice([self.tax_21, self.tax_ugly, included])
        contract = self._sign_contract(lines=self._works(taxes), rows=dice.choice(PLANS))
        original, applied, snapshots = contract.amount_total, [], {}
        self._check(contract, original)
        for _step in range(7):
            deed = dice.choice(("vary", "vary", "vary", "undo", "again", "invoice"))
            if deed == "vary":
                order = self._vary(dice, contract, snapshots)
                applied += order
            elif deed in ("undo", "again") and applied:
                order = applied[-1]
                try:
                    order.action_undo_variation()
                    self.assertEqual(self._read_all(contract), snapshots[order])
                    if deed == "again":
                        order.action_apply_variation()
                    else:
                        applied.pop()
                except UserError:
                    self.assertTrue(contract.move_ids.filtered(lambda move: move.state != "cancel"))
            elif deed == "invoice":
                self._invoice_next(dice, contract)
            self._check(contract, original)

    def _vary(self, dice, contract, snapshots):
        positions = contract._get_varied_positions()
        changes = []
        for position in dice.sample(positions, dice.randint(1, len(positions))):
            change = round(dice.uniform(-1, 1) * position.quantity, 2)
            changes.append((position.product_id, change))
        items = [(self.wood, round(dice.uniform(1, 30), 2))] if dice.random() < 0.3 and len(positions) < 3 else []
        try:
            order = self._propose(contract, changes, items, plan=dice.choice(("spread", "spread", "own", "final")))
            order.action_quotation_sent()
        except UserError:
            return []
        snapshots[order] = self._read_all(contract)
        order.action_confirm()
        return [order]

    def _invoice_next(self, dice, contract):
        rows = contract.instalment_ids.filtered(lambda row: row.state in ("waiting", "due") and row.amount > 0)
        if len(rows) < 2:
            return
        row = dice.choice(rows.filtered(lambda row: row.kind != "final") or rows[:1])
        row.write({"trigger": "date", "trigger_date": Date.today()})
        self._invoice(row)

    def _check(self, contract, original):
        self.env.flush_all()
        applied = contract.variation_order_ids.filtered(lambda order: order.variation_state == "applied")
        currency = contract.currency_id
        self.assertEqual(contract.order_ids - applied, contract.order_ids.sorted("id")[0])
        self.assertFalse(
            currency.compare_amounts(contract.amount_total, original + sum(applied.mapped("amount_total")))
        )
        self.assertFalse(currency.compare_amounts(contract.amount_original, original))
        self.assertFalse(currency.compare_amounts(sum(contract.instalment_ids.mapped("amount")), contract.amount_total))
        positions = self.env["construction.position"].search([("contract_id", "=", contract.id)])
        self.assertFalse(currency.compare_amounts(sum(positions.mapped("amount_taxed")), contract.amount_total))
        self.assertFalse(currency.compare_amounts(sum(positions.mapped("amount")), contract.amount_untaxed))
        assert_money_true(contract)
