"""Ordering things that wait for one another."""


def dependencies_first(keys, depends_on):
    """Order ``keys`` so that each comes after what it depends on, else as given.

    Works on chains of any length (no recursion); keys in a cycle keep their given order.

    :param keys: hashable keys in their present order
    :param depends_on: mapping of a key to the keys it waits for; unknown keys are ignored

    >>> dependencies_first("abc", {"a": "c"})
    ['b', 'c', 'a']
    >>> dependencies_first("ab", {"a": "b", "b": "a"})
    ['a', 'b']
    >>> chain = dependencies_first(range(3000), {i: [i + 1] for i in range(3000)})
    >>> chain[0], chain[-1]
    (2999, 0)
    """
    keys = list(keys)
    known = set(keys)
    waiting = {key: {dep for dep in depends_on.get(key, ()) if dep in known} for key in keys}
    dependents = {}
    for key, deps in waiting.items():
        for dep in deps:
            dependents.setdefault(dep, []).append(key)
    ready = [key for key in keys if not waiting[key]]
    ordered = []
    for key in ready:  # grows while it is walked
        ordered.append(key)
        for dependent in dependents.get(key, ()):
            waiting[dependent].discard(key)
            if not waiting[dependent]:
                ready.append(dependent)
    done = set(ordered)
    return ordered + [key for key in keys if key not in done]
