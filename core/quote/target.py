"""Spreading a target total over what may change: by which factor, and what rounding leaves over."""


def find_factor(total, locked, target):
    """Give by which factor what is not locked has to be multiplied; None where none makes sense.

    :param total: what everything comes to now
    :param locked: what stays as it is
    :param target: what everything is to come to

    >>> find_factor(1000.0, 200.0, 840.0), find_factor(1000.0, 0.0, 1100.0)
    (0.8, 1.1)
    >>> find_factor(1000.0, 1000.0, 1100.0), find_factor(1000.0, 900.0, 900.0), find_factor(-5.0, 0.0, 10.0)
    (None, None, None)
    """
    free, wanted = round(total - locked, 9), round(target - locked, 9)
    if free <= 0 or wanted <= 0:
        return None
    return wanted / free


def find_remainder(missing, step, reach, tries=6):
    """Find the price of one row that makes up for what rounding left over.

    A tax on the row is rounded, too, so the first guess may be off by some steps.

    :param missing: what the total lacks
    :param step: the smallest coin
    :param reach: a function: price of the row → by how much the total grows
    :return: `(price, how much the total still lacks)`

    >>> find_remainder(0.05, 0.01, lambda price: price)
    (0.05, 0.0)
    >>> find_remainder(0.12, 0.01, lambda price: round(price * 1.2, 2))
    (0.1, 0.0)
    >>> find_remainder(0.03, 0.01, lambda price: round(price * 2, 2))
    (0.02, -0.01)
    """
    best = (0.0, missing)
    share = reach(1.0) or 1.0
    guess = round(missing / share / step)
    for offset in sorted(range(-tries, tries + 1), key=abs):
        price = round((guess + offset) * step, 9)
        rest = round(missing - (reach(price) if price else 0.0), 9)
        if abs(rest) < abs(best[1]) - step / 1000:
            best = (price, rest)
        if abs(best[1]) < step / 2:
            break
    return best
