"""Formatted text of a tender to plain text: paragraphs, lists, tables and what the bidder has to fill in."""

import re

from .xmlfile import local

MAX_TEXT = 60_000
#: Where a bidder writes something, in plain text.
GAP = "……"
_BLOCKS = {
    "p",
    "div",
    "ul",
    "ol",
    "table",
    "Text",
    "TextOutlTxt",
    "DetailTxt",
    "OutlineText",
    "OutlTxt",
    "CompleteText",
}
_SKIPPED = {"image", "Image", "Style", "attachment", "ComplTSA", "ComplTSB", "OutlTSA", "ComplBodyDec", "ComplBodyInt"}


def plain(element):
    """Give formatted text as lines of plain text, without empty ones.

    >>> from lxml import etree
    >>> plain(etree.fromstring("<Text><p><span>One </span><span>wall</span></p><ul><li>dry</li></ul></Text>"))
    'One wall\\n- dry'
    """
    if element is None:
        return ""
    pieces = []
    _collect(element, pieces, 0)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)[:MAX_TEXT]


def one_line(element):
    """Give formatted text in one line."""
    return " ".join(plain(element).split())


def _collect(element, pieces, level):
    name = local(element)
    if not name or name in _SKIPPED:
        return
    if name in {"br", "page"}:
        pieces.append("\n")
    elif name == "tr":
        cells = [one_line(cell) for cell in element if local(cell) in {"td", "th"}]
        pieces.append("\n" + " | ".join(cells) + "\n")
    elif name in {"ul", "ol"}:
        for number, entry in enumerate((found for found in element if local(found) == "li"), start=1):
            mark = f"{number}. " if name == "ol" else "- "
            pieces.append("\n" + mark)
            _fill(entry, pieces, level + 1, is_inline=True)
        pieces.append("\n")
    elif name == "TextComplement":
        _collect_gap(element, pieces)
    else:
        _fill(element, pieces, level, is_inline=name not in _BLOCKS)


def _fill(element, pieces, level, is_inline):
    """Take what is in an element, blocks on lines of their own."""
    if not is_inline:
        pieces.append("\n")
    if element.text:
        pieces.append(element.text.replace("\n", " "))
    is_first = True
    for inner in element:
        # The first paragraph of a list entry stands behind its mark.
        if is_inline and is_first and local(inner) == "p":
            _fill(inner, pieces, level, is_inline=True)
        else:
            _collect(inner, pieces, level)
        is_first = False
        if inner.tail:
            pieces.append(inner.tail.replace("\n", " "))
    if not is_inline:
        pieces.append("\n")


def _collect_gap(element, pieces):
    """Take a gap in the text with the words around it, in the line it stands in."""
    words = {local(part): one_line(part) for part in element}
    body = words.get("ComplBody") or (GAP if is_for_bidder(element) else "")
    pieces.append(" " + " ".join(filter(None, [words.get("ComplCaption"), body, words.get("ComplTail")])) + " ")


def is_for_bidder(complement):
    return complement.get("Kind") == "Bidder"
