"""/metrics: right by Prometheus' own judgement under load of all kinds, and true."""

import subprocess

from harness.http import get, request
from harness.metrics import metric, metrics, metrics_text, samples
from harness.process import resident_bytes
from harness.publishing import publish, publish_all, publish_lines, published
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually

RETENTION = {"retention.partition_events": "100", "retention.max_events": "200", "retention.interval": "100ms",
             "retention.overtake_consumers": "true", "stream.tail_bytes": "1KiB", "publish.max_event_bytes": "1KiB"}


def check(text):
    """Prometheus' linter: the format, and its rules for names, units, types and help."""
    done = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, capture_output=True,
                          timeout=PATIENCE, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr


def load_of_all_kinds(relay, database):
    """Everything that the relay counts, at least once."""
    endpoint = relay.endpoint
    with Stream(endpoint) as live, Stream(endpoint, "/events?consumer=lending&from=earliest"):
        live.read_preamble()
        publish_lines(endpoint, range(100))
        publish_all([endpoint], ["x" * 900] * 600, connections=8)
        live.events(700)
    for _ in range(2):
        publish(endpoint, {"n": 1}, key="again")
    publish(endpoint, b"{").problem(400)
    publish(endpoint, "x" * 2000).problem(413)
    publish(endpoint, {}, "nowhere").problem(404)
    database.query("SELECT event_relay.publish('reservations', 'created', '{}'::json, NULL)",
                   "SELECT event_relay.publish('unheard-of', 'created', '{}'::json, NULL)")
    eventually(lambda: metric(relay, 'dead_letters_total{reason="unknown_topic"}') == 1, "the outbox")
    eventually(lambda: metric(relay, "oldest_position") > 400, "retention")
    with Stream(endpoint, last_event_id="1") as replay:
        assert replay.next_event().type == "relay.reset"
        replay.events(150)
    get(endpoint, "/events", [("Accept", "application/json"), ("Last-Event-ID", "1")]).problem(410)
    eventually(lambda: metrics(relay).get('event_relay_consumer_lag_events{consumer="lending"}'), "a survey")


def test_prometheus_finds_nothing_wrong(make_relay, database):
    relay = make_relay(RETENTION)
    check(metrics_text(relay))
    load_of_all_kinds(relay, database)
    text = metrics_text(relay)
    check(text)
    found = samples(text)
    for counter in ("publish_latency_seconds_count", "delivery_latency_seconds_count", "stream_sent_bytes_count",
                    "events_delivered_total", "events_replayed_total", "replay_bytes_total", "replay_pages_total",
                    "events_duplicate_total", "outbox_stored_total", "partitions_dropped_total", "floor_position",
                    'stream_resets_total{reason="expired"}', 'requests_refused_total{reason="data_too_large"}'):
        assert found[f"event_relay_{counter}"] > 0, counter
    for state in ("ready", "journal_writable", "journal_readable", 'journal_info{kind="postgresql"}'):
        assert found[f"event_relay_{state}"] == 1, state
    assert found["event_relay_head_position"] == found["event_relay_events_tailed_total"]
    assert found["event_relay_tail_lag_positions"] == 0
    assert 0 <= found["event_relay_tail_lag_seconds"] < PATIENCE


def test_each_stored_request_counts_once(relay):
    published(relay.endpoint, {})
    publish_lines(relay.endpoint, range(50))
    publish(relay.endpoint, b"{").problem(400)
    found = metrics(relay)
    assert found["event_relay_publish_latency_seconds_count"] == 2
    assert 0 < found["event_relay_publish_latency_seconds_sum"] < PATIENCE


def test_only_live_deliveries_have_a_latency(relay):
    """A replay is as old as its events: one from the tail is not live either."""
    publish_lines(relay.endpoint, range(50))
    with Stream(relay.endpoint, "/events?from=earliest") as stream, \
            Stream(relay.endpoint, "/events?from=earliest", [("Accept", "application/x-ndjson")]) as lines:
        stream.events(50)
        lines.read_line()
        assert metric(relay, "delivery_latency_seconds_count") == 0
        found = eventually(lambda: _with_latencies(relay, 2), "live deliveries to both")
    assert found["event_relay_delivery_latency_seconds_sum"] < PATIENCE


