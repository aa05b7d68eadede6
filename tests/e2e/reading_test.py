"""The forms in which one cursor can be read: event stream, lines, pages and feeds; and streams that have an end."""

import datetime
import json
import threading

import pytest

from harness.http import Connection, get, head_of
from harness.publishing import publish, publish_all, published
from harness.sse import Stream
from harness.waiting import Deadline, eventually

LINES = [("Accept", "application/x-ndjson")]
PAGE = [("Accept", "application/json")]
FEED = [("Accept", "application/cloudevents-batch+json")]


class Lines:
    """GET /events as application/x-ndjson."""

    def __init__(self, endpoint, target="/events", headers=LINES):
        self._stream = Stream(endpoint, target, headers)
        self.response = self._stream.response

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stream.close()

    def next(self):
        while (line := self._stream.read_line()) is not None:
            if line != b"\n":  # a heartbeat
                return json.loads(line)
        return None

    def take(self, count):
        return [self.next() for _ in range(count)]


def page(endpoint, query="", headers=PAGE):
    response = get(endpoint, f"/events{query}", headers)
    assert response.status == 200, response.body
    return response.json()


def data_of(events):
    return [event["data"] for event in events]


def moment(event):
    return datetime.datetime.fromisoformat(event["time"])


def test_lines_replay_and_then_stream(relay):
    publish_all([relay.endpoint], range(5), 1)
    with Lines(relay.endpoint, "/events?from=earliest") as lines:
        assert lines.response.headers.get("Content-Type") == "application/x-ndjson"
        assert data_of(lines.take(5)) == list(range(5))
        receipt = published(relay.endpoint, b"a\r\nb\n\xc3\xa9", topic="loans", event_type="made", content_type="text/plain")
        event = lines.next()
    assert event.pop("time") is not None
    assert event == {"id": receipt["id"], "position": 6, "topic": "loans", "type": "made", "text": "a\r\nb\né"}
    assert get(relay.endpoint, f"/events/{receipt['id']}").json() | {"time": 0} == event | {"time": 0}


def test_lines_from_journal_and_tail_are_the_same(make_relay, database):
    """The times too: the tail has them from the writer, a replay from the database."""
    relay = make_relay()
    with Lines(relay.endpoint) as live:
        eventually(lambda: "streams_open 1" in get(relay.endpoint, "/metrics").body.decode(), "the stream")
        for data in (b'{"n":1.0e+02,"n":1}', b'"x"', b"[1,\r\n2]"):
            published(relay.endpoint, data)
        from_tail = live.take(3)
    other = make_relay()
    with Lines(other.endpoint, "/events?from=earliest") as replay:
        assert replay.take(3) == from_tail


def test_lines_have_heartbeats_and_words_of_the_relay(make_relay):
    relay = make_relay({"stream.heartbeat": "50ms"})
    published(relay.endpoint, 1)
    with Stream(relay.endpoint, "/events?live=on", [*LINES, ("Last-Event-ID", "77777-5")]) as stream:
        reset, event, live = (json.loads(stream.read_line()) for _ in range(3))
        assert (reset["type"], reset["topic"], reset["data"]["reason"]) == ("relay.reset", None, "unknown_epoch")
        assert event["data"] == 1
        assert (live["type"], live["id"]) == ("relay.live", event["id"])
        assert stream.read_line() == b"\n"


def test_pages_lead_to_each_other(relay):
    publish_all([relay.endpoint], range(25), 1)
    read, after = [], ""
    for size in (10, 10, 5):
        got = page(relay.endpoint, f"?limit=10{after}")
        assert len(got["events"]) == size
        read += data_of(got["events"])
        after = f"&after={got['next']}"
        assert got["next"] == got["events"][-1]["id"]
    assert read == list(range(25))
    assert page(relay.endpoint, f"?limit=10{after}") == {"events": [], "next": after.removeprefix("&after=")}


def test_an_empty_id_is_none(relay):
    publish_all([relay.endpoint], range(3), 1)
    for query in ("?after=", "?lastEventId=", "?from=", "?after=&since=2024-05-01T12:00:00Z"):
        assert data_of(page(relay.endpoint, query)["events"]) == [0, 1, 2], query
    blank = get(relay.endpoint, "/events", [("Accept", "application/json"), ("Last-Event-ID", "")])
    assert data_of(blank.json()["events"]) == [0, 1, 2]


