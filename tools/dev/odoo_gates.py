"""Odoo's own lint tests and the state of the translation template; both need the addon installed, so they share."""

from . import farm, judge, project, translations
from .cache import digest, read_json, write_json
from .odoo import Odoo
from .ui import say, step

# Those of test_lint that look at the registry and at Python sources. The others trip over stock itself: over links that
# Debian's package leaves dangling, or over a tests/core that Odoo is not meant to find.
CLASSES = (
    "TestIndex",
    "TestNaming",
    "TestLintOverrideSignatures",
    "TestDunderinit",
    "ManifestLinter",
    "TestOnchangeDomains",
    "RoutesLinter",
    "PotLinter",
)


def complaints(here, folder):
    """What Odoo's lint tests and the template's check say; nothing when this tree was found good before."""
    key = digest(project.tree_hash(), here.odoo.source.identity, here.venv.root.name, *CLASSES, length=20)
    stamp = here.instance / "odoo-gates.json"
    if (read_json(stamp) or {}).get("good") == key:
        say("  (Odoo's own lint tests: good before, nothing changed since)")
        return []
    found = _check(here, folder)
    if not found:
        write_json(stamp, {"good": key})
    return found


def _check(here, folder):
    # Real files: Odoo's linters do not enter linked folders.
    stage = farm.stage(folder / "addons")
    odoo = Odoo(
        source=here.odoo.source,
        venv=here.venv,
        server=here.server,
        cache=here.cache,
        farm=stage.parent,
        instance=here.instance,
    )
    name = here.databases.temporary_name("lint")
    log = here.log("lint")
    try:
        with step("Odoo's own lint tests"):
            here.databases.new(name)
            tags = ",".join(f"/test_lint:{test}" for test in CLASSES)
            modules = f"{project.NAME},test_lint"
            status, lines = odoo.run(name, "-i", modules, "--test-tags", tags, "--stop-after-init", log=log)
            template = translations.export(here, odoo, name, folder) if not status else None
    finally:
        here.databases.drop(name)
    report = judge.read(lines)
    found = [record.text for record in report.broken] + judge.problems(report, status)
    if template and translations.merge(here, template, check=True)[0]:
        found.append(f"i18n/{project.NAME}.pot is out of date; ./dev i18n refreshes it")
    return [*found, f"(the whole log: {log})"] if found else []
