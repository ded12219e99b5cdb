from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..job_time import job_time
from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestBondAlert(TenderCommon):
    """Who is told of a bond that expires, and when one can be asked back."""

    def _run(self):
        with self.enter_registry_test_mode(), job_time(self.registry):
            self.env.ref("construction_crm.ir_cron_bond_alert").method_direct_trigger()
        self.env.invalidate_all()

    def _alert(self, bond):
        return self.activities(bond, self.kind_expiry)

    def test_the_responsible_is_told_once(self):
        bond = self.make_bond(date_expiry=self.day(30))
        later = self.make_bond(date_expiry=self.day(31), number="BB-2")
        silent = self.make_bond(date_expiry=self.day(1), alert_days=0, number="BB-3")
        requested = self.make_bond(active=False, date_expiry=self.day(1), number="BB-4")
        self._run()
        self._run()
        self.assertRecordValues(self._alert(bond), [{"user_id": self.salesperson.id, "date_deadline": self.today}])
        self.assertFalse((later | silent | requested).activity_ids)
        self._alert(bond).action_feedback()
        self._run()
        self.assertFalse(self._alert(bond), "done is done")
        with freeze_time(self.moment(1)):
            self._run()
            self.assertTrue(self._alert(later))

    def test_what_expired_unnoticed_is_told_too(self):
        bond = self.make_bond(date_expiry=self.day(-3))
        self._run()
        self.assertTrue(self._alert(bond))

    def test_an_extension_closes_the_alert_and_starts_another(self):
        bond = self.make_bond(date_expiry=self.day(10))
        self._run()
        alert = self._alert(bond)
        bond._extend(self.day(20))
        self._run()
        self.assertEqual(self._alert(bond), alert, "still within the days of the alert: it stands")
        bond._extend(self.day(100))
        self.assertFalse(self._alert(bond))
        self.assertTrue(alert.exists(), "done, not dropped")
        self._run()
        self.assertFalse(self._alert(bond))
        with freeze_time(self.moment(70)):
            self._run()
            self._run()
            self.assertEqual(len(self._alert(bond)), 1)

    def test_the_end_of_a_bond_closes_its_alert(self):
        returned, called, reset = (self.make_bond(date_expiry=self.day(5), number=str(n)) for n in range(3))
        self._run()
        returned._return(self.today)
        called._call("Works not begun")
        reset.action_reset()
        self.assertFalse((returned | called | reset).activity_ids)
        reset.action_activate()
        self._run()
        self.assertTrue(self._alert(reset), "active again, told again")

    def test_another_responsible_gets_the_alert(self):
        bond = self.make_bond(date_expiry=self.day(5))
        self._run()
        bond.user_id = self.manager
        self.assertEqual(self._alert(bond).user_id, self.manager)

    def test_where_the_responsible_left_the_salesperson_is_told(self):
        leaver = self.make_user("tender_leaver", "sales_team.group_sale_manager")
        bond, blind = (
            self.make_bond(date_expiry=self.day(5), user_id=user.id, number=user.login)
            for user in (leaver, self.surveyor)
        )
        leaver.active = False
        self._run()
        self.assertEqual(self._alert(bond).user_id, self.salesperson)
        self.assertEqual(self._alert(blind).user_id, self.salesperson, "a surveyor may not see it")

    def test_nobody_to_tell_is_tried_again(self):
        deal = self.make_deal(user_id=False, team_id=False)
        bond = self.make_bond(date_expiry=self.day(5), user_id=False, lead_id=deal.id)
        self._run()
        self.assertFalse(bond.activity_ids)
        bond.user_id = self.accountant
        self._run()
        self.assertEqual(self._alert(bond).user_id, self.accountant)

    def test_one_that_fails_stops_no_other(self):
        broken, fine = (self.make_bond(date_expiry=self.day(5), number=str(n)) for n in range(2))
        schedule = type(broken)._schedule

        def fail(bond, *args, **kwargs):
            if bond.id == broken.id:
                raise ValueError("broken")
            return schedule(bond, *args, **kwargs)

        logger = "odoo.addons.construction_crm.models.pipeline.construction_bond_alert"
        with patch.object(type(broken), "_schedule", fail), mute_logger(logger):
            self._run()
        self.assertFalse(self._alert(broken))
        self.assertTrue(self._alert(fine))
        self._run()
        self.assertTrue(self._alert(broken))

    def test_a_lost_deal_asks_for_its_bid_bond(self):
        bond = self.make_bond(user_id=self.accountant.id)
        performance = self.make_bond(kind="performance", number="PB-1")
        requested = self.make_bond(active=False, number="BB-2")
        self.deal.with_user(self.salesperson).action_set_lost(lost_reason_id=self.reason.id)
        asked = self.activities(bond, self.kind_ask_back)
        self.assertEqual(asked.user_id, self.salesperson)
        self.assertFalse((performance | requested).activity_ids)
        bond._ask_back()
        self.assertEqual(len(self.activities(bond, self.kind_ask_back)), 1, "twice is once")
        bond.with_user(self.salesperson)._return(self.today)
        self.assertFalse(bond.activity_ids)
        self.assertTrue(asked.exists(), "done, not dropped")

    def test_a_deal_that_is_open_again_keeps_its_bond(self):
        bond = self.make_bond()
        self.deal.action_set_lost(lost_reason_id=self.reason.id)
        self.deal.action_unarchive()
        self.deal.probability = 10
        self.assertFalse(bond.activity_ids)
