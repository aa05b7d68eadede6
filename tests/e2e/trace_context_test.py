"""The trace of a publish goes along with its event, wherever an event has attributes (W3C Trace Context)."""

import json

import pytest

from harness.http import get, request
from harness.sse import Stream

JOURNALS = ["postgres", "sqlite"]
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
STATE = "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"
BOTH = {"traceparent": PARENT, "tracestate": STATE}
CLOUD_EVENT = {"specversion": "1.0", "id": "17", "source": "/shop", "type": "created", "data": {"n": 1}}


def publish(relay, body=b'{"n":1}', content_type="application/json", status=201, **headers):
    pairs = [("Content-Type", content_type), *((name.replace("_", "-"), value) for name, value in headers.items())]
    response = request(relay.endpoint, "POST", "/reservations", body, pairs)
    assert response.status == status, response.body
    return response.json()


def stored(relay, position=1):
    return get(relay.endpoint, f"/events/{position}").json()


def page(relay, query=""):
    return get(relay.endpoint, f"/events?from=earliest{query}", [("Accept", "application/json")]).json()["events"]


@pytest.mark.parametrize("content_type, body", [("application/json", b'{"n":1}'), ("text/plain", b"a text")])
def test_is_delivered_where_attributes_are(relay, content_type, body):
    with Stream(relay.endpoint, "/events?from=earliest", [("Accept", "application/x-ndjson")]) as lines:
        publish(relay, body, content_type, **BOTH)
        live = json.loads(lines.read_line())
    assert live["attributes"] == stored(relay)["attributes"] == page(relay)[0]["attributes"] == BOTH
    cloud_event = page(relay, "&format=cloudevents")[0]
    assert {name: cloud_event[name] for name in BOTH} == BOTH
    assert cloud_event["source"] == "/reservations" and cloud_event["id"] == live["id"]
    assert cloud_event["datacontenttype"] == content_type
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        assert stream.next_event().data == body.decode()


def test_without_one_there_are_no_attributes(relay):
    publish(relay)
    publish(relay, traceparent=PARENT.replace("-01", "-1"), tracestate=STATE)
    publish(relay, tracestate=STATE)
    publish(relay, traceparent=PARENT, tracestate="not good")
    assert [event.get("attributes") for event in page(relay)] == [None, None, None, {"traceparent": PARENT}]


def test_every_event_of_a_batch_has_it(relay):
    publish(relay, b'{"n":1}\n{"n":2}\n', "application/x-ndjson", **BOTH)
    batch = [{**CLOUD_EVENT, "id": "1"}, {**CLOUD_EVENT, "id": "2", "traceparent": "their-own"}]
    publish(relay, json.dumps(batch).encode(), "application/cloudevents-batch+json", **BOTH)
    events = page(relay)
    assert events[0]["attributes"] == events[1]["attributes"] == BOTH
    assert events[2]["attributes"] == {"id": "1", "source": "/shop", **BOTH}
    assert events[3]["attributes"] == {"id": "2", "source": "/shop", "traceparent": "their-own"}


def test_what_a_cloud_event_says_itself_counts(relay):
    publish(relay, json.dumps(CLOUD_EVENT).encode(), "application/cloudevents+json", **BOTH)
    publish(relay, ce_specversion="1.0", ce_id="18", ce_source="/shop", ce_type="created", ce_traceparent="their-own", **BOTH)
    publish(relay, ce_specversion="1.0", ce_id="19", ce_source="/shop", ce_type="created", **BOTH)
    first, second, third = page(relay, "&format=cloudevents")
    assert (first["id"], first["traceparent"], first["tracestate"]) == ("17", PARENT, STATE)
    assert second["traceparent"] == "their-own" and "tracestate" not in second
    assert (third["traceparent"], third["tracestate"]) == (PARENT, STATE)


def test_a_repetition_is_the_same_event_whatever_its_trace(relay):
    first = publish(relay, Idempotency_Key="k", **BOTH)
    other = PARENT.replace("00f067", "11f067")
    again = publish(relay, Idempotency_Key="k", traceparent=other, status=200)
    assert again["id"] == first["id"] and again["duplicate"]
    lines = b'{"n":2}\n{"n":3}\n'
    publish(relay, lines, "application/x-ndjson", Idempotency_Key="b", traceparent=PARENT)
    assert publish(relay, lines, "application/x-ndjson", 200, Idempotency_Key="b", traceparent=other)["duplicate"]
    event = json.dumps(CLOUD_EVENT).encode()
    publish(relay, event, "application/cloudevents+json", traceparent=PARENT)
    assert publish(relay, event, "application/cloudevents+json", 200, traceparent=other)["duplicate"]
    assert [one["attributes"]["traceparent"] for one in page(relay)] == [PARENT] * 4


def test_survives_a_restart_and_the_filter(relay):
    publish(relay, **BOTH)
    relay.stop()
    relay.start()
    assert stored(relay)["attributes"] == BOTH
    assert page(relay, "&topic=reservations")[0]["attributes"] == BOTH
