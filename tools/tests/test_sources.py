"""Downloads are checked, the package's gaps filled, and another series refused."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from tools.dev import apt, odoo_source
from tools.dev.ui import Problem


class SourceCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="with a space ")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class TestDownloads(SourceCase):
    def test_one_changed_byte_of_the_right_size_is_refused_and_removed(self):
        deb = self.folder / "odoo.deb"
        deb.write_bytes(b"x" * 5000)
        good = apt.sha256(deb)
        apt.verify(deb, good)
        deb.write_bytes(b"x" * 4999 + b"y")
        with self.assertRaisesRegex(Problem, "SHA256 differs"):
            apt.verify(deb, good)
        self.assertFalse(deb.exists())

    def test_side_archives_are_not_taken_for_the_mirror(self):
        printed = (
            "'scheme://a/debian-security/dists/bookworm-security/InRelease' x 0\n"
            "'scheme://a/other/dists/nodistro/InRelease' x 0\n"
            "'scheme://a/debian/dists/bookworm-updates/InRelease' x 0\n"
            "'scheme://a/debian/dists/bookworm/InRelease' x 0\n"
        )
        self.assertEqual(apt.parse_mirror(printed), "scheme://a/debian")
        self.assertIsNone(apt.parse_mirror("'scheme://a/fedora/dists/x/InRelease' x 0"))


class TestTree(SourceCase):
    def test_the_file_debian_leaves_out_is_put_there_and_a_real_one_kept(self):
        odoo_source.add_stub(self.folder)
        stub = self.folder / odoo_source.STUB
        self.assertIn("Debian", stub.read_text())
        stub.write_text("real")
        odoo_source.add_stub(self.folder)
        self.assertEqual(stub.read_text(), "real")

    def test_another_series_is_refused(self):
        release = self.folder / "release.py"
        release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
        with self.assertRaisesRegex(Problem, "Odoo 18.0"):
            odoo_source.check_series(release)
        release.write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
        odoo_source.check_series(release)

    @unittest.skipUnless(shutil.which("dpkg-deb"), "a machine without Debian packages never unpacks one")
    def test_unpacking_leaves_out_other_languages_and_keeps_links(self):
        dist = self.folder / "in" / odoo_source.DIST
        (dist / "odoo/i18n").mkdir(parents=True)
        (dist / "addons").mkdir()
        for name in ("odoo/i18n/ro.po", "odoo/i18n/fi.po", "odoo/a.py", "addons/copy.py"):
            (dist / name).write_text(name)
        (dist / "odoo/link.py").symlink_to("a.py")
        control = self.folder / "in/DEBIAN/control"
        control.parent.mkdir()
        control.write_text("Package: x\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.com>\nDescription: x\n")
        deb = self.folder / "x.deb"
        subprocess.run(["dpkg-deb", "--build", str(self.folder / "in"), str(deb)], check=True, capture_output=True)
        odoo_source.unpack(deb, self.folder / "out", ["ro"])
        out = self.folder / "out" / odoo_source.DIST
        found = sorted(str(path.relative_to(out)) for path in out.rglob("*") if not path.is_dir())
        self.assertEqual(found, ["odoo/a.py", "odoo/i18n/ro.po", "odoo/link.py"])
        self.assertEqual((out / "odoo/link.py").read_text(), "odoo/a.py")
