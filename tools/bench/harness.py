"""Measures two ways of doing a thing against each other."""

import gc
import logging
import statistics
from collections import defaultdict
from dataclasses import dataclass, field

from .clock import Clock

_logger = logging.getLogger("construction_crm.bench")

QUIET = (0.95, 1.05)
TRIES = 3
# The module in the external identifiers of what is kept.
KEPT = "construction_crm_bench"
# Cost of one row at ten times the size against cost of one row: 1 is linear, 10 is quadratic.
LINEAR = 1.4


@dataclass
class Reading:
    """What one go cost, by label."""

    cpu: dict = field(default_factory=lambda: defaultdict(float))
    queries: dict = field(default_factory=lambda: defaultdict(int))

    def total(self):
        """CPU seconds of all labels together."""
        return sum(self.cpu.values())


class Bench:
    """What a row needs: environments, sizes, and the comparing itself."""

    def __init__(self, env, *, quick=False, stock_env=None):
        self.env, self.quick, self.stock_env = env, quick, stock_env
        self.rounds = 3 if quick else 5

    def size(self, full, quick=None):
        """The size to measure at; with --quick a tenth unless said otherwise."""
        return (quick or max(full // 10, 1)) if self.quick else full

    def kept(self, name, make, env=None):
        """The record of that name, made by `make(env)` and committed when it is not there yet."""
        env = env or self.env
        found = env.ref(f"{KEPT}.{name}", raise_if_not_found=False)
        if not found:
            env.cr.rollback()
            found = make(env)
            env["ir.model.data"].sudo().create(
                {"module": KEPT, "name": name, "model": found._name, "res_id": found.id, "noupdate": True}
            )
            env.cr.commit()
            env.cr.execute("ANALYZE")
            env.cr.commit()
        # As a request finds it: what `make` read before says nothing about what is read together with it.
        return found.browse(found.ids)

    def compare(self, ours, stock, *, budget=None, env=None, stock_env=None):
        """The facts of a row: both sides in turn; `budget` is a number or a function of stock's queries."""
        env, stock_env = env or self.env, stock_env or self.env
        for _attempt in range(TRIES):
            rounds = self._rounds(env, ours, stock_env, stock)
            facts = summary(rounds)
            if QUIET[0] <= facts["stock_to_stock"] <= QUIET[1]:
                break
            _logger.info("thrown away, stock against itself was %(stock_to_stock)s", facts)
        else:
            facts["noisy"] = True
        facts["clock"] = Clock.of(env.cr).kind
        if budget is not None:
            facts["budget"] = budget(facts["stock_queries"]) if callable(budget) else budget
        return facts

    def _rounds(self, env, ours, stock_env, stock):
        go(stock_env, stock)
        go(env, ours)
        return [(go(stock_env, stock), go(env, ours), go(stock_env, stock)) for _round in range(self.rounds)]

    def growth(self, make_side, small, env=None):
        """How the cost of one row changes from `small` to ten times that; and the queries at both.

        `make_side(count)` returns a side for that many rows.
        """
        env = env or self.env
        cost, queries = {}, {}
        for count in (small, small * 10):
            go(env, make_side(count))
            readings = [go(env, make_side(count)) for _round in range(3)]
            cost[count] = statistics.median(reading.total() for reading in readings) / count
            queries[count] = sum(readings[-1].queries.values())
        return {"growth": round(cost[small * 10] / cost[small], 2), "queries_at": queries}

    def read_queries(self, side, env=None):
        """The queries of a side, warm."""
        env = env or self.env
        go(env, side)
        return sum(go(env, side).queries.values())


def go(env, side):
    """Run a side once in a transaction of its own; its Reading."""
    env.cr.rollback()
    reading, clock = Reading(), Clock.of(env.cr)
    steps = side(env)
    label = next(steps)
    while True:
        flush(env)
        gc.collect()
        queries, before = env.cr.sql_log_count, clock.seconds()
        following = next(steps, StopIteration)
        flush(env)
        if label is not None:
            reading.cpu[label] += clock.seconds() - before
            reading.queries[label] += env.cr.sql_log_count - queries
        if following is StopIteration:
            break
        label = following
    env.cr.rollback()
    return reading


def flush(env):
    """Write all that waits, tracking messages included, as the end of a request does."""
    env.cr.flush()


def summary(rounds):
    """Facts of the rounds, each (stock, ours, stock again)."""
    ours = rounds[-1][1]
    stock = rounds[-1][0]
    facts = {
        "ratio": ratio([(b.total(), (a.total() + c.total()) / 2) for a, b, c in rounds]),
        "stock_to_stock": ratio([(c.total(), a.total()) for a, _b, c in rounds]),
        "queries": max(sum(b.queries.values()) for _a, b, _c in rounds),
        "stock_queries": min(sum(a.queries.values()) for a, _b, _c in rounds),
        "seconds": round(statistics.median(b.total() for _a, b, _c in rounds), 4),
        "stock_seconds": round(statistics.median(a.total() for a, _b, _c in rounds), 4),
    }
    if len(stock.cpu) > 1 and set(stock.cpu) == set(ours.cpu):
        facts["parts"] = {label: _part(rounds, label) for label in stock.cpu}
    return facts


def _part(rounds, label):
    return {
        "ratio": ratio([(b.cpu[label], (a.cpu[label] + c.cpu[label]) / 2) for a, b, c in rounds]),
        "stock_to_stock": ratio([(c.cpu[label], a.cpu[label]) for a, _b, c in rounds]),
        "queries": rounds[-1][1].queries[label],
        "stock_queries": rounds[-1][0].queries[label],
    }


def ratio(pairs):
    """The median of the quotients.

    >>> ratio([(1, 2), (3, 4), (9, 1)])
    0.75
    """
    return round(statistics.median(over / under for over, under in pairs), 3)


def is_ok(gate, facts):
    """Whether the facts of a row keep its gates.

    >>> is_ok(0.8, {"ratio": 0.7, "queries": 12, "budget": 10})
    False
    >>> is_ok(None, {"differences": 0})
    True
    """
    return not (
        "error" in facts
        or (gate is not None and facts.get("ratio", 0) > gate)
        or ("budget" in facts and facts["queries"] > facts["budget"])
        or facts.get("growth", 0) > LINEAR
        or facts.get("differences", 0)
        or facts.get("broken")
    )
