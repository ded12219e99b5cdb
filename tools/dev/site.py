"""Everything a command needs, set up and taken down again."""

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass

from . import farm, odoo_source, postgres, project, venv
from .cache import Cache, write_json
from .databases import Databases
from .odoo import Odoo


@dataclass
class Site:
    """A ready set-up for this checkout."""

    cache: Cache
    venv: venv.Venv
    odoo: Odoo
    databases: Databases
    instance: object

    @property
    def server(self):
        """The PostgreSQL server."""
        return self.odoo.server

    def log(self, purpose):
        """A fresh log file; the one before it is kept as *.old."""
        path = self.cache.folder(self.instance / "logs") / f"{purpose}.log"
        if path.exists():
            path.replace(path.with_suffix(".log.old"))
        return path


def instance_folder(cache):
    """The folder with what belongs to this checkout alone."""
    folder = cache.folder("instances", project.checkout_key())
    write_json(folder / "checkout.json", {"root": str(project.ROOT)})
    return folder


@contextlib.contextmanager
def ready():
    """Set up all that is missing, start PostgreSQL, and yield the Site."""
    cache = Cache()
    environment = venv.ensure(cache)
    source = odoo_source.find(cache)
    instance = instance_folder(cache)
    addons = farm.build(instance / "addons")
    with short_temporary_folder(), postgres.running(cache, environment) as server:
        odoo = Odoo(source=source, venv=environment, server=server, cache=cache, farm=addons, instance=instance)
        yield Site(cache, environment, odoo, Databases(odoo), instance)


@contextlib.contextmanager
def short_temporary_folder():
    """A place for what browsers leave behind; a short path, for there are sockets in it."""
    before = os.environ.get("TMPDIR")
    folder = tempfile.mkdtemp(prefix="ccrm-", dir="/tmp")
    os.environ["TMPDIR"] = folder
    tempfile.tempdir = None  # Python keeps what it found first
    try:
        yield
    finally:
        tempfile.tempdir = None
        if before is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = before
        shutil.rmtree(folder, ignore_errors=True)
