"""Measure the addon against stock Odoo, in a database of its own, and print JSON.

What is measured lives in tools/bench: a package with a function `main(env, names, quick, stock)` that returns
`{name: {"ratio": …, "gate": …, "queries": …, "budget": …, "ok": bool}}`. It is called in an Odoo shell, not in test
mode, in a database with the addon and without demo data; `env` is the superuser's, and nothing is committed
unless it says so. `names` is empty for all. `stock` is the name of a database made alike without the addon. Each `ok`
decides the status. What it logs or prints is in the log.

`--flow FILE…` measures nothing against stock: it carries each budget through the whole line, from import to the last
payment, and tells at every station whether the sums agree (tools/bench/flow.py).
"""

import json
import tempfile
from pathlib import Path

from .. import project, site
from ..cache import read_json, write_json
from ..ui import Problem, result, say, step

SCRIPT = """
import json, sys
sys.path.append({root!r})
from tools.bench import main, carry
with open({answer!r}, "w") as file:
    json.dump(carry(env, {files!r}) if {files!r} else main(env, {names!r}, {quick!r}, {stock!r}), file)
"""


def add_arguments(parser):
    """The arguments of `./dev bench`."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these measurements")
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument("--fresh", action="store_true", help="start with a fresh database")
    parser.add_argument(
        "--flow",
        nargs="+",
        default=[],
        type=Path,
        metavar="FILE",
        help="carry these budgets from import to the last payment instead",
    )


def main(args):
    """Measure and print; status 1 when a gate is missed."""
    if not (project.ROOT / "tools/bench/__init__.py").exists():
        raise Problem("There is no tools/bench with measurements in this checkout.")
    for path in args.flow:
        if not path.is_file():
            raise Problem(f"There is no file {path}")
    with site.ready() as here, here.cache.lock(f"bench-{project.checkout_key()}"):
        found = measure(here, prepare(here, args.fresh), args)
    result(json.dumps(found, indent=1, ensure_ascii=False))
    missed = [name for name, facts in found.items() if not facts.get("ok")]
    if args.flow:
        say(f"{len(found)} carried through, {len(missed)} did not agree{': ' + ', '.join(missed) if missed else ''}")
        return 1 if missed else 0
    say(f"{len(found)} measured, {len(missed)} missed their gate{': ' + ', '.join(missed) if missed else ''}")
    return 1 if missed or not found else 0


def prepare(here, fresh):
    """The bench database with the addon as it is now; made anew when the addon changed."""
    name = f"{here.databases.prefix}_bench"
    measured = [path for path in project.files() if path.startswith("tools/bench/")]
    stamp, tree = here.instance / "bench.json", project.tree_hash([*project.addon_files(), *measured])
    if not fresh and read_json(stamp) == {"tree": tree} and {name, stock_name(name)} <= set(here.databases.names()):
        return name
    stamp.unlink(missing_ok=True)
    with step("Making the bench databases, with and without the addon"):
        here.databases.new(stock_name(name))
        here.databases.new(name)
        log = here.log("bench-install")
        status, _lines = here.odoo.run(name, "-i", project.NAME, "--stop-after-init", "--no-http", log=log)
    if status:
        raise Problem(f"The addon could not be installed; the log is {log}")
    write_json(stamp, {"tree": tree})
    return name


def stock_name(name):
    """The database beside the bench database that never had the addon."""
    return f"{name}_stock"


def measure(here, database, args):
    """Run the measurements in an Odoo shell; what they returned."""
    log = here.log("bench")
    with tempfile.TemporaryDirectory() as folder, step(f"Measuring; the log is {log}"):
        answer = Path(folder) / "answer.json"
        code = SCRIPT.format(
            root=str(project.ROOT),
            answer=str(answer),
            files=[str(path.resolve()) for path in args.flow],
            names=args.names,
            quick=args.quick,
            stock=stock_name(database),
        )
        status, lines = here.odoo.run(database, "shell", "--no-http", log=log, stdin=code, on_line=tell)
        found = read_json(answer)
    if status or found is None:
        raise Problem(f"The measurements ended with status {status}; the log is {log}\n{''.join(lines[-15:])}")
    return found


def tell(line):
    """Show how far the measuring is."""
    _rest, found, text = line.partition(" construction_crm.bench: ")
    if found:
        say(f"  {text.strip()}")
