"""A server of our own: one for all who use it, stopped by the last, repaired when half-made. Uses real PostgreSQL."""

import contextlib
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from tools.dev import postgres
from tools.dev.cache import Cache
from tools.dev.ui import Problem
from tools.dev.venv import Venv


class TestOwnServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="with a space ")
        cls.addClassCleanup(folder.cleanup)
        cls.cache = Cache(Path(folder.name) / "cache")
        cls.venv = Venv(sys.prefix)
        runner = postgres.make_runner(cls.cache, postgres.find_binaries(cls.venv))
        for place in (runner.socket_folder, runner.home):
            cls.addClassCleanup(shutil.rmtree, place, ignore_errors=True)

    def setUp(self):
        own = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        patcher = mock.patch.dict(os.environ, own, clear=True)
        patcher.start()
        self.addCleanup(patcher.stop)

    def cluster(self):
        return postgres.Cluster(self.cache, postgres.find_binaries(self.venv))

    def is_running(self):
        cluster = self.cluster()
        return cluster.runner.call("pg_ctl", "status", "-D", cluster.data, check=False) == 0

    def test_the_last_user_stops_it(self):
        with contextlib.ExitStack() as first:
            server = first.enter_context(postgres.running(self.cache, self.venv))
            with postgres.running(self.cache, self.venv) as other:
                self.assertEqual(other.sql("SELECT 1, 'a'"), [["1", "a"]])
            self.assertEqual(server.sql("SELECT 2"), [["2"]])
        self.assertFalse(self.is_running())

    def test_a_half_made_one_is_made_again(self):
        cluster = self.cluster()
        with postgres.running(self.cache, self.venv):
            pass
        (cluster.base / "ready").unlink()
        (cluster.data / "PG_VERSION").unlink()
        with postgres.running(self.cache, self.venv) as server:
            self.assertEqual(server.sql("SELECT 3"), [["3"]])

    def test_it_listens_on_a_private_socket_only(self):
        with postgres.running(self.cache, self.venv) as server:
            self.assertEqual(server.sql("SHOW listen_addresses"), [[""]])
            self.assertEqual(Path(server.host).stat().st_mode & 0o077, 0)
            self.assertLess(len(server.host), 80)

    def test_it_has_the_extensions_odoo_asks_for(self):
        with postgres.running(self.cache, self.venv) as server:
            found = server.sql("SELECT count(*) FROM pg_available_extensions WHERE name IN ('pg_trgm', 'unaccent')")
            self.assertEqual(found, [["2"]])

    def test_a_given_server_is_used_and_its_superuser_refused(self):
        os.environ.update(PGHOST="/nowhere", PGUSER="me", PGPORT="6000")
        with postgres.running(self.cache, self.venv) as server:
            self.assertEqual((server.host, server.user, server.port), ("/nowhere", "me", "6000"))
        os.environ["PGUSER"] = "postgres"
        with self.assertRaisesRegex(Problem, "set PGUSER"), postgres.running(self.cache, self.venv):
            pass

    def test_a_wrong_pg_bin_is_named(self):
        os.environ["PG_BIN"] = "/nowhere"
        with self.assertRaisesRegex(Problem, "PG_BIN=/nowhere"):
            postgres.find_binaries(self.venv)
