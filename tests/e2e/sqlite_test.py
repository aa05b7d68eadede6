"""The journal in a file: what is promised for a single relay without a database server."""

import random
import resource
import threading

import pytest

from harness.http import get
from harness.publishing import Publisher, publish, published
from harness.relay import run_to_end
from harness.sse import Stream
from harness.waiting import eventually

JOURNALS = ["sqlite"]


def read_all(relay, count):
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        return stream.events(count)


def test_acknowledged_events_survive_kill_nine(make_relay):
    """Without idempotency keys: an event without an answer is given up, so nothing may be there twice."""
    relay = make_relay()
    chooser = random.Random()
    acknowledged = {}
    counts = {"sent": 0}
    progress = threading.Condition()
    ended = threading.Event()

    def keep_publishing():
        publisher = None
        while not ended.is_set():
            try:
                publisher = publisher or Publisher(relay.endpoint)
                number = counts["sent"]
                counts["sent"] += 1
                response = publisher.publish(number)
                if response.status == 201:
                    with progress:
                        acknowledged[number] = response.json()["position"]
                        progress.notify_all()
                    continue
                assert response.status == 503, response.body
            except OSError:
                pass
            if publisher:
                publisher.close()
            publisher = None
            ended.wait(0.01)

    thread = threading.Thread(target=keep_publishing, daemon=True)
    thread.start()
    try:
        for _ in range(12):
            wanted = len(acknowledged) + chooser.randint(1, 120)
            with progress:
                assert progress.wait_for(lambda wanted=wanted: len(acknowledged) >= wanted, 60)
            relay.kill()
            relay.start()
    finally:
        ended.set()
        thread.join()

    last = published(relay.endpoint, "last")["position"]
    events = read_all(relay, last)
    assert [event.position for event in events] == list(range(1, last + 1))
    stored = [event.json() for event in events[:-1]]
    assert stored == sorted(set(stored)), "in the order of publishing, none twice"
    for number, position in acknowledged.items():
        assert stored[position - 1] == number


def test_a_second_relay_is_told_why_it_cannot_start(relay, journal, binary):
    done = run_to_end(binary, ["--journal", journal.url, "--http.port=0"])
    assert done.returncode == 1
    assert "journal.url" in done.stderr and str(journal.path) in done.stderr and "PostgreSQL" in done.stderr
    assert published(relay.endpoint, {})["position"] == 1


def test_the_lock_of_a_killed_relay_is_gone(make_relay):
    relay = make_relay()
    published(relay.endpoint, {})
    relay.kill()
    assert published(make_relay().endpoint, {})["position"] == 2


@pytest.mark.parametrize("arguments, named", [
    (["--journal=sqlite:{folder}/none/journal.db"], "{folder}/none"),
    (["--journal=sqlite:{folder}"], "{folder}"),
    (["--journal=sqlite:{folder}/text.db"], "{folder}/text.db"),
    (["--journal=sqlite:"], "journal.url"),
    (["--journal=sqlite::memory:"], "journal.url"),
    (["--journal=sqlite:{folder}/journal.db", "--outbox.enabled=true"], "outbox.enabled"),
])
def test_a_start_that_cannot_be_says_what_is_wrong(binary, tmp_path, arguments, named):
    (tmp_path / "text.db").write_text("not a database\n" * 100, encoding="utf-8")
    done = run_to_end(binary, [argument.format(folder=tmp_path) for argument in arguments] + ["--http.port=0"])
    assert done.returncode in (1, 2)
    assert named.format(folder=tmp_path) in done.stderr


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(make_relay):
    relay = make_relay({"publish.in_doubt_timeout": "300ms"})
    text = "x" * 100_000
    acknowledged = [published(relay.endpoint, text)["position"]]
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(relay.pid, resource.RLIMIT_FSIZE, (1_000_000, hard))  # of each file, the log of writes too
    for _ in range(30):
        response = publish(relay.endpoint, text)
        if response.status != 201:
            break
        acknowledged.append(response.json()["position"])
    response.problem(503)
    assert len(acknowledged) < 30
    assert [event.position for event in read_all(relay, len(acknowledged))] == acknowledged
    assert get(relay.endpoint, "/healthz").status == 200

    resource.prlimit(relay.pid, resource.RLIMIT_FSIZE, (hard, hard))
    eventually(lambda: publish(relay.endpoint, "again").status == 201, "publishing")
    relay.stop()
    relay.start()
    count = published(relay.endpoint, "last")["position"]
    events = read_all(relay, count)
    assert [event.position for event in events] == list(range(1, count + 1))
    assert [event.json() for event in events[:len(acknowledged)]] == [text] * len(acknowledged)


def test_a_file_that_was_set_back_begins_a_new_epoch(relay, journal, tmp_path):
    for number in range(3):
        published(relay.endpoint, number)
    journal.back_up(tmp_path / "backup.db")
    lost = [published(relay.endpoint, number)["id"] for number in range(3, 6)]
    relay.stop()
    journal.restore(tmp_path / "backup.db")
    relay.start()

    new = published(relay.endpoint, "new")
    epoch, lost_epoch = (int(event_id.partition("-")[0]) for event_id in (new["id"], lost[0]))
    assert epoch == lost_epoch + 1
    assert new["position"] == 4
    with Stream(relay.endpoint, last_event_id=lost[1]) as stream:
        reset = stream.next_event()
        assert reset.type == "relay.reset"
        assert stream.next_event().id == new["id"]
    with Stream(relay.endpoint, last_event_id=f"{lost_epoch}-2") as stream:
        assert [event.json() for event in stream.events(2)] == [2, "new"], "what came before is common history"


def test_a_file_that_is_removed_stops_publishing(relay, journal):
    published(relay.endpoint, {})
    journal.remove()
    eventually(lambda: relay.readiness() == 503, "that the relay notices")
    publish(relay.endpoint, {}).problem(503)
    assert "moved, removed or replaced" in relay.log_text()


def test_events_that_are_too_many_go(make_relay):
    relay = make_relay({"retention.max_events": "200", "retention.interval": "100ms", "stream.tail_bytes": "1KiB"})
    first = published(relay.endpoint, {})
    with Publisher(relay.endpoint) as publisher:
        for number in range(600):
            assert publisher.publish(number).status == 201
    eventually(lambda: "event_relay_oldest_position 402" in get(relay.endpoint, "/metrics").body.decode(), "retention")
    assert get(relay.endpoint, f"/events/{first['id']}").status == 410
    assert [event.position for event in read_all(relay, 200)][0] >= 401
