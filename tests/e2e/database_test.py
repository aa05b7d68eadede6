"""PostgreSQL goes away and comes back under a relay that stays up."""

import threading

import pytest

from harness.checker import Checker
from harness.http import get
from harness.publishing import publish, published
from harness.sse import HEARTBEAT, Stream
from harness.waiting import eventually

OPTIONS = {"stream.heartbeat": "100ms", "publish.in_doubt_timeout": "2s"}


def stop(cluster, way):
    if way == "kill":
        cluster.kill()
    else:
        cluster.stop(way)


def expect_unavailable(endpoint):
    eventually(lambda: get(endpoint, "/readyz").status == 503, "/readyz says 503")
    response = publish(endpoint, {}, topic="loans", key="while away")
    response.problem(503)
    assert int(response.headers.get("Retry-After")) > 0
    assert get(endpoint, "/healthz").status == 200
    assert get(endpoint, "/readyz").status == 503
    assert get(endpoint, "/metrics").status == 200


def read_heartbeats(stream, count):
    """Heartbeats in a row: nothing else may come while the journal is away."""
    for _ in range(count):
        assert stream.read_line() == HEARTBEAT


@pytest.mark.parametrize("way", ["immediate", "fast", "kill"])
def test_streams_stay_and_publishing_pauses(make_relay, cluster, way):
    relay = make_relay(OPTIONS)
    with Stream(relay.endpoint, "/events?topic=reservations") as stream:
        published(relay.endpoint, "before")
        assert stream.next_event().json() == "before"
        stop(cluster, way)
        expect_unavailable(relay.endpoint)
        read_heartbeats(stream, 5)
        cluster.start()
        relay.wait_ready()
        published(relay.endpoint, "after")
        assert stream.next_event().json() == "after"
    with Stream(relay.endpoint, "/events?topic=reservations&from=earliest") as replayed:
        assert [event.json() for event in replayed.events(2)] == ["before", "after"]


def test_stream_that_begins_while_the_journal_is_away(make_relay, cluster):
    """What it needs is in memory or comes later; in no case may it lose anything."""
    relay = make_relay(OPTIONS)
    ids = [published(relay.endpoint, number)["id"] for number in range(3)]
    cluster.stop("immediate")
    expect_unavailable(relay.endpoint)
    with Stream(relay.endpoint, last_event_id=ids[0]) as cursor, Stream(relay.endpoint) as live:
        assert live.read_preamble().startswith(b":ok\n")
        read_heartbeats(live, 2)
        cluster.start()
        relay.wait_ready()
        # The one publish above was refused, but a refusal of an unknown outcome may have been stored.
        last = published(relay.endpoint, "last")
        news = range(4, last["position"] + 1)
        assert cursor.positions(2 + len(news)) == [2, 3, *news]
        assert live.positions(len(news)) == [*news]


def test_relay_that_is_there_before_the_database(make_relay, cluster):
    cluster.stop()
    relay = make_relay(OPTIONS, ready=False)
    expect_unavailable(relay.endpoint)
    cluster.start()
    relay.wait_ready()
    assert published(relay.endpoint, {})["position"] == 1
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        assert stream.next_event().position == 1


def test_relay_stops_cleanly_without_the_database(make_relay, cluster):
    relay = make_relay(OPTIONS)
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        cluster.stop("immediate")
        expect_unavailable(relay.endpoint)
        relay.stop()
        assert stream.read_to_end() == []
        assert stream.ending == "final chunk"


def test_relay_that_never_had_a_database_stops_cleanly(make_relay, cluster):
    cluster.stop()
    make_relay(OPTIONS, ready=False).stop()


def test_streams_stay_open_while_the_database_restarts_again_and_again(make_relay, cluster):
    """One connection for all of it: no client is made to reconnect by the database."""
    relay = make_relay(OPTIONS)
    with Stream(relay.endpoint) as stream:
        epoch = published(relay.endpoint, 0)["id"].partition("-")[0]
        seen = [stream.next_event()]
        for turn in range(1, 6):
            cluster.stop("immediate")
            cluster.start()
            response = eventually(lambda: _accepted(publish(relay.endpoint, turn, key=f"turn {turn}")), "a publish")
            while seen[-1].position < response["position"]:
                seen.append(stream.next_event())
    assert [event.id for event in seen] == [f"{epoch}-{number}" for number in range(1, 7)]
    assert [event.json() for event in seen] == list(range(6))


def _accepted(response):
    assert response.status in (200, 201, 503), response.body
    return response.status != 503 and response.json()


@pytest.mark.parametrize("way", ["immediate", "kill"])
def test_nothing_is_lost_or_doubled(make_relay, cluster, way):
    relay = make_relay({**OPTIONS, "stream.heartbeat": "500ms"})
    with Checker([relay.endpoint], events_each=600) as checker:
        for part in range(1, 6):
            checker.wait_acknowledged(checker.total * part // 7)
            stop(cluster, way)
            cluster.start()
        checker.finish()


def test_publishes_that_wait_are_answered_when_the_commit_is_cut_off(make_relay, cluster, database):
    """A commit that hangs and is then cut off with its server: every publisher learns of it, by 201 or by 503."""
    relay = make_relay(OPTIONS)
    answers = []
    publishers = [threading.Thread(target=lambda number=number: answers.append(
        publish(relay.endpoint, number, key=f"key {number}"))) for number in range(8)]
    with database.locked("event_relay.journal", "SHARE"):
        for publisher in publishers:
            publisher.start()
        eventually(lambda: database.query("SELECT 1 FROM pg_locks WHERE NOT granted"), "a commit that waits")
        cluster.kill()
    cluster.start()
    for publisher in publishers:
        publisher.join()
    assert {answer.status for answer in answers} <= {201, 503}
    relay.wait_ready()
    ids = {eventually(lambda number=number: _accepted(publish(relay.endpoint, number, key=f"key {number}")),
                      "the repeated publish")["id"] for number in range(8)}
    assert {int(event_id.partition("-")[2]) for event_id in ids} == set(range(1, 9))
