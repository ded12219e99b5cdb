"""Purchase, Inventory and Timesheets are no dependencies: what we read of them is tested where they are installed."""

from tools.dev import project
from tools.live.support import LiveCase

APPS = ("purchase", "stock", "hr_timesheet")
# Their tests skip themselves in a database without these apps.
TESTS = ("TestCostSoft", "TestMaterialStockSoft")
SKIPPED = "is not installed"


class TestSoftApps(LiveCase):
    maxDiff = None

    def test_costs_hours_and_stock_are_read_where_their_apps_are_installed(self):
        db = self.new_database()
        tags = ",".join(f"/{project.NAME}:{name}" for name in TESTS)
        installed = ",".join((project.NAME, *APPS))
        lines = self.odoo(db, "-i", installed, "--test-tags", tags, "--stop-after-init", "--no-http")
        for name in TESTS:
            self.assertTrue(any(f"Starting {name}." in line for line in lines), f"{name} was run")
        self.assertEqual([line for line in lines if SKIPPED in line], [])