def test_a_page_of_what_is_filtered_leads_on_all_the_same(relay):
    publish_all([relay.endpoint], range(5), 1)
    got = page(relay.endpoint, "?topic=loans")
    assert got["events"] == []
    assert got["next"].endswith("-5")


def test_a_page_waits_for_its_first_event(relay):
    answers = []
    asking = threading.Thread(target=lambda: answers.append(page(relay.endpoint, "?timeout=60000")))
    asking.start()
    eventually(lambda: "streams_open 1" in get(relay.endpoint, "/metrics").body.decode(), "the page's request")
    assert not answers
    receipt = published(relay.endpoint, {"n": 1})
    asking.join()
    assert [event["id"] for event in answers[0]["events"]] == [receipt["id"]]


def test_a_page_does_not_wait_for_ever(relay):
    assert page(relay.endpoint, "?timeout=50")["events"] == []
    assert page(relay.endpoint, "?timeout=50ms")["events"] == []


@pytest.mark.parametrize("query, field, limit", [
    ("limit=0", "limit", None), ("limit=x", "limit", None), ("limit=10001", "limit", 10000),
    ("timeout=soon", "timeout", None), ("timeout=400000", "timeout", 300000), ("format=xml", "format", None),
    ("since=yesterday", "since", None), ("until=2026", "until", None), ("live=yes", "live", None),
    ("cursor=1", "cursor", None), ("since=2026-01-01T00:00:00Z&from=earliest", "since", None)])
def test_wrong_parameters_are_named(relay, query, field, limit):
    problem = get(relay.endpoint, f"/events?{query}", PAGE).problem(400)
    assert (problem["field"], problem.get("limit")) == (field, limit)


def test_a_page_after_what_is_gone_is_410(relay):
    published(relay.endpoint, 1)
    assert get(relay.endpoint, "/events?after=77777-5", PAGE).problem(410)["field"] == "Last-Event-ID"
    assert page(relay.endpoint, "?after=77777-5&on_gap=earliest")["events"][0]["type"] == "relay.reset"


def test_a_feed_is_followed_by_the_ids_in_it(relay):
    """As a client of http-feeds.org does it: lastEventId is the id of the last event that it has processed."""
    publish_all([relay.endpoint], range(7), 1)
    read, last = [], None
    while events := page(relay.endpoint, "?limit=3" + (f"&lastEventId={last}" if last else ""), FEED):
        assert all(event["specversion"] == "1.0" and event["source"] == "/reservations" for event in events)
        read += data_of(events)
        last = events[-1]["id"]
    assert read == list(range(7))
    assert page(relay.endpoint, f"?lastEventId={last}&timeout=20", FEED) == []


def test_a_limited_stream_ends_and_is_over_when_its_client_comes_back(relay):
    publish_all([relay.endpoint], range(5), 1)
    with Stream(relay.endpoint, "/events?from=earliest&limit=3") as stream:
        events = stream.read_to_end()
        assert stream.ending == "final chunk"
    assert [event.json() for event in events] == [0, 1, 2]
    with Stream(relay.endpoint, "/events?from=earliest&limit=3", last_event_id=events[1].id) as stream:
        assert [event.json() for event in stream.read_to_end()] == [2], "the rest of what was cut off"
    assert get(relay.endpoint, "/events?from=earliest&limit=3", [("Last-Event-ID", events[2].id)]).status == 204


def test_a_limit_counts_what_is_wanted_and_goes_on_live(relay):
    publish_all([relay.endpoint], range(3), 1)
    published(relay.endpoint, "a", topic="loans")
    target = "/events?from=earliest&limit=2&topic=loans"
    with Stream(relay.endpoint, target) as stream:
        first = stream.events(1)[0]
        published(relay.endpoint, "b", topic="loans")
        assert [event.json() for event in stream.read_to_end()] == ["b"]
    with Stream(relay.endpoint, target, last_event_id=first.id) as stream:
        assert [event.json() for event in stream.read_to_end()] == ["b"]


