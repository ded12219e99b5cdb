"""Checks of our own sources that no linter makes. Each takes a root and yields complaints, `file:line: what`."""

import ast
import re
from pathlib import Path

from . import project, xmltidy

# Code of earlier Odoo series that 19 refuses, warns about, or silently ignores.
STALE = re.compile(
    r"_sql_constraints|name_get\b|_name_search|kanban-box|oe_chatter|groups_id\b|<tree|attrs=|states=|auto_join"
    r"|group_operator|\bosv\b|type=.json.|[.'\"]product_uom\b|tax_id\b|toggle_active|<report |<act_window "
    r"|'Product Unit of Measure'|self\._(cr|uid|context)\b|t-esc|t-raw|\.read_group\("
)
# Parts of the tools that run inside Odoo's shell.
INSIDE_ODOO = (
    "tools/bench/",
    "tools/live/race",
    "tools/live/purchase_road.py",
    "tools/live/worlds.py",
    "tools/check/inside.py",
)
# A line where such a word is right says why, after this mark.
STALE_MARK = "not stale:"
SOURCES = (".py", ".xml", ".js", ".csv")
# In two parts each, so that this file names no host either.
HOSTS = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("debian", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("nodesource", "com"),
    ("ubuntu", "com"),
    ("crates", "io"),
)
HOST = re.compile("|".join(rf"\b{name}\.{end}\b" for name, end in HOSTS))
DATA_SUFFIXES = (".xml", ".csv")
NOT_DATA = ("static/", "tests/", "core/", "i18n/")


def stale_patterns(root=project.ROOT):
    """Words of earlier series in the addon's sources."""
    for name in project.addon_files(root):
        if name.endswith(SOURCES):
            for number, line in enumerate(_lines(root, name), 1):
                found = STALE.search(line)
                if found and STALE_MARK not in line:
                    cure = f"if it is right here, say “{STALE_MARK} reason” on the line"
                    yield f"{name}:{number}: stale: {found[0]} ({cure})"


def imports_of_odoo(root=project.ROOT):
    """`core` and the tools stay free of Odoo; what is piped into Odoo's shell may use it."""
    for name in project.files(root):
        if name.endswith(".py") and name.startswith(("core/", "tools/")) and not name.startswith(INSIDE_ODOO):
            for number, module in imported_modules((Path(root) / name).read_text()):
                if module.partition(".")[0] == "odoo":
                    yield f"{name}:{number}: imports {module}: this part works without Odoo"
                elif name.startswith("core/") and module.partition(".")[0] == "core":
                    yield f"{name}:{number}: imports {module}: inside core all imports of core are relative"


def imported_modules(source):
    """(line, module) for each absolute import.

    >>> list(imported_modules("import a.b\\nfrom c import d\\nfrom . import e"))
    [(1, 'a.b'), (2, 'c')]
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.lineno, node.module


def registry_hosts(root=project.ROOT):
    """No file names the host of a package registry: each machine has its own."""
    for name in project.files(root):
        for number, line in enumerate(_lines(root, name), 1):
            found = HOST.search(line)
            if found:
                yield f"{name}:{number}: names the host of a package registry"


def manifest_files(root=project.ROOT):
    """What the manifest lists exists, and every data file is listed."""
    manifest = project.manifest(root)
    listed = [*manifest.get("data", ()), *manifest.get("demo", ())]
    present = set(project.addon_files(root))
    for name in listed:
        if name not in present:
            yield f"__manifest__.py:1: lists {name}, which does not exist"
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        yield f"__manifest__.py:1: lists {name} twice"
    for name in sorted(present - set(listed)):
        if name.endswith(DATA_SUFFIXES) and not name.startswith(NOT_DATA):
            yield f"{name}:1: is not listed in the manifest"


def xml_format(root=project.ROOT, fix=False):
    """XML is well-formed and in our style; `fix` writes it so."""
    for name in project.addon_files(root):
        if not name.endswith(".xml"):
            continue
        path = Path(root) / name
        wrong = xmltidy.complaint(path.read_bytes())
        if wrong:
            yield f"{name}:1: not well-formed: {wrong}"
            continue
        text = path.read_text()
        tidied = xmltidy.tidy(text)
        if tidied != text and fix:
            path.write_text(tidied)
        elif tidied != text:
            pairs = enumerate(zip(text.split("\n"), tidied.split("\n")), 1)
            number = next((number for number, (old, new) in pairs if old != new), 1)
            yield f"{name}:{number}: not in our XML style; ./dev lint --fix makes it so"


def core_tests_are_not_odoo_tests(root=project.ROOT):
    """Tests of `core` run in plain Python only."""
    for name in project.files(root):
        if re.match(r"tests/core/.*\.py$", name):
            for number, module in imported_modules((Path(root) / name).read_text()):
                if module.partition(".")[0] == "odoo":
                    yield f"{name}:{number}: imports {module}: tests of core run without Odoo"


def conflict_markers(root=project.ROOT):
    """No file holds the marks of a merge left undone."""
    for name in project.files(root):
        for number, line in enumerate(_lines(root, name), 1):
            if re.match(r"(<{7}|>{7})( |$)", line):
                yield f"{name}:{number}: a merge was left undone"


def _lines(root, name):
    return (Path(root) / name).read_bytes().decode(errors="replace").splitlines()


ALL = (stale_patterns, imports_of_odoo, core_tests_are_not_odoo_tests, registry_hosts, manifest_files, conflict_markers)
