"""What this checkout is: its manifest, its parts, its languages, its state."""

import ast
import functools
import subprocess
from pathlib import Path

from .cache import digest
from .ui import Problem

NAME = "construction_crm"
ROOT = Path(__file__).resolve().parents[2]

# Top-level folders that no installed addon needs; everything else that git knows is part of it.
NOT_ADDON = {"tools", "doc", "docs", "dist", "build", "node_modules"}
# Files beside the addon's own that belong into a package.
PACKAGED_TEXTS = ("README.md", "LICENSE", "CHANGELOG.md")
# Languages kept from Odoo's own translations beside those the addon has.
LANGUAGES = ("de", "es", "fr", "ro", "ru", "zh_CN")


def files(root=ROOT):
    """Every file of the checkout that git tracks or would track, as sorted relative paths."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "."]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = [str(path.relative_to(root)) for path in Path(root).rglob("*") if "__pycache__" not in path.parts]
    return sorted({name for name in listed if name and (Path(root) / name).is_file()})


def is_addon_file(name):
    """Whether the file is part of the addon as Odoo sees it.

    >>> [is_addon_file(n) for n in ("models/a.py", "__init__.py", "tools/x.py", ".ci/run", "README.md")]
    [True, True, False, False, False]
    """
    top, slash, _rest = name.partition("/")
    if slash:
        return top not in NOT_ADDON and not top.startswith(".")
    return name.endswith(".py")


def addon_files(root=ROOT):
    """The files of the addon, as Odoo sees it."""
    return [name for name in files(root) if is_addon_file(name)]


def parts(root=ROOT):
    """The top-level names the addon consists of."""
    return sorted({name.partition("/")[0] for name in addon_files(root)})


def manifest(root=ROOT):
    """The addon's manifest as a dict."""
    path = Path(root) / "__manifest__.py"
    if not path.is_file():
        raise Problem(f"There is no __manifest__.py in {root}: this is no addon yet.")
    try:
        return ast.literal_eval(path.read_text())
    except (SyntaxError, ValueError) as error:
        raise Problem(f"{path} is no valid manifest: {error}") from None


def depends(root=ROOT):
    """The stock modules the addon needs."""
    return sorted(set(manifest(root).get("depends", ())) | {"base"})


def languages(root=ROOT):
    """Languages whose translations of Odoo we keep."""
    own = {path.stem for path in Path(root).glob("i18n/*.po")}
    return sorted(own | set(LANGUAGES) | {name.partition("_")[0] for name in own})


def tree_hash(names=None, root=ROOT):
    """A key for the contents of the addon's files (or of the named ones)."""
    names = addon_files(root) if names is None else names
    return digest(*(item for name in names for item in (name, (Path(root) / name).read_bytes())), length=20)


@functools.cache
def checkout_key(root=ROOT):
    """A key for this checkout, by its place."""
    return digest(Path(root).resolve(), length=8)
