"""The demo firm: clean to install, its logins work, and an upgrade makes nothing twice."""

from tools.dev.logins import LOGINS
from tools.live import dumps
from tools.live.support import LiveCase

# Business records of which an upgrade must not make more.
COUNTED = (
    "crm_lead",
    "construction_evaluation",
    "construction_evaluation_line",
    "construction_recipe",
    "sale_order",
    "sale_order_line",
    "construction_contract",
    "construction_instalment",
    "construction_collection",
    "account_move",
    "account_move_line",
    "account_payment",
    "project_project",
    "project_task",
    "project_milestone",
    "res_partner",
    "res_users",
    "product_template",
    "mail_activity",
)


class TestDemo(LiveCase):
    maxDiff = None

    def test_the_demo_installs_cleanly_lets_everybody_in_and_is_not_doubled_by_upgrades(self):
        db = self.new_database(demo=True)
        self.install(db, demo=True)  # fails on a warning
        self.check_logins(db)
        before = self.counts(db)
        self.assertGreater(before["construction_contract"], 1)
        columns = {name: {"id", "create_date"} for name in COUNTED}
        rows = dumps.dump(self, db, columns)
        for _time in range(2):
            self.upgrade(db)
        self.assertEqual(self.counts(db), before)
        self.assertEqual(dumps.changes(rows, dumps.dump(self, db, columns)), [])

    def counts(self, db):
        """How many records there are of each kind."""
        parts = (f"SELECT '{name}', count(*) FROM {name}" for name in COUNTED)
        return {name: int(count) for name, count in self.sql(db, " UNION ALL ".join(parts))}

    def check_logins(self, db):
        """Each of the printed logins opens, with its name as its password."""
        names = [login for login, _role in LOGINS]
        ids = self.run_shell(
            db,
            f"""
            result = {{
                login: env["res.users"].authenticate(
                    {{"type": "password", "login": login, "password": login}}, {{"interactive": False}}
                )["uid"]
                for login in {names!r}
            }}
            """,
        )
        self.assertEqual(sorted(ids), sorted(names))
        self.assertTrue(all(ids.values()), ids)
