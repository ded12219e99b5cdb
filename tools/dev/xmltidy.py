"""A small, fixed XML style: declaration first, four spaces for each level, no tabs or loose ends of lines."""

import re
from xml.parsers import expat

DECLARATION = '<?xml version="1.0" encoding="utf-8" ?>'
INDENT = 4
TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^>]*>|</[^>]+>"
    r"|<[^\s/>!?](?:[^>\"']|\"[^\"]*\"|'[^']*')*>",
    re.DOTALL,
)
PRESERVED = re.compile(r"<pre[\s>]|<[^>]*xml:space=.preserve")


def complaint(content):
    """Why the bytes are no well-formed XML, or None.

    >>> complaint(b"<a><b></a>")
    'mismatched tag: line 1, column 8'
    """
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError as error:
        return str(error)
    return None


def tidy(text):
    r"""The text in our style.

    >>> print(tidy("<?xml version='1.0'?>\n<odoo>\n  <record\n   id='a'>\n\t<b/> \n</record>\n</odoo>"))
    <?xml version="1.0" encoding="utf-8" ?>
    <odoo>
        <record
         id='a'>
            <b/>
        </record>
    </odoo>
    <BLANKLINE>
    """
    text = text.replace("\r\n", "\n").lstrip("\ufeff")
    text = re.sub(r"\A\s*<\?xml.*?\?>\s*", "", text)
    kept = _preserved_lines(text)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if number not in kept:
            lead = re.match(r"[ \t]*", line)[0]
            lines[number] = (lead.expandtabs(INDENT) + line[len(lead) :]).rstrip()
    _indent(lines, kept)
    return f"{DECLARATION}\n" + "\n".join(lines).strip("\n") + "\n"


def _tokens(text):
    """(line number, whether it begins its line, token, depth it should stand at)."""
    depth = 0
    for found in TOKEN.finditer(text):
        token = found[0]
        start = text.rfind("\n", 0, found.start()) + 1
        closing = token.startswith("</")
        depth -= closing
        yield text.count("\n", 0, found.start()), not text[start : found.start()].strip(), token, depth
        if not closing and token[1] not in "!?" and not token.endswith("/>"):
            depth += 1


def _preserved_lines(text):
    """Numbers of the lines whose white space means something."""
    kept, opened = set(), None
    for line, _first, token, depth in _tokens(text):
        last = line + token.count("\n")
        if token.startswith("<![CDATA["):
            kept.update(range(line + 1, last + 1))
        elif opened is None and PRESERVED.match(token) and not token.endswith("/>"):
            opened = (line, depth)
        elif opened and token.startswith("</") and depth == opened[1]:
            kept.update(range(opened[0] + 1, last + 1))
            opened = None
    return kept


def _indent(lines, kept):
    """Move every line that begins with a tag or comment to its level, its further lines by as much."""
    for number, first, token, depth in list(_tokens("\n".join(lines))):
        if not first or number in kept:
            continue
        shift = depth * INDENT - (len(lines[number]) - len(lines[number].lstrip()))
        for line in range(number, number + token.count("\n") + 1):
            if lines[line].strip() and line not in kept:
                old = len(lines[line]) - len(lines[line].lstrip())
                lines[line] = " " * max(0, old + shift) + lines[line].lstrip()
