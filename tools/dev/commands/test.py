"""Run every test, or those of the named files, folders and Odoo tags; ends with `N passed, N failed`."""

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from .. import browser, farm, judge, plain_tests, project, site, targets
from ..proc import clean_environment
from ..ui import result, say, step

# What went wrong in one database is told whole before the next one speaks.
TELLING = threading.Lock()


def add_arguments(parser):
    """The arguments of `./dev test`."""
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="PATH or tag",
        help="a test file (tests/quote/test_x.py, also with :Class.method), a folder, or an Odoo tag (:TestX.test_y)",
    )
    parser.add_argument("--keep", action="store_true", help="keep the test database, for ./dev shell --test")


def main(args):
    """Run the phases and add up."""
    wanted = targets.parse(args.targets)
    passed = failed = 0
    with site.ready() as here:
        for phase in (plain_phase, odoo_phase, live_phase):
            good, bad = phase(here, wanted, args)
            passed, failed = passed + good, failed + bad
    if not passed and not failed:
        failed = 1
        say("FAILED: no test was executed")
    result(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def plain_phase(here, wanted, args):
    """Tests of ./dev itself and of `core`, in plain Python."""
    if not (wanted.plain or wanted.doctests):
        return 0, 0
    return run_plain(here, "plain", here.venv.python, wanted.plain, wanted.doctests)


def live_phase(here, wanted, args):
    """Tests that drive whole databases from outside."""
    if not wanted.live or (wanted.full and not _has_addon()):
        return 0, 0
    return run_plain(here, "live", sys.executable, wanted.live, [])


def run_plain(here, label, python, tests, doctests):
    """Run unittest files with a Python; (passed, failed)."""
    core = farm.build_plain(here.instance / "plain")
    env = clean_environment(PYTHONPYCACHEPREFIX=here.cache.folder("pycache"))
    with tempfile.TemporaryDirectory() as folder, step(f"Tests without Odoo's test runner: {label}"):
        outcome = Path(folder) / "result.json"
        command = [
            python,
            plain_tests.__file__,
            outcome,
            project.ROOT,
            core,
            "--tests",
            *tests,
            "--doctests",
            *doctests,
        ]
        done = subprocess.run([str(word) for word in command], cwd=project.ROOT, env=env, stdout=sys.stderr)
        if not outcome.exists():
            say(f"FAILED: the {label} tests ended with status {done.returncode} before they reported a result")
            return 0, 1
        facts = json.loads(outcome.read_text())
    say(f"  {label}: {facts['passed']} passed, {facts['failed']} failed")
    return facts["passed"], facts["failed"]


def _has_addon():
    return (project.ROOT / "__manifest__.py").exists()


def odoo_phase(here, wanted, args):
    """Odoo's tests, browser tours included, in fresh databases: all of them in as many as there are cores."""
    if not wanted.tags:
        return 0, 0
    browser.ensure()
    here.databases.drop_abandoned()
    parts = [((), wanted.tags)]
    if wanted.full:
        parts = targets.shares(1 if args.keep else os.cpu_count() or 1)
    names = [f"{here.databases.prefix}_test"]
    if not args.keep:
        names = [here.databases.temporary_name(f"test{number}") for number in range(1, len(parts) + 1)]
    with ThreadPoolExecutor(len(parts)) as pool:
        found = list(pool.map(partial(odoo_part, here, args), names, parts))
    return tuple(map(sum, zip(*found, strict=True)))


def odoo_part(here, args, name, part):
    """Run a part of Odoo's tests in a database of its own; (passed, failed)."""
    files, tags = part
    label = name.removeprefix(f"{here.databases.prefix}_").partition("_")[0]
    here.databases.new(name)
    log = here.log(label)
    say(f"• Odoo tests ({label}) {shown(tags)}; the whole log is {log}")
    try:
        status, lines = run_odoo_tests(here, name, tags, log, label)
    finally:
        if not args.keep:
            here.databases.drop(name)
    report = judge.read(lines)
    complaints = judge.problems(report, status, judge.expected_modules(files))
    with TELLING:
        tell(report, complaints, log, lines)
        say(f"  Odoo ({label}): {report.passed} passed, {report.failed} failed, {len(complaints)} other faults")
    return report.passed, report.failed + len(complaints)


def shown(tags):
    """Tags as words, a long list by its length."""
    return ",".join(tags) if len(tags) <= 5 else f"of {len(tags)} tags"


def run_odoo_tests(here, name, tags, log, label):
    """Install the addon in the database and run its tests; (status, lines of the log)."""
    shots = here.cache.folder(here.instance / "screenshots")
    progress = Progress(label)
    return here.odoo.run(
        name,
        "-i",
        project.NAME,
        "--test-tags",
        ",".join(tags),
        "--stop-after-init",
        "--screenshots",
        shots,
        log=log,
        on_line=progress,
    )


class Progress:
    """Names each test class as its first test starts, and each broken test at once."""

    def __init__(self, label):
        self.label, self.count, self.current = label, 0, None

    def __call__(self, line):
        found = judge.LINE.match(line)
        if not found:
            return
        starting = judge.STARTING.match(found["text"])
        if starting:
            self.count += 1
            group = starting[1].partition(".")[0]
            if group != self.current:
                self.current = group
                say(f"  [{self.label} {self.count}] {group}")
        elif judge.BROKEN.match(found["text"]) and found["level"] == "ERROR":
            say(f"  {found['text']}")


def readable(text):
    """A traceback with the paths of the checkout in place of those of the link farm."""
    return re.sub(rf'(?<=File ")[^"]*/addons/{project.NAME}(?=/)', str(project.ROOT), text).rstrip()


def tell(report, complaints, log, lines):
    """Print what went wrong, tracebacks first."""
    for record in report.broken:
        say(f"\n{'=' * 70}\n{readable(record.text)}")
    if report.broken or complaints:
        say("=" * 70)
    for complaint in complaints:
        say(f"FAILED: {complaint}")
    if not report.has_result:
        say("".join(lines[-30:]))
    if report.broken or complaints:
        say(f"The whole log: {log}")
