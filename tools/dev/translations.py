"""The translation template, exported from a database without demo data, and what is made of it."""

import subprocess
from pathlib import Path

from . import project
from .proc import clean_environment
from .ui import Problem

MERGER = Path(__file__).with_name("po_files.py")


def export(here, odoo, database, folder):
    """Write the template of the addon installed in the database into the folder; its path."""
    template = Path(folder) / f"{project.NAME}.pot"
    log = here.log("i18n")
    # The verb's options come last, for it takes all words after -l as languages.
    command = odoo.command("i18n", "export", "-c", odoo.config(database), "-d", database, project.NAME, "-o", template)
    with open(log, "w") as handle:
        done = subprocess.run(command, env=odoo.environment(), cwd=odoo.instance, stdout=handle, stderr=handle)
    if done.returncode or not template.exists():
        raise Problem(f"Odoo could not export the terms; its log is {log}")
    return template


def merge(here, template, check=False):
    """Refresh i18n/ from the template, or only `check` it: (status, what was done)."""
    command = [here.venv.python, MERGER, template, project.ROOT / "i18n", *(["--check"] if check else [])]
    done = subprocess.run([str(word) for word in command], env=clean_environment(), capture_output=True, text=True)
    if done.stderr.strip():
        raise Problem(f"The translations could not be merged:\n{done.stderr.strip()}")
    return done.returncode, done.stdout
