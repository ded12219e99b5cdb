"""Databases: templates with the stock modules, made once, and quick copies of them."""

import os
import re
import shutil
from pathlib import Path

from . import judge, project
from .cache import digest, read_json, write_json
from .ui import Problem, step

LEAVE_OUT_MISSING_FILE = """
from odoo.tools.misc import file_path
path = 'mail/static/lib/selfie_segmentation/selfie_segmentation.js'
try:
    file_path(path)
except FileNotFoundError:
    env['ir.asset'].create({'name': 'left out by the distribution', 'bundle': 'web.assets_backend',
                            'directive': 'remove', 'path': path})
    env.cr.commit()
"""


class Databases:
    """Makes, copies and drops the databases of one checkout."""

    def __init__(self, odoo):
        self.odoo, self.server, self.cache = odoo, odoo.server, odoo.cache
        self.prefix = f"ccrm_{project.checkout_key()}"

    def names(self):
        """All databases on the server."""
        return [row[0] for row in self.server.sql("SELECT datname FROM pg_database")]

    def drop(self, name):
        """Remove a database and its files; it need not be there."""
        self.server.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND pid <> pg_backend_pid()"
        )
        self.server.sql(f'DROP DATABASE IF EXISTS "{name}"')
        shutil.rmtree(self.filestore(name), ignore_errors=True)
        self.odoo.config_path(name).unlink(missing_ok=True)

    def filestore(self, name, data=None):
        """The folder of a database's files."""
        return Path(data or self.odoo.data) / "filestore" / name

    def temporary_name(self, purpose):
        """A name for a database that lives as long as this process."""
        return f"{self.prefix}_{purpose}_p{os.getpid()}"

    def drop_abandoned(self):
        """Remove the databases of runs of this checkout that were killed."""
        for name in self.names():
            found = re.fullmatch(rf"{self.prefix}_\w+_p(\d+)", name)
            if found and not _is_alive(int(found[1])):
                self.drop(name)

    def copy(self, source, target, source_data):
        """Copy a database; its files never change, so links do for them."""
        self.drop(target)
        self.server.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        files = self.filestore(source, source_data)
        if files.is_dir():
            self.filestore(target).parent.mkdir(parents=True, exist_ok=True)
            _link_tree(files, self.filestore(target))

    def new(self, name, modules=None, demo=False):
        """A fresh database with the given stock modules (the addon's own dependencies when none are given)."""
        template, data = self.template(modules or project.depends(), demo)
        with self.cache.lock(f"template-{template}"):
            self.copy(template, name, data)
        return name

    def template(self, modules, demo):
        """The template with these modules: (its name, the folder with its files)."""
        modules = sorted(set(modules))
        key = digest(
            *modules, demo, self.odoo.source.identity, self.server.identity, self.odoo.venv.root.name, length=10
        )
        name = f"ccrm_template_{key}"
        folder = self.cache.folder("templates", key)
        with self.cache.lock(f"template-{name}"):
            if read_json(folder / "ready.json") and name in self.names():
                return name, folder / "data"
            (folder / "ready.json").unlink(missing_ok=True)
            kind = "with demo data" if demo else "without demo data"
            with step(f"Making a template database {kind}: {', '.join(modules)} (about 40 s)"):
                self._make_template(name, folder, modules, demo)
            write_json(folder / "ready.json", {"modules": modules, "demo": demo, "name": name})
        return name, folder / "data"

    def _make_template(self, name, folder, modules, demo):
        maker = type(self.odoo)(
            source=self.odoo.source,
            venv=self.odoo.venv,
            server=self.server,
            cache=self.cache,
            farm=self.odoo.farm,
            instance=folder,
        )
        owner = type(self)(maker)
        owner.drop(name)
        log = folder / "odoo.log"
        log.unlink(missing_ok=True)
        arguments = ["-i", ",".join(modules), "--stop-after-init", *(["--with-demo"] if demo else [])]
        status, lines = maker.run(name, *arguments, log=log)
        wrong = [record for record in judge.records(lines) if record.level in ("ERROR", "CRITICAL")]
        unknown = [record for record in judge.records(lines) if "invalid module names" in record.text]
        if status or wrong or unknown:
            words = "\n".join(str(record) for record in (wrong + unknown)[:5])
            raise Problem(f"Odoo could not make the template database; its log is {log}\n{words}")
        if self.odoo.source.own_python:
            maker.run(name, "shell", "--no-http", log=log, stdin=LEAVE_OUT_MISSING_FILE)


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _link_tree(source, target):
    shutil.rmtree(target, ignore_errors=True)
    try:
        shutil.copytree(source, target, copy_function=os.link)
    except (OSError, shutil.Error):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
