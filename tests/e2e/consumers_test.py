"""Named consumers: the relay keeps their place, whoever reads, acknowledges, dies or comes back."""

import contextlib
import json
import pathlib
import subprocess
import sys

import pytest

from harness.http import get, request
from harness.publishing import publish_all, published
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually

JOURNALS = ["postgres", "sqlite"]
FROM_START = "/events?consumer=lending&from=earliest"


def command(relay, path, body=None, method="POST"):
    headers = [("Content-Type", "application/json")] if body is not None else []
    data = json.dumps(body).encode() if body is not None else None
    return request(relay.endpoint, method, f"/consumers/{path}", data, headers)


def acknowledged(relay, event_id, consumer="lending"):
    response = command(relay, f"{consumer}/ack", {"id": event_id})
    assert response.status == 200, response.body
    return response.json()


def shown(relay, consumer="lending"):
    return get(relay.endpoint, f"/consumers/{consumer}").json()


def test_goes_on_after_what_was_acknowledged(relay):
    publish_all([relay.endpoint], range(10), 1)
    with Stream(relay.endpoint, FROM_START) as stream:
        events = stream.events(10)
    status = acknowledged(relay, events[3].id)
    assert (status["id"], status["position"], status["lag"]) == (events[3].id, 4, 6)
    assert status["lag_seconds"] > 0
    for headers in ([], [("Last-Event-ID", events[9].id)]):  # read is not done
        with Stream(relay.endpoint, "/events?consumer=lending", headers) as stream:
            assert stream.positions(6) == [5, 6, 7, 8, 9, 10]
    assert acknowledged(relay, events[1].id)["position"] == 4, "never backwards"
    assert acknowledged(relay, "10")["lag"] == 0


def test_a_new_one_begins_live_unless_told_otherwise(relay):
    published(relay.endpoint, 1)
    with Stream(relay.endpoint, "/events?consumer=lending") as stream:
        eventually(lambda: get(relay.endpoint, "/consumers/lending").status == 200, "the consumer")
        assert published(relay.endpoint, 2)["position"] == stream.events(1)[0].position
    published(relay.endpoint, 3)
    with Stream(relay.endpoint, "/events?consumer=lending") as stream:
        assert stream.positions(2) == [2, 3], "from where it began: nothing was acknowledged"


def test_what_was_read_does_not_count_when_it_is_new_either(relay):
    publish_all([relay.endpoint], range(3), 1)
    for number, place in enumerate((FROM_START, f"{FROM_START}&lastEventId=2")):
        path = place.replace("lending", f"lending-{number}")
        with Stream(relay.endpoint, path, [("Last-Event-ID", "3")]) as stream:
            assert stream.positions(3) == [1, 2, 3]


def test_on_gap_fail_asks_where_the_consumer_is(make_relay):
    relay = make_relay({"retention.partition_events": "10", "retention.max_events": "10",
                        "retention.interval": "100ms", "retention.overtake_consumers": "true"})
    published(relay.endpoint, 1)
    with Stream(relay.endpoint, f"{FROM_START}&on_gap=fail") as stream:
        assert stream.positions(1) == [1], "one that is new is where the URL says"
    publish_all([relay.endpoint], range(40), 1)
    first = b"\nevent_relay_oldest_position 1\n"
    eventually(lambda: first not in get(relay.endpoint, "/metrics").body, "the relay to know of retention")
    get(relay.endpoint, f"{FROM_START}&on_gap=fail").problem(410)
    assert shown(relay)["position"] == 0, "nobody has read"


def test_a_newer_reader_takes_over(relay):
    publish_all([relay.endpoint], range(3), 1)
    with Stream(relay.endpoint, FROM_START) as old:
        assert old.positions(3) == [1, 2, 3]
        with Stream(relay.endpoint, "/events?consumer=lending") as new:
            last = old.read_to_end()[-1]
            assert (last.type, last.json()) == ("relay.superseded", {"consumer": "lending", "reason": "another_reader"})
            assert old.ending == "final chunk"
            assert int(old.retries[-1].split()[1]) > 20_000, "or they would take it from each other for ever"
            assert new.positions(3) == [1, 2, 3]
            assert shown(relay)["connected"] is True


def test_another_relay_takes_over(make_relay, database):
    here, there = make_relay(), make_relay()
    published(here.endpoint, 1)
    with Stream(here.endpoint, FROM_START) as old:
        old.events(1)
        with Stream(there.endpoint, "/events?consumer=lending") as new:
            assert new.positions(1) == [1]
            assert old.read_to_end()[-1].type == "relay.superseded"
    assert acknowledged(here, "1")["lag"] == 0
    assert shown(there)["position"] == 1


