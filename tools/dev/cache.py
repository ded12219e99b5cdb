"""The per-user cache: what several checkouts share, built once and never left half-made."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from pathlib import Path

from .ui import say


def digest(*parts, length=12):
    """A short stable key for the parts.

    >>> digest("a", "b") == digest("a", "b") != digest("ab")
    True
    """
    hasher = hashlib.sha256()
    for part in parts:
        hasher.update(part if isinstance(part, bytes) else str(part).encode())
        hasher.update(b"\0")
    return hasher.hexdigest()[:length]


def home():
    """The folder of the cache: ODOO_DEV_HOME, else the user's cache folder."""
    given = os.environ.get("ODOO_DEV_HOME")
    if given:
        return Path(given).expanduser().absolute()
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "construction_crm_dev"


class Cache:
    """Folders, locks and stamps below one root."""

    def __init__(self, root=None):
        self.root = Path(root) if root else home()
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)

    def folder(self, *names):
        """The folder of that name in the cache, made if need be."""
        path = self.root.joinpath(*names)
        path.mkdir(parents=True, exist_ok=True)
        return path

    @contextlib.contextmanager
    def lock(self, name, shared=False):
        """Hold the lock of that name; wait for whoever holds it. The kernel frees it when we die."""
        path = self.folder("locks") / f"{name}.lock"
        with open(path, "a") as handle:
            mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            try:
                fcntl.flock(handle, mode | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"• Waiting for another ./dev that holds “{name}” …")
                fcntl.flock(handle, mode)
            yield handle

    def build(self, name, stamp, make):
        """The folder `name`, made by `make(new_folder)` unless a finished one with this stamp is there.

        It is made aside, moved into place, and stamped last: an interrupted try is repeated.
        """
        target = self.root / name
        if self.is_built(name, stamp):
            return target
        with self.lock(name):
            if self.is_built(name, stamp):
                return target
            fresh = target.with_name(target.name + ".new")
            self._stamp_path(name).unlink(missing_ok=True)
            for leftover in (fresh, target):
                if leftover.exists():
                    say(f"  repairing: removing an unfinished {leftover.name}")
                    shutil.rmtree(leftover)
            fresh.mkdir(parents=True)
            make(fresh)
            fresh.rename(target)
            write_json(self._stamp_path(name), stamp)
        return target

    def is_built(self, name, stamp):
        """Whether the folder was finished with exactly this stamp."""
        return (self.root / name).is_dir() and read_json(self._stamp_path(name)) == stamp

    def _stamp_path(self, name):
        return self.root / f"{name}.stamp"


def read_json(path):
    """The JSON in a file; None when it is absent or damaged."""
    try:
        return json.loads(Path(path).read_text())
    except (OSError, ValueError):
        return None


def write_json(path, value):
    """Write JSON so that a reader finds the old file or the new one, never half of it."""
    path = Path(path)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.write_text(json.dumps(value, indent=1, sort_keys=True))
    fresh.replace(path)
