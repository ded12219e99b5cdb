"""Where Odoo 19 comes from: given, cloned, or Debian's package unpacked into the cache."""

import os
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from . import apt, project
from .cache import digest, read_json
from .proc import clean_environment
from .ui import Problem, say, step

PACKAGE = "odoo-19"
# Targets of links inside Odoo's package; they resolve because all is unpacked into one root.
LINK_TARGETS = ("libjs-jquery", "fonts-roboto-unhinted", "fonts-montserrat", "fonts-ocr-b")
TESTED_VERSION = "19.0.0+dfsg-1"
UNPACK_FORMAT = 1
DIST = "usr/lib/python3/dist-packages"
# Debian leaves this file out; its absence is an error in the browser's console, which fails every tour.
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
STUB_TEXT = "/* Not part of Debian's package: background blur in calls is not available. */\n"


@dataclass
class OdooSource:
    """One Odoo 19: how to start it and how to recognise it."""

    kind: str
    script: Path
    identity: str
    own_python: bool = False
    python_path: str = ""
    addons: list = field(default_factory=list)

    def command(self, python):
        """The words that start Odoo."""
        return [str(self.script)] if self.own_python else [str(python), str(self.script)]


def find(cache, root=project.ROOT):
    """The Odoo to use, got from the registry when none is given."""
    return _given_program() or _given_source() or _debian(cache, root)


def _given_program():
    program = os.environ.get("ODOO_BIN") or shutil.which("odoo")
    if not program:
        return None
    wanted = bool(os.environ.get("ODOO_BIN"))
    done = subprocess.run([program, "--version"], capture_output=True, text=True, env=clean_environment())
    version = (done.stdout.strip() or done.stderr.strip() or "nothing").splitlines()[-1]
    if re.search(r"\b19\.0\b", version):
        return OdooSource("program", Path(program), digest(program, version), own_python=True)
    if wanted:
        raise Problem(f"ODOO_BIN={program} is not Odoo 19.0: it says “{version}”.")
    say(f"• {program} on PATH is not Odoo 19.0 ({version}); it is not used")
    return None


def _given_source():
    given = os.environ.get("ODOO_SRC")
    if not given:
        return None
    root = Path(given).expanduser().absolute()
    if not (root / "odoo/release.py").is_file() or not (root / "odoo-bin").is_file():
        raise Problem(f"ODOO_SRC={given} holds no Odoo: odoo/release.py and odoo-bin are expected in it.")
    check_series(root / "odoo/release.py")
    return OdooSource("source", root / "odoo-bin", digest(root), addons=[root / "addons"])


def check_series(release):
    """Refuse a tree that is not the 19.0 series."""
    found = re.search(r"version_info\s*=\s*\((\d+),\s*(\d+)", Path(release).read_text())
    series = f"{found[1]}.{found[2]}" if found else "unknown"
    if series != "19.0":
        raise Problem(f"{release} is Odoo {series}; this addon is for 19.0.")


def _debian(cache, root):
    languages = project.languages(root)
    name = f"odoo-19.0-{digest(UNPACK_FORMAT, *languages, length=8)}"
    stamp = {"package": PACKAGE, "format": UNPACK_FORMAT, "languages": languages}
    tree = cache.build(name, stamp, lambda new: _make(new, cache, languages))
    version = (read_json(tree / "version.json") or {}).get("version", "")
    dist = tree / DIST
    return OdooSource("debian", tree / "usr/bin/odoo", digest(name, version), python_path=str(dist))


def _make(folder, cache, languages):
    if not apt.is_usable():
        raise Problem(f"There is no Odoo 19 here and no apt to get it with. {apt.OWN_WAY}")
    with cache.lock("apt"):
        registry = apt.Registry(cache.folder("apt"))
        registry.update()
        version = registry.version(PACKAGE)
        debs = registry.download((PACKAGE, *LINK_TARGETS))
        if version != TESTED_VERSION:
            say(f"  note: Odoo {version} is not the one this was tested with ({TESTED_VERSION})")
        with step(f"Unpacking Odoo {version}"):
            for name, deb in debs.items():
                unpack(deb, folder, languages)
                if name != PACKAGE:
                    deb.unlink()
    check_series(folder / DIST / "odoo/release.py")
    add_stub(folder / DIST)
    (folder / "version.json").write_text('{"version": "%s"}' % version)
    debs[PACKAGE].unlink()


def add_stub(dist):
    """Put the file that Debian leaves out where Odoo's bundle expects it."""
    stub = Path(dist) / STUB
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(STUB_TEXT)


def is_wanted(name, languages):
    """Whether a member of a package is unpacked: no second copy of the addons, no other language.

    >>> [is_wanted("./" + DIST + n, ["ro"]) for n in ("/odoo/a.py", "/odoo/i18n/ro.po", "/i18n/fi.po", "/addons/a.py")]
    [True, True, False, False]
    """
    path = name.removeprefix("./")
    if path.startswith(f"{DIST}/addons/"):
        return False
    return not path.endswith(".po") or os.path.basename(path)[:-3] in languages


def unpack(deb, folder, languages):
    """Unpack a package as it streams by, without what is not wanted."""
    command = ["dpkg-deb", "--fsys-tarfile", str(deb)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    with process, tarfile.open(fileobj=process.stdout, mode="r|") as archive:
        for member in archive:
            if is_wanted(member.name, languages) and _is_plain(member):
                member.mode |= 0o200
                archive.extract(member, folder, set_attrs=not member.isdir(), numeric_owner=True, **_FILTER)
    if process.returncode:
        raise Problem(f"{deb} could not be unpacked (dpkg-deb ended with {process.returncode}); run ./dev again.")


# A checked package may hold links out of its folder, which Python 3.12+ would warn about or refuse.
_FILTER = {"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}


def _is_plain(member):
    """Only files, folders and links that stay below the root."""
    safe = not member.name.startswith("/") and ".." not in Path(member.name).parts
    return safe and (member.isfile() or member.isdir() or member.issym())
