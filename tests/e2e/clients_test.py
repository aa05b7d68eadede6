"""Clients as their users have them: npm's eventsource under Node and Python's requests."""

import json

import pytest
import requests

from harness.browser import Page
from harness.event_source import EventSource
from harness.http import get
from harness.publishing import publish_all, published
from harness.waiting import PATIENCE

@pytest.fixture(params=["eventsource-2", "eventsource-3", "eventsource-4"])
def package(request):
    return request.param


def made(numbers):
    return [{"number": number, "text": "Bücher\u2028und mehr"} for number in numbers]


def test_event_source_sees_every_event_once_over_crashes(make_relay, package):
    relay = make_relay({"stream.heartbeat": "100ms", "stream.retry": "200ms"})
    with EventSource(package, relay) as client:
        client.wait_open()
        for turn in range(3):
            published(relay.endpoint, made([turn])[0], event_type="made")
            client.wait_events(turn * 102 + 1)
            publish_all([relay.endpoint], made([turn] * 100), connections=4)
            relay.kill()  # in the middle of what the client may not have read yet
            relay.start()
            published(relay.endpoint, made([turn])[0], event_type="made")  # it is away, or just back
            client.wait_events(turn * 102 + 102)
        events = client.records("event")
        assert [int(event["id"].partition("-")[2]) for event in events] == list(range(1, 307))
        assert all(json.loads(event["data"])["text"] == "Bücher\u2028und mehr" for event in events)
        assert {event["type"] for event in events} == {"made", "message"}
        client.wait_open(4)
        assert not any(error["closed"] for error in client.records("error"))


def test_event_source_comes_back_after_a_clean_stop(make_relay, package):
    relay = make_relay({"stream.retry": "200ms"})
    with EventSource(package, relay) as client:
        client.wait_open()
        published(relay.endpoint, {})
        client.wait_events(1)
        relay.stop()
        relay.start()
        published(relay.endpoint, {})
        assert [event["id"].partition("-")[2] for event in client.wait_events(2)] == ["1", "2"]


def test_event_source_gets_no_event_out_of_heartbeats(make_relay, package):
    relay = make_relay({"stream.heartbeat": "100ms"})
    first = published(relay.endpoint, {})
    with EventSource(package, relay, "?from=earliest") as client:
        client.wait_events(1)
        # Heartbeats of a second stream that starts later: the client has had as many by then.
        with requests.get("http://{}:{}/events".format(*relay.endpoint), stream=True, timeout=PATIENCE) as other:
            lines = other.iter_lines(chunk_size=1)
            assert sum(next(lines) == b":heartbeat" for _ in range(12)) == 10
        last = published(relay.endpoint, {})
        assert [event["id"] for event in client.wait_events(2)] == [first["id"], last["id"]]


def test_event_source_is_told_of_a_gap(make_relay, package):
    relay = make_relay()
    event = published(relay.endpoint, {})
    with EventSource(package, relay, "?lastEventId=garbage") as client:
        reset, replayed = client.wait_events(2)
        assert reset["type"] == "relay.reset"
        assert json.loads(reset["data"])["reason"] == "malformed"
        assert replayed["id"] == event["id"]


def test_requests_streams_text_as_utf8(relay):
    url = "http://{}:{}".format(*relay.endpoint)
    with requests.get(f"{url}/events", stream=True, timeout=PATIENCE) as stream:
        assert stream.status_code == 200
        assert stream.encoding == "utf-8"
        answer = requests.post(f"{url}/reservations", json={"title": "Bücher"}, timeout=PATIENCE)
        assert answer.status_code == 201
        lines = (line for line in stream.iter_lines(chunk_size=1, decode_unicode=True) if line.startswith("data: "))
        assert json.loads(next(lines).removeprefix("data: ")) == {"title": "Bücher"}


def test_requests_publishes_text_and_reads_it_back(relay):
    url = "http://{}:{}".format(*relay.endpoint)
    answer = requests.post(f"{url}/reservations", data="Bücher\n".encode(), timeout=PATIENCE,
                           headers={"Content-Type": "text/plain; charset=utf-8"})
    assert answer.status_code == 201
    assert requests.get(url + answer.headers["Location"], timeout=PATIENCE).json()["text"] == "Bücher\n"
    assert get(relay.endpoint, "/events/1").status == 200


def test_a_page_in_chromium_gets_events(relay):
    with Page() as page:
        page.open("http://{}:{}/healthz".format(*relay.endpoint))
        page.evaluate("(window.source = new EventSource('/events')).onmessage = (event) => console.log(event.data)")
        page.wait_for("source.readyState === EventSource.OPEN")
        published(relay.endpoint, {"title": "Bücher"})
        assert page.wait_console(1) == ['{"title": "B\\u00fccher"}']
        assert page.errors() == []
