from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..job_time import job_time
from ..query_count import counting
from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestInvoicingMany(BillingCommon):
    def _ask(self, rows, user=None):
        action = rows.with_user(user or self.accountant).action_invoice_selected()
        self.assertEqual(action["res_model"], "construction.invoicing")
        return self.env["construction.invoicing"].with_user(user or self.accountant).browse(action["res_id"])

    def test_a_list_of_instalments_gets_an_invoice_each_and_the_refused_are_told_with_the_reason(self):
        good = self._create_contract()
        late = self._create_contract()
        late.instalment_ids[1].trigger_date = "2999-01-01"
        broken = self._create_contract()
        broken.instalment_ids[0].amount_type = "fixed"
        run = self._ask(good.instalment_ids + late.instalment_ids + broken.instalment_ids[0])
        self.assertRecordValues(run, [{"count_ready": 6, "count_refused": 1, "state": "draft"}])
        run.date = "2026-03-31"
        run.action_confirm()
        self.assertRecordValues(run, [{"state": "done", "count_done": 4, "count_refused": 3, "progress": 100}])
        self.assertEqual(len(good.move_ids), 3)
        self.assertEqual(set(good.move_ids.mapped("invoice_date")), {fields.Date.to_date("2026-03-31")})
        reasons = {line.instalment_id: line.reason for line in run.line_ids if line.reason}
        self.assertIn("not due yet", reasons[late.instalment_ids[1]])
        self.assertIn("first invoice Half way", reasons[late.instalment_ids[2]])
        self.assertIn("nothing to invoice", reasons[broken.instalment_ids[0]])
        self.assertEqual(run.action_view_invoices()["domain"][0][2], run.line_ids.move_id.ids)

    def test_confirming_twice_invoices_once(self):
        contract = self._create_contract()
        run, again = self._ask(contract.instalment_ids), self._ask(contract.instalment_ids)
        run.action_confirm()
        run.action_confirm()
        again.action_confirm()
        self.assertEqual(len(contract.move_ids), 3)
        self.assertEqual(again.line_ids.move_id, run.line_ids.move_id)

    def test_long_lists_are_invoiced_in_the_background_as_the_person_who_asked(self):
        contracts = self._create_contract() + self._create_contract()
        with patch("odoo.addons.construction_crm.wizards.contract.construction_invoicing.AT_ONCE", 2):
            run = self._ask(contracts.instalment_ids)
            run.action_confirm()
        self.assertRecordValues(run, [{"state": "running", "progress": 0}])
        self.assertFalse(contracts.move_ids)
        # it is finished also where the time of the job ends with the last row
        with self.enter_registry_test_mode(), job_time(self.registry, 0.0):
            self.env.ref("construction_crm.ir_cron_invoicing_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertRecordValues(run, [{"state": "done", "progress": 100, "count_done": 6}])
        self.assertEqual(contracts.move_ids.create_uid, self.accountant)

    def test_one_that_fails_in_the_background_is_told_and_stops_no_other(self):
        broken, good = self._create_contract(), self._create_contract()
        create_invoice = self.registry["construction.instalment"]._create_invoice

        def fail(row):
            if row.contract_id == broken:
                raise ValueError
            return create_invoice(row)

        with patch("odoo.addons.construction_crm.wizards.contract.construction_invoicing.AT_ONCE", 1):
            run = self._ask((broken + good).instalment_ids)
            run.action_confirm()
        with (
            patch.object(self.registry["construction.instalment"], "_create_invoice", fail),
            self.assertLogs("odoo.addons.construction_crm.wizards.contract.construction_invoicing", "ERROR"),
            self.enter_registry_test_mode(),
            job_time(self.registry),
        ):
            self.env.ref("construction_crm.ir_cron_invoicing_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(broken.move_ids)
        self.assertEqual(len(good.move_ids), 3)
        self.assertRecordValues(run, [{"state": "done", "count_done": 3, "count_refused": 3, "progress": 100}])
        self.assertIn("unexpected error", run.line_ids.filtered(lambda line: line.contract_id == broken)[0].reason)

    def test_a_list_done_as_the_time_of_the_job_is_over_is_told_done(self):
        contract = self._create_contract()
        with patch("odoo.addons.construction_crm.wizards.contract.construction_invoicing.AT_ONCE", 1):
            run = self._ask(contract.instalment_ids)
            run.action_confirm()
        commit = self.registry["ir.cron"]._commit_progress

        def spend_time(cron, processed=0, **kwargs):
            commit(cron, processed, **kwargs)
            return 0

        with patch.object(self.registry["ir.cron"], "_commit_progress", spend_time), self.enter_registry_test_mode():
            for _line in run.line_ids:
                self.env.ref("construction_crm.ir_cron_invoicing_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertRecordValues(run, [{"state": "done", "progress": 100, "count_done": 3}])

    def test_salespeople_do_not_invoice(self):
        contract = self._create_contract()
        with self.assertRaises(AccessError):
            contract.instalment_ids.with_user(self.salesman).action_invoice_selected()

    def test_nothing_to_invoice_is_said(self):
        contract = self._create_contract(sign=False)
        run = self._ask(contract.instalment_ids)
        with self.assertRaisesRegex(UserError, "None of these instalments"):
            run.action_confirm()

    def test_the_list_of_what_is_to_invoice_tells_days_and_obstacles(self):
        contract = self._create_contract()
        first, _second, last = contract.instalment_ids
        first.date_event = fields.Date.subtract(fields.Date.context_today(first), days=9)
        self.assertEqual(first.days_waiting, 9)
        self.assertFalse(first.invoicing_obstacle)
        self.assertIn("first invoice Advance, Half way", last.invoicing_obstacle)
        action = self.env.ref("construction_crm.construction_instalment_action_to_invoice")
        self.assertEqual(action.res_model, "construction.instalment")
        for user in (self.accountant, self.auditor, self.salesman):
            rows = contract.instalment_ids.with_user(user)
            self.assertEqual(rows[0].web_read({"days_waiting": {}, "invoicing_obstacle": {}})[0]["days_waiting"], 9)

    def test_queries_of_the_list_do_not_grow_with_the_rows(self):
        counts = []
        for size in (2, 2, 8):
            rows = self.env["construction.instalment"].concat(
                *(self._create_contract().instalment_ids for _index in range(size))
            )
            with counting(self.env) as queries:
                rows.web_read({"days_waiting": {}, "invoicing_obstacle": {}, "amount": {}, "partner_id": {}})
            counts.append(queries.count)
        self.assertLessEqual(counts[2], counts[1] + 2, counts)


@tagged("post_install", "-at_install")
class TestInvoicingByItself(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.construction_type.write({"invoicing_mode": "automatic", "user_invoicing_id": cls.accountant.id})

    def _run_job(self):
        with self.enter_registry_test_mode(), job_time(self.registry):
            self.env.ref("construction_crm.ir_cron_invoice_due").method_direct_trigger()
        self.env.invalidate_all()

    def test_due_instalments_are_drafted_once_and_their_check_is_asked_for(self):
        contract = self._create_contract()
        self.assertEqual(contract.invoicing_mode, "automatic")
        self.assertFalse(contract.instalment_ids.activity_id)
        contract.instalment_ids[1].trigger_date = "2999-01-01"
        self._run_job()
        self._run_job()
        self.assertRecordValues(contract.move_ids, [{"state": "draft", "instalment_id": contract.instalment_ids[0].id}])
        activity = contract.instalment_ids[0].activity_id
        self.assertRecordValues(activity, [{"user_id": self.accountant.id}])
        self.assertIn("Check and post", activity.summary)
        contract.move_ids.invoice_date = fields.Date.today()
        contract.move_ids.action_post()
        self.assertFalse(activity.active)

    def test_an_event_wakes_the_job(self):
        job = self.env.ref("construction_crm.ir_cron_invoice_due")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)])
        self._create_contract()
        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", job.id)]), before)

    def test_one_that_fails_does_not_stop_the_others_and_says_why(self):
        broken, good = self._create_contract(), self._create_contract()
        reason = "The journal is locked."
        create_invoice = self.registry["construction.instalment"]._create_invoice

        def fail(row):
            if row.contract_id == broken:
                raise UserError(reason)
            return create_invoice(row)

        with patch.object(self.registry["construction.instalment"], "_create_invoice", fail):
            self._run_job()
        self.assertFalse(broken.move_ids)
        self.assertEqual(len(good.move_ids), 3)
        activity = broken.instalment_ids[0].activity_id
        self.assertIn("could not be invoiced", activity.summary)
        self.assertIn(reason, activity.note)
        self._run_job()
        self.assertEqual(len(broken.move_ids), 3)
        self.assertFalse(activity.active)
        self.assertIn("Check and post", broken.instalment_ids[0].activity_id.summary)

    def test_back_to_hand_asks_the_person(self):
        contract = self._create_contract()
        contract.invoicing_mode = "manual"
        self.assertTrue(contract.instalment_ids[0].activity_id)
        self._run_job()
        self.assertFalse(contract.move_ids)
