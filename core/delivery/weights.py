"""Splitting a whole into rounded parts that still add up."""


def split_by_largest_remainder(shares, total=100.0, digits=2):
    """Split ``total`` in proportion to ``shares``, rounded to ``digits``, adding up exactly.

    Parts are rounded down first; the units left over go to the largest remainders, ties to
    the earlier part. Shares that are all zero count as equal.

    >>> split_by_largest_remainder([1, 1, 1])
    [33.34, 33.33, 33.33]
    >>> split_by_largest_remainder([30, 60, 90], digits=0)
    [17.0, 33.0, 50.0]
    >>> split_by_largest_remainder([0, 0])
    [50.0, 50.0]
    >>> split_by_largest_remainder([])
    []
    >>> sum(split_by_largest_remainder([0.1] * 7, digits=0))
    100.0
    >>> split_by_largest_remainder([2, -1])
    Traceback (most recent call last):
    ...
    ValueError: shares cannot be negative
    """
    if any(share < 0 for share in shares):
        raise ValueError("shares cannot be negative")
    if not shares:
        return []
    if not sum(shares):
        shares = [1] * len(shares)
    scale = 10**digits
    units = round(total * scale)
    whole = sum(shares)
    exact = [units * share / whole for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: units - sum(parts)]:
        parts[i] += 1
    return [part / scale for part in parts]
