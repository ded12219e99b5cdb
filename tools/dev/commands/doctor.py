"""Tell what is found on this machine, what is missing, and what to do. Changes nothing."""

import os
import shutil
import sys
from pathlib import Path

from .. import apt, browser, cache, odoo_source
from ..ui import Problem, result


def add_arguments(parser):
    """No arguments."""


def main(args):
    """Print one line for each thing; status 1 when something is missing that ./dev cannot get."""
    checks = (python, packages, odoo, database, pdf, tours, tools, place)
    lines = [check() for check in checks]
    for good, text in lines:
        result(f"{'✓' if good else '✗'} {text}")
    return 0 if all(good for good, _text in lines) else 1


def python():
    """The interpreter."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] <= (3, 13) or any(shutil.which(f"python3.{minor}") for minor in range(10, 14)):
        return True, f"Python {version} ({sys.executable})"
    return False, f"Python {version} is too new for Odoo 19: install Python 3.10 to 3.13 beside it"


def packages():
    """The isolated environment."""
    made = sorted(path.name for path in cache.home().glob("venv-*.stamp"))
    return True, f"Python packages: {'an environment is there' if made else 'will be installed by the first ./dev run'}"


def odoo():
    """Odoo itself."""
    for name in ("ODOO_BIN", "ODOO_SRC"):
        if os.environ.get(name):
            good = Path(os.environ[name]).exists()
            return good, f"Odoo: {name}={os.environ[name]}{'' if good else ' does not exist'}"
    if shutil.which("odoo"):
        return True, f"Odoo: {shutil.which('odoo')} on PATH, if it is 19.0"
    if any(cache.home().glob("odoo-*.stamp")):
        return True, "Odoo 19.0: unpacked in the cache"
    if apt.is_usable() and apt.KEYRING.is_file():
        return True, f"Odoo 19.0: will be got as the Debian package {odoo_source.PACKAGE}"
    return False, f"Odoo: none here, and no Debian registry to get it from. {apt.OWN_WAY}"


def database():
    """PostgreSQL."""
    if os.environ.get("PGHOST"):
        return True, f"PostgreSQL: the one at PGHOST={os.environ['PGHOST']}"
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if installed or shutil.which("initdb"):
        return True, f"PostgreSQL: {installed[-1].parent if installed else shutil.which('initdb')}, a server of our own"
    return True, "PostgreSQL: none installed; the packaged one is used, a server of our own"


def pdf():
    """wkhtmltopdf."""
    if sys.platform == "linux":
        return True, "PDF: the patched wkhtmltopdf of the environment"
    found = shutil.which("wkhtmltopdf")
    return bool(found), f"PDF: {found or 'install wkhtmltopdf 0.12.6.1 (with patched Qt) from its project'}"


def tours():
    """The browser."""
    found = browser.find()
    if found:
        return True, f"Browser for the tours: {found}"
    if os.getuid() == 0 and apt.is_usable():
        return True, "Browser for the tours: ./dev test will install the package chromium"
    return False, "Browser for the tours: install Chromium or Google Chrome (Debian: apt-get install chromium)"


def tools():
    """git, which tells what belongs to the addon."""
    found = shutil.which("git")
    return bool(found), f"git: {found or 'install it; the list of our files comes from it'}"


def place():
    """The cache, and whether a server could be started from there."""
    home = cache.home()
    try:
        free = shutil.disk_usage(home if home.exists() else home.anchor).free / 1e9
    except OSError as error:
        raise Problem(f"The cache {home} cannot be reached: {error}") from None
    enough = free > 3
    return enough, f"Cache: {home}, {free:.0f} GB free{'' if enough else '; at least 3 are needed'}"
