import gc


def count_queries(env, action):
    """Count the queries `action` costs from a cold cache.

    :param env: the environment of the test
    :param action: a callable without arguments
    :return: the number of queries, with those that write what the action left to be written
    """
    env.flush_all()
    env.invalidate_all()
    # What an environment remembers of its user and companies lives until the collector passes, at any time.
    gc.collect()
    before = env.cr.sql_log_count
    action()
    env.flush_all()
    return env.cr.sql_log_count - before
