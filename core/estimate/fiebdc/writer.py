"""A `Budget` to the bytes of a BC3 file."""

import re

from .charset import CHARSETS, encode
from .coefficients import write_coefficients
from .figures import write_number
from .model import PLAIN

VERSION = "FIEBDC-3/2020"

# a `~` that a reader would take for the start of a record
_FALSE_START = re.compile(r"~(?=\s*[A-Za-z]\s*\|)")

# what a reader would take for the end of a field, a subfield or the file
_NO_FIELD = str.maketrans({"|": "¦", "\0": None, "\x1a": None})
_NO_SUBFIELD = str.maketrans({"|": "¦", "\\": "/", "\0": None, "\x1a": None, "\n": " ", "\r": " "})


def write(budget, charset="UTF-8", version=VERSION):
    """The bytes of a budget: reading them gives an equal budget.

    :param charset: what `~V` names: UTF-8, ANSI, 850 or 437. Letters that the set lacks become `?`; where the bytes
        could be mistaken for UTF-8, UTF-8 is written.

    >>> from .reader import read
    >>> budget = read(b"~V||FIEBDC-3/95||~C|R##||Works||~D|R##|A\\\\\\\\2\\\\|~C|A|m|Item|1|040400|0|")
    >>> read(write(budget, charset="ANSI")) == budget
    True
    """
    text = _text(budget, charset.upper(), version)
    data = encode(text, charset)
    if CHARSETS[charset.upper()] != "utf-8" and not data.isascii() and _reads_as_utf8(data):
        return encode(_text(budget, "UTF-8", version), "UTF-8")
    return data


def _reads_as_utf8(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text(budget, charset, version):
    records = [_header(budget.header, charset, version)]
    coefficients = write_coefficients(budget.coefficients)
    if any(part.strip("\\") for part in coefficients):
        records.append(("K", *coefficients))
    for concept in budget.concepts.values():
        records += _concept(budget.concepts, concept)
    records += [_measurement(budget.concepts, measurement) for measurement in budget.measurements]
    bodies = ("|".join(record) + "|\r\n" for record in records)
    return "".join("~" + _FALSE_START.sub("\u02dc", body) for body in bodies)


def _header(header, charset, version):
    date = f"\\{_sub(header.version_date)}" if header.version_date else ""
    return (
        "V",
        _text_field(header.owner),
        version + date,
        _text_field(header.program),
        "\\".join([_sub(header.title), *(_sub(label) for label in header.labels)]),
        charset,
        _text_field(header.comment),
        _text_field(header.information),
        _text_field(header.certificate),
        _text_field(header.certificate_date),
        _text_field(header.url),
    )


def _concept(concepts, concept):
    code = _code(concepts, concept.code)
    if concept.declared:
        aliases = "".join(f"\\{_sub(alias)}" for alias in concept.aliases)
        prices = "".join(f"{write_number(price)}\\" for price in concept.prices)
        dates = "".join(f"{_sub(date)}\\" for date in concept.dates)
        unit, summary = _text_field(concept.unit), _text_field(concept.summary)
        yield "C", code + aliases, unit, summary, prices, dates, _text_field(concept.kind)
    if concept.text:
        yield "T", code, _text_field(concept.text).replace("\r\n", "\n").replace("\n", "\r\n")
    if concept.components:
        yield "D", code, *_components(concepts, concept.components)


def _components(concepts, components):
    """The second field for every reader, the third too where rows name their percentages."""
    rows = [
        (_code(concepts, row.code), write_number(row.factor), write_number(row.rate), row.percentages)
        for row in components
    ]
    fields = ["".join(f"{code}\\{factor}\\{rate}\\" for code, factor, rate, _names in rows)]
    if any(names for _code_, _factor, _rate, names in rows):
        named = (f"{code}\\{factor}\\{rate}\\{_sub(';'.join(names))}\\" for code, factor, rate, names in rows)
        fields.append("".join(named))
    return fields


def _measurement(concepts, measurement):
    parent = _code(concepts, measurement.parent) + "\\" if measurement.parent else ""
    lines = []
    for line in measurement.lines:
        sizes = (line.count, line.length, line.width, line.height)
        lines.append("\\".join([_sub(line.kind), _sub(line.comment), *map(write_number, sizes)]) + "\\")
    return (
        "M",
        parent + _code(concepts, measurement.code),
        "".join(f"{_sub(step)}\\" for step in measurement.position),
        write_number(measurement.total),
        "".join(lines),
        _text_field(measurement.label),
    )


def _code(concepts, code):
    concept = concepts.get(code)
    return _sub(code) + (concept.level if concept else PLAIN)


def _sub(text):
    return text.translate(_NO_SUBFIELD)


def _text_field(text):
    return text.translate(_NO_FIELD)
