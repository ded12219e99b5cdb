"""Make dist/construction_crm-VERSION.zip, which installs on an existing Odoo; with --wheel also a Python wheel."""

import shutil
import tempfile
import zipfile
from pathlib import Path

from .. import farm, project, site
from ..proc import clean_environment, run
from ..ui import result

# The same sources give the same archive, whenever it is made.
EPOCH = (1980, 1, 1, 0, 0, 0)


def add_arguments(parser):
    """The arguments of `./dev package`."""
    parser.add_argument("--wheel", action="store_true", help="also build the wheel odoo-addon-construction_crm")


def main(args):
    """Stage the addon's files and pack them."""
    folder = project.ROOT / "dist"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        texts = [text for text in project.PACKAGED_TEXTS if (project.ROOT / text).is_file()]
        stage = farm.stage(Path(name) / "stage", extra=texts)
        result(pack(stage, folder / f"{project.NAME}-{project.manifest()['version']}.zip"))
        if args.wheel:
            with site.ready() as here:
                result(build_wheel(here, stage, folder))
    return 0


def pack(stage, target):
    """Zip the staged folder under its own name; the archive's path."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(stage.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(stage.parent).as_posix(), EPOCH)
                entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return target


def build_wheel(here, stage, folder):
    """Build the wheel from the staged folder: the packer names it after the folder and takes all that lies there."""
    shutil.copy2(project.ROOT / "pyproject.toml", stage)
    command = [here.venv.python, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    with tempfile.TemporaryDirectory() as name:
        run([*command, "--wheel-dir", name, stage], env=clean_environment(PATH=f"{here.venv.bin}:/usr/bin:/bin"))
        wheel = next(Path(name).glob("*.whl"))
        return Path(shutil.copy2(wheel, folder / wheel.name))
