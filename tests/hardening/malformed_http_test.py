"""Requests that no honest client sends: each gets a clear answer, and the relay serves on."""

import pytest

from harness.http import Connection, get, head_of, request
from harness.publishing import published
from harness.sse import Stream

HOST = b"Host: relay.test\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


def still_serves(relay):
    assert get(relay.endpoint, "/healthz").status == 200
    assert published(relay.endpoint, {})["position"] > 0


def refusal(relay, sent, *statuses):
    """The answer to the bytes, after which the relay must end the connection: what follows cannot be trusted."""
    with Connection(relay.endpoint) as connection:
        connection.send(sent)
        response = connection.read_response("POST")
        assert response.status in statuses, response.body
        response.problem(response.status)
        assert connection.read_to_end() == b"", "something of the same bytes was answered as another request"
    still_serves(relay)


@pytest.mark.parametrize("sent", [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2 + b"\r\n\r\n",
    b"\x00\x00\x00\x00\r\n\r\n",
    b"hello\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET  /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /heal\x00thz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"G(T /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"Bad Name: x\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"Name : x\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"no colon\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\n" + HOST + b"Name: a\x00b\r\n\r\n",
], ids=repr)
def test_garbage(shared_relay, sent):
    refusal(shared_relay, sent, 400)


@pytest.mark.parametrize("sent", [
    b"GET /healthz HTTP/1.1\nHost: relay.test\n\n",
    b"GET /healthz HTTP/1.1\r\nHost: relay.test\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: relay.test\r\nA: b\nC: d\r\n\r\n",
    b"GET /healthz HTTP/1.1\r\nHost: relay.test\r\nA: b\rC: d\r\n\r\n",
], ids=repr)
def test_bare_line_ends(shared_relay, sent):
    refusal(shared_relay, sent, 400)


@pytest.mark.parametrize("fold", [b" ", b"\t"])
def test_folded_header(shared_relay, fold):
    refusal(shared_relay, b"GET /healthz HTTP/1.1\r\n" + HOST + b"X-Note: one\r\n" + fold + b"two\r\n\r\n", 400)


@pytest.mark.parametrize("headers", [
    b"Content-Length: 2\r\n" + CHUNKED,
    CHUNKED + b"Content-Length: 2\r\n",
    b"Content-Length: 2\r\nContent-Length: 3\r\n",
    b"Content-Length: 2, 3\r\n",
    b"Content-Length: +2\r\n",
    b"Content-Length: -2\r\n",
    b"Content-Length: 0x2\r\n",
    b"Content-Length: two\r\n",
    b"Content-Length:\r\n",
    b"Content-Length: 99999999999999999999999\r\n",
    b"Transfer-Encoding: chunked, identity\r\n",
    b"Transfer-Encoding: xchunked\r\n",
    b"Transfer-Encoding: chunked, chunked\r\n",
    CHUNKED + CHUNKED,
], ids=repr)
def test_length_that_two_readers_could_see_differently(shared_relay, headers):
    """Each of these has been used to smuggle a request past a proxy."""
    body = b"2\r\n{}\r\n0\r\n\r\n" if b"chunked" in headers else b"{}"
    sent = b"POST /reservations HTTP/1.1\r\n" + HOST + headers + b"\r\n" + body
    refusal(shared_relay, sent, 400, 413, 501)


@pytest.mark.parametrize("body", [
    b"x\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n", b"2\r\n{}xx0\r\n\r\n", b"fffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    b"2\n{}\n0\n\n",
], ids=repr)
def test_broken_chunks(shared_relay, body):
    with Connection(shared_relay.endpoint) as connection:
        connection.send(b"POST /reservations HTTP/1.1\r\n" + HOST + CHUNKED + b"\r\n" + body)
        connection.end_sending()  # a reader that waits for the rest of a chunk sees that none comes
        response = connection.read_response("POST")
        assert response.status in (400, 413)
        response.problem(response.status)
        assert connection.read_to_end() == b""
    still_serves(shared_relay)


@pytest.mark.parametrize("target", ["/events", "/healthz", "/events/1", "/metrics"])
def test_body_on_get(shared_relay, target):
    """Left unread it would be the next request of the connection."""
    smuggled = head_of("GET", "/healthz")
    refusal(shared_relay, head_of("GET", target, [("Content-Length", len(smuggled))]) + smuggled, 400)
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(smuggled), smuggled)
    refusal(shared_relay, head_of("GET", target, [("Transfer-Encoding", "chunked")]) + chunk, 400)


def test_empty_body_on_get_is_no_body(shared_relay):
    assert request(shared_relay.endpoint, "GET", "/healthz", b"").status == 200


@pytest.mark.parametrize("hosts", [b"", HOST + HOST, HOST + b"Host: other.test\r\n"])
def test_one_host_there_must_be(shared_relay, hosts):
    refusal(shared_relay, b"GET /healthz HTTP/1.1\r\n" + hosts + b"\r\n", 400)


@pytest.mark.parametrize("sent", [b"GET /healthz\r\n\r\n", b"GET /healthz HTTP/x.y\r\n" + HOST + b"\r\n"], ids=repr)
def test_no_version(shared_relay, sent):
    refusal(shared_relay, sent, 400, 505)


@pytest.mark.parametrize("sent", [
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /healthz HTTP/2.0\r\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/3.0\r\n" + HOST + b"\r\n",
    b"GET /healthz HTTP/0.9\r\n\r\n",
], ids=repr)
def test_other_versions(shared_relay, sent):
    refusal(shared_relay, sent, 505)


def test_client_that_goes_away_early(shared_relay):
    """At every byte of a publish and of a subscription."""
    body = b'{"early":true}'
    publish = head_of("POST", "/reservations", [("Content-Length", len(body))]) + body
    for whole in (publish, head_of("GET", "/events?from=earliest")):
        for count in range(0, len(whole) + 1, 3):
            connection = Connection(shared_relay.endpoint)
            connection.send(whole[:count])
            if count % 2:
                connection.reset()
            else:
                connection.close()
    still_serves(shared_relay)


def test_request_byte_by_byte(shared_relay):
    body = b'{"slow":true}'
    with Connection(shared_relay.endpoint) as connection:
        for byte in head_of("POST", "/reservations", [("Content-Length", len(body))]) + body:
            connection.send(bytes([byte]))
        assert connection.read_response("POST").status == 201


def test_stream_request_byte_by_byte(shared_relay):
    with Connection(shared_relay.endpoint) as connection:
        for byte in head_of("GET", "/events"):
            connection.send(bytes([byte]))
        assert connection.read_head().status == 200
    with Stream(shared_relay.endpoint) as stream:
        assert stream.read_preamble().startswith(b":ok\n")