def test_times_bound_a_replay(relay):
    for n in range(6):
        published(relay.endpoint, n)
    events = page(relay.endpoint)["events"]
    since, until = events[2]["time"], events[5]["time"]
    target = f"/events?since={since}&until={until}"
    with Stream(relay.endpoint, target) as stream:
        read = stream.read_to_end()
        assert [event.json() for event in read] == [2, 3, 4]
    assert get(relay.endpoint, target, [("Last-Event-ID", read[-1].id)]).status == 204
    with Stream(relay.endpoint, target, last_event_id=read[0].id) as stream:
        assert [event.json() for event in stream.read_to_end()] == [3, 4]
    assert data_of(page(relay.endpoint, f"?since={since}")["events"]) == [2, 3, 4, 5]
    early = (moment(events[0]) - datetime.timedelta(hours=1)).isoformat()
    assert len(page(relay.endpoint, f"?since={early}")["events"]) == 6, "with a plus sign that nobody escaped"
    late = (moment(events[5]) + datetime.timedelta(hours=1)).astimezone(datetime.timezone.utc).isoformat()
    assert page(relay.endpoint, f"?since={late.replace('+00:00', 'Z')}")["events"] == []


def test_a_time_in_the_future_ends_the_stream_when_it_comes(relay):
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(milliseconds=300)
    target = f"/events?from=earliest&until={soon.isoformat().replace('+00:00', 'Z')}"
    with Stream(relay.endpoint, target) as stream:
        receipt = published(relay.endpoint, 1)
        assert [event.id for event in stream.read_to_end()] == [receipt["id"]]
        assert stream.ending == "final chunk"
    assert get(relay.endpoint, target, [("Last-Event-ID", receipt["id"])]).status == 204


def test_a_replay_says_when_it_is_live(relay):
    publish_all([relay.endpoint], range(3), 1)
    with Stream(relay.endpoint, "/events?from=earliest&live=on") as stream:
        *events, live = stream.events(4)
        assert (live.type, live.id, live.json()) == ("relay.live", events[-1].id, {"id": events[-1].id})
        published(relay.endpoint, 3)
        assert stream.events(1)[0].json() == 3


def test_the_cursor_of_a_filtered_stream_moves_on(make_relay):
    relay = make_relay({"stream.heartbeat": "100ms"})
    with Stream(relay.endpoint, "/events?topic=loans&cursor=on") as stream:
        stream.read_preamble()
        assert stream.events(1)[0].fields == [("id", f"{epoch(relay)}-0")], "at once: nothing can be missed from here on"
        publish_all([relay.endpoint], range(10), 1)
        deadline = Deadline()
        while (event := stream.next_event(deadline.remaining("the id of the last event"))).position < 10:
            assert event.data == "" and event.fields[0][0] == "id"
    with Stream(relay.endpoint, "/events?topic=loans", last_event_id=event.id) as stream:
        published(relay.endpoint, "x", topic="loans")
        assert stream.events(1)[0].position == 11


def test_the_cursor_moves_within_a_filtered_replay(make_relay):
    relay = make_relay({"stream.tail_bytes": "1KiB", "journal.page_events": "200"})
    lines = "".join(f"{n}\n" for n in range(5000)).encode()
    assert publish(relay.endpoint, lines, content_type="application/x-ndjson").status == 201
    assert publish(relay.endpoint, lines, content_type="application/x-ndjson").status == 201
    published(relay.endpoint, "found", topic="loans")
    with Stream(relay.endpoint, "/events?topic=loans&cursor=on&from=earliest") as stream:
        positions = []
        while not positions or positions[-1] < 10_001:
            event = stream.next_event()
            positions.append(event.position)
    assert event.json() == "found"
    assert positions == sorted(positions)
    assert len(positions) >= 8


def epoch(relay):
    return published_epoch.setdefault(relay.endpoint, page(relay.endpoint)["next"].split("-")[0])


published_epoch = {}


def test_a_connection_that_read_a_page_is_closed(relay):
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("GET", "/events", PAGE))
        response = connection.read_response()
        assert response.headers.get("Connection") == "close"
        assert connection.read_to_end() == b""


def test_old_http_gets_a_page_too(relay):
    published(relay.endpoint, 1)
    with Connection(relay.endpoint) as connection:
        connection.send(head_of("GET", "/events", PAGE, version="1.0"))
        assert data_of(connection.read_response().json()["events"]) == [1]
