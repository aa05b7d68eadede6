"""The primary is killed and its standby takes over. `journal.url` names both hosts."""

import contextlib
import json
import threading

import pytest

from harness.checker import Checker
from harness.event_source import EventSource
from harness.fixtures import relays
from harness.http import get, request
from harness.publishing import Publisher, publish, publish_all, published
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually

OPTIONS = {"stream.heartbeat": "500ms", "stream.retry": "100ms", "publish.in_doubt_timeout": "30s"}


@pytest.fixture
def make_relay_on(make_pair, binary, loopback):
    """Stopped before the servers are, which is why it does not come from the usual fixture."""
    with relays(binary, loopback) as make:
        yield lambda pair, database, **options: make(database, {**OPTIONS, "journal.url": pair.url(database), **options})


@pytest.fixture
def synchronous(make_pair):
    return make_pair(True)


@pytest.fixture
def asynchronous(make_pair):
    return make_pair(False)


def test_synchronous_standby_takes_over_and_nothing_is_lost(synchronous, make_relay_on):
    pair, database = synchronous
    pair_of_relays = [make_relay_on(pair, database), make_relay_on(pair, database)]
    with Checker([relay.endpoint for relay in pair_of_relays], events_each=600) as checker, \
            EventSource("eventsource-3", pair_of_relays[0], "?from=earliest") as client:
        checker.wait_acknowledged(checker.total // 3)
        pair.fail_over()
        checker.finish()
        events = client.wait_events(checker.total)
        assert [event["id"].partition("-")[2] for event in events] == [str(n + 1) for n in range(checker.total)]
        assert {event["type"] for event in events} == {"made"}
    promoted = pair.standby.database(database.name)
    assert promoted.query("SELECT reason FROM event_relay.epoch ORDER BY epoch") == ["new journal", "timeline 2 after 1"]
    assert published(pair_of_relays[0].endpoint, "after")["id"].endswith(f"-{checker.total + 1}")


def test_commit_that_only_the_primary_has_is_not_acknowledged(synchronous, make_relay_on):
    """A backend that is ended while it waits for the standby has committed without it. The relay finds the event when it
    asks what became of its batch, and must not answer before the standby has it."""
    pair, database = synchronous
    relay = make_relay_on(pair, database)
    published(relay.endpoint, "before")
    pair.standby.stop()
    answers = []
    publisher = threading.Thread(target=lambda: answers.append(publish(relay.endpoint, "only here", key="k")))
    publisher.start()
    waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    eventually(lambda: database.query(f"SELECT 1 {waiting}"), "a commit that waits for the standby")
    for _ in range(2):  # the relay asks again, and again gets no answer
        first = database.query(f"SELECT pg_terminate_backend(pid), pid {waiting}")[0].partition("|")[2]
        eventually(lambda first=first: database.query(f"SELECT 1 {waiting} AND pid <> {first}"), "another that waits")
        assert database.query("SELECT count(*) FROM event_relay.journal") == ["2"]
        assert not answers
    pair.standby.start()
    publisher.join(PATIENCE)
    assert answers[0].status == 201
    pair.fail_over()
    relay.wait_ready()
    assert get(relay.endpoint, f"/events/{answers[0].json()['id']}").json()["data"] == "only here"


def lose(pair, relay, kept, lost):
    """Publishes what the standby gets, then what it does not get, and fails over. Answers the ids."""
    ids = [published(relay.endpoint, number)["id"] for number in range(kept)]
    pair.wait_replayed()
    pair.standby.stop()
    ids += [published(relay.endpoint, number)["id"] for number in range(kept, kept + lost)]
    pair.primary.kill()
    pair.standby.start()
    pair.standby.promote()
    return ids


def next_id(event_id, epochs, position):
    return f"{int(event_id.partition('-')[0]) + epochs}-{position}"


def expect_loss(event, your_id, resume):
    assert event.type == "relay.reset"
    told = event.json()
    assert (told["reason"], told["your_id"], told["resume"]) == ("history_lost", your_id, resume)
    assert event.id == resume


def test_loss_is_told_to_those_who_are_connected_and_to_those_who_come_back(asynchronous, make_relay_on):
    pair, database = asynchronous
    relay = make_relay_on(pair, database)
    with Stream(relay.endpoint, "/events?from=earliest") as stream, Stream(relay.endpoint) as quiet, \
            EventSource("eventsource-3", relay, "?from=earliest") as client:
        quiet.read_preamble()
        client.wait_open()
        ids = lose(pair, relay, kept=5, lost=4)
        resume = next_id(ids[0], 1, 5)
        assert [event.id for event in stream.events(9)] == ids
        expect_loss(stream.next_event(), ids[-1], resume)
        quiet.events(9)
        expect_loss(quiet.next_event(), ids[-1], resume)
        relay.wait_ready()
        after = published(relay.endpoint, "after")
        assert after["id"] == next_id(ids[0], 1, 6)
        assert stream.next_event().id == quiet.next_event().id == after["id"]

        *seen, reset, last = client.wait_events(11)
        assert [event["id"] for event in seen] == ids
        assert (reset["type"], json.loads(reset["data"])["reason"]) == ("relay.reset", "history_lost")
        assert last["id"] == after["id"]

    for lost in ids[5:]:
        with Stream(relay.endpoint, last_event_id=lost) as stream:
            expect_loss(stream.next_event(), lost, resume)
            assert stream.next_event().id == after["id"]
        request(relay.endpoint, "GET", f"/events?on_gap=fail&lastEventId={lost}").problem(410)
        get(relay.endpoint, f"/events/{lost}").problem(404)
    for kept in (ids[4], resume):
        with Stream(relay.endpoint, last_event_id=kept) as stream:
            assert stream.next_event().id == after["id"]
    assert get(relay.endpoint, f"/events/{ids[4]}").json()["position"] == 5


def test_loss_is_told_by_a_relay_that_never_saw_what_is_lost(asynchronous, make_relay_on):
    pair, database = asynchronous
    relay = make_relay_on(pair, database)
    relay_ids = lose(pair, relay, kept=3, lost=2)
    relay.kill()
    other = make_relay_on(pair, database)
    with Stream(other.endpoint, last_event_id=relay_ids[-1]) as stream:
        expect_loss(stream.next_event(), relay_ids[-1], next_id(relay_ids[0], 1, 3))


class Reader:
    """Keeps what a careful client would: everything, and after a reset only what came up to where it goes on."""

    def __init__(self, endpoint):
        self._endpoint = endpoint
        self.kept = []  # (position, data)
        self.resets = 0

    def read_until(self, last):
        while not self.kept or self.kept[-1][1] != last:
            cursor = self.cursor
            with contextlib.suppress(ConnectionError, TimeoutError), \
                    Stream(self._endpoint, "/events?from=earliest", last_event_id=cursor) as stream:
                while (not self.kept or self.kept[-1][1] != last) and (event := stream.next_event()):
                    self._take(event)

    cursor = None

    def _take(self, event):
        if event.type == "relay.reset":
            self.resets += 1
            assert event.json()["reason"] == "history_lost"
            del self.kept[event.position:]
        else:
            assert event.position == len(self.kept) + 1, event.raw
            self.kept.append((event.position, event.json()))
        self.cursor = event.id


def test_readers_agree_with_the_journal_after_a_loss_under_load(asynchronous, make_relay_on):
    pair, database = asynchronous
    relay = make_relay_on(pair, database)
    acknowledged = []
    stop = threading.Event()

    def publish_on():
        number = 0
        while not stop.is_set():
            with contextlib.suppress(OSError, ConnectionError), Publisher(relay.endpoint) as publisher:
                while not stop.is_set():
                    number += 1
                    response = publisher.publish(number, timeout=PATIENCE)
                    if response.status == 201:
                        acknowledged.append(response.json()["position"])

    readers = [Reader(relay.endpoint) for _ in range(4)]
    threads = [threading.Thread(target=publish_on, daemon=True) for _ in range(4)]
    threads += [threading.Thread(target=reader.read_until, args=("the last",), daemon=True) for reader in readers]
    for thread in threads:
        thread.start()
    eventually(lambda: len(acknowledged) > 1000, "events for the standby")
    pair.standby.stop()
    before = len(acknowledged)
    eventually(lambda: len(acknowledged) > before + 500, "events that the standby does not get")
    pair.primary.kill()
    pair.standby.start()
    pair.standby.promote()
    relay.wait_ready()
    before = len(acknowledged)
    eventually(lambda: len(acknowledged) > before + 500, "events of the new epoch")
    stop.set()
    for thread in threads[:4]:
        thread.join(PATIENCE)
    published(relay.endpoint, "the last")
    for thread in threads[4:]:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    promoted = pair.standby.database(database.name)
    rows = promoted.query("SELECT position || ' ' || data FROM event_relay.journal ORDER BY position")
    in_journal = [(int(row.partition(" ")[0]), json.loads(row.partition(" ")[2])) for row in rows]
    for reader in readers:
        assert reader.resets == 1
        assert reader.kept == in_journal


def test_both_hosts_can_be_named_by_a_url(asynchronous, make_relay_on):
    pair, database = asynchronous
    hosts = ",".join(cluster.folder.replace("/", "%2F") for cluster in (pair.standby, pair.primary))
    relay = make_relay_on(pair, database, **{
        "journal.url": f"postgresql://event_relay@{hosts}/{database.name}?target_session_attrs=read-write"})
    publish_all([relay.endpoint], range(20))
    pair.wait_replayed()
    pair.fail_over()
    relay.wait_ready()
    assert published(relay.endpoint, "after")["position"] == 21
