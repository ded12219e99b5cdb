"""A browser for the tours: found, or installed when we may."""

import os
import shutil
import subprocess
from pathlib import Path

from . import apt
from .proc import clean_environment
from .ui import Problem, step

# The names Odoo looks for, in its order.
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
ELSEWHERE = (Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),)


def find():
    """The browser Odoo would use, or None."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or next((str(path) for path in ELSEWHERE if path.exists()), None)


def ensure():
    """The browser; installed with apt when there is none and we are root."""
    found = find()
    if found:
        return found
    if os.getuid() == 0 and apt.is_usable():
        with step("Installing the package chromium for the browser tours"):
            _install("chromium")
    found = find()
    if not found:
        raise Problem("No browser for the tours: install Chromium or Google Chrome (Debian: apt-get install chromium).")
    return found


def _install(package):
    env = clean_environment(DEBIAN_FRONTEND="noninteractive")
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run(["apt-get", "-q", *command], env=env, capture_output=True, text=True)
    if done.returncode:
        words = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise Problem(f"apt-get could not install {package}; install Chromium or Google Chrome yourself.\n{words}")