def _with_latencies(relay, count):
    published(relay.endpoint, {})
    found = metrics(relay)
    return found if found["event_relay_delivery_latency_seconds_count"] >= count else None


def test_replays_count_what_they_write(make_relay):
    relay = make_relay({"stream.tail_bytes": "1KiB"})
    publish_all([relay.endpoint], ["x" * 1000] * 500, connections=4)
    with Stream(relay.endpoint, "/events?from=earliest&limit=100") as stream:
        stream.events(100)
    found = metrics(relay)
    assert found["event_relay_events_replayed_total"] == 100
    assert 100_000 < found["event_relay_replay_bytes_total"] < 150_000
    assert found["event_relay_delivery_latency_seconds_count"] == 0


def test_what_a_stream_was_sent_is_known_at_its_end(relay):
    with Stream(relay.endpoint, "/events?limit=1") as stream:
        stream.read_preamble()
        published(relay.endpoint, "x" * 5000)
        stream.next_event()
    eventually(lambda: metric(relay, "stream_sent_bytes_count") == 1, "the end of the stream")
    found = metrics(relay)
    assert found["event_relay_stream_sent_bytes_sum"] == found["event_relay_stream_bytes_total"] > 5000


def test_connections_and_streams_are_counted_while_they_are_open(relay):
    with Stream(relay.endpoint):
        eventually(lambda: metric(relay, "connections_open") == 1, "no connection but the one that asks")
        assert metric(relay, "streams_open") == 1
    eventually(lambda: metric(relay, "streams_open") == 0, "the end of the stream")


def test_consumers_are_told_by_name_the_furthest_behind_first_and_not_without_end(make_relay):
    relay = make_relay()
    publish_lines(relay.endpoint, range(3))
    for number in range(102):
        with Stream(relay.endpoint, f"/events?consumer=reader-{number}&from=earliest") as stream:
            stream.next_event()
    body = b'{"id":"3"}'
    for number in (0, 1):
        done = request(relay.endpoint, "POST", f"/consumers/reader-{number}/ack", body,
                       [("Content-Type", "application/json")])
        assert done.status == 200
    found = eventually(lambda: _with_consumers(relay, 102), "a survey of all")
    named = {name for name in found if name.startswith("event_relay_consumer_lag_events")}
    assert len(named) == 100
    assert 'event_relay_consumer_lag_events{consumer="reader-0"}' not in named
    assert found['event_relay_consumer_lag_events{consumer="reader-7"}'] == 3
    assert found['event_relay_consumer_lag_seconds{consumer="reader-7"}'] > 0


def _with_consumers(relay, count):
    found = metrics(relay)
    done = found.get("event_relay_consumers") == count and \
        'event_relay_consumer_lag_events{consumer="reader-0"}' not in found
    return found if done else None


def test_the_process_is_measured(relay):
    found = metrics(relay)
    assert 0.5 < found["process_resident_memory_bytes"] / resident_bytes(relay.pid) < 2
    assert 10 < found["process_open_fds"] <= found["process_max_fds"]
    with Stream(relay.endpoint), Stream(relay.endpoint):
        assert metrics(relay)["process_open_fds"] >= found["process_open_fds"] + 2
    assert found["process_cpu_seconds_total"] > 0
    assert found["process_start_time_seconds"] > 1_600_000_000


def test_a_database_that_is_away_shows(relay, cluster):
    cluster.stop()
    try:
        eventually(lambda: metric(relay, "ready") == 0, "the loss of the journal")
        found = eventually(lambda: _away(relay), "the loss of both connections")
        assert found["event_relay_journal_losses_total"] > 0
    finally:
        cluster.start()
    eventually(lambda: metric(relay, "ready") == 1, "the journal")


def _away(relay):
    found = metrics(relay)
    away = found["event_relay_journal_readable"] == 0 and found["event_relay_journal_losses_total"] > 0
    return found if away else None
