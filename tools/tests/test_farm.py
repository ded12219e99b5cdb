"""The addon under its technical name, from a checkout in a folder of any name."""

import subprocess
import tempfile
import unittest
from pathlib import Path

from tools.dev import farm, project, targets
from tools.dev.ui import Problem


class TestFarm(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "my check-out of it"
        files = ("__manifest__.py", "__init__.py", "models/a.py", "tools/x.py", "core/c.py", ".ci/run", "README.md",
                 "tests/quote/test_q.py", "tests/core/test_c.py", "tests/quote/common.py")  # fmt: skip
        for name in files:
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(
                "{'version': '19.0.1.0.0', 'depends': ['sale']}" if "manifest" in name else ""
            )
        (self.root / ".gitignore").write_text("__pycache__/\n")
        (self.root / "__pycache__").mkdir()
        (self.root / "__pycache__/a.pyc").write_text("")
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)
        self.place = Path(folder.name) / "instance"

    def test_it_has_the_addons_parts_and_nothing_else(self):
        farm.build(self.place, self.root)
        found = sorted(path.name for path in (self.place / project.NAME).iterdir())
        self.assertEqual(found, ["__init__.py", "__manifest__.py", "core", "models", "tests"])
        self.assertTrue((self.place / project.NAME / "models/a.py").exists())

    def test_it_follows_the_checkout(self):
        farm.build(self.place, self.root)
        (self.root / "views").mkdir()
        (self.root / "views/v.xml").write_text("")
        (self.root / "core/c.py").unlink()
        farm.build(self.place, self.root)
        found = {path.name for path in (self.place / project.NAME).iterdir()}
        self.assertIn("views", found)
        self.assertNotIn("core", found)

    def test_without_a_manifest_it_says_so(self):
        (self.root / "__manifest__.py").unlink()
        with self.assertRaisesRegex(Problem, "no addon yet"):
            farm.build(self.place, self.root)

    def test_the_staged_copy_has_real_files(self):
        stage = farm.stage(self.place, self.root, extra=["README.md"])
        self.assertFalse((stage / "models").is_symlink())
        self.assertTrue((stage / "README.md").is_file())
        self.assertFalse((stage / "tools").exists())

    def test_plain_tests_see_core_alone(self):
        farm.build_plain(self.place, self.root)
        self.assertEqual([path.name for path in self.place.iterdir()], ["core"])

    def test_two_checkouts_have_keys_of_their_own(self):
        self.assertNotEqual(project.checkout_key(self.root), project.checkout_key(self.root.parent))

    def test_a_change_changes_the_tree_hash(self):
        before = project.tree_hash(root=self.root)
        (self.root / "models/a.py").write_text("x = 1")
        self.assertNotEqual(project.tree_hash(root=self.root), before)

    def test_each_test_file_runs_in_one_share(self):
        for name, size in (("a", 50), ("b", 30), ("c", 30)):
            (self.root / f"tests/quote/test_{name}.py").write_text("#" * size)
        [first, second] = targets.shares(2, self.root)
        self.assertEqual([name[-4:] for name in first[0]], ["a.py", "q.py"])
        self.assertEqual([name[-4:] for name in second[0]], ["b.py", "c.py"])
        self.assertEqual(second[1], [targets.odoo_tag(name) for name in second[0]])
        self.assertEqual(first[1], ["/construction_crm", *(f"-{tag}" for tag in second[1])])
        self.assertEqual(targets.shares(1, self.root)[0][1], ["/construction_crm"])
        self.assertEqual(len(targets.shares(9, self.root)), 4)

    def test_what_the_words_of_dev_test_mean(self):
        full = targets.parse([], self.root)
        self.assertEqual((full.tags, full.plain, full.full), (["/construction_crm"], ["tests/core/test_c.py"], True))
        some = targets.parse(["tests/quote", ":TestX.test_y"], self.root)
        self.assertEqual(some.tags, ["/construction_crm/tests/quote/test_q.py", ":TestX.test_y"])
        self.assertEqual(targets.parse(["tests/core/test_c.py"], self.root).tags, [])
        with self.assertRaisesRegex(Problem, "There is no tests/none.py"):
            targets.parse(["tests/none.py"], self.root)
        with self.assertRaisesRegex(Problem, "no tests in models"):
            targets.parse(["models/"], self.root)
