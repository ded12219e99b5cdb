from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..job_time import job_time
from .retention_common import RetentionCommon


@tagged("post_install", "-at_install")
class TestRetentionRelease(RetentionCommon):
    """Releasing a retention in parts, holding it, taking a release back."""

    def _deliver(self, **values):
        """A contract with its half way invoice posted and paid but for the retention."""
        contract = self._create_withheld(contract_values=values)
        move = self._invoice(contract.instalment_ids[1])
        self._register(move)
        return contract, move

    def _complete(self, contract):
        contract.action_start()
        contract.action_complete()

    def _release(self, contract, **values):
        wizard = self.env["construction.retention.release"].with_context(default_contract_id=contract.id).create(values)
        wizard.action_release()
        return wizard

    def test_handover_releases_the_first_part(self):
        contract, move = self._deliver()
        self._complete(contract)
        today = fields.Date.context_today(contract)
        self.assertRecordValues(contract, [{"date_released_handover": today, "date_released_warranty": False}])
        self.assertRetention(contract, 24.2, 24.2)
        line = move.line_ids.filtered(lambda line: line.retention_part == "handover")
        self.assertEqual(line.date_maturity, today)
        self.assertEqual(contract.retention_activity_id.summary, "Claim the retention")
        self.assertIn("24.20", contract.message_ids[0].body)
        self.assertFollowsLedger(contract)

    def test_a_released_part_becomes_overdue(self):
        contract, _move = self._deliver()
        self._complete(contract)
        row = contract.instalment_ids[1]
        self.assertRecordValues(row, [{"state": "partial", "amount_overdue": 0.0}])
        tomorrow = fields.Date.context_today(contract) + timedelta(days=1)
        self.assertEqual(row.date_next_check, tomorrow)
        with freeze_time(tomorrow):
            self.env.add_to_compute(row._fields["state"], row)
            self.assertRecordValues(row, [{"state": "overdue", "amount_overdue": 24.2}])

    def test_the_daily_job_releases_the_rest_at_the_end_of_the_warranty(self):
        contract, _move = self._deliver()
        self._complete(contract)
        contract.date_end = "2020-01-31" if not contract.date_start else contract.date_start
        contract.warranty_months = 1
        self.assertLess(contract.date_warranty_end, fields.Date.context_today(contract))
        with self.enter_registry_test_mode(), job_time(self.registry):
            self.env.ref("construction_crm.ir_cron_update_due").method_direct_trigger()
        self.assertTrue(contract.date_released_warranty)
        self.assertRetention(contract, 0.0, 48.4)

    def test_without_a_warranty_handover_releases_all(self):
        contract, _move = self._deliver(warranty_months=0)
        self._complete(contract)
        self.assertRetention(contract, 0.0, 48.4)

    def test_an_invoice_after_the_release_keeps_back_the_rest_only(self):
        contract, _move = self._deliver()
        self._invoice(contract.instalment_ids[0])
        self._complete(contract)
        move = self._invoice(contract.instalment_ids[2])
        self.assertEqual(self._terms(move), [(False, 459.8, 459.8), ("warranty", 24.2, 24.2)])

    def test_the_screen_shows_and_releases_by_hand(self):
        contract, move = self._deliver()
        due = fields.Date.context_today(contract) + timedelta(days=30)
        form = Form(self.env["construction.retention.release"].with_context(default_contract_id=contract.id))
        self.assertEqual((form.part, form.amount), ("handover", 24.2))
        form.part = "all"
        form.date_due = due
        self.assertEqual(form.amount, 48.4)
        form.save().action_release()
        self.assertRetention(contract, 0.0, 48.4)
        self.assertEqual(set(move.line_ids.filtered("retention_part").mapped("date_maturity")), {due})

    def test_twice_is_once(self):
        contract, _move = self._deliver()
        self._release(contract, part="handover")
        messages = len(contract.message_ids)
        contract._release_retention(["handover"])
        self.assertEqual(len(contract.message_ids), messages)
        self.assertEqual(len(contract.activity_ids.filtered(lambda a: a.summary == "Claim the retention")), 1)

    def test_a_release_is_undone_while_it_is_not_paid(self):
        contract, move = self._deliver()
        planned = move.line_ids.filtered("retention_part").mapped("date_maturity")
        self._complete(contract)
        contract.action_undo_release()
        self.assertFalse(contract.date_released_handover)
        self.assertFalse(contract.retention_activity_id)
        self.assertRetention(contract, 48.4)
        # handed over today: what is kept back nevertheless is due a month from now at the earliest
        today = fields.Date.context_today(contract)
        self.assertTrue(all(line.date_maturity > today for line in move.line_ids.filtered("retention_part")))
        self.assertTrue(planned)

    def test_a_paid_release_is_not_undone(self):
        contract, move = self._deliver()
        self._complete(contract)
        self.assertEqual(self._register(move).amount, 24.2)
        with self.assertRaisesRegex(UserError, "the client paid with"):
            contract.action_undo_release()
        self.assertRetention(contract, 24.2, 24.2)

    def test_reopened_works_take_the_release_back(self):
        contract, move = self._deliver()
        self._complete(contract)
        contract.action_reopen()
        self.assertRetention(contract, 48.4)
        contract.action_complete()
        self._register(move)
        with self.assertRaisesRegex(UserError, "the client paid with"):
            contract.action_reopen()
        self.assertEqual(contract.state, "completed")

    def test_nothing_to_undo_is_said(self):
        contract, _move = self._deliver()
        with self.assertRaisesRegex(UserError, "No part of the retention"):
            contract.action_undo_release()

    def test_a_hold_makes_the_release_wait_and_lifting_it_releases(self):
        contract, _move = self._deliver(retention_hold_reason="Leak in the cellar")
        self._complete(contract)
        self.assertTrue(contract.is_retention_waiting)
        self.assertIn("Leak in the cellar", contract.message_ids[0].body)
        self.assertRetention(contract, 48.4)
        with self.assertRaisesRegex(UserError, "Leak in the cellar"):
            self._release(contract, part="handover")
        contract.retention_hold_reason = False
        self.assertFalse(contract.is_retention_waiting)
        self.assertRetention(contract, 24.2, 24.2)

    def test_a_hold_says_so_once(self):
        contract, _move = self._deliver(retention_hold_reason="Leak")
        self._complete(contract)
        messages = len(contract.message_ids)
        contract._release_reached_parts()
        self.assertEqual(len(contract.message_ids), messages)

    def test_a_retention_row_waits_for_its_hold_too(self):
        template = self.template.copy()
        template.line_ids[2].write({"kind": "progress", "name": "Rest"})
        template.line_ids[1].write({"kind": "retention", "trigger": "signature"})
        self.construction_type.plan_template_id = template
        contract = self._create_contract(sign=False)
        contract.date_start = "2026-01-01"
        contract.action_sign()
        row = contract.instalment_ids.filtered(lambda row: row.kind == "retention")
        contract.retention_hold_reason = "Leak"
        with self.assertRaisesRegex(UserError, "Leak"):
            row.action_invoice()
        contract.retention_hold_reason = False
        row.action_invoice()
        self.assertEqual(row.state, "waiting" if not row.invoice_ids else "invoiced")

    def test_a_retention_row_takes_the_percentage_of_the_type(self):
        template = self.template.copy()
        template.line_ids[1].write({"kind": "retention", "percent": 0})
        self.construction_type.write({"plan_template_id": template.id, "retention_percent": 5})
        contract = self._create_contract()
        row = contract.instalment_ids.filtered(lambda row: row.kind == "retention")
        self.assertEqual(row.amount, 60.5)
        row.trigger_date = fields.Date.context_today(row) + timedelta(days=90)
        self.assertRetention(contract, 60.5)
        row.trigger_date = fields.Date.context_today(row)
        self.assertRetention(contract, 0.0, 60.5)

    def test_a_template_row_is_left_out_where_each_invoice_keeps_back(self):
        self.halves.line_ids[0].kind = "retention"
        contract = self._create_withheld(sign=False)
        self.assertNotIn("retention", contract.instalment_ids.mapped("kind"))

    def test_the_method_stays_once_an_invoice_keeps_back(self):
        contract, _move = self._deliver()
        with self.assertRaisesRegex(ValidationError, "keeps back of invoice"):
            contract.retention_method = "row"

    def test_due_before_released_is_refused(self):
        contract, _move = self._deliver()
        today = fields.Date.context_today(contract)
        with self.assertRaisesRegex(UserError, "due before it is released"):
            self._release(contract, part="handover", date=today, date_due=today - timedelta(days=1))

    def test_a_closed_period_does_not_stop_a_release(self):
        contract, move = self._deliver()
        self.env.company.fiscalyear_lock_date = fields.Date.context_today(contract)
        self._release(contract, part="handover")
        self.assertRetention(contract, 24.2, 24.2)
        self.assertEqual(move.state, "posted")


