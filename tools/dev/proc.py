"""Starting other programs, and ending them again."""

import contextlib
import os
import signal
import subprocess
import sys

from .ui import Problem

STOP_SECONDS = 15


def run(command, *, env=None, cwd=None, stdin=None):
    """Run a program to its end and return what it printed; a Problem with its words if it fails."""
    command = [str(part) for part in command]
    done = subprocess.run(command, env=env, cwd=cwd, input=stdin, capture_output=True, text=True)
    if done.returncode:
        words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise Problem(f"`{' '.join(command[:6])} …` ended with status {done.returncode}:\n{words}")
    return done.stdout


def clean_environment(**extra):
    """Our environment without what would disturb the programs we start."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "VIRTUAL_ENV", "COLUMNS"}
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    env.update({"LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"})
    env.update({name: str(value) for name, value in extra.items()})
    return env


@contextlib.contextmanager
def started(command, **options):
    """A running program in a session of its own, ended with everything it started when we leave."""
    process = subprocess.Popen([str(part) for part in command], start_new_session=True, **options)
    try:
        yield process
    finally:
        stop(process)


def stop(process):
    """End a program started in its own session: politely, then for good."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            break
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    # What is left of the session, a browser perhaps.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def exit_on_signals():
    """Turn SIGTERM and SIGHUP into an ordinary exit, so that every `finally` runs."""

    def leave(number, _frame):
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
