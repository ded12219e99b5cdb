"""Bytes to text and back: which character set a BC3 file is in, whatever it says of itself."""

import codecs
import re

#: What files call the sets, and Python's names of them. A file that names none is in 850.
CHARSETS = {
    "": "cp850",
    "850": "cp850",
    "CP850": "cp850",
    "437": "cp437",
    "CP437": "cp437",
    "ANSI": "cp1252",
    "1252": "cp1252",
    "CP1252": "cp1252",
    "WINDOWS-1252": "cp1252",
    "ISO-8859-1": "cp1252",
    "LATIN1": "cp1252",
    "UTF-8": "utf-8",
    "UTF8": "utf-8",
}

# programs that make UTF-8 of ANSI letter by letter leave “ and € as control characters
_SHIFTED = {
    number: bytes([number]).decode("cp1252") for number in range(0x80, 0xA0) if number not in b"\x81\x8d\x8f\x90\x9d"
}

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_VERSION = re.compile(rb"~\s*[Vv]\s*\|([^~]{0,4000})")


def decode(data, report):
    """The text of a file and the name of the set it was read in.

    Bytes that make valid UTF-8 with letters beyond ASCII are UTF-8 whatever `~V` says: other sets practically
    never make such sequences.

    >>> from .model import Report
    >>> decode("~V||FIEBDC-3/2004|||ANSI|Peón".encode(), Report())[1]
    'utf-8'
    >>> decode("~V||FIEBDC-3/95||~C|a||Peón|".encode("cp850"), Report())
    ('~V||FIEBDC-3/95||~C|a||Peón|', 'cp850')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], name, report), name
    stated = stated_charset(data)
    name = CHARSETS.get(stated)
    if name is None:
        report.add(1, "~V", f"the character set “{stated}” is unknown; the file was read as 850")
        name = "cp850"
    if not data.isascii() and name != "utf-8" and _is_utf8(data):
        report.add(1, "~V", f"the file says its letters are {stated or '850'}, but they are UTF-8; read as UTF-8")
        name = "utf-8"
    return _decode_as(data, name, report), name


def stated_charset(data):
    """The set that `~V` names, upper case; empty where it names none.

    >>> stated_charset(b"~V|me|FIEBDC-3/2016|prog||ansi|")
    'ANSI'
    """
    found = _VERSION.search(data)
    fields = found.group(1).split(b"|") if found else []
    return fields[4].decode("latin-1").strip().upper()[:20] if len(fields) > 4 else ""


def _is_utf8(data):
    # not `final`: a file cut in the middle of a letter is still UTF-8
    try:
        codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return False
    return True


def _decode_as(data, name, report):
    text = data.decode(name, errors="replace")
    broken = text.count("\ufffd")
    if broken:
        report.add(0, "", f"{broken} characters are not {name}; each was read as “\ufffd”")
    repaired = text.translate(_SHIFTED) if name == "utf-8" else text
    if repaired != text:
        report.add(0, "", "letters of ANSI stood in the file as control characters; they were put right")
    return repaired


def encode(text, charset):
    """The bytes of a text in the set that `~V` will name, letters that it lacks as `?`.

    >>> encode("Peón €", "ANSI")
    b'Pe\\xf3n \\x80'
    """
    return text.encode(CHARSETS[charset.upper()], errors="replace")
