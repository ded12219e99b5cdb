from odoo.exceptions import UserError
from odoo.tests import tagged

from .progress_common import ProgressCommon


@tagged("post_install", "-at_install")
class TestVariationWorks(ProgressCommon):
    """Variations of works that are measured and paid by certificates."""

    def _vary(self, position, change, **values):
        action = self.contract.action_propose_variation()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write(values)
        wizard.line_ids.filtered(lambda line: line.position_id == position).change = change
        wizard.action_apply()
        order = wizard.order_id
        order.action_quotation_sent()
        order.action_confirm()
        return order

    def test_the_pot_of_certificates_takes_the_variation_and_certified_rows_stay(self):
        self._report({self.wall: 10, self.paint: 7})
        first = self._certificate()
        certified = first.instalment_id.amount
        for plan in ("spread", "own", "final"):
            with self.subTest(plan=plan):
                total = self.contract.amount_total
                rows = self.contract.instalment_ids
                amounts = {row: row.amount for row in rows}
                order = self._vary(self.wall, 10, plan=plan)
                self.assertEqual(first.instalment_id.amount, certified)
                self.assertEqual(self.contract.amount_left, 0)
                pot = self.contract._get_certificate_pot()
                own = self.contract.instalment_ids - rows
                self.assertEqual(len(own), 1 if plan == "own" else 0)
                self.assertAlmostEqual(
                    pot.amount + sum(own.mapped("amount")) + certified, total + order.amount_total, 2
                )
                order.action_undo_variation()
                self.assertEqual({row: row.amount for row in self.contract.instalment_ids}, amounts)
        self.assertMoneyTrue()

    def test_what_is_certified_is_not_taken_out_and_not_undone(self):
        order = self._vary(self.wall, 10)
        self._report({self.wall: 35})
        certificate = self._certificate()
        with self.assertRaisesRegex(UserError, "certificate"):
            order.action_undo_variation()
        with self.assertRaisesRegex(UserError, "Wall.*5"):
            self._vary(self.wall, -6)
        less = self._vary(self.wall, -5)
        self.assertEqual(self.wall.quantity, 35)
        self.assertEqual(self.wall.percent_done, 100)
        certificate.with_user(self.manager).action_withdraw()
        certificate.with_user(self.manager).action_cancel()
        less.action_undo_variation()
        self.assertMoneyTrue()

    def test_days_move_the_stages_to_come_and_come_back(self):
        stages = self.project.sudo().milestone_ids.filtered("project_stage_id")
        stages[0].write({"date_start": "2030-01-01", "deadline": "2030-01-10"})
        stages[1].write({"date_start": "2030-01-11", "deadline": "2030-01-20"})
        names = ["date_start", "deadline", "deadline_original"]
        before = stages.read(names)
        order = self._vary(self.roof, 1, days=7)
        self.assertEqual(str(stages[0].date_start), "2030-01-01")
        self.assertEqual(str(stages[0].deadline), "2030-01-17")
        self.assertEqual(str(stages[1].date_start), "2030-01-18")
        self.assertEqual(str(stages[1].deadline), "2030-01-27")
        self.assertFalse(any(stages.mapped("days_moved")), "the client agreed: nothing is late")
        order.action_undo_variation()
        self.assertEqual(stages.read(names), before)
        earlier = self._vary(self.roof, 1, days=-12)
        self.assertEqual(str(stages[0].deadline), "2029-12-29")
        earlier.action_undo_variation()
        self.assertEqual(stages.read(names), before)
