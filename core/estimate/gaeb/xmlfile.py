"""Bytes to an XML tree, or a sentence why not: nothing outside the file is ever read, and nothing in it grows."""

import re

from lxml import etree

from ..exchange.draft import DraftError

MAX_BYTES = 64 * 1024 * 1024
MAX_TAGS = 1_500_000
MAX_DEPTH = 100
MAX_ATTRIBUTES = 500

NAMESPACE = "http://www.gaeb.de/GAEB_DA_XML/"
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
}
_DECLARATION = re.compile(r"\s*<\?xml([^>]{0,200})\?>")
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


def parse(data):
    """Give the root element of a GAEB DA XML file and whether its letters were declared wrongly.

    :raise DraftError: with a sentence, for whatever is no such file
    """
    _check_kind(data)
    text, is_guessed = _decode(data)
    text = _without_declaration(text.lstrip("\ufeff"))
    _check_text(text)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise DraftError(f"The file is damaged: its XML breaks off or is wrong at line {error.lineno or 1}.") from None
    except (ValueError, etree.LxmlError):
        raise DraftError("The file is damaged: it is no XML that can be read.") from None
    if local(root) != "GAEB" or not (etree.QName(root).namespace or NAMESPACE).startswith(NAMESPACE):
        raise DraftError("This is an XML file, but no GAEB file: it does not begin with <GAEB>.")
    _check_depth(root)
    return root, is_guessed


def _check_kind(data):
    """Tell what the file is when it is none of ours; people send all kinds of files under any name."""
    if len(data) > MAX_BYTES:
        raise DraftError(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Ask for it without pictures.")
    head = bytes(data[:400]).lstrip()
    if not head:
        raise DraftError("The file is empty.")
    if head.startswith(b"PK"):
        raise DraftError("This is a ZIP archive. Unpack it and choose the GAEB file inside.")
    if head.startswith(b"%PDF"):
        raise DraftError("This is a PDF document. Ask for the tender as a GAEB DA XML file (X83).")
    if head[:6].lower() == b"#begin":
        raise DraftError("This is a GAEB 2000 file; only GAEB DA XML (X81 to X86) is read. Ask for the tender as X83.")
    if re.match(rb"00[ -~]{6,}8[1-6]", head) or re.match(rb"(00|T0|01)[ -~\x80-\xff]{60,}\r?\n", head):
        raise DraftError("This is a GAEB 90 file; only GAEB DA XML (X81 to X86) is read. Ask for the tender as X83.")


def _decode(data):
    """Give the text and whether its encoding had to be guessed, against what the file says of itself."""
    data = bytes(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif data[:4] in (b"<\x00?\x00", b"<\x00G\x00"):
        encoding = "utf-16-le"
    elif data[:4] in (b"\x00<\x00?", b"\x00<\x00G"):
        encoding = "utf-16-be"
    elif data[:3] == b"\xef\xbb\xbf":
        encoding = "utf-8-sig"
    else:
        declared = _DECLARED.match(data[:400])
        name = declared.group(1).decode().lower() if declared else "utf-8"
        encoding = ENCODINGS.get(name, "utf-8")
        if encoding != "utf-8" and _is_utf8(data):
            return data.decode("utf-8"), True
    try:
        return data.decode(encoding), False
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), True


def _is_utf8(data):
    """Tell whether the letters beyond English are UTF-8, which hardly happens by chance."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _without_declaration(text):
    """Drop the XML declaration, lines kept: the text is no longer in the encoding it names."""
    found = _DECLARATION.match(text)
    return "\n" * found.group(0).count("\n") + text[found.end() :] if found else text


def _check_text(text):
    """Refuse what grows when read, before anything reads it."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DraftError("The file declares a document type or entities, which no GAEB file does. It is not read.")
    if text.count("<") > MAX_TAGS:
        raise DraftError("The file has too many elements for a tender.")
    if text.count("=") > MAX_ATTRIBUTES and any(part.count("=") > MAX_ATTRIBUTES for part in _tags(text)):
        raise DraftError("The file has an element with too many attributes.")


def _tags(text):
    start = text.find("<")
    while start >= 0:
        end = text.find("<", start + 1)
        # Only what can hold attributes: pictures are long and have a sign of equality or two.
        yield text[start:end] if end >= 0 else text[start:]
        start = end


def _check_depth(root):
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise DraftError("The file is nested too deeply for a tender.")


# === READING === #


def local(element):
    """Give the name of an element without its namespace; empty for what is no element.

    >>> local(etree.fromstring('<a:Item xmlns:a="http://x"/>'))
    'Item'
    """
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element, *path):
    """Give the first element on the way of names, or None."""
    for name in path:
        element = next(children(element, name), None) if element is not None else None
    return element


def children(element, *names):
    """Go over the elements of these names right below."""
    return (found for found in (() if element is None else element) if local(found) in names)


def value(element, *path):
    """Give the text at the end of the way of names, in one line; empty where there is none."""
    found = child(element, *path)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def is_yes(element, *path):
    return value(element, *path).lower() in {"yes", "true", "1"}
