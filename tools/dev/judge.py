"""Reading Odoo's log and judging it: Odoo itself ends with status 0 when no test ran."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from . import project

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ (?P<logger>[\w.$<>-]+): (?P<text>.*)$"
)
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
STARTING = re.compile(r"Starting ([\w.]+) \.\.\.")
BROKEN = re.compile(r"^(FAIL|ERROR): (.+)$", re.MULTILINE)
TESTS_LOGGER = f"odoo.addons.{project.NAME}.tests."
# Our technical name, and what our models' names begin with.
OURS = re.compile(r"\bconstruction[._]\w")
# Warnings of the machine, not of any addon; each with its reason.
AMBIENT = (
    re.compile(r"Chrom(e|ium).*(did not|not) (exit|terminate)"),  # a slow machine at the end of a tour
)


# A refusal that leads to its remedy: Odoo tells the user, and logs it as if it were an error of the program.
REFUSAL = re.compile(r"^odoo\.exceptions\.RedirectWarning: ", re.MULTILINE)


@dataclass
class Record:
    """One entry of the log, its following lines included."""

    level: str
    logger: str
    text: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.text}"


@dataclass
class Report:
    """What a log tells."""

    started: list = field(default_factory=list)
    broken: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    warnings: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    failed: int = 0
    total: int = 0
    has_result: bool = False

    @property
    def passed(self):
        """Tests that ran to their end without a fault."""
        return max(0, self.total - self.failed - len(self.skipped))


def records(lines):
    """The entries of a log, one after the other."""
    current = None
    for line in lines:
        found = LINE.match(line.rstrip("\n"))
        if found:
            if current:
                yield current
            current = Record(found["level"], found["logger"], found["text"])
        elif current:
            current.text += "\n" + line.rstrip("\n")
    if current:
        yield current


def read(lines):
    """The report of a log."""
    report = Report()
    tests_begun = False
    for record in records(lines):
        starting = STARTING.match(record.text)
        tests_begun = tests_begun or bool(starting)
        if starting:
            report.started.append((record.logger, starting[1]))
        elif record.text.startswith("skipped "):
            report.skipped.append(record)
        elif record.logger == "odoo.tests.result":
            _read_result(report, record)
        elif record.logger == "odoo.http" and REFUSAL.search(record.text):
            continue
        elif record.level in ("ERROR", "CRITICAL"):
            (report.broken if BROKEN.match(record.text) else report.errors).append(record)
        elif record.level == "WARNING" and _counts(record, tests_begun):
            report.warnings.append(record)
    return report


def _read_result(report, record):
    found = RESULT.search(record.text)
    if found:
        failed, errors, total = map(int, found.groups())
        report.failed += failed + errors
        report.total += total
        report.has_result = True


def _counts(record, tests_begun):
    """Whether a warning is ours: any while our addon is loaded, later those that name it."""
    if any(pattern.search(record.text) for pattern in AMBIENT):
        return False
    if not tests_begun:
        return True
    return record.logger.startswith(f"odoo.addons.{project.NAME}") or bool(OURS.search(record.text))


def faults(lines, loading):
    """The errors and the warnings that count in the log of a run without tests; `loading`: any module's warnings."""
    return [
        record
        for record in records(lines)
        if record.level in ("ERROR", "CRITICAL") or record.level == "WARNING" and _counts(record, not loading)
    ]


def problems(report, status, expected=()):
    """What is wrong with a test run beside its failed tests, as sentences; `expected` are test modules to be seen."""
    found = []
    if not report.has_result:
        found.append(f"Odoo ended with status {status} before it reported a result")
    elif not report.total or not report.started:
        found.append("no test was executed")
    elif status and not report.failed:
        found.append(f"Odoo ended with status {status} although no test failed")
    found += [f"skipped: {record.text.removeprefix('skipped ')}" for record in report.skipped]
    found += [f"warning in the log: {record}" for record in report.warnings]
    found += [f"error in the log: {record}" for record in report.errors]
    seen = {logger for logger, _test in report.started}
    if report.has_result:
        missing = [name for name in expected if name not in seen]
        found += [f"no test of {name} ran: is it imported in tests/__init__.py, and tagged?" for name in missing]
    return found


def expected_modules(names):
    """The loggers of Odoo test files of the addon: each must show in a run of them."""
    return [f"odoo.addons.{project.NAME}." + ".".join(Path(name).with_suffix("").parts) for name in names]
