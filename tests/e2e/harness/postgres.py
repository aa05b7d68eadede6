"""A private PostgreSQL cluster: in a folder of its own, reachable through a unix socket only, never run as root."""

import contextlib
import glob
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile

from harness.lines import Lines
from harness.process import children_of, spawn, wait_until_gone
from harness.waiting import PATIENCE

_user = "event_relay"
_numbers = itertools.count(1)


def _programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: float(path.split("/")[4]))
    assert found, "PostgreSQL's server programs are not installed (Debian: postgresql)"
    return os.path.dirname(found[-1])


class Cluster:
    _ready = "ready to accept connections"

    def __init__(self):
        self._bin = _programs()
        # Not pytest's tmp_path: only root may enter that, and a socket's path must stay below 108 bytes.
        self._folder = tempfile.mkdtemp(prefix="er-pg-", dir="/tmp")
        self._owner = None
        if os.geteuid() == 0:
            self._owner = "postgres"
            account = pwd.getpwnam(self._owner)
            os.chown(self._folder, account.pw_uid, account.pw_gid)
        self._environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C"}
        self._process = None
        self._log = None
        self._create()

    def _create(self):
        self.run("initdb", "-D", self._data, "-U", _user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
                 "--no-instructions")

    def run(self, program, *arguments):
        """One of PostgreSQL's own programs, to its end."""
        process = spawn([f"{self._bin}/{program}", *arguments], user=self._owner, cwd=self._folder,
                        env=self._environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        output, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, output.decode()

    @property
    def _data(self):
        return f"{self._folder}/data"

    @property
    def folder(self):
        """Where its socket is: the `host` of connection strings."""
        return self._folder

    @property
    def running(self):
        return self._process is not None

    def start(self, settings=()):
        assert not self.running
        self._process = spawn(
            [f"{self._bin}/postgres", "-D", self._data, "-k", self._folder, "-c", "listen_addresses=",
             "-c", "max_connections=100", "-c", "shared_buffers=64MB", "-c", "log_checkpoints=off",
             *(argument for setting in settings for argument in ("-c", setting))],
            death_signal="INT", user=self._owner, cwd=self._folder, env=self._environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._log = Lines(self._process.stderr)
        self._log.wait_for(lambda line: self._ready in line, "PostgreSQL's start")

    def stop(self, mode="fast"):
        """fast and immediate are those of pg_ctl: the second gives the backends no time to end a transaction."""
        children = children_of(self._process.pid)
        self._process.send_signal({"fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
        self._process.wait(PATIENCE)
        wait_until_gone(children, "the end of PostgreSQL's backends")
        self._process = None

    def kill(self):
        """kill -9 of the postmaster and all it has started, as when the machine's memory runs out."""
        postmaster = self._process.pid
        os.kill(postmaster, signal.SIGSTOP)  # it starts nothing more while its children are counted
        children = children_of(postmaster)
        for pid in [*children, postmaster]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(PATIENCE)
        wait_until_gone(children, "the end of PostgreSQL's backends")
        self._process = None

    def ensure_running(self):
        if not self.running:
            self.start()

    def remove(self):
        if self.running:
            self.stop("immediate")
        shutil.rmtree(self._folder)

    def database(self, name):
        return Database(self, name)

    def create_database(self):
        name = f"relay_{next(_numbers)}"
        Database(self, "postgres").query(f"CREATE DATABASE {name}")
        return Database(self, name)

    def log_text(self):
        return self._log.text() if self._log else ""

    def psql(self, name):
        return [f"{self._bin}/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self._folder,
                "-U", _user, "-d", name]

    def url(self, name):
        return f"host={self._folder} user={_user} dbname={name}"


class Database:
    def __init__(self, cluster, name):
        self.cluster = cluster
        self._name = name

    @property
    def name(self):
        return self._name

    @property
    def url(self):
        return self.cluster.url(self._name)

    def query(self, *statements):
        """Runs the statements in one transaction; answers the rows, columns separated by `|`."""
        arguments = [argument for statement in statements for argument in ("-c", statement)]
        one = ["-1"] if len(statements) > 1 else []
        done = subprocess.run([*self.cluster.psql(self._name), *one, *arguments], capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def drop(self):
        Database(self.cluster, "postgres").query(f"DROP DATABASE {self._name} WITH (FORCE)")

    @contextlib.contextmanager
    def locked(self, table, mode):
        """Holds a table lock of another session, e.g. to keep a commit waiting for as long as a test needs."""
        with Session(self.cluster.psql(self._name)) as session:
            session.execute(f"BEGIN; LOCK TABLE {table} IN {mode} MODE")
            yield

    def session(self):
        return Session(self.cluster.psql(self._name))


class Session:
    """One connection for many statements, as a service has it. What is uncommitted at its end is rolled back."""

    def __init__(self, psql):
        self._process = subprocess.Popen(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._output = Lines(self._process.stdout)
        self._count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(PATIENCE)

    def execute(self, statements):
        """Comes back when they are done; an error ends the session and so fails this."""
        self._count += 1
        mark = f"done {self._count}"
        self._process.stdin.write(f"{statements};\n\\echo {mark}\n".encode())
        self._process.stdin.flush()
        self._output.wait_for(lambda line: line == mark, f"the end of: {statements}")
