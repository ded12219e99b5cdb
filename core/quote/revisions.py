"""How the revisions of a quote are called."""


def revision_name(name, revision, next_revision):
    """Give the name of another revision under the same base number.

    >>> revision_name("S00012", 0, 1), revision_name("S00012-R1", 1, 2)
    ('S00012-R1', 'S00012-R2')
    """
    base = name.removesuffix(f"-R{revision}") if revision else name
    return f"{base}-R{next_revision}"
