"""Generating a quote again without losing what a person did to it: three states of every line, compared.

`base` is what was generated last time, `now` what stands on the quote, `new` what would be generated today. Lines go
by a key that stays the same from one generation to the next; their values are plain (numbers, texts, lists).
"""

from dataclasses import dataclass, field
from typing import Any

ADDED = "added"  # new in the sheet
CHANGED = "changed"  # the sheet says otherwise, nobody touched the line
CONFLICT = "conflict"  # the sheet says otherwise, and so does a person
EDITED = "edited"  # only a person changed it
REMOVED = "removed"  # gone from the sheet, nobody touched the line
ORPHANED = "orphaned"  # gone from the sheet, and a person had changed it
DROPPED = "dropped"  # a person took it off the quote

#: What happens to a change when nobody says otherwise: hand work is kept.
TAKEN_BY_DEFAULT = frozenset({ADDED, CHANGED, REMOVED})

TOLERANCE = 1e-6


@dataclass(slots=True)
class Change:
    """One line that differs. `taken` is what it becomes when the change is taken, `None`: it goes.

    `fields` are the names that would change; `clashes` those of them that a person had changed too.
    """

    key: Any
    kind: str
    now: dict | None = None
    taken: dict | None = None
    fields: list = field(default_factory=list)
    clashes: list = field(default_factory=list)

    @property
    def is_taken_by_default(self):
        """Whether to take it when nobody says otherwise."""
        return self.kind in TAKEN_BY_DEFAULT


def is_same(one, other):
    """Tell whether two values are alike; numbers may differ by what storing them does.

    >>> is_same(0.1 + 0.2, 0.3), is_same("a", "b"), is_same(0.0, False)
    (True, False, True)
    """
    if isinstance(one, float) or isinstance(other, float):
        try:
            return abs((one or 0.0) - (other or 0.0)) <= TOLERANCE * max(1.0, abs(one or 0.0))
        except TypeError:
            return False
    return (one or None) == (other or None)


def merge(base, now, new):
    """List what generating again would do, in the order of the new lines, those that go last.

    :param dict base: key → values as generated last time
    :param dict now: key → values of the generated lines that stand on the quote
    :param dict new: key → values as they would be generated
    :return: a list of `Change`; lines that stay as they are, are not in it

    >>> base = {1: {"q": 1.0, "n": "a"}, 2: {"q": 2.0, "n": "b"}, 3: {"q": 3.0, "n": "c"}}
    >>> now = {1: {"q": 1.0, "n": "a"}, 2: {"q": 9.0, "n": "b"}}
    >>> new = {1: {"q": 1.5, "n": "a"}, 2: {"q": 4.0, "n": "b"}, 3: {"q": 3.0, "n": "c"}, 4: {"q": 1.0, "n": "d"}}
    >>> [(change.key, change.kind, change.fields, change.clashes) for change in merge(base, now, new)]
    [(1, 'changed', ['q'], []), (2, 'conflict', ['q'], ['q']), (3, 'dropped', [], []), (4, 'added', [], [])]
    >>> [change.kind for change in merge(base, base, {})]
    ['removed', 'removed', 'removed']
    """
    changes = [change for key in new if (change := _compare(key, base.get(key), now.get(key), new[key]))]
    for key, values in now.items():
        if key not in new and key in base:
            kind = ORPHANED if _differing(base[key], values) else REMOVED
            changes.append(Change(key, kind, now=values))
    return changes


def _compare(key, base, now, new):
    if now is None:
        return Change(key, ADDED if base is None else DROPPED, taken=new)
    edited = set(_differing(base or now, now))
    # What a person changed and the sheet did not stays changed.
    moved = set(_differing(base, new)) if base is not None else set(_differing(now, new))
    fields = [name for name in _differing(now, new) if name in moved]
    clashes = [name for name in fields if name in edited]
    if fields:
        taken = now | {name: new[name] for name in fields}
        return Change(key, CONFLICT if clashes else CHANGED, now, taken, fields, clashes)
    undone = _differing(now, new)
    if undone:
        return Change(key, EDITED, now, dict(new), undone, undone)
    return None


def _differing(one, other):
    return [name for name in other if not is_same(one.get(name), other[name])]
