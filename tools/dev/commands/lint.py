"""Check the sources: our own gates, ruff, pylint-odoo, the OCA's checks, XML style, Odoo's lint tests."""

import tempfile
from pathlib import Path

from .. import farm, gates, linters, odoo_gates, project, site
from ..ui import result, say


def add_arguments(parser):
    """The arguments of `./dev lint`."""
    parser.add_argument("--fix", action="store_true", help="repair what can be: layout of Python and XML, imports")
    parser.add_argument("--quick", action="store_true", help="leave out what needs a database")


def main(args):
    """Run every check; status 1 when one complains."""
    with site.ready() as here, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checks = [(gate.__name__.replace("_", " "), gate) for gate in gates.ALL]
        checks.append(("xml format", lambda: gates.xml_format(fix=args.fix)))
        checks.append(("ruff", lambda: linters.ruff(here, None, args.fix)))
        total = sum(report(title, check) for title, check in checks)
        extra = [text for text in project.PACKAGED_TEXTS if (project.ROOT / text).exists()]
        stage = farm.stage(folder / "copy", extra=extra)
        total += report("pylint-odoo", lambda: linters.pylint(here, stage))
        total += report("oca checks", lambda: linters.oca(here, stage))
        if not args.quick:
            total += report("odoo test_lint and template", lambda: odoo_gates.complaints(here, folder))
    result("lint: clean" if not total else f"lint: {total} complaints")
    return 1 if total else 0


def report(title, check):
    """Run one check and print what it says; the number of complaints."""
    found = list(check())
    say(f"{'✗' if found else '✓'} {title}")
    for line in found:
        say(f"    {line}")
    return len(found)
