"""The isolated Python environment, from requirements.lock."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import project
from .cache import digest
from .proc import clean_environment, run
from .ui import Problem, step

LOCK_FILE = "requirements.lock"
NEWEST_PYTHON = (3, 13)


class Venv:
    """Paths inside the environment."""

    def __init__(self, root):
        self.root = Path(root)
        self.bin = self.root / "bin"
        self.python = self.bin / "python"

    @property
    def site_packages(self):
        """Where its packages lie."""
        return next(self.root.glob("lib/python3*/site-packages"))

    @property
    def pdf_bin(self):
        """The folder of the patched wkhtmltopdf that came as a package (absent on some systems)."""
        return self.site_packages / "pydf" / "bin"


def ensure(cache, root=project.ROOT):
    """The environment for the lock file, made if need be."""
    python, version = _interpreter()
    lock = (Path(root) / LOCK_FILE).read_bytes()
    key = digest(lock, version, python)
    name = f"venv-{key}"
    return Venv(cache.build(name, {"key": key, "python": version}, lambda new: _make(new, python, root)))


def _make(folder, python, root):
    final = folder.with_name(folder.name.removesuffix(".new"))
    with step("Installing the pinned Python packages (about 25 s)"):
        try:
            run([python, "-m", "venv", folder])
        except Problem as problem:
            raise Problem(
                f"Python could not make an environment; on Debian: apt-get install python3-venv\n{problem}"
            ) from None
        # pip's own byte code would lie where PYTHONPYCACHEPREFIX never looks.
        command = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile", "--require-hashes"]
        run([*command, "--disable-pip-version-check", "-r", Path(root) / LOCK_FILE], env=clean_environment())
    _move_scripts(folder, final)


def _move_scripts(folder, final):
    """Make the scripts name the folder they will lie in."""
    for script in (folder / "bin").iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        content = script.read_bytes()
        if bytes(folder) in content[:4096]:
            script.write_bytes(content.replace(bytes(folder), bytes(final)))


def _interpreter():
    """A Python that Odoo 19 supports: ours, or another on PATH."""
    if sys.version_info[:2] <= NEWEST_PYTHON:
        return os.path.realpath(sys.executable), "%d.%d.%d" % sys.version_info[:3]
    for minor in range(NEWEST_PYTHON[1], 9, -1):
        found = shutil.which(f"python3.{minor}")
        if found:
            version = subprocess.run([found, "-V"], capture_output=True, text=True).stdout.split()[-1]
            return os.path.realpath(found), version
    raise Problem("Odoo 19 runs on Python 3.10 to 3.13; install one of them (it may stand beside the newer one).")
