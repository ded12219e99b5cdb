"""What is looked at before a workbook is opened: size, kind of file, bombs, entities."""

import io
import re
import zipfile

from ..exchange.draft import DraftError

MAX_BYTES = 25 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 2000
#: XML elements of all parts: what bounds the time and memory of reading.
MAX_ELEMENTS = 6_000_000

_CHUNK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPES = tuple(
    text.encode(name) for text in ("<!DOCTYPE", "<!ENTITY") for name in ("ascii", "utf-16-le", "utf-16-be")
)
_LONGEST = max(map(len, _DOCTYPES))
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})[\"']")
_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}


class Plain:
    """Says things where nobody translates; what stands in for it has the same method."""

    def _(self, text, /, **values):
        """Put values into a sentence.

        >>> PLAIN._("%(count)s rows", count=3)
        '3 rows'
        """
        return text % values if values else text


PLAIN = Plain()


def check_archive(data, say=PLAIN):
    """Refuse bytes that are no workbook, or one that would blow up.

    :param data: the bytes of the file
    :param say: translates a sentence and puts its values in
    :raise DraftError: a sentence for the person who chose the file
    """
    if len(data) > MAX_BYTES:
        raise DraftError(say._("The file is larger than %(size)s MB. Divide it.", size=MAX_BYTES >> 20))
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise DraftError(say._("The workbook is protected by a password. Remove the password and save it again."))
        raise DraftError(say._("This is an old Excel workbook (.xls). Open it and save it as an .xlsx workbook."))
    broken = DraftError(
        say._("The file is no .xlsx workbook, or it is damaged. Save it again in a spreadsheet program.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, len(data), say, broken)
    except DraftError:
        raise
    except Exception as error:  # a damaged archive fails in many ways
        raise broken from error


def _check_parts(archive, size, say, broken):
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
        raise DraftError(say._("This is an OpenDocument file (.ods). Open it and save it as an .xlsx workbook."))
    if "xl/workbook.bin" in names:
        raise DraftError(say._("This is a binary workbook (.xlsb). Open it and save it as an .xlsx workbook."))
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise broken
    if any(part.flag_bits & 0x1 for part in parts):
        raise DraftError(say._("The workbook is protected by a password. Remove the password and save it again."))
    unpacked = sum(part.file_size for part in parts)
    too_much = DraftError(say._("The workbook unpacks to more than may be read at once. Divide it."))
    if len(parts) > MAX_PARTS or len(names) < len(parts) or unpacked > min(MAX_UNPACKED, size * MAX_RATIO):
        raise too_much
    elements = 0
    for part in parts:
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken
        elements += _scan(archive, part, say)
        if elements > MAX_ELEMENTS:
            raise too_much


def _scan(archive, part, say):
    """Count the elements of a part and refuse what declares entities of its own; no workbook does."""
    elements, tail = 0, b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            declared = None if tail else _DECLARED.search(chunk[:300])
            text = tail + chunk
            is_foreign = declared and declared[1].lower() not in _ENCODINGS
            if is_foreign or any(mark in text for mark in _DOCTYPES):
                raise DraftError(
                    say._("The workbook declares things no spreadsheet program writes. It was not opened.")
                )
            elements += chunk.count(b"<")
            tail = text[-_LONGEST:]
    return elements
