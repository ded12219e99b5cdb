"""Walks over concepts that no file can send round in circles or too deep."""

from dataclasses import dataclass, field

#: Cycles spelled out; further ones are only counted.
MAX_CYCLES = 100

_SHOWN = 12


@dataclass(slots=True)
class Order:
    """Codes with what they are made of before them; the rows `(code, child)` that close a cycle; cycles as text."""

    codes: list = field(default_factory=list)
    depths: dict = field(default_factory=dict)
    cut: set = field(default_factory=set)
    cycles: list = field(default_factory=list)


def walk(starts, children):
    """Everything reachable, children first, without recursion; the depth of a leaf is 0.

    :param children: the codes that a code is made of

    >>> order = walk(["A"], {"A": ["B", "C"], "B": ["C"], "C": ["B"]}.get)
    >>> order.codes, order.cut, order.cycles
    (['C', 'B', 'A'], {('C', 'B')}, ['B → C → B'])
    """
    order, place, done = Order(), {}, set()
    for start in starts:
        if start in done:
            continue
        path, stack = [start], [iter(children(start))]
        place[start] = 0
        while stack:
            child = next(stack[-1], None)
            if child is None:
                _leave(order, path.pop(), children, place, done)
                stack.pop()
            elif child in place:
                _cut(order, path, place[child])
            elif child not in done:
                place[child] = len(path)
                path.append(child)
                stack.append(iter(children(child)))
    return order


def _leave(order, code, children, place, done):
    del place[code]
    done.add(code)
    order.codes.append(code)
    depths = (order.depths[child] for child in children(code) if child in done and child != code)
    order.depths[code] = 1 + max(depths, default=-1)


def _cut(order, path, start):
    order.cut.add((path[-1], path[start]))
    if len(order.cycles) >= MAX_CYCLES:
        return
    codes = path[start : start + _SHOWN]
    if len(path) - start > _SHOWN:
        codes = [*codes, "…", path[-1]]
    order.cycles.append(" → ".join([*codes, path[start]]))
