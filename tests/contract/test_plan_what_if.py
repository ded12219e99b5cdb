from datetime import date

from odoo.tests import Form, tagged

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestPlanWhatIf(ContractCommon):
    """What would become due if something happened: a table, and nothing written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_contract(sign=False)
        cls.contract.write({"date_start": "2030-01-01", "date_end": "2030-05-01"})
        cls.signed, cls.half, cls.rest = cls.contract.instalment_ids
        cls.delivery = cls.env["construction.delivery"].create(
            {"contract_id": cls.contract.id, "name": "Windows", "date_planned": "2030-03-01"}
        )
        cls.half.write({"trigger": "delivery", "delivery_id": cls.delivery.id, "delay_days": 5})
        cls.rest.write({"trigger": "handover"})

    def _ask(self, event, user=None, **values):
        form = Form(
            self.env["construction.plan.what.if"]
            .with_user(user or self.salesman)
            .with_context(default_contract_id=self.contract.id)
        )
        form.event = event
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def _list(self, event, **values):
        wizard = self.env["construction.plan.what.if"].create({"contract_id": self.contract.id, "event": event, **values})
        return wizard._list_due()

    def test_each_event_lists_what_it_makes_due_and_writes_nothing(self):
        day = date(2030, 2, 1)
        before = self.contract.instalment_ids.read(["date_event", "date_due", "state", "write_date"])
        self.assertEqual(self._list("signature", day=day), [(self.signed, day)])
        self.assertEqual(
            self._list("delivery", day=day, delivery_id=self.delivery.id), [(self.half, date(2030, 2, 6))]
        )
        self.assertEqual(self._list("handover", day=day), [(self.rest, day)])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.contract.instalment_ids.read(["date_event", "date_due", "state", "write_date"]), before)

    def test_a_day_lists_what_becomes_due_by_itself(self):
        self.signed.write({"trigger": "date", "trigger_date": "2030-01-10"})
        self.assertEqual(self._list("day", day=date(2030, 1, 9)), [])
        self.assertEqual(self._list("day", day=date(2030, 1, 10)), [(self.signed, date(2030, 1, 10))])

    def test_what_happened_before_comes_due_with_the_signature(self):
        self.delivery.quantity_delivered = 1
        found = self._list("signature", day=date(2099, 2, 1))
        self.assertEqual({row for row, _day in found}, {self.signed, self.half})

    def test_the_screen_shows_names_amounts_and_a_running_total(self):
        form = self._ask("signature")
        self.assertIn("Advance", form.content)
        self.assertIn("363.00", form.content)
        form = self._ask("delivery")
        self.assertIn("Choose the delivery", form.content)
        form.delivery_id = self.delivery
        self.assertIn("Half way", form.content)
        self.assertIn("Half way", self._ask("delivery_slip", delivery_id=self.delivery).content)

    def test_a_slip_shows_the_day_before_and_after(self):
        moved = self.contract._list_moved_if({self.delivery: 10})
        self.assertEqual(moved, [(self.half, date(2030, 3, 6), date(2030, 3, 16))])
        moved = self.contract._list_moved_if({self.contract: -3})
        self.assertEqual(moved, [(self.rest, date(2030, 5, 1), date(2030, 4, 28))])

    def test_everyone_who_reads_the_plan_may_ask(self):
        for user in (self.salesman, self.accountant, self.auditor, self.project_user):
            with self.subTest(user=user.name):
                self.assertIn("Advance", self._ask("signature", user=user).content)
