from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..job_time import job_time
from ..query_count import counting
from .follow_common import FollowCommon

JOBS = "odoo.addons.construction_crm.models.contract.batches"


@tagged("post_install", "-at_install")
class TestDailyJobs(FollowCommon):
    """One record that fails stops no other; many cost little more than a few."""

    def _run(self, job, seconds=60.0):
        with self.enter_registry_test_mode(), job_time(self.registry, seconds):
            self.env.ref(f"construction_crm.{job}").method_direct_trigger()
        self.env.invalidate_all()

    def _break(self, table, column, record, events="UPDATE"):
        """Have the database refuse every change of a row, as a broken record does."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION construction_test_refuse() RETURNS trigger AS
                    'BEGIN RAISE EXCEPTION ''This row is broken''; END' LANGUAGE plpgsql;
                CREATE TRIGGER construction_test_refuse BEFORE %s ON %s FOR EACH ROW
                  WHEN (NEW.%s = %s) EXECUTE FUNCTION construction_test_refuse()
                """,
                SQL(events),
                SQL.identifier(table),
                SQL.identifier(column),
                record.id,
            )
        )

    def _mend(self, table):
        self.env.cr.execute(SQL("DROP TRIGGER construction_test_refuse ON %s", SQL.identifier(table)))

    def _get_warnings(self, record):
        kind = self.env.ref("mail.mail_activity_data_warning")
        return record.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def _create_waiting(self, count):
        """That many contracts with a row that time makes due today."""
        contracts = self.env["construction.contract"]
        for _number in range(count):
            contracts += self._create_contract()
        rows = contracts.mapped(lambda contract: contract.instalment_ids[1])
        rows.trigger_date = self.today + timedelta(days=1)
        # what a commit writes and tells
        self.env.cr.flush()
        # the night passes
        self.env.cr.execute(
            "UPDATE construction_instalment SET trigger_date = %s, date_due = %s, date_next_check = %s WHERE id IN %s",
            [self.today, self.today, self.today, tuple(rows.ids)],
        )
        self.env.invalidate_all()
        self.assertEqual(set(rows.mapped("state")), {"waiting"})
        return rows

    def test_a_broken_instalment_does_not_stop_the_others_and_is_told_once(self):
        rows = self._create_waiting(3)
        broken, good = rows[1], rows[0] + rows[2]
        self._break("construction_instalment", "id", broken)
        for _day in range(2):
            with self.assertLogs(JOBS, "ERROR"), mute_logger("odoo.sql_db"):
                self._run("ir_cron_update_due")
            self.assertEqual(good.mapped("state"), ["due", "due"])
            self.assertEqual(good.mapped("activity_id.summary"), ["Invoice “Half way”"] * 2)
            self.assertEqual(broken.state, "waiting")
            told = self._get_warnings(broken.contract_id)
            self.assertEqual(len(told), 1)
            self.assertIn(broken.display_name, told.summary)
            self.assertEqual(told.user_id, broken.contract_id.user_id)
        self._mend("construction_instalment")
        self._run("ir_cron_update_due")
        self.assertEqual(broken.state, "due")
        self.assertEqual(len(broken.activity_id), 1)

    def _make_overdue_wrong(self, deals):
        """Leave these deals with an amount overdue which the job of today has to correct."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET date_next_check = %s, amount_overdue = 5 WHERE id IN %s",
            [self.today, tuple(deals.ids)],
        )
        self.env.invalidate_all()
        return deals

    def test_a_broken_deal_does_not_stop_the_others(self):
        rows = self._create_waiting(2)
        deals = self._make_overdue_wrong(rows.lead_id)
        self._break("crm_lead", "id", deals[0])
        with self.assertLogs(JOBS, "ERROR"), mute_logger("odoo.sql_db"):
            self._run("ir_cron_update_due")
        self.assertEqual(deals.mapped("amount_overdue"), [5, 0])
        self.assertEqual(rows.mapped("state"), ["due", "due"])

    def test_a_job_whose_time_ends_with_the_instalments_goes_on_with_the_deals(self):
        rows = self._create_waiting(2)
        deals = self._make_overdue_wrong(rows.lead_id)
        self._run("ir_cron_update_due", seconds=0.0)
        self.assertEqual(rows.mapped("state"), ["due", "due"])
        self.assertEqual(deals.mapped("amount_overdue"), [0, 0])

    def test_a_contract_nobody_can_be_reminded_of_does_not_stop_the_others(self):
        other = self._create_contract(lead=self._create_deal(name="Other"))
        self._bill(other.instalment_ids[0], late=10)
        # no activity goes onto it: nobody can be told either
        self._break("mail_activity", "res_id", self.contract, "INSERT")
        with self.assertLogs(JOBS, "ERROR") as log, mute_logger("odoo.sql_db"):
            self._run("ir_cron_propose_reminders")
        self.assertEqual(len(log.records), 2)
        kind = self.env.ref("construction_crm.mail_activity_type_remind")
        self.assertIn(kind, other.activity_ids.activity_type_id)
        self.assertNotIn(kind, self.contract.activity_ids.activity_type_id)

    def test_an_invoice_whose_check_cannot_be_asked_for_does_not_stop_the_others(self):
        self.construction_type.invoicing_mode = "automatic"
        broken, good = (self._create_contract(lead=self._create_deal(name=name)) for name in ("Broken", "Good"))
        self._break("mail_activity", "res_id", broken, "INSERT")
        with self.assertLogs(JOBS, "ERROR"), mute_logger("odoo.sql_db"):
            self._run("ir_cron_invoice_due")
        self.assertTrue(good.move_ids)
        self.assertFalse(broken.move_ids, "no draft without somebody to check it")

    def test_a_release_that_fails_does_not_stop_the_others(self):
        contracts = self._create_waiting(2).contract_id
        contracts.write(
            {
                "retention_method": "withheld",
                "retention_percent": 5,
                "warranty_months": 1,
                "date_start": self.today - timedelta(days=200),
                "date_end": self.today - timedelta(days=100),
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE construction_contract SET state = 'completed' WHERE id IN %s", [tuple(contracts.ids)]
        )
        self.env.invalidate_all()
        self._break("construction_contract", "id", contracts[0])
        with self.assertLogs(JOBS, "ERROR"), mute_logger("odoo.sql_db"):
            self._run("ir_cron_update_due")
        self.assertFalse(contracts[0].date_released_warranty)
        self.assertTrue(contracts[1].date_released_warranty)

    def test_many_rows_cost_little_more_than_a_few(self):
        counts = []
        for count in (2, 12):
            rows = self._create_waiting(count)
            # stock tells others of their activities one by one
            rows.contract_id.user_invoicing_id = self.env.user
            unhurried = patch.object(self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1.0)
            with unhurried, counting(self.env) as queries:
                self.env["construction.instalment"]._cron_update_due()
            counts.append(queries.count)
            self.assertEqual(set(rows.mapped("state")), {"due"})
            self.assertEqual(len(rows.activity_id), count)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
