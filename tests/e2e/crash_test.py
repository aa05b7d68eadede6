"""kill -9 in the middle of everything, judged by the checker: every acknowledged event once for every cursor."""

import random

import pytest

from harness.checker import Checker
from harness.publishing import Publisher, publish
from harness.sse import Stream

JOURNALS = ["postgres", "sqlite"]
OPTIONS = {"stream.heartbeat": "500ms", "publish.in_doubt_timeout": "2s", "stream.tail_bytes": "64KiB",
           "journal.page_events": 100}


@pytest.fixture
def chooser():
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    return random.Random(seed)


def crash_all_along(checker, faults, chooser):
    """Spreads the faults over the work, each at a random point of its part."""
    for part, fault in enumerate(faults):
        at = (part + chooser.random()) / (len(faults) + 1)
        checker.wait_acknowledged(int(checker.total * at))
        fault()


def test_relay_is_killed(make_relay, chooser):
    relay = make_relay(OPTIONS)

    def fault():
        relay.kill()
        relay.start(ready=False)

    with Checker([relay.endpoint], events_each=1000) as checker:
        crash_all_along(checker, [fault] * 8, chooser)
        checker.finish()


def test_relay_is_stopped_cleanly(make_relay, chooser):
    relay = make_relay(OPTIONS)

    def fault():
        relay.stop()
        relay.start(ready=False)

    with Checker([relay.endpoint], events_each=800) as checker:
        crash_all_along(checker, [fault] * 4, chooser)
        checker.finish()


def test_relay_and_database_are_killed(make_relay, cluster, chooser):
    relay = make_relay(OPTIONS)

    def relay_first():
        relay.kill()
        cluster.kill()
        relay.start(ready=False)
        cluster.start()

    def database_first():
        cluster.kill()
        relay.kill()
        cluster.start()
        relay.start(ready=False)

    def database_alone():
        cluster.kill()
        cluster.start()

    with Checker([relay.endpoint], events_each=1000) as checker:
        crash_all_along(checker, [relay_first, database_first, database_alone] * 2, chooser)
        checker.finish()


def test_two_relays_of_one_database_are_killed_in_turn(make_relay, cluster, chooser):
    relays = [make_relay(OPTIONS), make_relay(OPTIONS)]

    def kill(relay):
        def fault():
            relay.kill()
            relay.start(ready=False)
        return fault

    def kill_database():
        cluster.kill()
        cluster.start()

    def kill_all():
        for relay in relays:
            relay.kill()
        for relay in relays:
            relay.start(ready=False)

    with Checker([relay.endpoint for relay in relays], publishers=6, subscribers=4, events_each=800) as checker:
        crash_all_along(checker, [kill(relays[0]), kill(relays[1]), kill_database, kill_all] * 2, chooser)
        checker.finish()


def test_publish_without_an_answer_is_stored_once(make_relay, chooser):
    """The relay dies between request and answer, over and over; the same key asks again."""
    relay = make_relay(OPTIONS)
    keys = []
    for _ in range(15):
        with Publisher(relay.endpoint) as publisher:
            # A few publishes go before, so that the kill falls into a commit as often as before or after it.
            for _ in range(chooser.randint(1, 4)):
                keys.append(f"key {len(keys)}")
                publisher.send(keys[-1], key=keys[-1])
                if chooser.random() < 0.8:
                    assert publisher.receive().status == 201
            relay.kill()
        relay.start()
        for key in keys[-4:]:
            assert publish(relay.endpoint, key, key=key).status in (200, 201)
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        events = stream.events(len(keys))
    assert [event.position for event in events] == list(range(1, len(keys) + 1))
    assert sorted(event.json() for event in events) == sorted(keys)
    assert publish(relay.endpoint, "last").json()["position"] == len(keys) + 1
