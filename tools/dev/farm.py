"""The link farm: a real folder with the addon's technical name and one link for each of its parts.

Odoo takes the name of a module from its folder, and walks everything below it; so the checkout may have any name, and
Odoo never sees ./dev, its tools or the documents.
"""

import os
import shutil
from pathlib import Path

from . import project
from .ui import Problem


def build(folder, root=project.ROOT):
    """Bring `folder`/construction_crm in step with the checkout; returns `folder`, an addons path."""
    names = project.parts(root)
    if "__manifest__.py" not in names:
        raise Problem(f"There is no __manifest__.py in {root}: this is no addon yet.")
    _link(Path(folder) / project.NAME, names, root)
    return Path(folder)


def build_plain(folder, root=project.ROOT):
    """A folder with nothing but a link to `core`, for tests without Odoo: `from core.x import y`."""
    folder = Path(folder)
    _link(folder, ["core"] if (Path(root) / "core").is_dir() else [], root)
    return folder


def stage(folder, root=project.ROOT, extra=()):
    """Copy the addon's files (and the extra ones) to `folder`/construction_crm; returns that folder."""
    target = Path(folder) / project.NAME
    for name in [*project.addon_files(root), *extra]:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(Path(root) / name, target / name)
    return target


def _link(farm, names, root):
    farm.mkdir(parents=True, exist_ok=True)
    for name in names:
        link, target = farm / name, str(Path(root) / name)
        if link.is_symlink() and os.readlink(link) == target:
            continue
        if link.is_symlink() or link.exists():
            link.unlink()
        link.symlink_to(target)
    for stale in set(os.listdir(farm)) - set(names):
        (farm / stale).unlink()
