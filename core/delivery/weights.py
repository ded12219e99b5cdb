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


def propose_weights(weights, durations, total=100.0, digits=2):
    """Give each stage a weight so that all add up to ``total``.

    Stages without a weight of their own share what the others leave, by their durations. Where nothing is left,
    or too much is given, all is scaled.

    >>> propose_weights([0, 0], [10, 30])
    [25.0, 75.0]
    >>> propose_weights([20, 0, 0], [5, 10, 30])
    [20.0, 20.0, 60.0]
    >>> propose_weights([60, 60], [1, 1])
    [50.0, 50.0]
    >>> propose_weights([100, 0], [1, 9])
    [100.0, 0.0]
    >>> propose_weights([], [])
    []
    """
    open_ones = [number for number, weight in enumerate(weights) if not weight]
    shares = list(weights)
    if len(open_ones) == len(shares):
        return split_by_largest_remainder(durations, total, digits)
    left = max(total - sum(shares), 0.0)
    if open_ones and left:
        parts = split_by_largest_remainder([durations[number] for number in open_ones], left, digits)
        for number, part in zip(open_ones, parts, strict=True):
            shares[number] = part
    return split_by_largest_remainder(shares, total, digits)
