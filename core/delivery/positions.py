"""The positions of works of an order: its chapters, and what is priced outside them."""

from dataclasses import dataclass, field
from typing import Any

SECTION = "line_section"
SUBSECTION = "line_subsection"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an order in its place.

    `kind` is its display type, empty for a priced line; `is_chapter` a section that has a quantity; `is_bought`
    tells priced lines from options left at zero; `is_follower` a discount: it goes with the works, nobody builds it.
    """

    key: Any
    kind: str = ""
    is_chapter: bool = False
    is_bought: bool = True
    is_follower: bool = False


@dataclass(slots=True)
class Works:
    """What is measured as one: `key` is the chapter, or the priced line itself; `lines` what it is made of."""

    key: Any
    is_chapter: bool
    is_follower: bool = False
    lines: list = field(default_factory=list)
    has_options: bool = False


def gather(rows):
    """Give the `Works` of an order, in their order. Each bought line is in exactly one of them.

    A subsection belongs to its chapter; in a section that is none it can be a chapter itself.

    >>> rows = [Row("A", SECTION, is_chapter=True), Row("a1"), Row("a2", SUBSECTION, is_chapter=True), Row("a3"),
    ...         Row("B", SECTION), Row("b1"), Row("b2", is_bought=False), Row("less", is_follower=True)]
    >>> [(works.key, works.lines) for works in gather(rows)]
    [('A', ['a1', 'a3']), ('b1', ['b1']), ('less', ['less'])]

    A discount written under a chapter is none of its lines, and a chapter of nothing but options was not bought.

    >>> rows = [Row("A", SECTION, is_chapter=True), Row("a1", is_bought=False), Row("less", is_follower=True)]
    >>> [(works.key, works.lines) for works in gather(rows)]
    [('less', ['less'])]
    """
    result, section, subsection = [], None, None
    for row in rows:
        if row.kind == SECTION:
            section, subsection = _open(row, result), None
        elif row.kind == SUBSECTION and section is None:
            subsection = _open(row, result)
        elif not row.kind:
            chapter = section or subsection
            if not row.is_bought:
                if chapter and not row.is_follower:
                    chapter.has_options = True
            elif chapter is None or row.is_follower:
                result.append(Works(row.key, False, row.is_follower, [row.key]))
            else:
                chapter.lines.append(row.key)
    return [works for works in result if works.lines or not works.has_options]


def _open(row, result):
    if not row.is_chapter:
        return None
    result.append(Works(row.key, True))
    return result[-1]
