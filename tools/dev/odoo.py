"""Starting Odoo with a configuration of its own."""

import configparser
import os
import secrets
import socket
import subprocess
from pathlib import Path

from .proc import clean_environment, started
from .ui import Problem

PATIENCE_SECONDS = 3600


def free_port(first=None):
    """A free port of this machine: `first` or the next free one after it, else any."""
    for port in range(first, first + 100) if first else (0,):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise Problem(f"No free port between {first} and {first + 99}; choose one with --port.")


class Odoo:
    """One Odoo for one checkout: program, environment and configuration."""

    def __init__(self, *, source, venv, server, cache, farm, instance):
        self.source, self.venv, self.server, self.cache = source, venv, server, cache
        self.farm, self.instance = farm, Path(instance)
        self.data = self.instance / "data"

    def environment(self, **extra):
        """The variables Odoo runs with."""
        # Odoo starts itself again by the name `python`, and finds wkhtmltopdf on PATH.
        path = os.pathsep.join([str(self.venv.bin), str(self.venv.pdf_bin), os.environ.get("PATH", "")])
        env = clean_environment(PATH=path, PYTHONPYCACHEPREFIX=self.cache.folder("pycache"), **extra)
        if self.source.python_path:
            env["PYTHONPATH"] = self.source.python_path
        return env

    def config(self, database, port=None, **options):
        """Write the configuration for one database and return its path."""
        addons = [self.farm, *filter(None, os.environ.get("ODOO_EXTRA_ADDONS", "").split(os.pathsep))]
        values = {
            "addons_path": ",".join(map(str, [*addons, *self.source.addons])),
            "data_dir": self.data,
            "db_host": self.server.host,
            "db_user": self.server.user,
            **self._optional(),
            "db_maxconn": 32,
            "dbfilter": f"^{database}$",
            "list_db": False,
            "admin_passwd": secrets.token_hex(16),
            "http_interface": "127.0.0.1",
            "http_port": port or free_port(),
            "max_cron_threads": 0,
            # Its default ends a server whose browser waits for two minutes.
            "limit_time_real": PATIENCE_SECONDS,
            "limit_time_cpu": PATIENCE_SECONDS,
            **options,
        }
        parser = configparser.RawConfigParser()
        parser["options"] = {name: str(value) for name, value in values.items()}
        path = self.config_path(database)
        self.data.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            parser.write(handle)
        fresh.replace(path)
        return path

    def config_path(self, database):
        """Where the configuration for a database lies."""
        return self.instance / f"{database}.conf"

    def _optional(self):
        given = {"db_port": self.server.port, "db_password": self.server.password}
        return {name: value for name, value in given.items() if value}

    def command(self, *arguments):
        """The words that start this Odoo."""
        return [*self.source.command(self.venv.python), *map(str, arguments)]

    def start(self, *arguments, **options):
        """A running Odoo (a context), in a session of its own."""
        options.setdefault("env", self.environment())
        return started(self.command(*arguments), cwd=self.instance, **options)

    def run(self, database, *arguments, log, stdin=None, on_line=None, config=None):
        """Run Odoo to its end, everything it says into the file `log`; returns (status, lines)."""
        config = config or self.config(database)
        verb = [arguments[0]] if arguments and not str(arguments[0]).startswith("-") else []
        rest = arguments[len(verb) :]
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}
        options["stdin"] = subprocess.PIPE if stdin is not None else subprocess.DEVNULL
        lines = []
        words = [*verb, "-c", config, "-d", database, *rest]
        with open(log, "a") as handle, self.start(*words, **options) as process:
            if stdin is not None:
                process.stdin.write(stdin)
                process.stdin.close()
            for line in process.stdout:
                handle.write(line)
                handle.flush()
                lines.append(line)
                if on_line:
                    on_line(line)
            status = process.wait()
        return status, lines
