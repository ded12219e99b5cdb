"""The package holds the addon under its technical name, and nothing of ours beside it."""

import tempfile
import unittest
import zipfile
from pathlib import Path

from tools.dev import farm
from tools.dev.commands import package


class TestPackage(unittest.TestCase):
    def test_one_top_folder_with_the_addon_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            stage = farm.stage(Path(folder) / "stage")
            archive = package.pack(stage, Path(folder) / "a.zip")
            names = zipfile.ZipFile(archive).namelist()
            again = package.pack(stage, Path(folder) / "b.zip")
            self.assertEqual(archive.read_bytes(), again.read_bytes())
        self.assertIn("construction_crm/__manifest__.py", names)
        self.assertEqual({name.split("/")[0] for name in names}, {"construction_crm"})
        ours = {"tools", "dev", ".ci", "pyproject.toml", "requirements.lock"}
        self.assertEqual([name for name in names if name.split("/")[1] in ours], [])
