"""SIGTERM: what is under way is finished, streams are sent home gently, and the exit code is 0."""

import select
import signal
import threading
import time

import pytest

from harness.draining import end_times, refuses
from harness.http import Connection, get, head_of
from harness.publishing import Publisher, publish, published
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually


def open_streams(relay, count):
    streams = [Stream(relay.endpoint) for _ in range(count)]
    for stream in streams:
        stream.read_preamble()
    return streams


def test_streams_end_spread_over_the_period_and_after_the_listener(make_relay):
    relay = make_relay({"shutdown.drain_period": "2s"})
    streams = open_streams(relay, 60)
    start = time.monotonic()
    relay.signal_stop()
    refused = []
    watcher = threading.Thread(target=lambda: refused.append(
        eventually(lambda: refuses(relay.endpoint) and time.monotonic(), "a closed listener")))
    watcher.start()
    ends = end_times(streams)
    watcher.join()
    relay.wait_exit()
    assert refused[0] < ends[-1]
    assert refused[0] - start < 1.0  # at once, not after the streams
    assert ends[-1] - ends[0] > 1.0  # half of the period at least
    tenths = {int((end - start) * 10) for end in ends}
    assert len(tenths) > 5  # not in one or two bursts


def test_after_the_first_stream_has_ended_nobody_gets_in(make_relay):
    relay = make_relay({"shutdown.drain_period": "3s"})
    streams = open_streams(relay, 10)
    relay.signal_stop()
    waiting = select.poll()
    for stream in streams:
        waiting.register(stream.fileno(), select.POLLIN)
    assert waiting.poll(PATIENCE * 1000)
    assert refuses(relay.endpoint)
    end_times(streams)
    relay.wait_exit()


def test_readiness_goes_before_the_listener(make_relay):
    relay = make_relay({"shutdown.drain_delay": "2s"})
    assert get(relay.endpoint, "/readyz").status == 200
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        relay.signal_stop()
        eventually(lambda: get(relay.endpoint, "/readyz").status == 503, "/readyz says 503", 1.5)
        assert get(relay.endpoint, "/healthz").status == 200
        event = published(relay.endpoint, {})  # a balancer may still send some
        assert stream.next_event().id == event["id"]
        assert stream.read_to_end() == []
        assert stream.ending == "final chunk"
    relay.wait_exit()


def test_publish_under_way_is_answered(make_relay, database):
    relay = make_relay()
    with Publisher(relay.endpoint) as publisher:
        with database.locked("event_relay.journal", "SHARE"):
            publisher.send({"seat": 1})
            eventually(lambda: database.query("SELECT 1 FROM pg_locks WHERE NOT granted"), "a commit that waits")
            relay.signal_stop()
            eventually(lambda: refuses(relay.endpoint), "a closed listener")
        assert publisher.receive().status == 201
        relay.wait_exit()


def test_publishes_that_were_answered_are_there_after_the_stop(make_relay):
    relay = make_relay()
    acknowledged = []

    def work(number):
        with Publisher(relay.endpoint) as publisher:
            for index in range(100_000):
                try:
                    response = publisher.publish([number, index])
                except OSError:
                    return
                if response.status != 201:
                    response.problem(503)
                    return
                acknowledged.append((response.json()["position"], [number, index]))

    publishers = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for publisher in publishers:
        publisher.start()
    eventually(lambda: len(acknowledged) > 500, "publishing at full speed")
    relay.stop()
    for publisher in publishers:
        publisher.join()
    relay.start()
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        stored = {event.position: event.json() for event in stream.events(max(acknowledged)[0])}
    assert all(stored[position] == body for position, body in acknowledged)


def test_streams_end_on_a_frame_boundary_at_full_speed(make_relay):
    relay = make_relay({"shutdown.drain_period": "1s"})
    streams = open_streams(relay, 20)

    def work():
        with Publisher(relay.endpoint) as publisher:
            try:
                while publisher.publish({"text": "x" * 2000}).status == 201:
                    pass
            except OSError:
                pass

    publishers = [threading.Thread(target=work) for _ in range(4)]
    for publisher in publishers:
        publisher.start()
    for stream in streams:
        assert stream.positions(200) == list(range(1, 201))
    relay.signal_stop()
    for stream in streams:
        positions = [event.position for event in stream.read_to_end()]
        assert positions == list(range(201, 201 + len(positions)))
        assert stream.ending == "final chunk"
        assert stream.on_frame_boundary
    relay.wait_exit()
    for publisher in publishers:
        publisher.join()


def test_stalled_readers_do_not_keep_it_from_ending(make_relay):
    relay = make_relay({"shutdown.deadline": "2s", "shutdown.drain_period": "500ms"})
    stalled = [Stream(relay.endpoint, receive_buffer=4096) for _ in range(5)]
    for _ in range(16):
        published(relay.endpoint, "x" * 1_000_000)
    relay.signal_stop()
    relay.wait_exit(20)
    for stream in stalled:
        stream.close()


def test_signal_at_the_moment_it_listens(make_relay):
    relay = make_relay(ready=False)
    for _ in range(20):
        relay.stop()
        relay.start(ready=False)


def test_a_second_signal_ends_it_at_once(make_relay):
    """Who asks twice does not want to wait."""
    relay = make_relay({"shutdown.drain_period": "9s"})
    streams = open_streams(relay, 20)
    relay.signal_stop()
    eventually(lambda: refuses(relay.endpoint), "a closed listener")
    start = time.monotonic()
    relay.signal_stop()
    relay.wait_exit(expected=-signal.SIGTERM)
    assert time.monotonic() - start < 4
    for stream in streams:
        stream.close()


@pytest.mark.parametrize("connections", [0, 50])
def test_idle_connections_do_not_keep_it_from_ending(make_relay, connections):
    relay = make_relay()
    kept = [Connection(relay.endpoint) for _ in range(connections)]
    for connection in kept:
        connection.send(head_of("GET", "/healthz"))
        assert connection.read_response().status == 200
    publish(relay.endpoint, {})
    relay.signal_stop()
    relay.wait_exit(15)
    for connection in kept:
        assert connection.read_to_end() == b""
        connection.close()
