"""A Python shell with `env` in the run database (or, with --test, in the one `./dev test --keep` left)."""

import subprocess

from .. import site
from ..ui import Problem
from . import run


def add_arguments(parser):
    """The arguments of `./dev shell`."""
    parser.add_argument("--test", action="store_true", help="in the database that `./dev test --keep` left")


def main(args):
    """Hand the terminal to Odoo's shell; what comes on standard input is run."""
    with site.ready() as here:
        if args.test:
            database = f"{here.databases.prefix}_test"
            if database not in here.databases.names():
                raise Problem("There is no test database; `./dev test --keep` leaves one.")
        else:
            database = run.updated_database(here)
        command = here.odoo.command("shell", "-c", here.odoo.config(database), "-d", database, "--no-http")
        return subprocess.run(command, env=here.odoo.environment(), cwd=here.instance).returncode
