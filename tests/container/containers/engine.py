"""A Docker engine that belongs to the tests alone: whatever is in it is theirs to remove, and nobody else's is touched.

Only its images' layers outlive a run, in the user's cache. No bridge: it would need the kernel's packet filter, which is not
the tests' to change; containers use the host's network and listen on 127.0.0.1."""

import fcntl
import os
import pathlib
import shutil
import signal
import subprocess

from harness.lines import Lines
from harness.process import spawn
from harness.waiting import PATIENCE, eventually

CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "event-relay"
RUN = pathlib.Path("/run/event-relay-tests")  # sockets: their paths have to be short
REPOSITORY = "event-relay-test"  # of all images that are made here
PATH = f"/usr/bin:/bin:/usr/sbin:/sbin:{os.environ.get('PATH', '')}"  # Debian's first: another docker may lack a plugin


class Unavailable(Exception):
    """Containers cannot be run here, and why."""


class Engine:
    def __init__(self):
        if os.geteuid() != 0:
            raise Unavailable("not root")
        for program in ("dockerd", "docker", "mmdebstrap"):
            if not shutil.which(program, path=PATH):
                raise Unavailable(f"{program} is not installed")
        self._process = None
        RUN.mkdir(mode=0o700, exist_ok=True)
        self._lock = open(RUN / "lock", "w", encoding="ascii")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.environment = {**os.environ, "DOCKER_HOST": f"unix://{RUN}/docker.sock", "DOCKER_BUILDKIT": "1",
                            "DOCKER_CONFIG": str(RUN / "config"), "PATH": PATH}
        _end_leftover()
        self._start()
        self.remove_all()

    def _start(self):
        # Told by SIGTERM that this process has ended, in whatever way, it stops its containers.
        self._process = spawn(["dockerd", "--host", f"unix://{RUN}/docker.sock", "--data-root", CACHE / "docker",
                               "--exec-root", RUN / "exec", "--pidfile", RUN / "dockerd.pid", "--bridge=none",
                               "--iptables=false", "--ip6tables=false"],
                              death_signal="TERM", env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._log = Lines(self._process.stderr)

        def answers():
            if self._process.poll() is not None:
                raise Unavailable(f"dockerd does not start: {self._log.snapshot()[-1:]}")
            return subprocess.run(["docker", "version"], env=self.environment, capture_output=True, check=False).returncode == 0

        eventually(answers, "dockerd's first answer")

    def try_out(self, image):
        """Running a container takes rights that even root may lack, e.g. in a container itself."""
        tried = self.run("run", "--rm", "--network=host", image, "true", check=False)
        if tried.returncode != 0:
            raise Unavailable(f"no container runs: {tried.stderr.strip()}")

    def run(self, *arguments, check=True, timeout=PATIENCE, **options):
        """The command `docker`; its output is in the answer's stdout and stderr."""
        return self.command(["docker", *arguments], check, timeout, **options)

    def command(self, arguments, check=True, timeout=PATIENCE, env=None, **options):
        done = subprocess.run(arguments, env={**self.environment, **(env or {})}, capture_output=True, text=True,
                              timeout=timeout, check=False, **options)
        assert done.returncode == 0 or not check, f"{arguments}: {done.returncode}\n{done.stdout[-5000:]}\n{done.stderr[-5000:]}"
        return done

    def output(self, *arguments):
        return self.run(*arguments).stdout.strip()

    def has_image(self, name):
        return self.run("image", "inspect", name, check=False).returncode == 0

    def build(self, name, folder, *arguments, dockerfile=None, timeout=900):
        """From the Dockerfile as it is. On the host's network, and by its proxy, if it has one."""
        proxies = [f"--build-arg={each}" for each in ("http_proxy", "https_proxy", "no_proxy") if each in os.environ]
        chosen = [f"--file={dockerfile}"] if dockerfile else []
        self.run("build", "--network=host", f"--tag={name}", *chosen, *proxies, *arguments, folder, timeout=timeout)
        return name

    def remove_all(self):
        """Containers and volumes, of this run and of one that was killed."""
        for kind, ids, remove in (("ps", ["-aq"], ["rm", "-f", "-v"]), ("volume", ["ls", "-q"], ["volume", "rm", "-f"])):
            if found := self.output(kind, *ids).split():
                self.run(*remove, *found)

    def close(self):
        """Removes also the images. Their layers stay with the builder: the next run finds those of the same content."""
        try:
            self.remove_all()
            if names := self.output("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"{REPOSITORY}/*").split():
                self.run("image", "rm", *names)
            self.run("builder", "prune", "--force", "--keep-storage=4GB")
        finally:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._lock.close()


def _end_leftover():
    """Of a run that was killed so that not even its engine was told."""
    try:
        pid = int((RUN / "dockerd.pid").read_text())
        if b"dockerd" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGTERM)
            eventually(lambda: not pathlib.Path(f"/proc/{pid}").exists(), "the end of an older dockerd")
    except (FileNotFoundError, ProcessLookupError):
        pass
