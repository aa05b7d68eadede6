"""GET /events: what is on the wire, byte by byte."""

import re
import time

import pytest

from harness import http
from harness.publishing import Publisher, publish, published
from harness.sse import HEARTBEAT, Stream, frame

JOURNALS = ["postgres", "sqlite"]


def test_headers(relay):
    with Stream(relay.endpoint) as stream:
        headers = stream.response.headers
    assert stream.response.status == 200
    assert stream.response.version == "HTTP/1.1"
    assert headers.get("Content-Type") == "text/event-stream; charset=utf-8"
    assert headers.tokens("Cache-Control") == {"no-cache", "no-store", "no-transform"}
    assert headers.get("X-Accel-Buffering") == "no"
    assert headers.get("X-Content-Type-Options") == "nosniff"
    assert headers.tokens("Vary") >= {"Accept", "Origin"}
    assert headers.get("Transfer-Encoding") == "chunked"
    for absent in ("Content-Length", "ETag", "Content-Encoding"):
        assert headers.get(absent) is None


def test_preamble_comes_at_once_and_its_retry_is_spread(relay):
    retries = set()
    for _ in range(10):
        with Stream(relay.endpoint) as stream:
            found = re.fullmatch(rb":ok\nretry: (\d+)\n", stream.read_preamble())
            retries.add(int(found[1]))
    assert all(2400 <= retry <= 3600 for retry in retries)
    assert len(retries) > 1


def test_frames_are_exact(relay):
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        typed = published(relay.endpoint, b'{"a":1}', event_type="created")
        bare = published(relay.endpoint, b"[]")
        assert stream.next_event().raw == frame(typed["id"], '{"a":1}', "created")
        assert stream.next_event().raw == frame(bare["id"], "[]")


@pytest.mark.parametrize("sent, lines", [
    (b"one\ntwo", [b"one", b"two"]),
    (b"one\rtwo", [b"one", b"two"]),
    (b"one\r\ntwo", [b"one", b"two"]),
    (b"one\n\rtwo", [b"one", b"", b"two"]),
    (b"one\r\r\ntwo", [b"one", b"", b"two"]),
    (b"one\n", [b"one", b""]),
    (b"\none", [b"", b"one"]),
    (b"", [b""]),
    (b" leading", [b" leading"]),
    (b"one\n  two", [b"one", b"  two"]),
    ("sep\u2028para\u2029next\u0085".encode(), ["sep\u2028para\u2029next\u0085".encode()]),
    (b"tab\x0bfeed\x0c", [b"tab\x0bfeed\x0c"]),
    ("\ufeffmark".encode(), ["\ufeffmark".encode()]),
    (b"id: 9-9\nevent: forged\n\ndata: forged", [b"id: 9-9", b"event: forged", b"", b"data: forged"]),
    (b": not a comment", [b": not a comment"]),
])
def test_text_is_split_at_every_line_break(relay, sent, lines):
    with Stream(relay.endpoint) as stream:
        event = published(relay.endpoint, sent, content_type="text/plain")
        received = stream.next_event()
    # Whether an empty line has the space makes no difference to any reader.
    expected = b"".join(b"data: %s\n" % line for line in lines).replace(b"data: \n", b"data:\n")
    assert received.raw.replace(b"data: \n", b"data:\n") == expected + f"id: {event['id']}\n\n".encode()
    assert received.data.encode() == b"\n".join(lines)


def test_json_of_many_lines(relay):
    with Stream(relay.endpoint) as stream:
        published(relay.endpoint, b'{\r\n  "a": 1\r\n}', event_type="t")
        event = stream.next_event()
    assert event.json() == {"a": 1}
    assert [name for name, _ in event.fields] == ["event", "data", "data", "data", "id"]


def test_large_event(relay):
    data = '"' + "x" * 1_000_000 + '"'
    with Stream(relay.endpoint) as stream:
        event = published(relay.endpoint, data.encode())
        assert stream.next_event().raw == frame(event["id"], data)


def test_heartbeats_follow_silence(make_relay):
    relay = make_relay({"stream.heartbeat": "100ms"})
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        start = time.monotonic()
        for _ in range(5):
            stream.read_heartbeat()
        assert time.monotonic() - start > 0.3  # five of them fill at least three whole intervals
        event = published(relay.endpoint, {})
        assert stream.next_event().raw == frame(event["id"], "{}")
        stream.read_heartbeat()


def test_traffic_keeps_heartbeats_away(make_relay):
    relay = make_relay({"stream.heartbeat": "1s"})
    with Stream(relay.endpoint) as stream, Publisher(relay.endpoint) as publisher:
        stream.read_preamble()
        last = time.monotonic()
        end = last + 3.5
        while last < end:
            publisher.publish({})
            while (line := stream.read_line()) != b"\n":
                # Only a machine that stopped for so long itself may show one.
                assert line != HEARTBEAT or time.monotonic() - last > 0.8
            last = time.monotonic()
        stream.read_heartbeat()


def test_without_cursor_a_stream_is_live(relay):
    published(relay.endpoint, {})
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        assert published(relay.endpoint, {})["position"] == 2
        assert stream.next_event().position == 2


@pytest.mark.parametrize("accept", ["text/event-stream", "*/*", "text/*", "text/html, text/event-stream;q=0.1",
                                    "application/json;q=0.1, */*"])
def test_accepts(relay, accept):
    with Stream(relay.endpoint, headers=[("Accept", accept)]) as stream:
        assert stream.response.status == 200


def test_head_is_answered_and_not_held(relay):
    response = http.request(relay.endpoint, "HEAD", "/events")
    assert response.status == 200
    assert response.headers.get("Content-Type") == "text/event-stream; charset=utf-8"
    with http.Connection(relay.endpoint) as connection:
        connection.send(http.head_of("HEAD", "/events", [("Connection", "close")]))
        connection.read_head()
        assert connection.read_to_end() == b""


def test_options(relay):
    response = http.request(relay.endpoint, "OPTIONS", "/events")
    assert response.status == 204
    assert response.headers.tokens("Allow") >= {"GET", "HEAD", "OPTIONS"}


def test_http_1_0_stream_ends_with_its_connection(relay):
    with Stream(relay.endpoint, version="1.0") as stream:
        assert stream.response.headers.get("Transfer-Encoding") is None
        assert stream.response.headers.get("Content-Length") is None
        assert stream.read_preamble().startswith(b":ok\n")
        event = published(relay.endpoint, {})
        assert stream.next_event().raw == frame(event["id"], "{}")
        relay.stop()
        assert stream.read_to_end() == []
        assert stream.ending == "closed"
        assert stream.on_frame_boundary


def test_http_1_1_stream_ends_with_the_final_chunk(relay):
    with Stream(relay.endpoint) as stream:
        publish(relay.endpoint, {})
        assert stream.next_event().position == 1
        relay.stop()
        assert stream.read_to_end() == []
        assert stream.ending == "final chunk"
        assert stream.on_frame_boundary
        assert re.fullmatch(rb"retry: \d+\n", stream.retries[-1])


def test_streams_end_by_age(make_relay):
    relay = make_relay({"stream.max_age": "1s"})
    with Stream(relay.endpoint) as stream:
        start = time.monotonic()
        assert stream.read_to_end() == []
        assert stream.ending == "final chunk"
        assert time.monotonic() - start > 0.5
