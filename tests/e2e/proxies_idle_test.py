"""Streams on which nothing happens stay open through proxies: heartbeats come before the proxies' patience ends."""

import contextlib
import select
import time

import pytest

from harness.proxies import Proxy
from harness.publishing import published
from harness.sse import HEARTBEAT, Stream

JOURNALS = ["sqlite"]
NAMES = ["bare nginx", "nginx", "HAProxy", "Caddy"]
IDLE = 65  # more than the 60 s of nginx, and of the samples

# For each, patience of a second in place of its own or the sample's.
IMPATIENT = {
    "bare nginx": [("location / {", "location / { proxy_read_timeout 1s;")],
    "nginx": [("proxy_read_timeout 60s", "proxy_read_timeout 1s")],
    "HAProxy": [("timeout server 60s", "timeout server 1s")],
    "Caddy": [("lb_try_interval 250ms", "transport http {\n read_timeout 1s\n}")],
}


def read_for(streams, seconds):
    """All lines that come within the time; a stream that ends before is a failure."""
    end = time.monotonic() + seconds
    lines = {name: [] for name in streams}
    while (left := end - time.monotonic()) > 0:
        for name, stream in streams.items():
            while stream.has_line:
                lines[name].append(stream.read_line())
        ready, _, _ = select.select([*streams.values()], [], [], left)
        for name, stream in streams.items():
            if stream in ready:
                assert (line := stream.read_line()) is not None, f"{name}: {stream.ending}"
                lines[name].append(line)
    return lines


def test_idle_streams_outlive_the_patience_of_proxies(make_relay):
    relay = make_relay()  # with heartbeats as they are unless told otherwise
    with contextlib.ExitStack() as stack:
        proxies = {name: stack.enter_context(Proxy(name, relay)) for name in NAMES}
        streams = {name: stack.enter_context(Stream(proxy.endpoint)) for name, proxy in proxies.items()}
        for stream in streams.values():
            stream.read_preamble()
        for name, lines in read_for(streams, IDLE).items():
            assert set(lines) == {HEARTBEAT}, name
        event = published(relay.endpoint, {})
        for name, stream in streams.items():
            assert stream.next_event().id == event["id"], name


@pytest.mark.parametrize("name", NAMES)
def test_without_heartbeats_they_would_not(make_relay, name):
    relay = make_relay({"stream.heartbeat": "40s"})
    with Proxy(name, relay, IMPATIENT[name]) as proxy, Stream(proxy.endpoint) as stream:
        stream.read_preamble()
        assert stream.read_to_end() == []
        assert HEARTBEAT not in stream.comments
