"""Replays come from a hot standby, and from the primary where the standby cannot be asked."""

import threading

import pytest

from harness.fixtures import relays
from harness.http import get
from harness.publishing import publish_all, published
from harness.relay import run_to_end
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually

COUNT = 4000
# Hardly anything in memory, and many pages.
OPTIONS = {"stream.tail_bytes": "1KiB", "journal.page_events": "50"}


def metric(relay, name):
    for line in get(relay.endpoint, "/metrics").body.decode().splitlines():
        if line.startswith(f"event_relay_{name} "):
            return int(float(line.split()[-1]))
    raise AssertionError(f"no metric {name}")


def standby_pages(relay):
    return metric(relay, "replay_standby_pages_total")


def url_of_standby(pair, database):
    return pair.standby.url(database.name)


@pytest.fixture
def pair_with_database(make_pair):
    return make_pair(False)


@pytest.fixture
def make_reading_relay(pair_with_database, binary, loopback):
    pair, database = pair_with_database
    with relays(binary, loopback) as make:
        yield lambda **options: make(
            database, {**OPTIONS, "journal.replay_url": url_of_standby(pair, database), **options})


@pytest.fixture
def filled(pair_with_database, make_reading_relay):
    """A relay with events that the standby has too."""
    pair, _ = pair_with_database
    relay = make_reading_relay()
    publish_all([relay.endpoint], range(COUNT))
    pair.wait_replayed()
    return pair, relay


def expect_all(relay, count=COUNT):
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        assert stream.positions(count) == list(range(1, count + 1))


def test_pages_and_events_come_from_the_standby(filled, pair_with_database):
    pair, relay = filled
    _, database = pair_with_database
    expect_all(relay)
    assert standby_pages(relay) >= COUNT // 50 - 22  # what a segment of the tail still has comes from memory
    # What the primary alone lacks can only have come from the standby.
    pair.standby.pause_replay()
    database.query("UPDATE event_relay.journal SET data = '\"of the primary\"' WHERE position = 7")
    assert get(relay.endpoint, "/events/7").json()["data"] != "of the primary"
    # Nobody but readers is connected there.
    there = pair.standby.admin.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'event-relay'")
    assert 1 <= int(there[0]) <= 2


def test_standby_that_lags(filled):
    pair, relay = filled
    pair.standby.pause_replay()
    more = 2000
    publish_all([relay.endpoint], range(more))
    expect_all(relay, COUNT + more)
    assert standby_pages(relay) > 0
    for position in (COUNT, COUNT + 1, COUNT + more):
        assert get(relay.endpoint, f"/events/{position}").json()["position"] == position
    assert get(relay.endpoint, f"/events/{COUNT + more + 1}").status == 404
    pair.standby.resume_replay()
    pair.wait_replayed()
    before = standby_pages(relay)
    expect_all(relay, COUNT + more)
    assert standby_pages(relay) > before


def test_standby_without_the_new_epoch(filled, pair_with_database):
    pair, relay = filled
    _, database = pair_with_database
    pair.standby.pause_replay()
    database.query("SELECT event_relay.new_epoch('test')")
    after = published(relay.endpoint, "in the new epoch")
    assert after["position"] == COUNT + 1
    with Stream(relay.endpoint, last_event_id=str(COUNT)) as stream:
        while stream.next_event().id != after["id"]:  # until then the relay has not heard of the epoch
            pass
    before = standby_pages(relay)
    expect_all(relay, COUNT + 1)
    assert standby_pages(relay) == before


def test_standby_dies_during_a_replay_and_comes_back(filled):
    pair, relay = filled
    with Stream(relay.endpoint, "/events?from=earliest", receive_buffer=4096) as stream:
        assert stream.positions(100) == list(range(1, 101))
        eventually(lambda: standby_pages(relay) > 0, "a page of the standby")
        pair.standby.kill()
        assert stream.positions(COUNT - 100) == list(range(101, COUNT + 1))
    expect_all(relay)
    assert get(relay.endpoint, "/events/3").json()["position"] == 3
    before = standby_pages(relay)
    pair.standby.start()
    pair.wait_replayed()
    eventually(lambda: get(relay.endpoint, "/events/3").status == 200 and expect_all(relay) is None
               and standby_pages(relay) > before, "the standby's return")
    assert 1 <= relay.log_text().count("standby not usable") <= 2  # once for each reader
    assert relay.readiness() == 200


def test_relay_starts_without_its_standby(pair_with_database, make_reading_relay):
    pair, _ = pair_with_database
    pair.standby.stop()
    relay = make_reading_relay()
    publish_all([relay.endpoint], range(COUNT))
    expect_all(relay)
    assert standby_pages(relay) == 0


def test_standby_that_takes_over_in_the_middle_of_replays(filled, pair_with_database, make_reading_relay):
    """Relays read from the server that becomes the primary under them: nobody sees an event twice or not at all."""
    pair, database = pair_with_database
    relay = make_reading_relay(**{"journal.url": pair.url(database), "stream.heartbeat": "100ms"})
    ended = []
    seen = [[] for _ in range(4)]

    def read(number):
        with Stream(relay.endpoint, "/events?from=earliest", receive_buffer=4096) as stream:
            while not seen[number] or seen[number][-1].position <= COUNT:
                seen[number].append(stream.next_event())
        ended.append(number)

    threads = [threading.Thread(target=read, args=(number,), daemon=True) for number in range(4)]
    for thread in threads:
        thread.start()
    eventually(lambda: all(len(events) > 20 for events in seen), "replays under way")
    pair.fail_over()
    relay.wait_ready()
    after = published(relay.endpoint, "after")
    for thread in threads:
        thread.join(PATIENCE)
    assert len(ended) == 4
    for events in seen:
        assert [event.position for event in events] == list(range(1, COUNT + 2))
        assert events[-1].id == after["id"]
        assert len({event.id.partition("-")[0] for event in events[:-1]}) == 1


@pytest.mark.parametrize("url", ["postgresql//relay:geheim@db/relay", "host=db geheim", "hots=db password=geheim"])
def test_malformed_url_is_named(binary, url):
    done = run_to_end(binary, ["--journal.url=postgresql:///relay", "--http.port=0"],
                      {"EVENT_RELAY_JOURNAL_REPLAY_URL": url})
    assert done.returncode == 1
    assert "event-relay: journal.replay_url: is neither a postgresql:// URL nor key=value words" in done.stderr
    assert "geheim" not in done.stderr
