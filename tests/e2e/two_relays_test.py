"""Two relays on one database: one sequence, whichever relay is asked."""

import random

import pytest

from harness.http import get
from harness.publishing import publish, publish_all, published, run_together
from harness.sse import Stream


@pytest.fixture
def pair(make_relay):
    return [make_relay(), make_relay()]


def test_publish_on_one_arrives_at_the_other(pair):
    for here, there in (pair, pair[::-1]):
        with Stream(there.endpoint) as stream:
            stream.read_preamble()
            event = published(here.endpoint, {})
            assert stream.next_event().id == event["id"]
            assert get(there.endpoint, f"/events/{event['id']}").json()["id"] == event["id"]


def test_keys_hold_for_both(pair):
    first = published(pair[0].endpoint, {"seat": 1}, key="k1")
    assert publish(pair[1].endpoint, {"seat": 1}, key="k1").json() == {**first, "duplicate": True}
    publish(pair[1].endpoint, {"seat": 2}, key="k1").problem(422)


def test_one_key_at_both_at_once_is_one_event(pair):
    for turn in range(10):
        answers = []
        run_together(8, lambda number, key=f"turn {turn}": answers.append(
            publish(pair[number % 2].endpoint, {}, key=key)))
        assert sorted(answer.status for answer in answers) == [200] * 7 + [201]
        assert {answer.json()["position"] for answer in answers} == {turn + 1}


def test_both_deliver_the_same_dense_sequence(pair):
    count = 6000
    streams = [Stream(relay.endpoint) for relay in pair for _ in range(3)]
    sequences = {}
    for stream in streams:
        stream.read_preamble()

    def work(number):
        if number < len(streams):
            with streams[number] as stream:
                sequences[number] = [(event.id, event.json()) for event in stream.events(count)]
        else:
            publish_all([relay.endpoint for relay in pair], range(count), connections=16)

    run_together(len(streams) + 1, work)
    reference = sequences[0]
    assert [int(event_id.partition("-")[2]) for event_id, _ in reference] == list(range(1, count + 1))
    assert sorted(number for _, number in reference) == list(range(count))
    assert all(sequence == reference for sequence in sequences.values())


def test_subscriber_moves_between_them_at_full_speed(pair):
    count = 6000
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    first = published(pair[0].endpoint, "first")

    def follow(number):
        chooser = random.Random(seed + number)
        cursor = first["id"]
        seen = []
        turn = number
        while len(seen) < count:
            turn += 1
            with Stream(pair[turn % 2].endpoint, last_event_id=cursor) as stream:
                for event in stream.events(min(chooser.choice([1, 3, 20, 200]), count - len(seen))):
                    seen.append(event.position)
                    cursor = event.id
        assert seen == list(range(2, count + 2))

    def work(number):
        if number < 4:
            follow(number)
        else:
            publish_all([relay.endpoint for relay in pair], range(count), connections=8)

    run_together(5, work)


def test_cursor_ahead_of_the_other_relay_is_no_gap(pair):
    """The moment an event is read at one relay its id must be good at the other, however far that one has read."""
    for number in range(200):
        event = published(pair[number % 2].endpoint, number)
        with Stream(pair[(number + 1) % 2].endpoint, "/events?on_gap=fail", last_event_id=event["id"]) as stream:
            assert stream.response.status == 200, stream.response.body


def test_topic_of_one_relay_alone_is_seen_at_both(make_relay):
    """A relay streams the topics of the journal, not only those that it accepts itself."""
    one, other = make_relay({"topics": "reservations"}), make_relay({"topics": "orders"})
    with Stream(one.endpoint) as stream:
        stream.read_preamble()
        published(other.endpoint, {"order": 1}, "orders")
        assert stream.next_event().json() == {"order": 1}
    publish(one.endpoint, {}, "orders").problem(404)


def test_one_stops_and_the_other_goes_on(pair):
    with Stream(pair[1].endpoint) as stream:
        stream.read_preamble()
        published(pair[0].endpoint, 1)
        pair[0].stop()
        published(pair[1].endpoint, 2)
        assert stream.positions(2) == [1, 2]
