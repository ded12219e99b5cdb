"""Stored fields that hang on more than `@api.depends` tells of."""


def compute_again(records, *names):
    """Mark stored fields to be computed anew, and all that hangs on them.

    `add_to_compute` alone would leave behind what others store of them.

    :param names: of computed, stored fields of these records
    """
    if not records:
        return
    for name in names:
        records.env.add_to_compute(records._fields[name], records)
    records.modified(names)
