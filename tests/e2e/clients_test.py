"""Clients as their users have them: EventSource from npm and in Chromium, and loops around HTTP libraries. Each one
streams, is cut off, comes back by its own means, and sees every event once. The end of the output has the matrix."""

import json

import pytest
import requests

from harness.browser import Page
from harness.clients import NAMES, subscribe
from harness.cutter import Cutter
from harness.event_source import EventSource
from harness.http import get
from harness.proxies import Proxy
from harness.publishing import publish_all, published
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually

JOURNALS = ["sqlite"]
COLUMNS = ["streams", "relay killed", "cut in an event", "resumes", "once", "no empty event", "relay.reset",
           "cursor=on", "stops at 204", "after a 502"]
# What is taken for the end of a line by somebody, or is more than one byte, or stands where a parser may lose it.
TEXTS = ["Bücher\u2028und mehr\u2029als\u0085\x0b\x0ceine 📚", "eine Zeile\nund\n\n  noch eine\n",
         " führt ein Leerzeichen", "data: x\n\nid: 1\n:heartbeat", "\ufeffBOM", ("ä📚x" * 140 + "\n") * 100]
TEXT = "text/plain; charset=utf-8"


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def matrix(request):
    """What each client has been seen to do; told when all have been seen."""
    seen = {}
    yield seen
    lines = [["", *COLUMNS], ["---"] * (len(COLUMNS) + 1)]
    lines += [[name, *(row.get(column, "") for column in COLUMNS)] for name, row in seen.items()]
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        print("", *(f"| {' | '.join(line)} |" for line in lines), sep="\n")


@pytest.fixture
def saw(matrix, name):
    """Notes in the matrix what was proved of the client; what a test does not come to stays empty."""
    return lambda *columns, what="yes": matrix.setdefault(name, {}).update(dict.fromkeys(columns, what))


@pytest.fixture(scope="module")
def page():
    with Page() as made:  # to start it takes as long as a test
        yield made


@pytest.fixture
def connect(request, name):
    """Starts the client, on its way to the stream."""
    page = request.getfixturevalue("page") if name == "Chromium" else None
    return lambda endpoint, query="": subscribe(name, endpoint, query, page=page)


def as_decoded_by(name, text):
    # It decodes every value by itself, and its decoder takes what looks like a byte order mark away.
    return text.removeprefix("\ufeff") if name == "fetch-event-source" else text


def publish_texts(relay, name):
    for text in TEXTS:
        published(relay.endpoint, text.encode(), content_type=TEXT)
    published(relay.endpoint, {"title": "Bücher"}, event_type="made")
    return [*(("message", as_decoded_by(name, text)) for text in TEXTS), ("made", '{"title": "B\\u00fccher"}')]


def assert_seen(events, expected):
    assert [int(event["id"].partition("-")[2]) for event in events] == list(range(1, len(expected) + 1))
    for event, (event_type, data) in zip(events, expected):
        assert event["type"] == event_type
        assert event["data"] == data, f"event {event['id']}"


def read_heartbeats(relay, count):
    """Heartbeats of a second stream: a client that is connected has had about as many in the meantime."""
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        for _ in range(count):
            stream.read_heartbeat()


def test_every_event_once_over_crashes_and_nothing_from_heartbeats(make_relay, connect, name, saw):
    relay = make_relay({"stream.heartbeat": "100ms", "stream.retry": "200ms"})
    with connect(relay.endpoint) as client:
        client.wait_open()
        expected = publish_texts(relay, name)
        assert_seen(client.wait_events(len(expected)), expected)
        saw("streams")
        read_heartbeats(relay, 5)
        publish_all([relay.endpoint], [{}] * 40, connections=4)
        relay.kill()  # in the middle of what the client may not have read yet
        relay.start()
        published(relay.endpoint, {})  # it is away, or just back
        expected += [("message", "{}")] * 41
        client.wait_events(len(expected))
        client.wait_open(2)
        read_heartbeats(relay, 5)
        assert_seen(client.events(), expected)
        assert not any(error["closed"] for error in client.records("error"))
    saw("relay killed", "resumes", "once", "no empty event")


def large(lines):
    """Something to be cut off in its middle, behind so many lines."""
    return ("ä" * 30_000 + "\n") * lines + "CUT" + "\nb" * lines + "ü" * 30_000


