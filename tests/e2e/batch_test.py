"""Batches: many events of one publisher in one request and one commit."""

import json

import pytest

from harness.http import get
from harness.publishing import publish, published
from harness.sse import Stream

JOURNALS = ["postgres", "sqlite"]
LINES = "application/x-ndjson"


def lines(*events):
    return "".join(json.dumps(event) + "\n" for event in events).encode()


def publish_lines(endpoint, body, **options):
    return publish(endpoint, body, content_type=LINES, **options)


def test_all_events_arrive_in_the_order_of_their_lines(relay):
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        response = publish_lines(relay.endpoint, lines(*range(1000)), event_type="counted")
        assert response.status == 201
        events = list(stream.events(1000))
    assert [event.json() for event in events] == list(range(1000))
    assert {event.type for event in events} == {"counted"}
    answer = response.json()
    assert (answer["first"], answer["last"], answer["count"]) == (events[0].id, events[-1].id, 1000)
    assert events[-1].position - events[0].position == 999
    assert get(relay.endpoint, response.headers.get("Location")).json()["data"] == 0


def test_one_bad_line_refuses_all(relay):
    problem = publish_lines(relay.endpoint, lines(1, 2) + b"{\n" + lines(4)).problem(400)
    assert problem["line"] == 3
    assert published(relay.endpoint, "next")["position"] == 1


def test_a_repeated_batch_is_stored_once(relay):
    first = publish_lines(relay.endpoint, lines(1, 2, 3), key="k")
    again = publish_lines(relay.endpoint, lines(1, 2, 3), key="k")
    assert (first.status, again.status) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    publish_lines(relay.endpoint, lines(1, 2, 4), key="k").problem(422)
    for other in ((1, 2, 3, 4), (1, 2), (1,), (2, 3)):
        publish_lines(relay.endpoint, lines(*other), key="k").problem(422)
    assert published(relay.endpoint, "next")["position"] == 4


@pytest.mark.parametrize("limit, value, body", [("events", "2", lines(1, 2, 3)), ("bytes", "20", lines("x" * 30))])
def test_limits(make_relay, limit, value, body):
    relay = make_relay({f"publish.max_request_{limit}": value})
    problem = publish_lines(relay.endpoint, body).problem(413)
    assert problem["limit"] == int(value)
