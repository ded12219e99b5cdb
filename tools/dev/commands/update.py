"""Upgrade the addon in the run database (made first if need be). Stop ./dev run before."""

from .. import project, site
from ..ui import result
from . import run


def add_arguments(parser):
    """No arguments."""


def main(args):
    """Upgrade, whether or not something changed."""
    with site.ready() as here, here.cache.lock(f"run-{project.checkout_key()}"):
        run.stamp(here).unlink(missing_ok=True)
        database = run.updated_database(here)
    result(f"{project.NAME} is up to date in the database {database}")
    return 0
