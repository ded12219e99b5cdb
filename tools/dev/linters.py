"""The linters of others, each on what it can read. Each returns complaints as lines."""

import re
import shutil
import subprocess

from . import project
from .proc import clean_environment
from .ui import Problem

# Against our ways: Odoo's own header and plain numbers in XML, Markdown for people.
OCA_OFF = "xml-header-wrong,xml-field-numeric-without-eval,prefer-readme-rst"


def run(here, *words, cwd):
    """Run a tool of the environment; (status, its lines)."""
    path = f"{here.venv.bin}:{clean_environment().get('PATH', '')}"
    folders = {"PYTHONPYCACHEPREFIX": here.cache.folder("pycache"), "PYLINTHOME": here.cache.folder("pylint")}
    env = clean_environment(PATH=path, **folders)
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=env, capture_output=True, text=True)
    return done.returncode, (done.stdout + done.stderr).splitlines()


def ruff(here, stage, fix=False):
    """ruff's checks and format, on the checkout."""
    cache = ["--cache-dir", here.cache.folder("ruff")]
    check = ["check", *cache, "--output-format", "concise", "--quiet", "--fix" if fix else "--no-fix"]
    layout = ["format", *cache, *([] if fix else ["--check"]), "--quiet"]
    status, lines = run(here, here.venv.bin / "ruff", *check, ".", cwd=project.ROOT)
    complaints = lines if status else []
    status, lines = run(here, here.venv.bin / "ruff", *layout, ".", cwd=project.ROOT)
    return complaints + (unformatted(lines) if status else [])


def unformatted(lines):
    """The files ruff would lay out differently, without how.

    >>> unformatted(["unformatted: File would be reformatted", " --> a/b.py:3:1", "  |"])
    ['a/b.py:3:1: not laid out by ruff; ./dev lint --fix does it']
    """
    found = [re.match(r"\s*-->\s+(\S+)", line) for line in lines]
    named = [f"{match[1]}: not laid out by ruff; ./dev lint --fix does it" for match in found if match]
    return named or lines


def pylint(here, stage):
    """pylint with the Odoo plug-in, on a copy named like the addon."""
    rules = project.ROOT / ".pylintrc"
    words = [here.venv.python, "-m", "pylint", f"--rcfile={rules}", "--score=n"]
    # Each room extends a stock model in a file of its own: merging those classes is what we do not want.
    words += ["--disable=consider-merging-classes-inherited", project.NAME]
    status, lines = run(here, *words, cwd=stage.parent)
    return _readable(lines) if status else []


def oca(here, stage):
    """The checks of the Odoo Community Association for modules and translations, on a copy in a repository."""
    if not shutil.which("git"):
        raise Problem("The OCA's checks need git; install it.")
    run(here, "git", "init", "--quiet", ".", cwd=stage.parent)
    run(here, "git", "add", "--all", ".", cwd=stage.parent)
    complaints = []
    status, lines = run(here, here.venv.bin / "oca-checks-odoo-module", f"--disable={OCA_OFF}", stage, cwd=stage.parent)
    complaints += lines if status else []
    translations = sorted((stage / "i18n").glob("*.po*"))
    if translations:
        # A term whose translation is the same word is translated: its layout rule would have it emptied.
        words = [here.venv.bin / "oca-checks-po", "--disable=po-pretty-format", *translations]
        status, lines = run(here, *words, cwd=stage.parent)
        complaints += lines if status else []
    return [line.replace(f"{stage}/", "") for line in _readable(complaints)]


def _readable(lines):
    """Without headings and empty lines, and with paths of the checkout."""
    lines = [re.sub(rf"^{project.NAME}/", "", line) for line in lines]
    return [line for line in lines if line.strip() and not line.startswith("*****")]
