import gc
from contextlib import contextmanager


class Queries:
    """What `counting` found.

    :ivar count: the number of queries, known when the block is left
    """

    count = None


@contextmanager
def counting(env, cold=True):
    """Count the queries of a block, with those that write what it left to be written.

    What an environment remembers of its user and companies lives until the garbage collector passes. That may be at
    any time, so it passes before the block and not within.

    :param env: the environment of the test
    :param cold: whether the records are read anew; else the cache stays, and what waits to be written is counted too
    :return: the `Queries` of the block
    """
    if cold:
        env.flush_all()
        env.invalidate_all()
    gc.collect()
    gc.disable()
    queries = Queries()
    before = env.cr.sql_log_count
    try:
        yield queries
        env.flush_all()
        queries.count = env.cr.sql_log_count - before
    finally:
        gc.enable()


def count_queries(env, action):
    """Count the queries `action` costs from a cold cache.

    :param env: the environment of the test
    :param action: a callable without arguments
    :return: the number of queries, with those that write what the action left to be written
    """
    with counting(env) as queries:
        action()
    return queries.count
