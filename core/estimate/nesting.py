"""Recipes inside recipes: circles and depth."""


def find_cycle(edges, starts):
    """Give the first circle met from `starts`, as the list of its keys with the first one repeated.

    Works on chains of any length.

    >>> find_cycle({"wall": ["mortar"], "mortar": ["cement", "wall"]}, ["wall"])
    ['wall', 'mortar', 'wall']
    >>> find_cycle({"wall": ["mortar", "sand"], "mortar": ["sand"]}, ["wall"])
    """
    done = set()
    for start in starts:
        if start in done:
            continue
        path, on_path, stack = [start], {start}, [iter(edges.get(start, ()))]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                key = path.pop()
                on_path.discard(key)
                done.add(key)
            elif following in on_path:
                return [*path[path.index(following) :], following]
            elif following not in done and following in edges:
                path.append(following)
                on_path.add(following)
                stack.append(iter(edges[following]))
    return None


def find_deepest(edges, starts):
    """Give the longest chain from any of `starts`; there must be no circle.

    >>> find_deepest({"house": ["wall", "sand"], "wall": ["mortar"], "mortar": ["sand"]}, ["house"])
    ['house', 'wall', 'mortar']
    """
    longest, order, seen = {}, [], set()
    for start in starts:
        stack = [(start, False)]
        while stack:
            key, is_ready = stack.pop()
            if is_ready:
                order.append(key)
            elif key not in seen and key in edges:
                seen.add(key)
                stack.append((key, True))
                stack.extend((other, False) for other in edges[key])
    for key in order:
        inner = max((longest[other] for other in edges[key] if other in longest), key=len, default=[])
        longest[key] = [key, *inner] if len(inner) < 64 else inner
    return max((longest[start] for start in starts if start in longest), key=len, default=[])
