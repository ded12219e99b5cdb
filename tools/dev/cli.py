"""The command line of ./dev."""

import argparse
import importlib
import sys

from .proc import exit_on_signals
from .ui import Problem, say

COMMANDS = {
    "run": "start Odoo with the addon and demo data",
    "test": "run every test, or the named ones",
    "lint": "check the sources; --fix repairs what can be",
    "shell": "a Python shell in the run database",
    "update": "upgrade the addon in the run database",
    "bench": "measure speed against stock Odoo",
    "check-file": "read a BC3, XLSX or GAEB file as the import would, and print JSON",
    "i18n": "refresh the translation template and every translation",
    "package": "make a zip that installs on an existing Odoo",
    "doctor": "tell what is found, what is missing, what to do",
}


def parser():
    """The parser with all sub-commands."""
    top = argparse.ArgumentParser(
        prog="./dev",
        description="Develop, run and test the addon construction_crm. Sets up all it needs in a cache of yours.",
        epilog="Environment: ODOO_SRC (an Odoo 19 clone), ODOO_BIN, PGHOST/PGPORT/PGUSER/PGPASSWORD, PG_BIN, "
        "ODOO_DEV_HOME (the cache), ODOO_DEV_APT=0 (never use apt), ODOO_EXTRA_ADDONS.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        module = importlib.import_module(f".commands.{name.replace('-', '_')}", __package__)
        sub = commands.add_parser(name, help=summary, description=module.__doc__)
        module.add_arguments(sub)
        sub.set_defaults(main=module.main)
    return top


def main(arguments):
    """Run the sub-command; the status ./dev ends with."""
    options = parser().parse_args(arguments)
    exit_on_signals()
    try:
        return options.main(options)
    except Problem as problem:
        say(f"./dev {options.command}: {problem}")
        return 2
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
