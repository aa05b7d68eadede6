"""npm's eventsource under Node, as web developers have it."""

import json
import pathlib
import shutil
import subprocess

from harness.lines import Lines
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
        self._output = Lines(self._process.stdout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(PATIENCE)

    def wait_open(self, times=1):
        self._wait_count("open", times)

    def wait_events(self, count):
        self._wait_count("event", count)
        return self.records("event")

    def records(self, kind):
        return [record for record in map(json.loads, self._output.snapshot()) if record["kind"] == kind]

    def _wait_count(self, kind, count):
        self._output.wait_for(lambda _: len(self.records(kind)) >= count, f"{count} times {kind}")
