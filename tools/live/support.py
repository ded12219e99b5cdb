"""Helpers for live tests: unittest modules `tools/live/test_*.py`, run by ./dev in plain Python.

    class TestUninstall(LiveCase):
        def test_orders_stay(self):
            db = self.new_database()
            self.install(db)
            order = self.run_shell(db, '''
                partner = env["res.partner"].create({"name": "A"})
                result = env["sale.order"].create({"partner_id": partner.id}).id
                env.cr.commit()
            ''')
            self.uninstall(db)
            self.assertEqual(self.sql(db, f"SELECT id FROM sale_order WHERE id = {order}"), [[str(order)]])

Every helper fails the test when the log has an error, or a warning of our addon. `env` in `run_shell` is the
superuser's with real commits; a second connection is `with env.registry.cursor() as cr: …`, and `run_shells` runs
several processes at once. Databases are dropped when their test ends.
"""

import contextlib
import itertools
import json
import tempfile
import textwrap
import threading
import unittest
from pathlib import Path

from ..dev import judge, project, site

UNINSTALL = f"""
env["ir.module.module"].search([("name", "=", "{project.NAME}")]).button_immediate_uninstall()
result = env["ir.module.module"].search([("name", "=", "{project.NAME}")]).state
"""


class LiveCase(unittest.TestCase):
    """A test with databases of its own."""

    _numbers = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cls.site = stack.enter_context(site.ready())
        cls.log = cls.site.log(f"live-{cls.__name__}")

    def new_database(self, install=None, demo=False):
        """A fresh database with these stock modules (the addon's dependencies when none are given); its name."""
        databases = self.site.databases
        name = databases.temporary_name(f"live{next(self._numbers)}")
        self.addCleanup(databases.drop, name)
        return databases.new(name, modules=install, demo=demo)

    def install(self, db, *modules, demo=False):
        """Install the addon (or the named modules) from the command line; the log's lines."""
        extra = ["--with-demo"] if demo else []
        return self.odoo(db, "-i", ",".join(modules or [project.NAME]), "--stop-after-init", "--no-http", *extra)

    def upgrade(self, db, *modules):
        """Upgrade the addon (or the named modules) from the command line; the log's lines."""
        return self.odoo(db, "-u", ",".join(modules or [project.NAME]), "--stop-after-init", "--no-http")

    def uninstall(self, db):
        """Uninstall the addon as the button in Apps does."""
        self.assertEqual(self.run_shell(db, UNINSTALL, loading=True), "uninstalled")

    def run_shell(self, db, code, *, loading=False, allow=()):
        """Run code in `odoo shell`; what it left in the variable `result`, passed through JSON.

        Nothing is committed unless the code says `env.cr.commit()`. `allow`: parts of log lines that may appear.
        """
        with tempfile.TemporaryDirectory() as folder:
            answer = Path(folder) / "result.json"
            lines = self.odoo(db, "shell", "--no-http", stdin=shell_script(code, answer), loading=loading, allow=allow)
            self.assertTrue(answer.exists(), f"The code did not reach its end:\n{''.join(lines[-40:])}")
            return json.loads(answer.read_text())

    def run_shells(self, db, *codes, allow=()):
        """Run several codes at the same time, each in a process of its own; their results in order."""
        results = [None] * len(codes)

        def work(index, code):
            try:
                results[index] = self.run_shell(db, code, allow=allow)
            except BaseException as error:  # handed to the test's own thread
                results[index] = error

        threads = [threading.Thread(target=work, args=pair) for pair in enumerate(codes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for found in results:
            if isinstance(found, BaseException):
                raise found
        return results

    def sql(self, db, statement):
        """Rows of a statement, as lists of texts."""
        return self.site.server.sql(statement, db)

    def odoo(self, db, *arguments, stdin=None, loading=True, allow=()):
        """Run Odoo on the database; fails on a bad status, an error, or a warning (`loading`: any module's)."""
        status, lines = self.site.odoo.run(db, *arguments, log=self.log, stdin=stdin)
        tail = "".join(lines[-40:])
        self.assertEqual(status, 0, f"Odoo ended with status {status}; the log is {self.log}\n{tail}")
        faults = [str(fault) for fault in judge.faults(lines, loading=loading)]
        faults = [fault for fault in faults if not any(part in fault for part in allow)]
        self.assertEqual(faults, [], f"The log has faults; all of it: {self.log}")
        return lines


def shell_script(code, answer):
    """The code for `odoo shell`, followed by what hands its `result` over."""
    return (
        f"result = None\n{textwrap.dedent(code)}\n"
        f"import json as _json\nwith open({str(answer)!r}, 'w') as _file:\n    _json.dump(result, _file, default=str)\n"
    )
