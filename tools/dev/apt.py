"""Packages from the Debian registry this machine is set up for: as any user, isolated, and verified."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from .proc import clean_environment, run
from .ui import Problem, step

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
OWN_WAY = "Or clone Odoo yourself (branch 19.0) and set ODOO_SRC to that folder."


def is_usable():
    """Whether apt is here and not forbidden."""
    return os.environ.get("ODOO_DEV_APT") != "0" and bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def mirror():
    """The address of the Debian mirror in the machine's own configuration."""
    printed = subprocess.run(
        ["apt-get", "update", "--print-uris"], capture_output=True, text=True, env=clean_environment()
    ).stdout
    base = parse_mirror(printed)
    if not base or not KEYRING.is_file():
        raise Problem(f"This machine's apt has no Debian mirror (or no debian-archive-keyring). {OWN_WAY}")
    return base


def parse_mirror(printed):
    """The mirror's base among the addresses apt would ask, leaving out the side archives.

    >>> parse_mirror("'scheme:/a/debian-security/dists/x-security/InRelease' f 0\\n"
    ...              "'scheme:/a/debian/dists/x/InRelease' f 0 ")
    'scheme:/a/debian'
    """
    for base, suite in re.findall(r"'([^']+)/dists/([^'/]+)/InRelease'", printed):
        if "debian" in base and not re.search(r"-(security|updates|backports)", suite):
            return base
    return None


class Registry:
    """One suite of the Debian registry, with lists and downloads in a folder of its own."""

    def __init__(self, folder, suite="sid"):
        self.folder = Path(folder)
        for name in ("state/lists/partial", "cache/archives/partial", "debs"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.debs = self.folder / "debs"
        self.sources = self.folder / "debian.sources"
        self.sources.write_text(
            f"Types: deb\nURIs: {mirror()}\nSuites: {suite}\nComponents: main\nSigned-By: {KEYRING}\n"
        )

    def update(self):
        """Fetch the signed lists."""
        with step("Asking the Debian registry for its lists"):
            self._apt("apt-get", "update")

    def download(self, names):
        """Fetch packages and check them; returns {name: path of the .deb}."""
        return {name: self._download(name) for name in names}

    def _download(self, name):
        facts = self._facts(name)
        target = self.debs / os.path.basename(facts["Filename"])
        if not matches(target, facts["SHA256"]):
            # A file that lies there with the right size would be trusted as it is.
            target.unlink(missing_ok=True)
            with step(f"Downloading {name} {facts['Version']} ({int(facts['Size']) / 1e6:.0f} MB)"):
                self._apt("apt-get", "download", name)
            fetched = [path for path in self.debs.glob(f"{name}_*.deb") if path != target]
            if not target.exists() and fetched:
                max(fetched, key=os.path.getmtime).rename(target)
        verify(target, facts["SHA256"])
        return target

    def version(self, name):
        """The version the registry has."""
        return self._facts(name)["Version"]

    def _facts(self, name):
        try:
            shown = self._apt("apt-cache", "show", "--no-all-versions", name)
        except Problem:
            raise Problem(f"The Debian registry has no package {name} any more. {OWN_WAY}") from None
        return dict(re.findall(r"^([A-Z][\w-]*): (.*)$", shown, re.MULTILINE))

    def _apt(self, program, *arguments):
        state = self.folder / "state"
        options = {
            "Dir::Etc::sourcelist": self.sources,
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State": state,
            "Dir::State::Lists": state / "lists",
            "Dir::State::status": "/var/lib/dpkg/status",
            "Dir::Cache": self.folder / "cache",
            "Acquire::Languages": "none",
            "APT::Sandbox::User": "root",
            "APT::Update::Error-Mode": "any",
        }
        flags = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
        return run([program, *flags, *arguments], cwd=self.debs, env=clean_environment())


def sha256(path):
    """The SHA256 of a file."""
    hasher = hashlib.sha256()
    with open(path, "rb") as handle:
        while block := handle.read(1 << 20):
            hasher.update(block)
    return hasher.hexdigest()


def matches(path, expected):
    """Whether the file is there with that SHA256."""
    return Path(path).is_file() and sha256(path) == expected


def verify(path, expected):
    """Refuse a file that is not what the signed lists say."""
    if not matches(path, expected):
        Path(path).unlink(missing_ok=True)
        raise Problem(f"{Path(path).name} is not the file the signed lists name (SHA256 differs); run ./dev again.")
