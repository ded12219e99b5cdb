"""Start Odoo with the addon and demo data on this machine; the data stays until --fresh. Ctrl-C stops it."""

import subprocess
import threading
import time
import urllib.request

from .. import judge, logins, project, site
from ..cache import read_json, write_json
from ..odoo import free_port
from ..ui import Problem, result, say, step

DEFAULT_PORT = 8069
START_SECONDS = 900


def add_arguments(parser):
    """The arguments of `./dev run`."""
    parser.add_argument("--fresh", action="store_true", help="drop the run database and start over")
    parser.add_argument("--port", type=int, help=f"the port (default: {DEFAULT_PORT} or the next free one)")
    parser.add_argument("--verbose", action="store_true", help="show Odoo's whole log, not only warnings and errors")
    parser.add_argument("--reload", action="store_true", help="reload when a source file changes")


def main(args):
    """Serve until stopped."""
    with site.ready() as here, here.cache.lock(f"run-{project.checkout_key()}"):
        return serve(here, args)


def serve(here, args):
    """Prepare the database, start Odoo, print where it is, and wait for it."""
    port = free_port(DEFAULT_PORT) if args.port is None else _the_port(args.port)
    tree = project.tree_hash()
    database = prepare(here, args.fresh)
    set_address(here, database, port)
    config = here.odoo.config(database, port=port, max_cron_threads=1)
    words = ["-c", config, "-d", database, *(["--dev=reload,xml,qweb"] if args.reload else [])]
    if (read_json(stamp(here)) or {}).get("tree") != tree:
        words += ["--with-demo", "-i", project.NAME, "-u", project.NAME]
        stamp(here).unlink(missing_ok=True)
    log = here.log("run")
    with step("Starting Odoo with the addon"):
        server = here.odoo.start(*words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        process = server.__enter__()
    try:
        follower = Follower(process, log, args.verbose)
        with step("Loading"):
            follower.wait_until_ready()
            warm_up(port)
        write_json(stamp(here), {"tree": tree, "database": database})
        announce(port, log)
        return process.wait()
    finally:
        server.__exit__(None, None, None)


def _the_port(port):
    if free_port(port) != port:
        raise Problem(f"Port {port} is taken; choose another with --port, or leave it out.")
    return port


def stamp(here):
    """The file that says what the run database was last updated to."""
    return here.instance / "run.json"


def prepare(here, fresh=False):
    """The run database, made from the template with demo data unless it is there; returns its name."""
    name = f"{here.databases.prefix}_run"
    marker = here.instance / "run-database.json"
    made = read_json(marker) and name in here.databases.names()
    if fresh or not made:
        marker.unlink(missing_ok=True)
        stamp(here).unlink(missing_ok=True)
        here.databases.new(name, demo=True)
        write_json(marker, {"database": name})
    return name


def set_address(here, database, port):
    """Tell the database where it is served: its PDF prints fetch their style sheets from there."""
    here.databases.server.sql(
        f"UPDATE ir_config_parameter SET value = 'http://127.0.0.1:{port}' WHERE key = 'web.base.url'", database
    )


def updated_database(here):
    """The run database with the addon as it is in the checkout now; its name."""
    database = prepare(here)
    tree = project.tree_hash()
    if (read_json(stamp(here)) or {}).get("tree") != tree:
        log = here.log("update")
        with step("Upgrading the addon"):
            words = ["--with-demo", "-i", project.NAME, "-u", project.NAME, "--stop-after-init", "--no-http"]
            status, lines = here.odoo.run(database, *words, log=log)
        faults = [str(record) for record in judge.faults(lines, loading=True)]
        for fault in faults:
            say(fault)
        if status or any(fault.startswith(("ERROR", "CRITICAL")) for fault in faults):
            raise Problem(f"The addon could not be upgraded; the log is {log}")
        write_json(stamp(here), {"tree": tree, "database": database})
    return database


class Follower:
    """Reads Odoo's output as it comes: all of it into the log, what matters to the screen."""

    def __init__(self, process, log, verbose):
        self.process, self.log, self.verbose = process, log, verbose
        self.loaded = threading.Event()
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self):
        with open(self.log, "a") as handle:
            shown = False
            for line in self.process.stdout:
                handle.write(line)
                handle.flush()
                found = judge.LINE.match(line)
                if found:
                    shown = self.verbose or found["level"] in ("WARNING", "ERROR", "CRITICAL")
                    if found["logger"].endswith("registry") and "Registry loaded" in found["text"]:
                        self.loaded.set()
                if shown:
                    say(line.rstrip("\n"))

    def wait_until_ready(self):
        """Return when the database is loaded; a Problem when Odoo ends before."""
        until = time.monotonic() + START_SECONDS
        while not self.loaded.wait(0.1):
            if self.process.poll() is not None:
                raise Problem(f"Odoo ended with status {self.process.returncode} while starting; its log is {self.log}")
            if time.monotonic() > until:
                raise Problem(f"Odoo did not start within {START_SECONDS} s; its log is {self.log}")


def warm_up(port):
    """Ask for the login page once: it answers when Odoo is ready, and its style sheets are made then."""
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=120):
                return
        except OSError as error:
            if time.monotonic() > until:
                raise Problem(f"Odoo does not answer on port {port}: {error}") from None
            time.sleep(0.2)


def announce(port, log):
    """Print where Odoo is and who may log in."""
    result(f"\nOdoo is ready: http://127.0.0.1:{port}\n\nLogins (name / password):")
    for line in logins.table():
        result(line)
    result(f"\nThe log is {log}\nCtrl-C stops it; the data stays for the next ./dev run.\n")
