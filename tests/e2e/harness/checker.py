"""The checker of delivery: publishers that give up on nothing, subscribers that come back with their cursor, and the
proof at the end that every acknowledged event reached every cursor exactly once, in one order."""

import threading

from harness.publishing import Publisher
from harness.sse import Stream
from harness.waiting import PATIENCE, Deadline

# What a client meets when relay or database are killed under it.
_cut_off = (OSError, ConnectionError)
_pause = 0.02  # between two attempts to connect
_silence = 5.0  # a stream without as much as a heartbeat for so long is given up, as clients do


class Checker:
    def __init__(self, endpoints, publishers=4, subscribers=3, events_each=500):
        self._endpoints = endpoints
        self._total = publishers * events_each
        self._acknowledged = {}  # key -> id
        self._sequences = [[] for _ in range(subscribers)]  # per subscriber: (id, key)
        self._failures = []
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        work = [(self._publish, number, events_each) for number in range(publishers)]
        work += [(self._subscribe, number) for number in range(subscribers)]
        self._threads = [threading.Thread(target=self._guard, args=task, daemon=True) for task in work]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        for thread in self._threads:
            thread.join(PATIENCE)

    def _guard(self, work, *arguments):
        try:
            work(*arguments)
        except BaseException as failure:  # a thread's failure would be lost: the waiting test raises it
            with self._changed:
                self._failures.append(failure)
                self._changed.notify_all()

    def _publish(self, number, count):
        turn = number
        publisher = None
        for index in range(count):
            key = f"{number}-{index}"
            response = None
            while not self._stopped.is_set():
                publisher = publisher or Publisher(self._endpoints[turn % len(self._endpoints)])
                try:
                    response = publisher.publish({"key": key}, timeout=2 * _silence, event_type="made", key=key)
                    if response.status in (200, 201):
                        break
                    assert response.status == 503, f"{response.status}: {response.body!r}"
                except _cut_off:
                    pass
                publisher.close()
                publisher = None
                turn += 1
                self._stopped.wait(_pause)
            if self._stopped.is_set():
                return
            with self._changed:
                self._acknowledged[key] = response.json()["id"]
                self._changed.notify_all()
        publisher.close()

    def _subscribe(self, number):
        sequence = self._sequences[number]
        turn = number
        while not self._stopped.is_set():
            # The endpoint changes with every connection: a cursor belongs to no relay.
            endpoint = self._endpoints[turn % len(self._endpoints)]
            turn += 1
            cursor = sequence[-1][0] if sequence else None
            try:
                with Stream(endpoint, "/events?from=earliest", last_event_id=cursor, timeout=_silence) as stream:
                    if stream.response.status == 200:
                        self._follow(stream, sequence)
                    else:
                        assert stream.response.status == 503, stream.response.body
            except _cut_off:
                pass
            self._stopped.wait(_pause)

    def _follow(self, stream, sequence):
        while not self._stopped.is_set():
            event = stream.next_event(_silence)
            if event is None:
                return
            assert event.type == "made", f"after {sequence[-1:]}: {event.raw!r}"
            assert event.position == len(sequence) + 1, f"after {sequence[-1:]}: {event.raw!r}"
            with self._changed:
                sequence.append((event.id, event.json()["key"]))
                self._changed.notify_all()

    def _wait(self, condition, what, timeout):
        deadline = Deadline(timeout)
        with self._changed:
            while not condition():
                if self._failures:
                    raise self._failures[0]
                self._changed.wait(min(1.0, deadline.remaining(what)))

    def wait_acknowledged(self, count, timeout=PATIENCE):
        """Faults are placed by progress and not by the clock, so that a slow machine sees as many of them."""
        self._wait(lambda: len(self._acknowledged) >= count, f"acknowledgement {count}", timeout)

    @property
    def acknowledged(self):
        with self._changed:
            return len(self._acknowledged)

    @property
    def total(self):
        return self._total

    def finish(self, timeout=3 * PATIENCE):
        """Waits for the last event at every subscriber, then proves what was promised."""
        self.wait_acknowledged(self._total, timeout)
        self._wait(lambda: all(len(sequence) >= self._total for sequence in self._sequences), "the last event", timeout)
        reference = self._sequences[0]
        assert len(reference) == self._total, "more was stored than was published"
        assert {key: event_id for event_id, key in reference} == self._acknowledged
        for sequence in self._sequences[1:]:
            assert sequence == reference
