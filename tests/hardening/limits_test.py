"""Limits: each is met with a clear answer, at the limit itself all is well, and the relay serves on."""

import select

import pytest

from harness.http import Connection, get, head_of, request
from harness.publishing import publish, published
from harness.sse import Stream
from harness.waiting import eventually

KIB = 1024


def still_serves(relay):
    assert get(relay.endpoint, "/healthz").status == 200
    published(relay.endpoint, {})


@pytest.fixture
def frugal(make_relay):
    return make_relay({"publish.max_event_bytes": "1KiB"})


def sized(count):
    return b'"' + b"x" * (count - 2) + b'"'


def test_event_too_large(frugal):
    published(frugal.endpoint, sized(KIB))
    assert publish(frugal.endpoint, sized(KIB + 1)).problem(413)["limit"] == KIB
    still_serves(frugal)


def test_event_too_large_by_its_length_is_refused_before_it_comes(frugal):
    with Connection(frugal.endpoint) as connection:
        connection.send(head_of("POST", "/reservations", [("Content-Length", 1 << 40)]))
        assert connection.read_response("POST").problem(413)["limit"] == KIB
    still_serves(frugal)


def test_event_too_large_in_chunks(frugal):
    chunk = b"200\r\n" + b"x" * 512 + b"\r\n"
    with Connection(frugal.endpoint) as connection:
        connection.send(head_of("POST", "/reservations", [("Transfer-Encoding", "chunked")]) + chunk * 3)
        assert connection.read_response("POST").problem(413)["limit"] == KIB
    still_serves(frugal)


def test_default_limit_of_an_event(relay):
    published(relay.endpoint, sized(KIB * KIB))
    assert publish(relay.endpoint, sized(KIB * KIB + 1)).problem(413)["limit"] == KIB * KIB
    still_serves(relay)


@pytest.mark.parametrize("headers", [
    [("X-Large", "x" * 17_000)],
    [(f"X-{number}", "x" * 100) for number in range(200)],
    [(f"X-{number}", "") for number in range(4000)],
])
def test_headers_too_large(relay, headers):
    response = request(relay.endpoint, "GET", "/healthz", headers=headers)
    response.problem(431)
    still_serves(relay)


def test_headers_without_end(relay):
    """Refused at the limit: the blank line never comes."""
    with Connection(relay.endpoint) as connection:
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: relay.test\r\nX-Endless: ")
        for _ in range(1000):
            if not connection.send_some(b"x" * 4000, 0.2):
                break
        connection.read_response().problem(431)
    still_serves(relay)


def test_target_too_long(relay):
    assert request(relay.endpoint, "GET", "/healthz?" + "x" * (8000 - 9)).status == 200
    request(relay.endpoint, "GET", "/healthz?" + "x" * (8001 - 9)).problem(414)
    request(relay.endpoint, "GET", "/" + "x" * 12_000).problem(414)
    still_serves(relay)


def test_too_many_connections(make_relay):
    relay = make_relay({"http.max_connections": 5})
    held = [Stream(relay.endpoint) for _ in range(3)]
    kept = [Connection(relay.endpoint) for _ in range(2)]
    for connection in kept:
        connection.send(head_of("GET", "/healthz"))
        assert connection.read_response().status == 200
    get(relay.endpoint, "/healthz").problem(503)
    kept[0].send(head_of("GET", "/healthz"))  # those inside are served
    assert kept[0].read_response().status == 200
    kept.pop().close()
    eventually(lambda: get(relay.endpoint, "/healthz").status == 200, "a free place")
    held.pop().close()
    held.pop().reset()
    eventually(lambda: get(relay.endpoint, "/healthz").status == 200, "a free place")
    for connection in [*held, *kept]:
        connection.close()
    still_serves(relay)


def stream_status(relay):
    with Stream(relay.endpoint) as stream:
        return stream.response.status


@pytest.mark.parametrize("option, status", [("stream.max_streams", 503), ("stream.max_streams_per_address", 429)])
def test_too_many_streams(make_relay, option, status):
    relay = make_relay({option: 2})
    held = [Stream(relay.endpoint) for _ in range(2)]
    response = request(relay.endpoint, "GET", "/events")
    response.problem(status)
    assert int(response.headers.get("Retry-After")) > 0
    assert request(relay.endpoint, "HEAD", "/events").status == 200  # holds nothing
    event = published(relay.endpoint, {})
    for stream in held:
        assert stream.next_event().id == event["id"]
    held.pop().close()
    eventually(lambda: stream_status(relay) == 200, "a free place")
    held.pop().close()
    still_serves(relay)


def test_too_many_publishes_at_once(make_relay, database):
    """With the journal held up four of twelve wait, and the others are sent away at once."""
    relay = make_relay({"publish.max_waiting": 4})
    with database.locked("event_relay.journal", "SHARE"):
        everybody = [Connection(relay.endpoint) for _ in range(12)]
        for connection in everybody:
            connection.send(head_of("POST", "/reservations", [("Content-Length", 2)]) + b"{}")
        answered = eventually(lambda: _eight_readable(everybody), "eight refusals")
        for connection in answered:
            response = connection.read_response("POST")
            response.problem(503)
            assert int(response.headers.get("Retry-After")) > 0
    for connection in set(everybody) - set(answered):
        assert connection.read_response("POST").status == 201
    for connection in everybody:
        connection.close()
    still_serves(relay)


def _eight_readable(connections):
    readable = select.select(connections, [], [], 0.2)[0]
    return len(readable) >= 8 and readable