@tagged("post_install", "-at_install")
class TestRetentionRoles(RetentionCommon):
    """Who sees, who releases."""

    def setUp(self):
        super().setUp()
        self.contract = self._create_withheld()
        self.move = self._invoice(self.contract.instalment_ids[1])
        self.env.flush_all()

    def _release_as(self, user):
        wizard = self.env["construction.retention.release"].with_user(user)
        wizard.with_context(default_contract_id=self.contract.id).create({"part": "handover"}).action_release()

    def test_an_accountant_releases_and_takes_back(self):
        self._release_as(self.accountant)
        self.assertRetention(self.contract, 24.2, 24.2)
        self.contract.with_user(self.accountant).action_undo_release()
        self.assertRetention(self.contract, 48.4)

    def test_a_sales_manager_releases(self):
        self._release_as(self.sale_manager)
        self.assertRetention(self.contract, 24.2, 24.2)

    def test_a_salesperson_does_not(self):
        with self.assertRaises(AccessError):
            self._release_as(self.salesman)
        with self.assertRaises(AccessError):
            self.contract.with_user(self.salesman).action_release_retention()
        self.assertFalse(self.contract.with_user(self.salesman).can_release_retention)

    def test_every_role_sees_the_same_sum(self):
        for user in (self.accountant, self.auditor, self.salesman, self.sale_manager):
            self.env.invalidate_all()
            self.assertEqual(self.contract.with_user(user).amount_retained, 48.4)
            rows = self.env["construction.retention"].with_user(user).search([("contract_id", "=", self.contract.id)])
            self.assertEqual(sum(rows.mapped("amount_kept")), 48.4)
            rows.read(["invoice_name", "partner_id", "contract_id", "instalment_id", "amount"])
        for user in (self.accountant, self.salesman, self.sale_manager):
            self.assertEqual(self.contract.lead_id.with_user(user).amount_retained, 48.4)

    def test_a_colleague_and_a_surveyor_see_none(self):
        retention = self.env["construction.retention"]
        self.assertFalse(retention.with_user(self.other_salesman).search([]))
        for user in (self.surveyor, self.project_user):
            with self.assertRaises(AccessError):
                retention.with_user(user).search([])

    def test_a_client_sees_own_invoices_only(self):
        portal = self._new_portal_user(self.partner_b)
        with self.assertRaises(AccessError):
            self.env["construction.retention"].with_user(portal).search([])
        with self.assertRaises(AccessError):
            self.contract.with_user(portal).read(["amount_retained"])
        with self.assertRaises(AccessError):
            self.move.with_user(portal).read(["amount_total"])
        own = self._new_portal_user(self.partner_a)
        self.assertEqual(self.move.with_user(own).amount_retention, 48.4)

    def _new_portal_user(self, partner):
        return self.env["res.users"].create(
            {
                "name": partner.name,
                "login": f"portal_{partner.id}",
                "partner_id": partner.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )

    def test_another_company_sees_none(self):
        other = self.setup_other_company()["company"]
        self.accountant.company_ids += other
        retention = self.env["construction.retention"].with_user(self.accountant)
        self.assertTrue(retention.search([]))
        self.assertFalse(retention.with_context(allowed_company_ids=other.ids).search([]))

    def test_the_account_must_be_of_the_company(self):
        other = self.setup_other_company()
        with self.assertRaises(UserError):
            self.contract.retention_account_id = other["default_account_receivable"]

    def test_the_statement_adds_up_and_prints(self):
        self._invoice(self.contract.instalment_ids[0])
        self._invoice(self.contract.instalment_ids[2])
        self.contract._release_retention(["handover"])
        self._register(self.move)
        self._register(self.move)
        (statement,) = self.contract._get_retention_statements()
        self.assertEqual([group["contract"] for group in statement["contracts"]], [self.contract], "it is on it once")
        self.assertEqual(len(statement["contracts"][0]["rows"]), 4)
        (total,) = statement["totals"]
        self.assertEqual([total[key] for key in ("amount", "paid", "due", "kept")], [96.8, 24.2, 24.2, 48.4])
        self.assertTrue(total["words"])
        for user in (self.accountant, self.auditor, self.salesman):
            html, _kind = (
                self.env["ir.actions.report"]
                .with_user(user)
                ._render_qweb_html("construction_crm.report_retention_statement", self.contract.ids)
            )
            self.assertIn(self.move.name, html.decode())

    def test_the_statement_of_a_client_takes_all_contracts(self):
        self._create_withheld()
        action = self.contract.with_user(self.accountant).action_print_client_retention()
        self.assertEqual(len(action["context"]["active_ids"]), 2)

    def test_plan_and_invoice_tell_the_retention(self):
        render = self.env["ir.actions.report"]._render_qweb_html
        html = render("construction_crm.report_construction_plan", self.contract.ids)[0].decode()
        self.assertIn("keeps back 10", html)
        html = render("account.report_invoice", self.move.ids)[0].decode()
        self.assertIn("Due without the retention", html)
        self.assertIn("435.60", html)
