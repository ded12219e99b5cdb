from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def job_time(registry, seconds=60.0):
    """Tell scheduled actions after each batch that so many seconds are left, however slow this machine is.

    :param seconds: 0.0 for a server on which their time is always over
    """
    commit = registry["ir.cron"]._commit_progress

    def commit_progress(cron, *args, **kwargs):
        commit(cron, *args, **kwargs)
        return seconds

    with patch.object(registry["ir.cron"], "_commit_progress", commit_progress):
        yield
