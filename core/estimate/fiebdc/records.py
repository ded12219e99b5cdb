"""A BC3 text cut into records, fields and subfields."""

import re
from dataclasses import dataclass

# a `~` of a text is not followed by one letter and `|`
_START = re.compile(r"~\s*([A-Za-z])\s*(?=\||$)")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its letter, the line it starts on, its fields, and whether its last field was closed."""

    letter: str
    line: int
    fields: tuple
    closed: bool

    @property
    def name(self):
        """The record as people write it."""
        return "~" + self.letter

    def field(self, number):
        """A field by its number, the first after the letter being 1; empty where the record ends before."""
        return self.fields[number - 1] if number <= len(self.fields) else ""


def split_records(text):
    """Every record of a text, in order.

    >>> [(r.letter, r.line, r.fields, r.closed) for r in split_records("~V||F~3|\\n~C|a||b\\n|\\n~D|a")]
    [('V', 1, ('', 'F~3'), True), ('C', 2, ('a', '', 'b\\n'), True), ('D', 4, ('a',), False)]
    """
    starts = list(_START.finditer(text))
    line, counted = 1, 0
    for index, start in enumerate(starts):
        end = starts[index + 1].start() if index + 1 < len(starts) else len(text)
        line += text.count("\n", counted, start.start())
        counted = start.start()
        fields = text[start.end() : end].split("|")[1:]
        # what was cut off may end in the start of a record
        rest = fields.pop().replace("~", "") if fields else ""
        if rest.strip():
            fields.append(rest)
        yield Record(start.group(1).upper(), line, tuple(fields), bool(fields) and not rest.strip())


def split_subfields(text):
    """The subfields of a field, blanks and line breaks around them gone, and the empty one after the last `\\`.

    >>> split_subfields("A#\\\\\\\\1\\r\\n\\\\B\\\\")
    ['A#', '', '1', 'B']
    """
    parts = [part.strip() for part in text.replace("\n", " ").split("\\")]
    if parts and not parts[-1]:
        parts.pop()
    return parts


def split_groups(text, size):
    """The subfields of a field in groups, the last one filled up with empty ones.

    >>> split_groups("A\\\\1\\\\2\\\\B\\\\3", 3)
    [['A', '1', '2'], ['B', '3', '']]
    """
    parts = split_subfields(text)
    return [parts[at : at + size] + [""] * (size - len(parts[at : at + size])) for at in range(0, len(parts), size)]


def split_code(text):
    """A code and the level its sharps tell.

    >>> split_code(" CAP1# "), split_code("ROOT##"), split_code("A")
    (('CAP1', '#'), ('ROOT', '##'), ('A', ''))
    """
    text = text.replace("~", "").strip()
    code = text.rstrip("# ")
    return code, "##"[: text.count("#", len(code))]


def first_code(text):
    """The code and level of a field that should hold one code only.

    >>> first_code("A#\\\\B"), first_code("")
    (('A', '#'), ('', ''))
    """
    parts = split_subfields(text)
    return split_code(parts[0]) if parts else ("", "")


def stripped(values):
    """Without the empty ones at the end, which say nothing.

    >>> stripped([None, 1, None])
    (None, 1)
    """
    values = list(values)
    while values and values[-1] in (None, ""):
        values.pop()
    return tuple(values)