def test_cut_off_in_the_middle_of_an_event(make_relay, connect, name, saw):
    relay = make_relay({"stream.heartbeat": "100ms", "stream.retry": "200ms"})
    expected = [("message", "{}")]
    with Cutter(relay.endpoint) as cutter, connect(cutter.endpoint) as client:
        client.wait_open()
        published(relay.endpoint, {})
        client.wait_events(1)
        for lines, reset in ((0, False), (0, True), (2, False), (2, True)):
            cutter.cut_at(b"CUT", reset)
            published(relay.endpoint, large(lines).encode(), content_type=TEXT)
            cutter.wait_cut()
            published(relay.endpoint, [lines, reset])
            expected += [("message", large(lines)), ("message", json.dumps([lines, reset]))]
            client.wait_events(len(expected))
        events = client.events()
        if name == "eventsource 2":
            # It forgets the line that was cut off, but not those in front of it, and puts the same event behind them
            # when it comes again.
            saw("cut in an event", what="lines twice")
            assert events[5]["data"] == "\n".join([*large(2).split("\n")[:2], large(2)])
            assert events[7]["data"].endswith(large(2))  # a reset may have taken those lines back
            events[5]["data"] = events[7]["data"] = large(2)
        else:
            saw("cut in an event")
        assert_seen(events, expected)
        assert cutter.last_event_ids() == [None, *(event["id"] for event in events[0:8:2])]


# For the others anything but 200 is the end, as the standard has it.
AFTER_502 = {"eventsource 2", "launchdarkly-eventsource", "fetch-event-source", "requests", "httpx", "curl", "libcurl"}


def test_what_a_502_of_a_proxy_means(make_relay, connect, name, saw):
    relay = make_relay({"stream.retry": "200ms"})
    with Proxy("bare nginx", relay) as proxy, connect(proxy.endpoint) as client:
        client.wait_open()
        published(relay.endpoint, "1")
        client.wait_events(1)
        relay.stop()
        if name in AFTER_502:
            eventually(lambda: len(client.records("error")) >= 2, "a 502")
            relay.start()
            published(relay.endpoint, "2")
            client.wait_events(2)
            assert_seen(client.events(), [("message", '"1"'), ("message", '"2"')])
        else:
            client.wait_closed()
    saw("after a 502", what="comes back" if name in AFTER_502 else "stays away")


# They take an id only together with data, so cursor=on does nothing for them.
ID_ONLY_WITH_DATA = {"eventsource 3", "eventsource 4", "launchdarkly-eventsource"}


def test_cut_off_before_the_first_event(make_relay, connect, name, saw):
    relay = make_relay({"stream.retry": "200ms"})
    before = published(relay.endpoint, "before")
    with Cutter(relay.endpoint) as cutter, connect(cutter.endpoint, "?cursor=on") as client:
        client.wait_open()
        cutter.cut_at(b"CUT", reset=False)
        published(relay.endpoint, "the first, CUT off")
        cutter.wait_cut()
        client.wait_open(2)
        published(relay.endpoint, "after")
        seen = ['"the first, CUT off"', '"after"']
        if name in ID_ONLY_WITH_DATA:
            assert [event["data"] for event in client.wait_events(1)] == seen[1:]
            assert cutter.last_event_ids() == [None, None]
            saw("cursor=on", what="no use")
            return
        if name == "fetch-event-source":  # for which every empty line is the end of an event
            seen.insert(0, "")
        assert [event["data"] for event in client.wait_events(len(seen))] == seen
        assert cutter.last_event_ids() == [None, before["id"]]
        saw("cursor=on", what="empty event" if name == "fetch-event-source" else "resumes")


def test_told_of_a_gap(make_relay, connect, saw):
    relay = make_relay()
    event = published(relay.endpoint, {})
    with connect(relay.endpoint, "?lastEventId=garbage") as client:
        reset, replayed = client.wait_events(2)
        assert reset["type"] == "relay.reset"
        assert json.loads(reset["data"])["reason"] == "malformed"
        assert replayed["id"] == event["id"]
    saw("relay.reset")


def test_ends_when_a_bounded_replay_is_over(make_relay, connect, saw):
    relay = make_relay({"stream.retry": "200ms"})
    for number in range(4):
        published(relay.endpoint, number)
    with Cutter(relay.endpoint) as cutter, connect(cutter.endpoint, "?from=earliest&limit=3") as client:
        client.wait_closed()
        assert_seen(client.events(), [("message", str(number)) for number in range(3)])
        assert cutter.last_event_ids() == [None, client.events()[-1]["id"]]  # it came back once, and got 204
    saw("stops at 204")


@pytest.mark.parametrize("package", ["eventsource-2", "eventsource-3", "eventsource-4"])
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