def test_reset_and_removal(relay):
    publish_all([relay.endpoint], range(5), 1)
    with Stream(relay.endpoint, FROM_START) as stream:
        stream.events(5)
        acknowledged(relay, "5")
        assert command(relay, "lending/reset", {"to": "2"}).json()["lag"] == 3
        assert stream.read_to_end()[-1].json()["reason"] == "reset"
    with Stream(relay.endpoint, "/events?consumer=lending") as stream:
        assert stream.positions(3) == [3, 4, 5]
        assert command(relay, "lending/reset", {"to": "latest"}).json()["lag"] == 0
    assert command(relay, "lending/reset", {"to": "earliest"}).json()["lag"] == 5
    with Stream(relay.endpoint, "/events?consumer=lending") as stream:
        stream.events(5)
        assert command(relay, "lending", method="DELETE").status == 204
        assert stream.read_to_end()[-1].json()["reason"] == "removed"
    assert get(relay.endpoint, "/consumers/lending").problem(404)["field"] == "consumer"
    assert get(relay.endpoint, "/consumers").json() == {"consumers": []}


def test_list(relay):
    for name in ("b", "a"):
        with Stream(relay.endpoint, f"/events?consumer={name}&from=earliest") as stream:
            stream.read_preamble()
            eventually(lambda name=name: get(relay.endpoint, f"/consumers/{name}").status == 200, "the consumer")
    published(relay.endpoint, 1)
    eventually(lambda: not any(one["connected"] for one in listed(relay)), "both readers to be gone")
    assert [(one["name"], one["lag"]) for one in listed(relay)] == [("a", 1), ("b", 1)]


def listed(relay):
    return get(relay.endpoint, "/consumers").json()["consumers"]


@pytest.mark.parametrize("path, body, status, field", [
    ("lending/ack", {"id": "9"}, 404, "id"), ("lending/ack", {"id": "77777-1"}, 404, "id"),
    ("lending/ack", {"id": "x"}, 400, "id"), ("lending/ack", {"id": ""}, 400, "id"), ("lending/ack", {"id": 1}, 400, "id"),
    ("lending/ack", {}, 400, "body"), ("lending/ack", [1], 400, "body"), ("lending/reset", {"to": "x"}, 400, "to"),
    ("lending/reset", {"to": ""}, 400, "to"), ("lending/reset", {"to": "9"}, 404, "to"),
    ("nobody/ack", {"id": "1"}, 404, "consumer"), ("a%20b/ack", {"id": "1"}, 400, "consumer"),
    ("lending/ack", {"id": "1" * 5000}, 413, "body"), ("lending/more", {}, 404, None)])
def test_what_is_refused(relay, path, body, status, field):
    published(relay.endpoint, 1)
    with Stream(relay.endpoint, FROM_START) as stream:
        stream.events(1)
        assert command(relay, path, body).problem(status).get("field") == field


def test_a_name_and_a_bound_are_refused(relay):
    assert get(relay.endpoint, "/events?consumer=a%20b").problem(400)["field"] == "consumer"
    assert get(relay.endpoint, "/events?consumer=a&limit=5").problem(400)["field"] == "consumer"
    assert get(relay.endpoint, "/events?consumer=a", [("Accept", "application/json")]).problem(400)["field"] == "consumer"


def test_lines_can_be_consumed_too(relay):
    publish_all([relay.endpoint], range(2), 1)
    with Stream(relay.endpoint, FROM_START, [("Accept", "application/x-ndjson")]) as stream:
        assert [json.loads(stream.read_line())["data"] for _ in range(2)] == [0, 1]


@contextlib.contextmanager
def consumer_process(relay, done):
    """Ends by a kill in any case."""
    script = pathlib.Path(__file__).resolve().parent / "clients" / "consume.py"
    process = subprocess.Popen([sys.executable, script, *map(str, relay.endpoint), done])
    try:
        yield
    finally:
        process.kill()
        process.wait(PATIENCE)


def test_survives_kill_of_consumer_and_relay(relay, tmp_path):
    """A consumer that acknowledges what it has done is killed again and again, and the relay with it: everything is done
    at least once, in order, and again only what was not acknowledged."""
    total = 300
    publish_all([relay.endpoint], range(total), 1)
    done = tmp_path / "done"
    done.touch()
    for round_number in range(1, 6):
        with consumer_process(relay, done):
            eventually(lambda n=round_number: len(done.read_text().split()) >= n * total // 6, "some work to be done")
            if round_number % 2:
                relay.kill()
        if round_number % 2:
            relay.start()
    with consumer_process(relay, done):
        eventually(lambda: get(relay.endpoint, "/consumers/lending").json()["lag"] == 0, "all to be acknowledged")
    positions = [int(line) for line in done.read_text().split()]
    assert sorted(set(positions)) == list(range(1, total + 1))
    repeated = len(positions) - total
    assert repeated <= 6, f"{repeated} were done again: at most the one in work at each kill"
    for before, after in zip(positions, positions[1:]):
        assert after in (before, before + 1)
