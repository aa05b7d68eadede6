"""A reader that stops reading costs nothing but its own time."""

import threading

from harness.http import get
from harness.publishing import Publisher, run_together
from harness.sse import Stream
from harness.waiting import eventually

MIB = 1 << 20
EVENT_BYTES = 64 * 1024
EVENTS = 3200  # 200 MiB in all
# Far below what passes, far above what the two bounds below and the publishes on their way may take.
MEMORY = 96 * MIB
OPTIONS = {"stream.tail_bytes": "8MiB", "stream.replay_bytes": "8MiB", "stream.stall_timeout": "10m",
           "publish.max_waiting_bytes": "8MiB"}


def body(number):
    head = b'{"number":%d,"filler":"' % number
    return head + b"x" * (EVENT_BYTES - len(head) - 2) + b'"}'


class MemoryWatch:
    """The largest resident size of the relay while the events pass."""

    def __init__(self, relay):
        self._relay = relay
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.before = relay.resident_bytes()
        self.peak = self.before

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stopped.set()
        self._thread.join()

    def _watch(self):
        while not self._stopped.wait(0.05):
            self.peak = max(self.peak, self._relay.resident_bytes())

    @property
    def growth(self):
        return self.peak - self.before


def expect_all(stream):
    for position in range(1, EVENTS + 1):
        event = stream.next_event()
        assert event is not None, f"{stream.ending} before event {position}"
        assert event.position == position
        assert len(event.data) == EVENT_BYTES
    return stream


def publish_everything(endpoint, connections=4):
    def work(number):
        with Publisher(endpoint) as publisher:
            for index in range(number, EVENTS, connections):
                assert publisher.publish(body(index)).status == 201

    run_together(connections, work)


def test_stalled_reader_beside_a_fast_one(make_relay):
    relay = make_relay(OPTIONS)
    stalled = [Stream(relay.endpoint, receive_buffer=16 * 1024) for _ in range(10)]
    with Stream(relay.endpoint) as fast, MemoryWatch(relay) as memory:
        def work(number):
            if number == 0:
                expect_all(fast)
            else:
                publish_everything(relay.endpoint)

        run_together(2, work)
        print(f"grown by {memory.growth / MIB:.0f} MiB while {EVENTS * EVENT_BYTES / MIB:.0f} MiB passed")
        assert memory.growth < MEMORY
        assert get(relay.endpoint, "/healthz").status == 200
        # They read on: what they missed comes from the journal, in order and complete.
        expect_all(stalled.pop()).close()
        expect_all(stalled.pop()).close()
        assert memory.growth < MEMORY
    for stream in stalled:
        stream.close()


def test_many_replays_at_once_share_their_memory(make_relay):
    """The journal is read by more streams than fit beside each other into the memory for replays."""
    relay = make_relay(OPTIONS)
    publish_everything(relay.endpoint)
    with MemoryWatch(relay) as memory:
        def work(_):
            with Stream(relay.endpoint, "/events?from=earliest") as stream:
                expect_all(stream)

        run_together(6, work)
    print(f"grown by {memory.growth / MIB:.0f} MiB")
    assert memory.growth < MEMORY


def test_reader_that_never_reads_is_closed(make_relay):
    """With room for one stream, a second is let in as soon as the first is given up."""
    relay = make_relay({**OPTIONS, "stream.stall_timeout": "1s", "stream.max_streams": 1})
    with Stream(relay.endpoint, receive_buffer=16 * 1024) as stalled:
        publish_everything(relay.endpoint)

        def admitted():
            with Stream(relay.endpoint) as another:
                return another.response.status == 200

        eventually(admitted, "the end of the stalled stream")
        assert len(stalled.read_to_end()) < EVENTS
        assert stalled.ending in ("closed", "reset")
