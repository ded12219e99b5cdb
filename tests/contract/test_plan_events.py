from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ContractCommon

TODAY = date(2026, 3, 10)


@tagged("post_install", "-at_install")
class TestPlanEvents(ContractCommon):
    """Signature, delivery, handover and end of warranty make instalments due, once, and can be undone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.contract = cls._create_contract(sign=False)
        cls.contract.date_start = TODAY
        cls.contract.instalment_ids.unlink()

    def _add(self, trigger, **values):
        return self.env["construction.instalment"].create(
            {"contract_id": self.contract.id, "name": trigger, "percent": 10, "trigger": trigger, **values}
        )

    def _complete_plan(self):
        self._add("date", name="Rest", amount_type="rest", sequence=99, delay_days=300)

    def _plan_delivery(self, **values):
        return self.env["construction.delivery"].create(
            {"contract_id": self.contract.id, "name": "Windows", "quantity": 4, "date_planned": "2026-04-20", **values}
        )

    def test_a_complete_delivery_makes_its_instalment_due_and_a_partial_one_does_not(self):
        delivery = self._plan_delivery()
        other = self._plan_delivery(name="Doors")
        row, other_row = self._add("delivery", delivery_id=delivery.id), self._add("delivery", delivery_id=other.id)
        self._complete_plan()
        self.contract.action_sign()
        self.assertEqual(row.date_expected, date(2026, 4, 20))
        delivery.quantity_delivered = 3
        self.assertEqual((delivery.state, row.state), ("partial", "waiting"))
        delivery.quantity_delivered = 4
        self.assertEqual((row.state, row.date_due, delivery.date_delivered), ("due", TODAY, TODAY))
        self.assertEqual(row.activity_id.user_id, self.contract.user_id)
        self.assertEqual(other_row.state, "waiting")

    def test_a_delivery_taken_back_takes_the_due_day_and_the_activity_back(self):
        delivery = self._plan_delivery()
        row = self._add("delivery", delivery_id=delivery.id)
        self._complete_plan()
        self.contract.action_sign()
        for _time in range(2):
            delivery.quantity_delivered = 4
            self.assertEqual(row.state, "due")
            self.assertEqual(len(self.contract.activity_ids.filtered(lambda a: row.name in a.summary)), 1)
            delivery.quantity_delivered = 1
            self.assertFalse(row.date_event or row.date_due or row.activity_id or delivery.date_delivered)
        self.assertFalse(self.contract.activity_ids.filtered(lambda a: row.name in a.summary))

    def test_a_delivery_whose_instalment_is_invoiced_stays_delivered(self):
        delivery = self._plan_delivery()
        row = self._add("delivery", delivery_id=delivery.id)
        self._complete_plan()
        self.contract.action_sign()
        delivery.quantity_delivered = 4
        self._invoice(row, post=False)
        with self.assertRaisesRegex(UserError, "Windows.*invoiced"):
            delivery.quantity_delivered = 0
        with self.assertRaisesRegex(UserError, "waits for it"):
            delivery.unlink()

    def test_the_delivered_day_can_be_corrected_while_nothing_is_invoiced(self):
        delivery = self._plan_delivery()
        row = self._add("delivery", delivery_id=delivery.id, delay_days=7)
        self._complete_plan()
        self.contract.action_sign()
        delivery.quantity_delivered = 4
        self.assertEqual(row.date_due, TODAY + timedelta(7))
        delivery.date_delivered = "2026-03-01"
        self.assertEqual(row.date_due, date(2026, 3, 8))

    def test_days_before_a_delivery_count_from_its_planned_day(self):
        delivery = self._plan_delivery(date_planned="2026-03-20")
        row = self._add("delivery", delivery_id=delivery.id, delay_days=-14)
        self._complete_plan()
        self.assertEqual(row.date_due, date(2026, 3, 6))
        self.contract.action_sign()
        self.assertEqual(row.state, "due")
        delivery.date_planned = "2026-06-20"
        self.assertEqual((row.state, row.date_due), ("waiting", date(2026, 6, 6)))

    def test_what_happens_before_the_signature_is_remembered(self):
        delivery = self._plan_delivery()
        row = self._add("delivery", delivery_id=delivery.id)
        self._complete_plan()
        delivery.quantity_delivered = 4
        self.assertEqual(row.state, "waiting")
        self.assertFalse(row.activity_id)
        self.contract.action_sign()
        self.assertEqual(row.state, "due")
        self.assertTrue(row.activity_id)

    def test_a_row_added_after_its_event_is_due_at_once(self):
        self._complete_plan()
        self.contract.action_sign()
        row = self._add("signature")
        self.assertEqual((row.state, row.date_due), ("due", self.contract.date_signed))
        delivery = self._plan_delivery(quantity_delivered=4)
        row.write({"trigger": "delivery", "delivery_id": delivery.id})
        self.assertEqual(row.date_event, TODAY)
        row.write({"trigger": "handover"})
        self.assertFalse(row.date_event)

    def test_handover_makes_due_and_reopening_undoes_it(self):
        row = self._add("handover", delay_days=10)
        self._complete_plan()
        self.contract.write({"date_signed": "2026-02-01", "date_start": "2026-02-01", "date_end": "2026-03-05"})
        self.contract.action_sign()
        self.assertEqual((row.state, row.date_expected), ("waiting", date(2026, 3, 15)))
        self.contract.action_complete()
        self.assertEqual((row.date_event, row.date_due), (date(2026, 3, 5), date(2026, 3, 15)))
        self.contract.date_end = "2026-02-25"
        self.assertEqual((row.date_due, row.state), (date(2026, 3, 7), "due"))
        self.contract.action_reopen()
        self.assertEqual((self.contract.state, row.state, row.date_event), ("running", "waiting", False))
        self.contract.action_complete()
        self._invoice(row, post=False)
        with self.assertRaisesRegex(UserError, "handover.*is invoiced"):
            self.contract.action_reopen()

    def test_end_of_warranty_comes_by_its_day(self):
        row = self._add("warranty_end", kind="retention")
        self._complete_plan()
        self.assertFalse(row.date_due)
        self.contract.write({"date_start": "2024-01-10", "date_end": "2024-03-09", "date_signed": "2024-01-05"})
        self.assertEqual(row.date_due, date(2026, 3, 9))
        self.contract.action_sign()
        self.assertEqual(row.state, "due")

    def test_reset_to_draft_undoes_the_signature_only(self):
        delivery = self._plan_delivery()
        signed, delivered = self._add("signature"), self._add("delivery", delivery_id=delivery.id)
        self._complete_plan()
        self.contract.action_sign()
        delivery.quantity_delivered = 4
        self.contract.action_draft()
        self.assertEqual((signed.date_event, delivered.date_event), (False, TODAY))
        self.assertFalse(self.contract.activity_ids)

    def test_signing_asks_what_a_row_waits_for(self):
        self._add("delivery", name="Glass")
        self.contract.warranty_months = 0
        self._add("warranty_end", name="Kept back")
        self._complete_plan()
        with self.assertRaisesRegex(UserError, "(?s)delivery.*“Glass”.*warranty.*“Kept back”"):
            self.contract.action_sign()

    def test_a_row_waits_only_for_deliveries_of_its_contract(self):
        other = self._create_contract(sign=False)
        delivery = self._plan_delivery(contract_id=other.id)
        with self.assertRaisesRegex(ValidationError, "Windows"):
            self._add("delivery", delivery_id=delivery.id)

    def test_what_an_invoiced_row_waits_for_stays(self):
        row = self._add("signature")
        self._complete_plan()
        self.contract.action_sign()
        self._invoice(row, post=False)
        with self.assertRaisesRegex(UserError, "invoiced"):
            row.trigger = "handover"
        row.trigger = "signature"

    def test_a_copied_contract_waits_for_its_own_deliveries(self):
        delivery = self._plan_delivery()
        self._add("delivery", delivery_id=delivery.id)
        copied = self.contract.copy()
        self.assertEqual(copied.instalment_ids.delivery_id, copied.delivery_ids)
        self.assertNotEqual(copied.delivery_ids, delivery)

    def test_a_project_user_delivers_without_rights_on_plans(self):
        delivery = self._plan_delivery()
        row = self._add("delivery", delivery_id=delivery.id)
        self._complete_plan()
        self.contract.action_sign()
        delivery.with_user(self.project_user).quantity_delivered = 4
        self.assertEqual((row.state, row.activity_id.user_id), ("due", self.contract.user_id))
        delivery.with_user(self.project_user).quantity_delivered = 0
        self.assertEqual(row.state, "waiting")

    def test_a_plan_of_many_rows_is_made_in_few_queries(self):
        for count in (120, 600):
            self.contract.instalment_ids.unlink()
            values = [
                {"name": f"Step {i}", "percent": 100 / count, "trigger": ("signature", "handover")[i % 2]}
                for i in range(count - 1)
            ]
            values.append({"name": "Rest", "amount_type": "rest", "trigger": "warranty_end"})
            self.env.flush_all()
            with self.assertQueryCount(12 + count // 100 * 2):
                self.contract.instalment_ids = [Command.create(row) for row in values]
                self.env.flush_all()
            self.assertEqual(self.contract.amount_left, 0)
