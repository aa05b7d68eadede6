"""Request ids, and the access log: a line for a request, about that request, without what is secret."""

import json

import pytest

from harness.http import Connection, get, head_of, request
from harness.publishing import publish, published
from harness.sse import Stream
from harness.waiting import eventually

JOURNALS = ["sqlite"]
ALL = {"log.access": "all"}
READER = "reader-0123456789abcdef"


def lines(relay):
    records = [json.loads(line) for line in relay.log_text().splitlines() if line.startswith("{")]
    return [record for record in records if record["message"] == "request"]


def line_of(relay, request_id):
    """A line is written when the answer has been, so the client may be quicker."""
    found = eventually(lambda: [line for line in lines(relay) if line["request_id"] == request_id],
                       f"the line of {request_id}")
    assert len(found) == 1, found
    return found[0]


def with_id(request_id):
    return [("X-Request-Id", request_id)]


@pytest.mark.parametrize("target", ["/healthz", "/events?limit=0", "/nowhere", "/events/99", "/metrics", "/"])
def test_an_id_is_sent_back(relay, target):
    response = get(relay.endpoint, target, with_id("order-17.a_B"))
    assert response.headers.all("X-Request-Id") == ["order-17.a_B"]
    if response.status >= 400:
        assert response.problem(response.status)["instance"] == "urn:event-relay:request:order-17.a_B"


def test_one_is_made_where_there_is_none_or_a_bad_one(relay):
    answers = [get(relay.endpoint, "/healthz"), get(relay.endpoint, "/healthz", with_id("no good")),
               get(relay.endpoint, "/healthz", with_id("x" * 129)), get(relay.endpoint, "/nowhere"),
               get(relay.endpoint, "/healthz", with_id("a") + with_id("b")), publish(relay.endpoint, {})]
    with Connection(relay.endpoint) as connection:
        connection.send(b"nonsense\r\n\r\n")
        answers.append(connection.read_response())
    made = [answer.headers.get("X-Request-Id") for answer in answers]
    assert len(set(made)) == len(made)
    assert all(made) and not {"no good", "a", "b"} & set(made)
    assert answers[-1].problem(400)["instance"].endswith(made[-1])


def test_streams_have_one_too_and_pages_of_other_origins_may_see_it(make_relay):
    relay = make_relay({"http.cors_origins": "https://app.example"})
    origin = [("Origin", "https://app.example")]
    with Stream(relay.endpoint, headers=origin + with_id("stream-1")) as stream:
        assert stream.response.headers.get("X-Request-Id") == "stream-1"
        assert "X-Request-Id" in stream.response.headers.tokens("Access-Control-Expose-Headers")
    asked = request(relay.endpoint, "OPTIONS", "/events", headers=origin)
    assert "X-Request-Id" in asked.headers.tokens("Access-Control-Allow-Headers")


def test_each_request_of_a_connection_has_its_own(relay):
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("GET", "/healthz", with_id("first")) + head_of("GET", "/healthz") +
                        head_of("GET", "/healthz", with_id("third")))
        made = [connection.read_response().headers.get("X-Request-Id") for _ in range(3)]
    assert (made[0], made[2]) == ("first", "third")
    assert made[1] not in ("first", "third")


def test_a_line_says_what_was_asked_and_answered(make_relay):
    relay = make_relay(ALL)
    response = request(relay.endpoint, "POST", "/reservations?type=created", b'{"n":1}', with_id("one"))
    assert response.status == 201
    line = line_of(relay, "one")
    assert line["level"] == "info"
    assert (line["method"], line["target"], line["status"]) == ("POST", "/reservations?type=created", 201)
    assert line["address"].startswith("127.")
    assert line["bytes"] > len(response.body)
    assert 0 < line["seconds"] < 60
    assert "problem" not in line and "trace_id" not in line


def test_a_refusal_says_why(relay):
    get(relay.endpoint, "/no/where", with_id("one"))
    assert line_of(relay, "one")["problem"] == "no_such_path"
    publish(relay.endpoint, {})
    with Connection(relay.endpoint) as connection:
        connection.send(b"nonsense\r\n\r\n")
        request_id = connection.read_response().headers.get("X-Request-Id")
    line = line_of(relay, request_id)
    assert (line["method"], line["status"], line["problem"]) == ("-", 400, "malformed_request")
    assert [one["status"] for one in lines(relay)] == [404, 400], "what was answered with 201 has no line unless asked for"


