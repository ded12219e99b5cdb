"""What was interrupted is made again; what is finished is used as it is."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tools.dev.cache import Cache, read_json, write_json


class TestCache(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="with a space ")
        self.addCleanup(folder.cleanup)
        self.cache = Cache(Path(folder.name) / "cache")
        self.calls = 0

    def make(self, folder):
        self.calls += 1
        (folder / "content").write_text("whole")

    def test_a_finished_folder_is_not_made_twice(self):
        for _time in range(2):
            path = self.cache.build("thing", {"v": 1}, self.make)
        self.assertEqual((self.calls, (path / "content").read_text()), (1, "whole"))

    def test_an_interrupted_one_is_made_again(self):
        def interrupted(folder):
            (folder / "content").write_text("ha")
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.cache.build("thing", {"v": 1}, interrupted)
        self.assertFalse(self.cache.is_built("thing", {"v": 1}))
        path = self.cache.build("thing", {"v": 1}, self.make)
        self.assertEqual((path / "content").read_text(), "whole")

    def test_a_folder_without_its_stamp_is_made_again(self):
        path = self.cache.build("thing", {"v": 1}, self.make)
        self.cache.root.joinpath("thing.stamp").unlink()
        (path / "content").write_text("half")
        self.assertEqual((self.cache.build("thing", {"v": 1}, self.make) / "content").read_text(), "whole")

    def test_another_stamp_makes_it_anew(self):
        self.cache.build("thing", {"v": 1}, self.make)
        self.cache.build("thing", {"v": 2}, self.make)
        self.assertEqual(self.calls, 2)

    def test_a_damaged_stamp_counts_as_none(self):
        path = self.cache.root / "x.json"
        write_json(path, {"a": 1})
        path.write_text(path.read_text()[:-3])
        self.assertIsNone(read_json(path))

    def test_a_lock_ends_with_its_process(self):
        code = (
            "import sys, os; sys.path.append(sys.argv[1])\n"
            "from tools.dev.cache import Cache\n"
            "with Cache(sys.argv[2]).lock('x'):\n    os._exit(9)\n"
        )
        root = Path(__file__).resolve().parents[2]
        done = subprocess.run([sys.executable, "-c", code, str(root), str(self.cache.root)])
        self.assertEqual(done.returncode, 9)
        with self.cache.lock("x"):
            pass
