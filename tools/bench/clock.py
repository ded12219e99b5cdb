"""CPU time of this process and of the database backend that works for it."""

import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Clock:
    """Seconds spent so far by Python and by the backend of one cursor; wall time where /proc does not tell.

    >>> Clock(-1).kind
    'wall'
    >>> clock = Clock(os.getpid()); before = clock.seconds(); clock.seconds() >= before
    True
    """

    def __init__(self, pid, command=""):
        self.read = _reader(pid, command)
        self.kind = "cpu" if self.read else "wall"

    @classmethod
    def of(cls, cr):
        """The clock for the backend of a cursor."""
        cr.execute("SELECT pg_backend_pid()")
        return cls(cr.fetchone()[0], "postgres")

    def seconds(self):
        """The reading of the clock."""
        return time.process_time() + self.read() if self.read else time.monotonic()


def _reader(pid, command):
    """A function returning the CPU seconds of a process, or None where nobody tells."""
    folder = Path("/proc") / str(pid)
    try:
        if command and command not in (folder / "comm").read_text():
            return None  # a number of another machine or container
    except OSError:
        return None
    for read in (_precise, _coarse):
        try:
            read(folder)
        except (OSError, ValueError, IndexError):
            continue
        return lambda: read(folder)
    return None


def _precise(folder):
    return int((folder / "schedstat").read_text().split()[0]) / 1e9


def _coarse(folder):
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
