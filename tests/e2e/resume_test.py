"""Coming back with a cursor: nothing is lost, nothing comes twice."""

import random
import threading

import pytest

from harness.http import request
from harness.publishing import Publisher, publish_all, published, run_together
from harness.sse import Stream

JOURNALS = ["postgres", "sqlite"]
ALIASES = ["lastEventId", "lastEventID", "last_event_id", "Last-Event-ID"]


@pytest.fixture
def ids(relay):
    with Publisher(relay.endpoint) as publisher:
        return [publisher.publish(number).json()["id"] for number in range(5)]


def first_position(relay, target="/events", headers=()):
    with Stream(relay.endpoint, target, headers) as stream:
        event = stream.next_event()
        assert event.type == "message", event.raw
        return event.position


@pytest.mark.parametrize("name", ["Last-Event-ID", "last-event-id", "LAST-EVENT-ID"])
def test_header(relay, ids, name):
    assert first_position(relay, headers=[(name, ids[2])]) == 4
    assert first_position(relay, headers=[(name, f" {ids[2]} ")]) == 4
    assert first_position(relay, headers=[(name, "3")]) == 4


@pytest.mark.parametrize("name", ALIASES)
def test_query(relay, ids, name):
    assert first_position(relay, f"/events?{name}={ids[2]}") == 4
    assert first_position(relay, f"/events?{name}=3") == 4


@pytest.mark.parametrize("name", [*ALIASES, "from"])
def test_header_beats_query(relay, ids, name):
    """A browser comes back to its first address, with the old id, and adds the new one as header."""
    assert first_position(relay, f"/events?{name}={ids[0]}", [("Last-Event-ID", ids[3])]) == 5


def test_id_beats_from(relay, ids):
    assert first_position(relay, f"/events?from=earliest&lastEventId={ids[3]}") == 5
    assert first_position(relay, f"/events?from=latest&lastEventId={ids[3]}") == 5
    assert first_position(relay, f"/events?from={ids[0]}&lastEventId={ids[3]}") == 5


def test_from(relay, ids):
    assert first_position(relay, "/events?from=earliest") == 1
    assert first_position(relay, f"/events?from={ids[1]}") == 3
    assert first_position(relay, "/events?from=2") == 3
    with Stream(relay.endpoint, "/events?from=latest") as stream:
        stream.read_preamble()
        assert published(relay.endpoint, {})["position"] == 6
        assert stream.next_event().position == 6


def test_empty_id_is_none(relay, ids):
    assert first_position(relay, "/events?from=earliest", [("Last-Event-ID", "")]) == 1


def test_same_id_twice_is_one(relay, ids):
    assert first_position(relay, f"/events?lastEventId={ids[2]}&last_event_id={ids[2]}") == 4
    assert first_position(relay, headers=[("Last-Event-ID", ids[2])] * 2) == 4


def test_two_ids_are_refused(relay, ids):
    target = f"/events?lastEventId={ids[2]}&last_event_id={ids[3]}"
    request(relay.endpoint, "GET", target).problem(400)
    headers = [("Last-Event-ID", ids[2]), ("Last-Event-ID", ids[3])]
    request(relay.endpoint, "GET", "/events", headers=headers).problem(400)


def test_from_every_position(relay):
    count = 60
    positions = publish_all([relay.endpoint], range(count))
    epoch = published(relay.endpoint, "last")["id"].partition("-")[0]
    assert len(positions) == count
    for position in range(count + 1):
        with Stream(relay.endpoint, last_event_id=f"{epoch}-{position}") as stream:
            assert stream.positions(count + 1 - position) == list(range(position + 1, count + 2))


def test_at_the_head_only_news_comes(relay, ids):
    with Stream(relay.endpoint, last_event_id=ids[-1]) as stream:
        stream.read_preamble()
        assert published(relay.endpoint, {})["position"] == 6
        assert stream.next_event().position == 6


def test_cursor_outlives_the_relay(relay, ids):
    relay.kill()
    relay.start()
    with Stream(relay.endpoint, last_event_id=ids[1]) as stream:
        assert stream.positions(3) == [3, 4, 5]


def test_far_behind(make_relay):
    """Small pages and a tail that holds a part of it: the replay crosses many borders of both."""
    relay = make_relay({"journal.page_events": 700, "stream.tail_bytes": "256KiB"})
    count = 20_000
    publish_all([relay.endpoint], ({"number": number} for number in range(count)), connections=16)
    with Stream(relay.endpoint, last_event_id="0") as stream:
        assert stream.positions(count) == list(range(1, count + 1))


def test_far_behind_while_publishing(make_relay):
    """Readers start at every depth while the head moves, and all see the same sequence to the end."""
    relay = make_relay({"journal.page_events": 100, "stream.tail_bytes": "64KiB"})
    count = 4000
    publish_all([relay.endpoint], range(count), connections=16)

    def read(number):
        start = number * count // 6
        with Stream(relay.endpoint, last_event_id=str(start)) as stream:
            assert stream.positions(2 * count - start) == list(range(start + 1, 2 * count + 1))

    def work(number):
        if number < 6:
            read(number)
        else:
            publish_all([relay.endpoint], range(count), connections=8)

    run_together(7, work)


@pytest.mark.parametrize("tail", ["64KiB", "64MiB"])
def test_reconnects_at_any_instant(make_relay, tail):
    """Cut off after a random number of events and bytes, over and over, while events pass at full speed."""
    relay = make_relay({"stream.tail_bytes": tail, "journal.page_events": 50})
    count = 6000
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    published(relay.endpoint, "first")
    finished = threading.Event()

    def follow(number):
        chooser = random.Random(seed + number)
        seen = 0
        connections = 0
        while seen < count + 1:
            connections += 1
            with Stream(relay.endpoint, last_event_id=str(seen)) as stream:
                for _ in range(min(chooser.choice([0, 1, 2, 10, 100]), count + 1 - seen)):
                    assert (event := stream.next_event()).position == seen + 1, event.raw
                    seen += 1
                if chooser.random() < 0.5:
                    stream.reset()
        assert connections > 10

    def work(number):
        if number < 4:
            follow(number)
        else:
            publish_all([relay.endpoint], range(count), connections=8)
            finished.set()

    run_together(5, work)
    assert finished.is_set()
