"""Purchase, Inventory and Timesheets are no dependencies: what we read of them is tested where they are installed."""

from tools.dev import project
from tools.live.support import LiveCase

APPS = ("purchase", "stock", "hr_timesheet")
# Odoo's tag of the tests that need these apps; no other run takes them.
TAG = "construction_soft"
TESTS = ("TestCostSoft", "TestMaterialStockSoft")


class TestSoftApps(LiveCase):
    maxDiff = None

    def test_costs_hours_and_stock_are_read_where_their_apps_are_installed(self):
        db = self.new_database()
        installed = ",".join((project.NAME, *APPS))
        lines = self.odoo(db, "-i", installed, "--test-tags", TAG, "--stop-after-init", "--no-http")
        for name in TESTS:
            self.assertTrue(any(f"Starting {name}." in line for line in lines), f"{name} was run")
        self.assertEqual([line for line in lines if " skipped " in line], [])
