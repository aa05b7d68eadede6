"""Well-formed requests that ask for what cannot be done: the status and the problem say what and why."""

import pytest

from harness.http import get, request
from harness.publishing import publish, published
from harness.sse import Stream


@pytest.mark.parametrize("method, target, allowed", [
    ("DELETE", "/events", {"GET", "HEAD", "OPTIONS"}),
    ("POST", "/events", {"GET", "HEAD", "OPTIONS"}),
    ("PUT", "/events/1", {"GET", "HEAD"}),
    ("GET", "/reservations", {"POST"}),
    ("PUT", "/reservations", {"POST"}),
    ("PATCH", "/reservations", {"POST"}),
    ("POST", "/healthz", {"GET", "HEAD"}),
    ("DELETE", "/readyz", {"GET", "HEAD"}),
    ("POST", "/metrics", {"GET", "HEAD"}),
    ("POST", "/", {"GET", "HEAD"}),
    ("BREW", "/events", {"GET", "HEAD", "OPTIONS"}),
])
def test_wrong_method(shared_relay, method, target, allowed):
    response = request(shared_relay.endpoint, method, target, b"" if method in ("POST", "PUT", "PATCH") else None)
    response.problem(405)
    assert response.headers.tokens("Allow") >= allowed
    assert method not in response.headers.tokens("Allow")


@pytest.mark.parametrize("method, target", [
    ("POST", "/unknown"), ("GET", "/unknown"), ("GET", "/console/"), ("GET", "/events/1/2"), ("POST", "/reservations/1"),
    ("POST", "/Reservations"), ("GET", "/../etc/passwd"), ("GET", "/%2e%2e/"), ("POST", "/reservations%2F"),
])
def test_unknown_target(shared_relay, method, target):
    request(shared_relay.endpoint, method, target, b"{}" if method == "POST" else None).problem(404)


@pytest.mark.parametrize("name", ["garbage", "1-", "-1", "0x1", "1-2-3", "99999999999999999999999"])
def test_event_by_what_is_no_id(shared_relay, name):
    response = get(shared_relay.endpoint, f"/events/{name}")
    assert response.status in (400, 404)
    response.problem(response.status)


@pytest.mark.parametrize("accept", ["image/png", "application/xml, image/*", "text/event-stream;q=0",
                                    "*/*;q=0", "text/html"])
def test_stream_as_something_else(shared_relay, accept):
    request(shared_relay.endpoint, "GET", "/events", headers=[("Accept", accept)]).problem(406)


@pytest.mark.parametrize("media_type", ["image/png", "application/octet-stream", "application/x-www-form-urlencoded",
                                        "multipart/form-data; boundary=x", "json", "application/jsonp"])
def test_data_as_something_else(shared_relay, media_type):
    response = publish(shared_relay.endpoint, b"{}", content_type=media_type)
    response.problem(415)
    assert "application/json" in response.headers.tokens("Accept-Post")


@pytest.mark.parametrize("body", [
    b"", b"{", b"{}x", b"{'a':1}", b'{"a":}', b"nul", b"[1,]", b'"\n"', b'"\xc3\xa4', b"NaN", b"01", b"// x\n1",
    b"[" * 100_000, b"[" * 50_000 + b"]" * 49_999,
], ids=lambda body: repr(body[:12]))
def test_not_json(shared_relay, body):
    publish(shared_relay.endpoint, body).problem(400)


@pytest.mark.parametrize("media_type", ["application/json", "text/plain"])
@pytest.mark.parametrize("body", [b'"\xff"', b'"\xc3"', b'"\xed\xa0\x80"', b'"\xc0\xaf"', b'"\xf4\x90\x80\x80"',
                                  b'"\x00"'])
def test_not_text(shared_relay, body, media_type):
    """Invalid UTF-8, surrogates, overlong forms, beyond Unicode, and NUL, which PostgreSQL cannot store."""
    publish(shared_relay.endpoint, body, content_type=media_type).problem(422)


@pytest.mark.parametrize("event_type", ["a%0Ab", "a%0Db", "a%00b", "%20a", "a%20", "%FF", "open", "error",
                                        "relay.reset", "x" * 129])
def test_bad_type_in_the_query(shared_relay, event_type):
    problem = request(shared_relay.endpoint, "POST", f"/reservations?type={event_type}", b"{}").problem(400)
    assert problem["field"] == "type"


@pytest.mark.parametrize("event_type", ["relay.reset", "x" * 129, "\xff"])
def test_bad_type_in_the_header(shared_relay, event_type):
    publish(shared_relay.endpoint, {}, event_type=event_type).problem(400)


@pytest.mark.parametrize("key", ["k" * 256, "\xff"])
def test_bad_key(shared_relay, key):
    publish(shared_relay.endpoint, {}, key=key).problem(400)


def test_longest_names(shared_relay):
    published(shared_relay.endpoint, {}, event_type="x" * 128, key="k" * 255)


@pytest.mark.parametrize("query, field", [
    ("from=sideways", "from"),
    ("on_gap=maybe", "on_gap"),
    ("topic=nonexistent", "topic"),
    ("topic=reservations,nonexistent", "topic"),
    ("type=a%0Ab", "type"),
])
def test_unknown_value_of_a_known_parameter(shared_relay, query, field):
    problem = request(shared_relay.endpoint, "GET", f"/events?{query}").problem(400)
    assert problem["field"] == field


@pytest.mark.parametrize("query", ["_=1234", "utm_source=x&y", "=", "&&", "a=b=c"])
def test_unknown_parameter(shared_relay, query):
    with Stream(shared_relay.endpoint, f"/events?{query}") as stream:
        assert stream.response.status == 200
    assert request(shared_relay.endpoint, "POST", f"/reservations?{query}", b"{}").status == 201


@pytest.mark.parametrize("target", ["/reservations%00", "/reservations%zz", "/reservations%", "/reservations?type=%zz"])
def test_broken_percent_encoding(shared_relay, target):
    response = request(shared_relay.endpoint, "POST", target, b"{}")
    assert response.status in (400, 404)
    response.problem(response.status)


def test_refusal_to_head_has_no_body(shared_relay):
    response = request(shared_relay.endpoint, "HEAD", "/unknown")
    assert response.status == 404


def test_refusals_cost_the_neighbours_nothing(shared_relay):
    with Stream(shared_relay.endpoint) as stream:
        stream.read_preamble()
        for _ in range(50):
            publish(shared_relay.endpoint, b"{").problem(400)
        event = published(shared_relay.endpoint, {})
        assert stream.next_event().id == event["id"]