def test_a_crowd_that_is_turned_away_has_lines(make_relay):
    relay = make_relay({"http.max_connections": "1"})
    with eventually(lambda: _admitted(relay), "the place of those who looked whether it is ready"):
        refused = get(relay.endpoint, "/healthz")
        refused.problem(503)
    line = line_of(relay, refused.headers.get("X-Request-Id"))
    assert (line["status"], line["problem"], line["method"]) == (503, "too_many_connections", "-")


def _admitted(relay):
    connection = Connection(relay.endpoint)
    connection.send(head_of("GET", "/healthz"))
    if connection.read_response().status == 200:
        return connection
    connection.close()
    return None


def test_none_means_none(make_relay):
    relay = make_relay({"log.access": "none"})
    get(relay.endpoint, "/nowhere").problem(404)
    relay.stop()
    assert not lines(relay)


def test_a_stream_has_a_line_at_its_end(make_relay):
    relay = make_relay(ALL)
    with Stream(relay.endpoint, "/events?topic=reservations", with_id("stream")) as stream:
        stream.read_preamble()
        for number in range(3):
            published(relay.endpoint, "x" * 1000 * number)
        stream.events(3)
        assert not [line for line in lines(relay) if line["request_id"] == "stream"]
    line = line_of(relay, "stream")
    assert (line["method"], line["target"], line["status"]) == ("GET", "/events?topic=reservations", 200)
    assert (line["closed"], line["events"]) == ("peer_closed", 3)
    assert 3000 < line["bytes"] < 6000
    get(relay.endpoint, "/events?from=earliest&limit=2", with_id("bounded"))
    line = line_of(relay, "bounded")
    assert (line["closed"], line["events"]) == ("complete", 2)


def test_streams_that_end_with_the_relay_have_lines(make_relay):
    relay = make_relay(ALL)
    with Stream(relay.endpoint, headers=with_id("stream")) as stream:
        stream.read_preamble()
        relay.stop()
    assert line_of(relay, "stream")["closed"] == "drained"


def test_what_is_secret_is_in_no_line(make_relay):
    relay = make_relay({**ALL, "access.read_tokens": READER})
    with Stream(relay.endpoint, f"/events?access_token={READER}&topic=loans", with_id("stream")) as stream:
        stream.read_preamble()
    assert line_of(relay, "stream")["target"] == "/events?***&topic=loans"
    get(relay.endpoint, "/events?access_token=opensesame-0123456789", with_id("wrong")).problem(401)
    get(relay.endpoint, f"http://user:opensesame@relay.test/events?%61ccess_token={READER}&limit=0", with_id("form"))
    published(relay.endpoint, "opensesame", key="opensesame")
    assert line_of(relay, "form")["target"] == "/events?***&limit=0"
    relay.stop()
    assert READER not in relay.log_text() and "opensesame" not in relay.log_text()


def test_the_line_of_a_publish_names_its_trace(make_relay):
    relay = make_relay(ALL)
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    for request_id, parent in (("traced", f"00-{trace}-00f067aa0ba902b7-01"), ("untraced", "nonsense")):
        headers = [*with_id(request_id), ("traceparent", parent)]
        assert request(relay.endpoint, "POST", "/reservations", b"{}", headers).status == 201
    assert line_of(relay, "traced")["trace_id"] == trace
    assert "trace_id" not in line_of(relay, "untraced")


def test_nobody_writes_a_line_of_their_own(make_relay):
    relay = make_relay(ALL)
    for target in ("/%0a%7b%22message%22:%22forged%22%7d", "/\"}{\"message\":\"forged\"}\\n", "/events?topic=\xff\x85"):
        line_of(relay, get(relay.endpoint, target).headers.get("X-Request-Id"))
    relay.stop()
    assert all(json.loads(line)["message"] != "forged" for line in relay.log_text().splitlines())
