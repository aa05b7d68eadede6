"""A relay in a container: with the rights that it should be given, on the host's network."""

import contextlib
import itertools
import random
import socket

from harness import http
from harness.waiting import PATIENCE, eventually

HARDENED = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
_numbers = itertools.count(1)


def free_port():
    """A health check asks where the options say, so port 0 cannot be used. Below those that the kernel gives to others: it
    has to stay free while what listens there is killed and comes back."""
    while True:
        port = random.randrange(20000, 32768)
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port


class RelayContainer:
    def __init__(self, engine, image, volume, options):
        self._engine = engine
        self.name = f"relay-{next(_numbers)}"
        self.endpoint = ("127.0.0.1", free_port())
        settings = {"HTTP_ADDRESS": "127.0.0.1", "HTTP_PORT": self.endpoint[1], "LOG_FORMAT": "json", **options}
        engine.run("run", "--detach", "--network=host", f"--name={self.name}", f"--volume={volume}:/var/lib/event-relay",
                   "--health-interval=500ms", *HARDENED,
                   *(f"--env=EVENT_RELAY_{name}={value}" for name, value in settings.items()), image)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        print(self._engine.run("logs", self.name, check=False).stderr)
        self._engine.run("rm", "--force", self.name, check=False)

    def state(self, what):
        return self._engine.output("inspect", f"--format={{{{.State.{what}}}}}", self.name)

    def wait_healthy(self):
        eventually(lambda: self.state("Health.Status") == "healthy", "a healthy container")

    def wait_listening(self):
        def answers():
            with contextlib.suppress(OSError):
                return http.get(self.endpoint, "/healthz").status == 200
        eventually(answers, "the relay's first answer")

    def healthcheck(self):
        """The image's own check, now: its exit code."""
        return self._engine.run("exec", self.name, "/usr/local/bin/event-relay", "healthcheck", check=False).returncode

    def stop(self):
        """SIGTERM, and after a while that should not be needed SIGKILL; the exit code."""
        self._engine.run("stop", "--time=30", self.name, timeout=PATIENCE)
        return int(self.state("ExitCode"))
