"""Installing and upgrading on stock Odoo leaves a clean log."""

from tools.live.support import LiveCase


class TestInstall(LiveCase):
    def test_install_and_upgrade_log_no_warning(self):
        db = self.new_database()
        self.install(db)
        self.upgrade(db)

    def test_demo_data_installs_without_a_warning(self):
        db = self.new_database(demo=True)
        self.install(db, demo=True)

    def test_an_unknown_module_is_not_overlooked(self):
        db = self.new_database()
        with self.assertRaisesRegex(AssertionError, "invalid module names"):
            self.install(db, "construction_crm_unknown")

    def test_the_shell_hands_its_result_over_and_really_commits(self):
        db = self.new_database()
        code = 'result = env["res.partner"].create({"name": "Live"}).id; env.cr.commit()'
        partner = self.run_shell(db, code)
        self.assertEqual(self.sql(db, f"SELECT name FROM res_partner WHERE id = {partner}"), [["Live"]])
