"""What `./dev test PATH or tag …` means: which phases run, and with what."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from . import project
from .ui import Problem


@dataclass
class Targets:
    """The test files of each phase and Odoo's tags; `full` when nothing was named."""

    plain: list = field(default_factory=list)
    doctests: list = field(default_factory=list)
    tags: list = field(default_factory=list)
    live: list = field(default_factory=list)
    full: bool = False


def parse(words, root=project.ROOT):
    """The targets for the words of the command line."""
    files = project.files(root)
    if not words:
        return Targets(
            plain=_tests(files, "tools/tests/") + _tests(files, "tests/core/"),
            doctests=doctest_modules(files),
            tags=[f"/{project.NAME}"],
            live=_tests(files, "tools/live/"),
            full=True,
        )
    targets = Targets()
    for word in words:
        if looks_like_path(word):
            _add_path(targets, _relative(word, root), files)
        else:
            targets.tags.append(word)
    return targets


def looks_like_path(word):
    """Whether a word is a path of the checkout and not one of Odoo's tags.

    >>> [looks_like_path(w) for w in ("tests/a/test_x.py", "core", "/construction_crm:TestX", ":TestX", "post_install")]
    [True, True, False, False, False]
    """
    return not word.startswith((":", "-", f"/{project.NAME}")) and ("/" in word or word in ("core", "tests", "tools"))


def doctest_modules(files):
    """The Python files whose doctests run without Odoo."""
    return [name for name in files if re.match(r"(core|tools/dev)/.*\.py$", name)]


def odoo_tag(name, rest=""):
    """Odoo's tag for a test file (and what follows it, `:Class.method`).

    >>> odoo_tag("tests/estimate/test_x.py", ":TestX.test_y")
    '/construction_crm/tests/estimate/test_x.py:TestX.test_y'
    """
    return f"/{project.NAME}/{name}{rest}"


def shares(count, root=project.ROOT):
    """The Odoo test files in `count` groups of about equal size, each as (its files, Odoo's tags for it).

    The first group's tags are all tests but those of the other groups: no test can fall between two.
    """
    names = [name for name in _tests(project.files(root), "tests/") if not name.startswith("tests/core/")]
    groups = [[] for _number in range(max(1, min(count, len(names))))]
    weights = [0] * len(groups)
    for name in sorted(names, key=lambda name: -(Path(root) / name).stat().st_size):
        lightest = weights.index(min(weights))
        groups[lightest].append(name)
        weights[lightest] += (Path(root) / name).stat().st_size
    others = [odoo_tag(name) for group in groups[1:] for name in sorted(group)]
    tags = [[f"/{project.NAME}", *(f"-{tag}" for tag in others)]]
    tags += [[odoo_tag(name) for name in sorted(group)] for group in groups[1:]]
    return list(zip(groups, tags, strict=True))


def _tests(files, folder):
    return [name for name in files if name.startswith(folder) and re.match(r"test_\w+\.py$", Path(name).name)]


def _relative(word, root):
    path, colon, rest = word.partition(":")
    full = Path(path).absolute()
    inside = full if full.is_relative_to(Path(root)) and full.exists() else Path(root) / path
    if not inside.exists():
        raise Problem(f"There is no {path} here.")
    return inside.relative_to(root).as_posix() + colon + rest


def _add_path(targets, word, files):
    path, colon, rest = word.partition(":")
    chosen = [name for name in files if name == path or name.startswith(f"{path}/")]
    if path == "tests" or re.match(r"tests/(?!core(/|$))", path):
        targets.tags += [odoo_tag(name, colon + rest) for name in _tests(chosen, "tests/") if "tests/core/" not in name]
    for folder in ("tools/tests/", "tests/core/"):
        targets.plain += _tests(chosen, folder)
    targets.live += _tests(chosen, "tools/live/")
    targets.doctests += doctest_modules(chosen)
    if not any(Path(name).name.startswith("test_") or name in targets.doctests for name in chosen):
        raise Problem(f"There are no tests in {path}.")
