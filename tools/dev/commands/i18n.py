"""Refresh i18n/construction_crm.pot and bring every i18n/*.po in step with it."""

import tempfile

from .. import project, site, translations
from ..ui import Problem, result, say, step


def add_arguments(parser):
    """The arguments of `./dev i18n`."""
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 when the template is out of date")


def main(args):
    """Export from a fresh database without demo data, and merge."""
    with site.ready() as here, tempfile.TemporaryDirectory() as folder:
        name = here.databases.temporary_name("i18n")
        try:
            with step("Installing the addon in a database without demo data"):
                here.databases.new(name)
                log = here.log("i18n-install")
                status, _lines = here.odoo.run(name, "-i", project.NAME, "--stop-after-init", "--no-http", log=log)
            if status:
                raise Problem(f"The addon could not be installed; the log is {log}")
            template = translations.export(here, here.odoo, name, folder)
        finally:
            here.databases.drop(name)
        status, words = translations.merge(here, template, check=args.check)
    if status:
        say(f"i18n/{project.NAME}.pot is out of date; ./dev i18n refreshes it.")
    result(words.rstrip() or "The template is up to date." if not status else "out of date")
    return status
