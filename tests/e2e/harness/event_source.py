"""npm's eventsource under Node, as web developers have it."""

import pathlib
import shutil
import subprocess

from harness.records import Records
from harness.waiting import PATIENCE

FOLDER = pathlib.Path(__file__).resolve().parent.parent


class EventSource:
    """A Node process with one EventSource."""

    def __init__(self, package, relay, query=""):
        node = shutil.which("node")
        assert node, "Node.js is not installed"
        assert (FOLDER / "node_modules" / package).is_dir(), "npm ci has not run in tests/e2e"
        url = "http://{}:{}/events{}".format(*relay.endpoint, query)
        self._process = subprocess.Popen(
            [node, FOLDER / "clients" / "subscribe.js", package, url, "made", "relay.reset"], cwd=FOLDER,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self._records = Records(self._process.stdout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(PATIENCE)

    def wait_open(self, times=1):
        self._records.wait(times, "open")

    def wait_events(self, count):
        return self._records.wait(count, "event")

    def records(self, kind):
        return self._records.all(kind)
