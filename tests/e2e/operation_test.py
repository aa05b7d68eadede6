"""Options, health, metrics and the log: what the people see who run it."""

import json
import re

import pytest

from harness.http import get
from harness.publishing import publish, published
from harness.relay import run_to_end
from harness.sse import Stream
from harness.waiting import eventually


def refused_start(binary, arguments, named, environment=None):
    done = run_to_end(binary, arguments, environment)
    assert done.returncode == 2, done.stderr
    assert named in done.stderr
    return done


@pytest.mark.parametrize("option, named", [
    ("--http.prot=1", "http.prot"),
    ("--stream.hartbeat=1s", "stream.hartbeat"),
    ("--bogus", "bogus"),
    ("--http.port=seventy", "http.port"),
    ("--http.port=70000", "http.port"),
    ("--http.port=-1", "http.port"),
    ("--stream.heartbeat=15", "stream.heartbeat"),
    ("--stream.heartbeat=15 parsecs", "stream.heartbeat"),
    ("--stream.heartbeat=-1s", "stream.heartbeat"),
    ("--stream.tail_bytes=64MB2", "stream.tail_bytes"),
    ("--stream.tail_bytes=99999999999999999999", "stream.tail_bytes"),
    ("--stream.on_gap=maybe", "stream.on_gap"),
    ("--log.level=loud", "log.level"),
    ("--log.format=xml", "log.format"),
    ("--topics=not/a/topic", "topics"),
    ("--config=/nonexistent/event-relay.ini", "/nonexistent/event-relay.ini"),
])
def test_wrong_option_is_named(binary, cluster, option, named):
    refused_start(binary, [f"--journal.url={cluster.url('postgres')}", "--http.port=0", option], named)


def test_wrong_name_in_the_environment_is_named(binary):
    done = refused_start(binary, ["--http.port=0"], "", {"EVENT_RELAY_HTTP_PROT": "1"})
    assert "EVENT_RELAY_HTTP_PROT" in done.stderr or "http.prot" in done.stderr


def test_wrong_name_in_the_file_is_named(binary, tmp_path):
    file = tmp_path / "relay.ini"
    file.write_text("[http]\nport = 0\nprot = 1\n", encoding="utf-8")
    refused_start(binary, [f"--config={file}"], "http.prot")


def test_every_problem_is_told_at_once(binary, cluster):
    done = refused_start(binary, [f"--journal.url={cluster.url('postgres')}", "--http.port=0",
                                  "--journal.page_events=0", "--stream.tail_bytes=0"], "journal.page_events")
    assert "stream.tail_bytes" in done.stderr


def test_port_that_is_taken(binary, cluster, relay):
    address, port = relay.endpoint
    done = run_to_end(binary, [f"--journal.url={cluster.url('postgres')}", f"--http.address={address}",
                               f"--http.port={port}"])
    assert done.returncode in (1, 2)
    assert str(port) in done.stderr


def test_help_lists_every_option(binary):
    done = run_to_end(binary, ["--help"])
    assert done.returncode == 0
    for name in ("http.address", "http.port", "http.max_connections", "http.max_header_bytes", "http.header_timeout",
                 "journal.url", "journal.page_events", "publish.max_event_bytes", "stream.heartbeat",
                 "stream.tail_bytes", "stream.on_gap", "shutdown.drain_period", "log.level", "log.format", "topics",
                 "threads", "config"):
        assert f"--{name}" in done.stdout, name
    assert "8080" in done.stdout
    assert "15s" in done.stdout


def test_password_stays_out_of_the_log(make_relay, database):
    relay = make_relay({"journal.url": f"{database.url} password=opensesame"})
    assert get(relay.endpoint, "/healthz").status == 200
    relay.stop()
    assert "opensesame" not in relay.log_text()


def test_log_is_one_object_a_line(relay):
    published(relay.endpoint, {})
    publish(relay.endpoint, b"not json").problem(400)
    relay.stop()
    records = [json.loads(line) for line in relay.log_text().splitlines()]
    assert all({"time", "level", "message"} <= record.keys() for record in records)
    listening = next(record for record in records if record["message"] == "listening")
    assert (listening["address"], listening["port"]) == relay.endpoint


def test_file_and_environment_and_command_line(binary, cluster, tmp_path):
    """The nearer one wins; a port that is in use tells which of them was taken."""
    file = tmp_path / "relay.ini"
    file.write_text("[http]\nport = 1\n[log]\nlevel = loud\n", encoding="utf-8")
    url = f"--journal.url={cluster.url('postgres')}"
    refused_start(binary, [url, f"--config={file}"], "loud")
    refused_start(binary, [url], "loud", {"EVENT_RELAY_CONFIG": str(file)})
    refused_start(binary, [url, f"--config={file}"], "noisy", {"EVENT_RELAY_LOG_LEVEL": "noisy"})
    refused_start(binary, [url, f"--config={file}", "--log.level=shrill"], "shrill",
                  {"EVENT_RELAY_LOG_LEVEL": "noisy"})


def test_health(relay):
    assert get(relay.endpoint, "/healthz").json() == {"status": "ok"}
    ready = get(relay.endpoint, "/readyz")
    assert (ready.status, ready.json()["status"]) == (200, "ready")


def test_status_tells_how_the_relay_stands(relay):
    with Stream(relay.endpoint) as stream:
        published(relay.endpoint, {})
        stream.next_event()
        status = eventually(lambda: _status_with(relay, consumers=0), "a survey of the consumers")
    assert status["ready"] and status["version"]
    assert status["journal"]["head"] == status["tail"]["head"] == 1
    assert status["tail"]["lag"] == 0 and status["tail"]["last_look_seconds"] < 60
    assert status["streams"]["open"] == 1 and status["streams"]["deliveries"] == 1
    assert status["published"]["events"] == 1 and status["published"]["waiting"] == 0
    assert status["topics"] == ["reservations", "loans"]


def _status_with(relay, consumers):
    status = get(relay.endpoint, "/status").json()
    return status if status["consumers"]["count"] == consumers else None


def test_metrics_are_what_prometheus_reads(relay):
    with Stream(relay.endpoint) as stream:
        published(relay.endpoint, {})
        stream.next_event()
        response = get(relay.endpoint, "/metrics")
    assert response.headers.get("Content-Type").startswith("text/plain; version=0.0.4")
    names = set()
    for line in response.body.decode().splitlines():
        if not line or line.startswith("#"):
            continue
        sample = re.fullmatch(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+)( \d+)?", line)
        assert sample, line
        float(sample[3])
        names.add(sample[1])
    assert any(name.startswith("event_relay_") for name in names)


def test_schema_is_made_once_and_kept(relay, database):
    published(relay.endpoint, {})
    relay.stop()
    versions = database.query("SELECT * FROM event_relay.schema_version")
    relay.start()
    assert database.query("SELECT * FROM event_relay.schema_version") == versions
    assert published(relay.endpoint, {})["position"] == 2


def test_relays_that_start_together_on_an_empty_database(make_relay):
    relays = [make_relay(ready=False) for _ in range(4)]
    for relay in relays:
        relay.wait_ready()
    assert [published(relay.endpoint, {})["position"] for relay in relays] == [1, 2, 3, 4]


def test_new_topic_after_a_restart(make_relay, database):
    relay = make_relay({"topics": "reservations"})
    publish(relay.endpoint, {}, "orders").problem(404)
    relay.stop()
    another = make_relay({"topics": "reservations,orders"})
    eventually(lambda: another.readiness() == 200, "readiness")
    assert published(another.endpoint, {}, "orders")["topic"] == "orders"
