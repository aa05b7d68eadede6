"""Clients as their users have them, each in a process of its own. All print the same records: `open`, `event` with its
type, id and data, and `error`, which says whether the client gave up (`closed`)."""

import base64
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess

from harness.browser import FOLDER, Page
from harness.process import spawn
from harness.records import Records
from harness.waiting import PATIENCE, eventually

TYPES = ("made", "relay.reset")  # which an EventSource must be told of
_eventsources = {"eventsource 2": "eventsource-2", "eventsource 3": "eventsource-3", "eventsource 4": "eventsource-4",
                 "launchdarkly-eventsource": "launchdarkly-eventsource"}
NAMES = (*_eventsources, "fetch-event-source", "Chromium", "requests", "httpx", "curl", "libcurl")


def _arguments(name, url):
    if name in ("requests", "httpx"):
        return ["/usr/bin/python3", "clients/follow.py", name, url]
    if name == "curl":
        return ["bash", "clients/follow.sh", url]
    if name == "libcurl":
        build = pathlib.Path(os.environ["EVENT_RELAY_BINARY"]).resolve().parents[1]
        return [build / "tests" / "e2e" / "subscribe", url]
    node = shutil.which("node")
    assert node, "Node.js is not installed"
    assert (FOLDER / "node_modules").is_dir(), "npm ci has not run in tests/e2e"
    if name == "fetch-event-source":
        return [node, "clients/fetch_event_source.js", url]
    return [node, "clients/subscribe.js", _eventsources[name], url, *TYPES]


class Client:
    """What all of them have in common, however their records come."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def wait_open(self, times=1):
        return self._wait(times, "open")

    def wait_events(self, count):
        return [_decoded(event) for event in self._wait(count, "event")]

    def wait_closed(self):
        eventually(lambda: any(error["closed"] for error in self.records("error")), "the client has closed")

    def events(self):
        return [_decoded(event) for event in self.records("event")]


class Program(Client):
    def __init__(self, name, url, environment=None):
        self._process = spawn(_arguments(name, url), cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**os.environ, "no_proxy": "*", **(environment or {})}, start_new_session=True)
        self._records = Records(self._process.stdout)
        self._wait = self._records.wait

    def records(self, kind):
        return self._records.all(kind)

    def close(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)  # the shell's curl, too
        self._process.wait(PATIENCE)


_subscribe = """(() => {
  const source = window.source = new EventSource(%s);
  const print = (record) => console.log(JSON.stringify(record));
  source.onopen = () => print({kind: "open"});
  source.onerror = () => print({kind: "error", closed: source.readyState === EventSource.CLOSED});
  for (const type of ["message", ...%s])
    source.addEventListener(type, ({lastEventId, data}) => print({kind: "event", type, id: lastEventId, data}));
})()"""


class InChromium(Client):
    """The browser's own EventSource, in a page of the same origin: one that is given, or a new one."""

    def __init__(self, url, page):
        self._own = None if page else Page()
        self.page = page or self._own.__enter__()
        try:
            self.page.open(url.partition("/events")[0] + "/healthz")
            self._begin = len(self.page.console())
            self.page.evaluate(_subscribe % (json.dumps(url), json.dumps(TYPES)))
        except BaseException:
            self.close()
            raise

    def records(self, kind):
        return [record for record in map(json.loads, self.page.console()[self._begin:]) if record["kind"] == kind]

    def _wait(self, count, kind):
        eventually(lambda: len(self.records(kind)) >= count, f"{kind} number {count}")
        return self.records(kind)

    def close(self):
        if self._own:
            self._own.close()
        else:
            self.page.open("about:blank")


def subscribe(name, endpoint, query="", scheme="http", page=None):
    """The client of this name, on its way to the stream."""
    url = "{}://{}:{}/events{}".format(scheme, *endpoint, query)
    if name == "Chromium":
        return InChromium(url, page)
    return Program(name, url, {"NODE_TLS_REJECT_UNAUTHORIZED": "0"} if scheme == "https" else None)


def _decoded(event):
    return {**event, "data": base64.b64decode(event["base64"]).decode()} if "base64" in event else event
