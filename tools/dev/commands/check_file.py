"""Read a BC3, XLSX or GAEB file as the import would, in a throw-away database, and print what came of it as JSON."""

import json
import tempfile
from pathlib import Path

from .. import project, site
from ..cache import read_json, write_json
from ..ui import Problem, result, step

#: A larger file is not even read.
MAX_BYTES = 512 * 1024 * 1024

SCRIPT = """
import json, sys
sys.path.append({root!r})
from tools.check import main
with open({source!r}, "rb") as file:
    data = file.read()
found = main(env, data, {name!r})
with open({answer!r}, "w") as file:
    json.dump(found, file)
"""


def add_arguments(parser):
    """The arguments of `./dev check-file`."""
    parser.add_argument("file", metavar="FILE", help="the file to read")
    parser.add_argument("--fresh", action="store_true", help="start with a fresh database")


def main(args):
    """Print the facts; status 1 when the file cannot be imported, with an `error` that tells why."""
    path = Path(args.file)
    complaint = find_complaint(path)
    if complaint:
        return tell({"file": path.name, "error": complaint})
    with site.ready() as here, here.cache.lock(f"check-{project.checkout_key()}"):
        template = prepare(here, args.fresh)
        found = check(here, template, path.resolve())
    return tell(found)


def find_complaint(path):
    """What keeps a file from being read at all, in a sentence; None where nothing does."""
    try:
        if not path.exists():
            return f"There is no file {path}."
        if not path.is_file():
            return f"{path} is no file."
        if path.stat().st_size > MAX_BYTES:
            return f"{path} is larger than {MAX_BYTES // 1024 // 1024} MB."
        with path.open("rb") as file:
            file.read(1)
    except (OSError, ValueError) as error:
        return f"{path} cannot be read: {getattr(error, 'strerror', None) or error}."
    return None


def tell(found):
    """Print the facts; the status of the command."""
    result(json.dumps(found, indent=1, ensure_ascii=False))
    return 1 if "error" in found else 0


def prepare(here, fresh):
    """A database with the addon as it is now, to copy from; made anew when the addon changed."""
    name = f"{here.databases.prefix}_check"
    stamp, tree = here.instance / "check.json", project.tree_hash(project.addon_files())
    if not fresh and read_json(stamp) == {"tree": tree} and name in here.databases.names():
        return name
    stamp.unlink(missing_ok=True)
    with step("Making a database with the addon, once"):
        here.databases.new(name)
        log = here.log("check-install")
        status, _lines = here.odoo.run(name, "-i", project.NAME, "--stop-after-init", "--no-http", log=log)
    if status:
        raise Problem(f"The addon could not be installed; the log is {log}")
    write_json(stamp, {"tree": tree})
    return name


def check(here, template, path):
    """Import the file in a copy of the database, which is dropped again."""
    here.databases.drop_abandoned()
    name, log = here.databases.temporary_name("check"), here.log("check")
    with tempfile.TemporaryDirectory() as folder, step(f"Importing {path.name}"):
        answer = Path(folder) / "answer.json"
        try:
            here.databases.copy(template, name, here.odoo.data)
            code = SCRIPT.format(root=str(project.ROOT), source=str(path), name=path.name, answer=str(answer))
            status, lines = here.odoo.run(name, "shell", "--no-http", log=log, stdin=code)
            found = read_json(answer)
        finally:
            here.databases.drop(name)
    if status or found is None:
        raise Problem(f"The import ended with status {status}; the log is {log}\n{''.join(lines[-15:])}")
    return found
