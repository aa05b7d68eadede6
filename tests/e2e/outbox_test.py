"""Services that publish inside their own transactions, in the relay's database."""

import contextlib
import json
import random
import threading

from harness.http import get
from harness.publishing import published
from harness.sse import Stream
from harness.waiting import beats, eventually

SERVICES = 4
EACH = 200
PER_SECOND = 100  # transactions of all services together


def publish(data, topic="reservations", key=None):
    quoted = "NULL" if key is None else f"'{key}'"
    return f"SELECT event_relay.publish('{topic}', 'created', '{json.dumps(data)}'::json, {quoted})"


def metric(relay, name):
    for line in get(relay.endpoint, "/metrics").body.decode().splitlines():
        if line.startswith(f"event_relay_{name} "):
            return float(line.split()[-1])
    raise AssertionError(f"no metric {name}")


def test_a_committed_event_is_delivered_and_a_rolled_back_one_is_not(relay, database):
    with Stream(relay.endpoint) as stream, database.session() as service:
        stream.read_preamble()
        service.execute("CREATE TABLE reservation (book text)")
        service.execute(f"BEGIN; INSERT INTO reservation VALUES ('a'); {publish('a')}; ROLLBACK")
        service.execute(f"BEGIN; INSERT INTO reservation VALUES ('b'); {publish('b')}; COMMIT")
        event = stream.next_event()
    assert event.json() == "b"
    assert event.type == "created"
    assert get(relay.endpoint, f"/events/{event.id}").json()["topic"] == "reservations"


def test_what_no_relay_takes_is_put_aside_with_its_reason(make_relay, database):
    relay = make_relay({"publish.max_event_bytes": "50"})
    database.query(publish("x" * 100), publish("y", topic="unheard-of"), publish("fine"))
    eventually(lambda: metric(relay, "outbox_stored_total") == 1, "the event that is fine")
    assert database.query("SELECT reason FROM event_relay.dead_letter ORDER BY id") == ["data_too_large",
                                                                                       "unknown_topic"]
    assert metric(relay, 'dead_letters_total{reason="unknown_topic"}') == 1
    assert metric(relay, 'dead_letters_total{reason="data_too_large"}') == 1


def test_keys_hold_for_both_ways_of_publishing(relay, database):
    published(relay.endpoint, {"seat": 1}, key="k1")
    same = "(SELECT data FROM event_relay.journal)"
    database.query(f"SELECT event_relay.publish('reservations', NULL, {same}, 'k1')")
    eventually(lambda: metric(relay, "outbox_known_total") == 1, "the outbox to be looked at")
    assert database.query("SELECT count(*) FROM event_relay.journal") == ["1"]


def test_it_can_be_switched_off(make_relay, database):
    make_relay({"outbox.enabled": "false"})
    other = make_relay()
    database.query(publish("a"))
    eventually(lambda: metric(other, "outbox_stored_total") == 1, "the relay that has it on")


class Reader(threading.Thread):
    """One client of one relay after the other, that resumes with the last id it has seen until it sees `last`."""

    def __init__(self, relays, last):
        super().__init__(daemon=True)
        self._relays = relays
        self._last = last
        self.seen = []

    def run(self):
        cursor, turn = None, 0
        while not self.seen or self.seen[-1] != self._last:
            target = "/events?from=earliest" if cursor is None else "/events"
            relay = eventually(lambda start=turn: self._next_that_answers(start), "a relay that is up")
            try:
                with Stream(relay.endpoint, target, last_event_id=cursor) as stream:
                    while not self.seen or self.seen[-1] != self._last:
                        event = stream.next_event()
                        if event is None:
                            break
                        cursor = event.id
                        self.seen.append(event.json())
            except (OSError, AssertionError, ValueError):
                pass  # its relay was killed
            turn += 1

    def _next_that_answers(self, turn):
        for relay in (self._relays[turn % 2], self._relays[(turn + 1) % 2]):
            with contextlib.suppress(OSError, ValueError):
                if get(relay.endpoint, "/healthz").status == 200:
                    return relay
        return None


def test_every_committed_event_once_and_in_order_whatever_is_killed(make_relay, database):
    relays = [make_relay(), make_relay()]
    committed = [[] for _ in range(SERVICES)]
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")

    def work(number):
        chooser = random.Random(seed + number)
        with database.session() as service:
            for turn in beats(EACH, PER_SECOND / SERVICES):
                events = [[number, turn, n] for n in range(chooser.randint(1, 3))]
                end = "ROLLBACK" if chooser.random() < 0.2 else "COMMIT"
                service.execute("; ".join(["BEGIN", *map(publish, events), end]))
                committed[number] += events if end == "COMMIT" else []

    with database.session() as long_service:
        long_service.execute(f"BEGIN; {publish('long')}")
        reader = Reader(relays, "end")
        reader.start()
        services = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(SERVICES)]
        for service in services:
            service.start()
        kill_in_turn(relays, committed)  # here: what another thread starts dies with it
        for service in services:
            service.join()
        long_service.execute(f"COMMIT; {publish('end')}")
    reader.join(60)
    assert reader.seen[-1] == "end"
    assert reader.seen.count("long") == 1
    for number in range(SERVICES):
        assert [event for event in reader.seen if event[0] == number] == committed[number]
    eventually(lambda: database.query("SELECT count(*) FROM event_relay.outbox") == ["0"], "an empty outbox")


def kill_in_turn(relays, committed):
    for part in range(1, 5):
        eventually(lambda done=part: len(committed[0]) >= done * EACH // 6, "the services' next events")
        relays[part % 2].kill()
        relays[part % 2].start(ready=False)
