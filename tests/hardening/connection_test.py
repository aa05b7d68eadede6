"""What the relay does with a connection: keep it, end it, go on with the next request, or hold it as a stream."""

import pytest

from harness.http import Connection, get, head_of
from harness.publishing import published
from harness.sse import Stream
from harness.waiting import eventually

MIB = 1 << 20


def post(body, headers=(), target="/reservations", version="1.1"):
    return head_of("POST", target, [*headers, ("Content-Length", len(body))], version) + body


def test_publishes_in_one_go_are_answered_in_their_order(relay):
    count = 50
    with Connection(relay.endpoint) as connection:
        connection.send(b"".join(post(b"%d" % number) for number in range(count)))
        positions = [connection.read_response("POST").json()["position"] for _ in range(count)]
    assert positions == list(range(1, count + 1))
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        assert [event.json() for event in stream.events(count)] == list(range(count))


def test_refused_publish_does_not_stop_those_behind_it(relay):
    """A refusal of the data alone leaves no doubt where the next request begins."""
    with Connection(relay.endpoint) as connection:
        connection.send(post(b"not json") + post(b"{}"))
        assert connection.read_response("POST").status == 400
        assert connection.read_response("POST").status == 201


def test_chunked_publish(relay):
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("POST", "/reservations", [("Transfer-Encoding", "chunked")]))
        for chunk in (b'3\r\n{"a\r\n', b'4;ext=1\r\n":1}\r\n', b"0\r\nTrailer: x\r\n\r\n"):
            connection.send(chunk)
        assert connection.read_response("POST").status == 201
        connection.send(post(b"{}"))
        assert connection.read_response("POST").json()["position"] == 2
    assert b'{"a":1}' in get(relay.endpoint, "/events/1").body


def test_head_has_the_headers_of_get_and_no_body(relay):
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("HEAD", "/healthz") + head_of("GET", "/healthz"))
        head = connection.read_response("HEAD")
        body = connection.read_response("GET")
    assert (head.status, body.status) == (200, 200)
    assert head.headers.get("Content-Type") == body.headers.get("Content-Type")
    assert body.json() == {"status": "ok"}


@pytest.mark.parametrize("version, headers, kept", [
    ("1.1", [], True),
    ("1.1", [("Connection", "close")], False),
    ("1.0", [], False),
])
def test_keeping(relay, version, headers, kept):
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("GET", "/healthz", headers, version))
        assert connection.read_response().status == 200
        if kept:
            connection.send(head_of("GET", "/healthz", [("Connection", "close")]))
            assert connection.read_response().status == 200
        assert connection.read_to_end() == b""


def test_http_1_0_needs_no_host(relay):
    with Connection(relay.endpoint) as connection:
        connection.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert connection.read_response().status == 200


def test_http_1_0_publish(relay):
    with Connection(relay.endpoint) as connection:
        connection.send(post(b"{}", version="1.0"))
        assert connection.read_response("POST").status == 201


def test_expectation_is_met_when_nothing_speaks_against_it(relay):
    body = b'{"large":true}'
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("POST", "/reservations", [("Expect", "100-continue"), ("Content-Length", len(body))]))
        assert connection.read_head().status == 100
        connection.send(body)
        assert connection.read_response("POST").status == 201


@pytest.mark.parametrize("target, headers, status", [
    ("/reservations", [("Content-Length", 10 * MIB)], 413),
    ("/unknown", [("Content-Length", 2)], 404),
    ("/events", [("Content-Length", 2)], 405),
    ("/reservations", [("Content-Length", 2), ("Content-Type", "image/png")], 415),
])
def test_expectation_is_not_met_for_what_will_be_refused(relay, target, headers, status):
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("POST", target, [*headers, ("Expect", "100-continue")]))
        connection.read_response("POST").problem(status)
    assert get(relay.endpoint, "/healthz").status == 200


def test_half_closed_stream_is_a_closed_one(relay):
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        stream.connection.end_sending()
        assert stream.read_to_end() == []
        assert stream.ending is not None
    assert published(relay.endpoint, {})["position"] == 1


def test_half_closed_publish_is_answered(relay):
    with Connection(relay.endpoint) as connection:
        connection.send(post(b"{}"))
        connection.end_sending()
        assert connection.read_response("POST").status == 201


def test_bytes_behind_a_stream_request_are_no_request(relay):
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        stream.connection.send(post(b'"smuggled"'))
        published(relay.endpoint, "honest")
        event = stream.next_event()
        assert event is None or event.json() == "honest"
    assert get(relay.endpoint, "/events/2").status == 404


def test_bytes_behind_a_stream_request_in_the_same_packet(relay):
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("GET", "/events") + post(b'"smuggled"'))
        assert connection.read_head().status == 200
        assert published(relay.endpoint, "honest")["position"] == 1
    assert get(relay.endpoint, "/events/2").status == 404


def test_flood_into_a_stream_is_bounded(relay):
    """Whether the relay drops the bytes, stops reading or hangs up: it must not keep them."""
    before = relay.resident_bytes()
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        block = b"x" * MIB
        sent = 0
        while sent < 64 * MIB and (taken := stream.connection.send_some(block, 0.5)):
            sent += taken
        assert relay.resident_bytes() - before < 16 * MIB
        assert published(relay.endpoint, {})["position"] == 1
    assert get(relay.endpoint, "/healthz").status == 200


def test_streams_that_leave_are_let_go(make_relay):
    """With room for three streams, every leaver's place is free again at once: by FIN and by RST."""
    relay = make_relay({"stream.max_streams": 3, "stream.closed_check": "1h"})
    for number in range(60):
        def admitted(reset=number % 2):
            with Stream(relay.endpoint) as stream:
                if reset:
                    stream.reset()
                return stream.response.status == 200

        eventually(admitted, "a free place", 5)
