"""`./dev check-file` tells what a file becomes, and nothing else on standard output."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from tools.dev import project

BUDGET = """~V||FIEBDC-3/2016|tests|Small house|ANSI|
~K|\\2\\2\\3\\3\\2\\2\\2\\2\\EUR\\|2\\13\\6\\\\21|
~C|HOUSE##||Small house|300||
~D|HOUSE#|01#\\1\\1\\|
~C|01#||Walls|306||
~D|01#|W1\\1\\10\\|
~C|W1|m2|Brick wall|30|010420|0|
~D|W1|MO1\\1\\1\\MT1\\1\\20\\|
~C|MO1|h|Bricklayer|20.00|010420|1|
~C|MT1|u|Brick|0.45|010420|3|
"""


class TestCheckFile(unittest.TestCase):
    def run_on(self, name, data=None):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            if data is not None:
                path.write_bytes(data)
            words = [sys.executable, project.ROOT / "dev", "check-file", path]
            done = subprocess.run(words, capture_output=True, text=True, cwd=folder)
        return done.returncode, json.loads(done.stdout)

    def test_a_budget_is_really_imported_and_its_contradictions_told(self):
        status, found = self.run_on("house.bc3", BUDGET.encode("cp1252"))
        self.assertEqual((status, found["total"], found["stated_total"]), (0, "306.00", "300.00"))
        chapter = found["chapters"][0]
        self.assertEqual((chapter["code"], chapter["total"], chapter["items"]), ("01", "306.00", 1))
        counts = {name: found["counts"][name] for name in ("items", "recipes", "components")}
        self.assertEqual(counts, {"items": 1, "recipes": 1, "components": 2})
        self.assertEqual((found["made"]["products"], found["made"]["items"]), (3, 1))
        said = " ".join(note["message"] for note in found["report"])
        self.assertIn("states the price 30, its components make 29", said)

    def test_no_such_file_and_no_budget_are_errors_in_json(self):
        status, found = self.run_on("missing.bc3")
        self.assertEqual(status, 1)
        self.assertIn("There is no file", found["error"])
        status, found = self.run_on("photo.bc3", b"\x00\x01\x02")
        self.assertEqual(status, 1)
        self.assertTrue(found["error"])
