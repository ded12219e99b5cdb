"""Numbers of chapters: 1, 1.1, 1.1.1, and what was sent keeps the number it was sent with."""

from string import ascii_lowercase


def letter(place):
    """Give the letters of the n-th insertion: a … z, aa, ab …

    >>> letter(1), letter(26), letter(27)
    ('a', 'z', 'aa')
    """
    letters = ""
    while place > 0:
        place, rest = divmod(place - 1, 26)
        letters = ascii_lowercase[rest] + letters
    return letters


def renumber(rows, keep):
    """Number the lines of a quote.

    :param list rows: `(level, number)` a line in their order; the level is 1 for a chapter, 2 for what stands in it,
        3 for what stands in a subchapter; the number is the one it has, empty for a new line
    :param bool keep: whether the numbers given stay, as after sending: a new line then takes the number before it and
        a letter
    :return: the numbers, a list as long as `rows`

    >>> renumber([(1, ""), (2, ""), (2, ""), (1, ""), (2, ""), (3, "")], keep=False)
    ['1', '1.1', '1.2', '2', '2.1', '2.1.1']
    >>> renumber([(1, "1"), (2, "1.1"), (2, ""), (2, "1.2"), (1, ""), (2, ""), (1, "2"), (1, "")], keep=True)
    ['1', '1.1', '1.1a', '1.2', '1a', '1a.1', '2', '3']
    >>> renumber([(1, ""), (1, "1")], keep=True)
    ['0a', '1']
    """
    numbers = []
    counters = [0, 0, 0]
    current = ["", "", ""]
    used = {number for _level, number in rows if number} if keep else set()
    last_kept = _last_kept(rows) if keep else {}
    for index, (level, number) in enumerate(rows):
        place = level - 1
        parent = current[place - 1] + "." if place and current[place - 1] else ""
        if not keep:
            counters[place] += 1
            number = f"{parent}{counters[place]}"
        elif not number:
            number = _free_number(parent, current[place], used, index > last_kept.get((level, parent), -1))
        used.add(number)
        current[place:] = [number] + [""] * (2 - place)
        counters[place + 1 :] = [0] * (2 - place)
        numbers.append(number)
    return numbers


def _last_kept(rows):
    """Tell after which row of a level and parent only new lines follow."""
    last = {}
    for index, (level, number) in enumerate(rows):
        if number:
            parent = number.rpartition(".")[0]
            last[(level, parent + "." if parent else "")] = index
    return last


def _free_number(parent, previous, used, is_last):
    own = previous.rpartition(".")[2] if previous else "0"
    if is_last and own.isdigit():
        following = int(own) + 1
        while f"{parent}{following}" in used:
            following += 1
        return f"{parent}{following}"
    stem = own.rstrip(ascii_lowercase) or "0"
    place = 1
    while f"{parent}{stem}{letter(place)}" in used:
        place += 1
    return f"{parent}{stem}{letter(place)}"
