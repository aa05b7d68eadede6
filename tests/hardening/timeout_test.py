"""Clients that take their time: what they may hold up is their own connection, and that not for long."""

import select
import time

import pytest

from harness.http import Connection, get, head_of
from harness.publishing import published
from harness.sse import Stream


def still_serves(relay):
    assert get(relay.endpoint, "/healthz").status == 200
    published(relay.endpoint, {})


@pytest.mark.parametrize("start", [b"G", b"GET /healthz HTTP/1.1\r\nHost: re",
                                   b"GET /events HTTP/1.1\r\nHost: relay.test\r\n"])
def test_slow_headers(make_relay, start):
    relay = make_relay({"http.header_timeout": "300ms"})
    with Connection(relay.endpoint) as connection:
        connection.send(start)
        connection.read_response().problem(408)
        assert connection.read_to_end() == b""
    still_serves(relay)


def test_dripping_headers(make_relay):
    """The time counts for the whole head: a byte now and then buys nothing."""
    relay = make_relay({"http.header_timeout": "500ms"})
    start = time.monotonic()
    with Connection(relay.endpoint) as connection:
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: relay.test\r\nX-Drip: ")
        drips = 0
        while not _readable(connection, 0.05):
            if connection.send_some(b"x", 1.0) is None:
                break
            drips += 1
        connection.read_response().problem(408)
    assert drips > 2
    assert time.monotonic() - start > 0.4
    still_serves(relay)


def _readable(connection, timeout):
    return bool(select.select([connection], [], [], timeout)[0])


def test_slow_body(make_relay):
    relay = make_relay({"http.body_timeout": "300ms"})
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("POST", "/reservations", [("Content-Length", 10)]) + b'{"a"')
        connection.read_response("POST").problem(408)
        assert connection.read_to_end() == b""
    still_serves(relay)


def test_idle_connection_is_closed_without_a_word(make_relay):
    relay = make_relay({"http.idle_timeout": "300ms"})
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("GET", "/healthz"))
        assert connection.read_response().status == 200
        assert connection.read_to_end() == b""
    still_serves(relay)


def test_streams_outlive_the_timeouts_of_requests(make_relay):
    relay = make_relay({"http.header_timeout": "300ms", "http.body_timeout": "300ms", "http.idle_timeout": "300ms",
                        "stream.heartbeat": "200ms"})
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        for _ in range(6):
            stream.read_heartbeat()
        event = published(relay.endpoint, {})
        assert stream.next_event().id == event["id"]
