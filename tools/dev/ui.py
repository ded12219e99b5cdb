"""What ./dev says while it works. Progress goes to stderr, results to stdout."""

import contextlib
import sys
import threading
import time

HEARTBEAT_SECONDS = 10


class Problem(Exception):
    """Something the person at the keyboard can cure; its text says what and how."""


def say(text=""):
    """Print a line of progress."""
    print(text, file=sys.stderr, flush=True)


def result(text):
    """Print a line of result."""
    sys.stderr.flush()
    print(text, flush=True)


@contextlib.contextmanager
def step(title):
    """Announce a long step, show that it is alive, and tell how long it took."""
    say(f"• {title} …")
    started = time.monotonic()
    finished = threading.Event()

    def beat():
        while not finished.wait(HEARTBEAT_SECONDS):
            say(f"  … still at it, {time.monotonic() - started:.0f} s")

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        say(f"  {title}: not finished, after {time.monotonic() - started:.1f} s")
        raise
    else:
        say(f"  done in {time.monotonic() - started:.1f} s")
    finally:
        finished.set()
        thread.join()
