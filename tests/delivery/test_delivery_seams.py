from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..contract.billing_common import BillingCommon
from ..contract.ledger_check import assert_money_true
from .machine_works_steps import PIXEL
from .progress_common import ProgressCommon


class SeamCommon(ProgressCommon, BillingCommon):
    """Contracts with a project of two stages, the last of which is the handover, and what people do with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("project.group_project_manager")
        cls.stages[1].write({"is_handover": True, "duration_days": 5})
        cls.stages[0].duration_days = 20
        cls.today = fields.Date.context_today(cls.contract)

    def _report(self, done, **values):
        return super()._report(done, **values)

    def _propose(self, changes, contract=None, items=(), **values):
        """The quote of a variation; changes map positions to quantities more or less."""
        contract = contract or self.contract
        action = contract.action_propose_variation()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.write(values)
        for position, change in changes.items():
            wizard.line_ids.filtered(lambda line, p=position: line.position_id == p).change = change
        wizard.item_ids = [Command.create({"product_id": item.id, "quantity": quantity}) for item, quantity in items]
        wizard.action_apply()
        return wizard.sudo().order_id.with_env(self.env)

    def _vary(self, changes, **values):
        order = self._propose(changes, **values)
        order.action_quotation_sent()
        order.action_confirm()
        return order

    def _snag(self, project=None, **values):
        values = {"name": "Crack", "project_id": (project or self.project).id, "date_due": self.today, **values}
        return self.env["construction.snag"].with_user(self.foreman).create(values)

    def _settle(self, snag):
        snag.with_user(self.foreman).action_fix()
        snag.with_user(self.manager).action_verify()

    def _act(self, project=None):
        values = {"project_id": (project or self.project).id, "date": self.today}
        act = self.env["construction.handover"].with_user(self.manager).create(values)
        act.action_ready()
        act.write({"signature_own": PIXEL, "signature_client": PIXEL})
        return act

    def _read_sums(self, contract):
        self.env.flush_all()
        names = ("amount_total", "amount_invoiced", "amount_collected", "amount_left", "state")
        return (
            [contract[name] for name in names],
            [(row.amount, row.state, row.date_event) for row in contract.instalment_ids],
            [(position.quantity, position.amount, position.quantity_done) for position in contract.position_ids],
        )


@tagged("post_install", "-at_install")
class TestDeliverySeams(SeamCommon):
    """Where progress, certificates, variations, stages, snags and the handover meet."""

    # === VARIATIONS AND CERTIFICATES === #

    def test_a_variation_signed_while_a_certificate_is_open_stands_in_it(self):
        self._report({self.wall: 15})
        draft = self._certificate(approve=False)
        before = draft.amount_contract
        order = self._vary({self.roof: 1})
        self.assertMoneyTrue()
        draft.with_user(self.manager).action_approve()
        self.assertEqual(draft.amount_contract, self.contract.amount_untaxed)
        self.assertAlmostEqual(draft.amount_contract, before + order.amount_untaxed, 2)
        self.assertEqual(draft.amount_variations, order.amount_untaxed)
        self.assertMoneyTrue()
        with self.assertRaisesRegex(UserError, "stands in certificates: .*Certificate 1"):
            order.action_undo_variation()
        draft.with_user(self.manager).action_withdraw()
        order.action_undo_variation()
        self.assertMoneyTrue()
        draft.with_user(self.manager).action_approve()
        self.assertEqual(draft.amount_contract, before)
        self.assertEqual(draft.amount_variations, 0)
        self.assertMoneyTrue()

    def test_a_new_chapter_of_a_variation_leaves_an_open_certificate_when_undone(self):
        self._report({self.wall: 15})
        draft = self._certificate(approve=False)
        order = self._vary({}, items=[(self.items[2], 4)])
        added = self.contract.position_ids.filtered(lambda position: position.order_id == order)
        self.assertTrue(added.is_variation)
        self._certificate(approve=False)
        self.assertIn(added, draft.line_ids.position_id)
        with self.assertRaisesRegex(UserError, "stands in certificates"):
            order.action_undo_variation()
        draft.with_user(self.manager).action_cancel()
        order.action_undo_variation()
        self.assertFalse(added.contract_id, "it stays in the certificate that was cancelled")
        self.assertMoneyTrue()
        certificate = self._certificate()
        self.assertEqual(certificate.amount_contract, self.contract.amount_untaxed)
        self.assertMoneyTrue()

    def test_a_certificate_after_less_works_never_asks_for_more_than_is_left(self):
        self._report({self.wall: 15, self.roof: 0.5})
        first = self._certificate()
        self._invoice_certificate(first)
        self._vary({self.wall: -15, self.paint: -7})
        self.assertMoneyTrue()
        self._report({self.roof: 0.5})
        last = self._certificate()
        self._invoice_certificate(last)
        self.assertMoneyTrue()
        self.assertEqual(self.project.progress_percent, 100)
        self.assertEqual(last.amount_remaining, 0)
        self.assertEqual(self.contract.amount_invoiced, self.contract.amount_total)
        self.assertEqual(first.amount_billed + last.amount_billed, self.contract.amount_total)

    def test_a_deal_counts_a_variation_as_long_as_its_contract_does(self):
        lead, total = self.contract.lead_id, self.contract.amount_total
        order = self._vary({self.wall: 3})
        self.assertEqual(lead.amount_contract, total + order.amount_total)
        order.action_undo_variation()
        self.assertEqual(order.variation_state, "approved")
        self.assertEqual((lead.amount_contract, lead.amount_to_invoice), (total, total))
        order.action_apply_variation()
        self.assertEqual(lead.amount_contract, total + order.amount_total)
        self.assertMoneyTrue()

    # === VARIATIONS AND DATES === #

    def test_days_of_a_variation_move_stages_and_expected_instalments(self):
        contract = self._make_contract(sign=False)
        contract.instalment_ids = [
            Command.clear(),
            Command.create({"name": "Shell", "percent": 40, "trigger": "stage", "project_stage_id": self.stages[0].id}),
            Command.create({"name": "End", "amount_type": "rest", "trigger": "handover", "kind": "final"}),
        ]
        contract.date_end = self.today + timedelta(days=60)
        contract.action_sign()
        project = contract.lead_id._start_project({"date_start": self.today, "user_id": self.manager.id})
        shell, end = contract.instalment_ids
        days = [shell.date_expected, end.date_expected, *project.milestone_ids.mapped("deadline")]
        self.assertEqual(days[0], project.milestone_ids[0].deadline)
        order = self._vary({contract.position_ids[0]: 3}, contract=contract, days=7)
        week = timedelta(days=7)
        self.env.invalidate_all()
        moved = [shell.date_expected, end.date_expected, *project.milestone_ids.mapped("deadline")]
        self.assertEqual(moved, [day + week for day in days])
        project.milestone_ids[0].action_reach()
        self.assertEqual(shell.state, "due")
        order.action_undo_variation()
        self.env.invalidate_all()
        self.assertEqual(shell.state, "due")
        self.assertEqual([end.date_expected, project.milestone_ids[1].deadline], [days[1], days[3]])
        self.assertMoneyTrue(contract)

    # === PROGRESS AND THE PLAN === #

    def test_progress_is_not_withdrawn_below_what_it_made_due_and_is_invoiced(self):
        contract = self._make_contract(sign=False)
        contract.instalment_ids = [
            Command.clear(),
            Command.create({"name": "Half", "percent": 50, "trigger": "progress", "progress_percent": 50}),
            Command.create({"name": "End", "amount_type": "rest", "trigger": "handover", "kind": "final"}),
        ]
        contract.action_sign()
        project = self._start_project(contract)
        half = contract.instalment_ids[0]
        positions = contract.position_ids
        report = self._report({position: position.quantity for position in positions}, project=project)
        self.assertEqual((half.state, project.progress_percent), ("due", 100))
        report.with_user(self.manager).action_withdraw()
        self.assertEqual((half.state, half.date_event), ("waiting", False))
        report.with_user(self.manager).action_approve()
        move = self._invoice(half)
        with self.assertRaisesRegex(UserError, "“Half” of contract .* is invoiced. Cancel that invoice first"):
            report.with_user(self.manager).action_withdraw()
        self.assertEqual((report.state, project.progress_percent), ("approved", 100))
        assert_money_true(contract)
        move.button_draft()
        move.button_cancel()
        report.with_user(self.manager).action_withdraw()
        self.assertEqual((half.state, project.progress_percent), ("waiting", 0))
        assert_money_true(contract)

    # === SNAGS, HANDOVER, RETENTION === #

    def test_a_job_is_handed_over_released_invoiced_and_can_be_taken_back_until_then(self):
        contract = self._make_contract(
            sign=False,
            contract_values={"retention_method": "withheld", "retention_percent": 10, "date_start": "2026-01-01"},
        )
        contract.instalment_ids = [
            Command.clear(),
            Command.create({"name": "Works", "percent": 80, "kind": "progress", "trigger": "certificate"}),
            Command.create({"name": "End", "amount_type": "rest", "trigger": "handover", "kind": "final"}),
        ]
        contract.action_sign()
        project = self._start_project(contract)
        end = contract.instalment_ids[1]
        self._report({position: position.quantity for position in contract.position_ids}, project=project)
        certificate = self._certificate(contract=contract)
        move = self._invoice_certificate(certificate)
        self._register_payment(move, amount=move.amount_total - contract.amount_retained)
        retained = contract.amount_retained
        self.assertGreater(retained, 0)
        assert_money_true(contract)
        project.milestone_ids[0].action_reach()
        snag, other = self._snag(project, severity="critical"), self._snag(project, severity="major")
        act = self._act(project)
        with self.assertRaisesRegex(UserError, "cannot be signed yet"):
            act.action_sign()
        self.assertEqual((contract.state, end.state, project.date_delivered), ("signed", "waiting", False))
        self._settle(snag)
        act.action_draft()
        act.action_ready()
        act.write({"signature_own": PIXEL, "signature_client": PIXEL})
        before = self._read_sums(contract)
        act.action_sign()
        self.assertEqual((contract.state, end.state, project.date_delivered), ("completed", "due", self.today))
        self.assertFalse(contract.date_released_handover, "a major snag holds what is kept back")
        assert_money_true(contract)
        act._withdraw("Signed too early")
        self.assertEqual(self._read_sums(contract), before)
        self.assertFalse(project.date_delivered)
        assert_money_true(contract)
        act.action_ready()
        act.write({"signature_own": PIXEL, "signature_client": PIXEL})
        act.action_sign()
        self._settle(other)
        self.assertEqual(contract.date_released_handover, self.today, "its last snag frees what is kept back")
        self.assertGreater(contract.amount_retention_released, 0)
        assert_money_true(contract)
        final = self._invoice(end)
        with self.assertRaisesRegex(UserError, "is invoiced"):
            act._withdraw("Too late")
        assert_money_true(contract)
        self._register_payment(final)
        self.assertEqual(contract.amount_invoiced, contract.amount_total)
        self.assertEqual(project.progress_percent, 100)
        assert_money_true(contract)

    # === ORDERS THAT COME AND GO === #

    def test_an_order_that_joins_after_the_start_becomes_works_tasks_and_progress(self):
        self._report({self.wall: 30, self.roof: 1, self.paint: 7})
        self.assertEqual(self.project.progress_percent, 100)
        certificate = self._certificate()
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner_a.id,
                "opportunity_id": self.contract.lead_id.id,
                "user_id": self.salesman.id,
                "order_line": self._prepare_chapter("4", self.items[1], 3, [(3, 111.11)]),
            }
        )
        order.action_confirm()
        self.contract._join_orders(order)
        added = self.contract.position_ids.filtered(lambda position: position.order_id == order)
        self.assertEqual((added.quantity, added.is_variation, added.project_id), (3, True, self.project))
        self.assertLess(self.project.progress_percent, 100)
        self.contract.lead_id._start_project({})
        self.assertEqual(len(added.task_ids), 1)
        self.contract.lead_id._start_project({})
        self.assertEqual(len(added.task_ids), 1)
        self.assertMoneyTrue()
        self._report({added: 3})
        last = self._certificate()
        self.assertEqual(self.project.progress_percent, 100)
        self.assertEqual(last.number, certificate.number + 1)
        self.assertEqual(last.amount_period, order.amount_untaxed)
        self.assertEqual(last.amount_remaining, 0)
        self._invoice_certificate(certificate)
        self._invoice_certificate(last)
        self.assertEqual(self.contract.amount_invoiced, self.contract.amount_total)
        self.assertMoneyTrue()

    def test_an_order_is_not_cancelled_after_a_stage_was_reached_and_paid(self):
        contract = self._make_contract(sign=False)
        contract.instalment_ids = [
            Command.clear(),
            Command.create({"name": "Shell", "percent": 40, "trigger": "stage", "project_stage_id": self.stages[0].id}),
            Command.create({"name": "End", "amount_type": "rest", "trigger": "handover", "kind": "final"}),
        ]
        contract.action_sign()
        project = self._start_project(contract)
        stage = project.milestone_ids[0]
        stage.action_reach()
        move = self._invoice(contract.instalment_ids[0])
        self._register_payment(move)
        before = self._read_sums(contract)
        order = contract.order_ids
        with self.assertRaisesRegex(UserError, "contract .* is signed. Cancel the contract first"):
            order._action_cancel()
        with self.assertRaises(UserError):
            contract.action_cancel()
        with self.assertRaisesRegex(UserError, "“Shell” of contract .* is invoiced"):
            stage.action_unreach()
        self.assertEqual(self._read_sums(contract), before)
        assert_money_true(contract)
        # credited and paid back, it may go
        self._credit(move)
        stage.action_unreach()
        self.assertEqual(contract.instalment_ids[0].state, "waiting")
        assert_money_true(contract)

    def test_a_contract_with_approved_certificates_is_not_cancelled(self):
        self._report({self.wall: 15})
        certificate = self._certificate()
        with self.assertRaisesRegex(UserError, "Certificate 1 of contract .* was approved. Withdraw it first"):
            self.contract.action_cancel()
        self.assertEqual(self.contract.state, "signed")
        certificate.with_user(self.manager).action_cancel()
        self.contract.action_cancel()
        self.assertEqual(self.contract.state, "cancelled")
        self.assertMoneyTrue()
        with self.assertRaisesRegex(UserError, "not signed"):
            self._certificate()

    # === PROJECTS AND DEALS THAT GO === #

    def test_an_archived_project_leaves_certificates_and_money_as_they_are(self):
        self._report({self.wall: 15})
        certificate = self._certificate()
        before = self._read_sums(self.contract)
        self.project.active = False
        self.assertEqual(self._read_sums(self.contract), before)
        self.assertMoneyTrue()
        with self.assertRaises(AccessError):
            certificate.with_user(self.foreman).action_withdraw()
        self.project.active = True
        self.assertEqual(self.contract.construction_project_id, self.project)
        self._invoice_certificate(certificate)
        self.assertMoneyTrue()

    def test_a_project_with_reported_works_is_not_deleted(self):
        self._report({self.wall: 15})
        with self.assertRaisesRegex(UserError, "Progress Report.* Archive the project instead"):
            self.project.unlink()
        self.assertTrue(self.project.exists())

    # === WHAT HANGS ON MONEY === #

    def test_sums_of_the_project_follow_a_payment_that_is_taken_back(self):
        self._report({self.wall: 15})
        move = self._invoice_certificate(self._certificate())
        payment = self._register_payment(move)
        self.assertGreater(self.project.percent_collected, 0)
        payment.action_draft()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.contract.amount_collected, 0)
        self.assertEqual(self.project.percent_collected, 0)
        self.assertMoneyTrue()

    def test_nobody_is_asked_to_invoice_what_a_credit_note_taken_back_bills_again(self):
        self._report({self.wall: 15})
        certificate = self._certificate()
        move = self._invoice_certificate(certificate)
        refund = self._credit(move)
        row = certificate.instalment_id
        row._follow_due()
        self.assertEqual((row.state, bool(row.activity_id)), ("due", True))
        refund.button_draft()
        self.assertNotEqual(row.state, "due")
        self.assertFalse(row.activity_id)
        self.assertMoneyTrue()
