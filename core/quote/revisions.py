"""How the issues of a quote are called, and whether one says anything new."""

import hashlib
from string import ascii_lowercase


def issue_name(base, revision, correction=0):
    """Give the name of an issue under its base number.

    A revision has a number of its own; a correction, where only words were changed, a letter.

    >>> issue_name("S00012", 0), issue_name("S00012", 1), issue_name("S00012", 2, 1)
    ('S00012', 'S00012-R1', 'S00012-R2a')
    """
    name = f"{base}-R{revision}" if revision else base
    return name + letters(correction)


def letters(number):
    """Count with letters: a, b … z, aa.

    >>> letters(0), letters(1), letters(26), letters(27)
    ('', 'a', 'z', 'aa')
    """
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = ascii_lowercase[rest] + text
    return text


def fingerprint(rows):
    """Give a short text that is the same for the same rows, in whatever order they stand.

    >>> fingerprint([("Tile", 2.0), ("Glue", 1.0)]) == fingerprint([("Glue", 1.0), ("Tile", 2.0)])
    True
    >>> fingerprint([("Tile", 2.0)]) == fingerprint([("Tile", 2.0), ("Tile", 2.0)])
    False
    """
    digest = hashlib.sha256()
    for row in sorted(map(repr, rows)):
        digest.update(row.encode())
        digest.update(b"\n")
    return digest.hexdigest()
