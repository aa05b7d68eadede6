"""openapi.json says what the relay does: it is valid, and every answer that it describes was really given."""

import json
import pathlib
import shutil
import subprocess
from typing import NamedTuple

import pytest

from harness.http import get, request
from harness.interface import Interface, load_lines
from harness.publishing import publish_all, published
from harness.relay import run_to_end
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually

JOURNALS = ["sqlite"]
FOLDER = pathlib.Path(__file__).resolve().parent
CLOUD_EVENT = {"specversion": "1.0", "id": "17", "source": "/shop", "type": "created", "data": {"n": 1}}


class Asked(NamedTuple):
    """A request, where the document describes it, and the status that is to come."""
    status: int
    path: str
    target: str
    method: str = "GET"
    body: object = None
    headers: dict = {}


def post(status, path, target, body=b"", content_type="application/json", **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": content_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Asked(status, path, target, "POST", data, headers)


def read(status, path, target, **headers):
    return Asked(status, path, target, headers={name.replace("_", "-"): value for name, value in headers.items()})


TOPIC, ACK, RESET = "/{topic}", "/consumers/{consumer}/ack", "/consumers/{consumer}/reset"
CONSUMER, EVENT, FILE = "/consumers/{consumer}", "/events/{id}", "/console/{file}"

# The journal has three events, and a consumer that has been given all of them.
SOUND = [
    post(201, TOPIC, "/reservations?type=created", {"n": 4}),
    post(201, TOPIC, "/reservations", b"a text", "text/plain"),
    post(201, TOPIC, "/reservations", b'{"n":5}\n{"n":6}\n', "application/x-ndjson"),
    post(201, TOPIC, "/reservations", CLOUD_EVENT, "application/cloudevents+json"),
    post(201, TOPIC, "/reservations", [{**CLOUD_EVENT, "id": "18"}], "application/cloudevents-batch+json"),
    post(201, TOPIC, "/reservations", {"n": 7}, ce_specversion="1.0", ce_id="19", ce_source="/shop", ce_type="created"),
    post(200, TOPIC, "/reservations?type=created", {"n": 1}, Idempotency_Key="first"),
    post(400, TOPIC, "/reservations?type=relay.reset", {}),
    post(400, TOPIC, "/reservations?type=%0A", {}),
    post(400, TOPIC, "/reservations", {}, Idempotency_Key="\x7f"),
    post(400, TOPIC, "/reservations", b"{", "application/json"),
    post(400, TOPIC, "/reservations", b"1\n{\n", "application/x-ndjson"),
    post(400, TOPIC, "/reservations", b"\n", "application/x-ndjson"),
    post(400, TOPIC, "/reservations", [CLOUD_EVENT, {}], "application/cloudevents-batch+json"),
    post(404, TOPIC, "/nothing", {}),
    post(415, TOPIC, "/reservations", b"<a/>", "application/xml"),
    post(422, TOPIC, "/reservations", {"n": 2}, Idempotency_Key="first"),
    post(422, TOPIC, "/reservations", b"\xff"),
    post(422, TOPIC, "/reservations", b"\0"),
    read(200, "/events", "/events", Accept="application/json"),
    read(200, "/events", "/events?format=cloudevents", Accept="application/json"),
    read(200, "/events", "/events?after=77777-1&on_gap=earliest", Accept="application/json"),
    read(200, "/events", "/events", Accept="application/cloudevents-batch+json"),
    read(200, "/events", "/events?from=earliest&limit=2"),
    read(204, "/events", "/events?from=earliest&limit=2", Last_Event_ID="2"),
    read(400, "/events", "/events?limit=0"),
    read(400, "/events", "/events?consumer=a%20b"),
    read(400, "/events", "/events?lastEventId=1&after=2"),
    read(406, "/events", "/events", Accept="text/html"),
    read(410, "/events", "/events?on_gap=fail&after=77777-1"),
    read(200, EVENT, "/events/1"),
    read(200, EVENT, "/events/2"),
    read(400, EVENT, "/events/x"),
    read(404, EVENT, "/events/99999"),
    read(200, "/consumers", "/consumers"),
    read(200, CONSUMER, "/consumers/lending"),
    read(400, CONSUMER, "/consumers/a%20b"),
    read(404, CONSUMER, "/consumers/nobody"),
    Asked(204, CONSUMER, "/consumers/leaving", "DELETE"),
    Asked(400, CONSUMER, "/consumers/a%20b", "DELETE"),
    Asked(404, CONSUMER, "/consumers/nobody", "DELETE"),
    post(200, ACK, "/consumers/lending/ack", {"id": "2"}),
    post(400, ACK, "/consumers/lending/ack", {"id": "x"}),
    post(400, ACK, "/consumers/lending/ack", {}),
    post(400, ACK, "/consumers/a%20b/ack", {}),
    post(404, ACK, "/consumers/lending/ack", {"id": "99999"}),
    post(404, ACK, "/consumers/nobody/ack", {"id": "1"}),
    post(413, ACK, "/consumers/lending/ack", {"id": "1" * 5000}),
    post(415, ACK, "/consumers/lending/ack", b"1", "text/plain"),
    post(200, RESET, "/consumers/lending/reset", {"to": "earliest"}),
    post(400, RESET, "/consumers/lending/reset", {"to": "x"}),
    post(404, RESET, "/consumers/lending/reset", {"to": "99999"}),
    post(413, RESET, "/consumers/lending/reset", {"to": "1" * 5000}),
    post(415, RESET, "/consumers/lending/reset", b"1", "text/plain"),
    read(200, "/", "/"),
    read(304, "/", "/", If_None_Match="*"),
    read(200, FILE, "/console/app.js"),
    read(200, FILE, "/console/style.css"),
    read(200, FILE, "/console/icon.svg"),
    read(304, FILE, "/console/app.js", If_None_Match="*"),
    read(200, "/healthz", "/healthz"),
    read(200, "/readyz", "/readyz"),
    read(200, "/metrics", "/metrics"),
    read(200, "/status", "/status"),
    read(200, "/openapi.json", "/openapi.json"),
    Asked(404, "/events", "/events/1/2"),
    Asked(404, FILE, "/console/index.html"),
    Asked(405, "/events", "/events", "PUT"),
    Asked(414, "/events", "/events?" + "x" * 9000),
    Asked(431, "/events", "/events", headers={"X-Filler": "x" * 20000}),
]

# Bodies of a kilobyte are too large.
SMALL = [
    post(413, TOPIC, "/reservations", "x" * 1000),
    post(413, TOPIC, "/reservations", b"1\n" * 500, "application/x-ndjson"),
    post(413, TOPIC, "/reservations", b"1\n" * 4, "application/x-ndjson"),
]

# A body that is announced and does not come.
SLOW = [post(408, path, target)._replace(body=None, headers={"Content-Length": 9})
        for path, target in ((TOPIC, "/reservations"), (ACK, "/consumers/lending/ack"), (RESET, "/consumers/lending/reset"))]

# Retention has left one event, and the fourth of EPOCH was lost when a backup was restored.
GONE = [
    read(410, EVENT, "/events/1"),
    post(410, ACK, "/consumers/lending/ack", {"id": "EPOCH-4"}),
    post(410, RESET, "/consumers/lending/reset", {"to": "EPOCH-4"}),
    post(410, RESET, "/consumers/lending/reset", {"to": "1"}),
]

# One stream is held, and that is all that an address may have.
CROWDED = [read(429, "/events", "/events")]

# A token is shown that is good for the other scope, or none.
READER, PUBLISHER = "reader-0123456789abcdef", "publisher-0123456789abcdef"
DOORS = [
    (TOPIC, "/reservations", "POST"),
    ("/events", "/events", "GET"),
    (EVENT, "/events/1", "GET"),
    ("/consumers", "/consumers", "GET"),
    (CONSUMER, "/consumers/lending", "GET"),
    (CONSUMER, "/consumers/lending", "DELETE"),
    (ACK, "/consumers/lending/ack", "POST"),
    (RESET, "/consumers/lending/reset", "POST"),
    ("/metrics", "/metrics", "GET"),
    ("/status", "/status", "GET"),
]
GUARDED = [
    *(Asked(401, *door) for door in DOORS),
    *(Asked(403, *door, headers={"Authorization": f"Bearer {READER if door[0] == TOPIC else PUBLISHER}"}) for door in DOORS),
    Asked(403, TOPIC, "/reservations", "POST", headers={"Origin": "https://other.example"}),
    Asked(400, "/events", f"/events?access_token={READER}&access_token={READER}"),
]

WITHOUT_JOURNAL = [
    post(503, TOPIC, "/reservations", {}),
    read(503, "/events", "/events?since=2026-11-24T09:30:00Z"),
    read(503, EVENT, "/events/1"),
    read(503, "/consumers", "/consumers"),
    read(503, CONSUMER, "/consumers/lending"),
    Asked(503, CONSUMER, "/consumers/lending", "DELETE"),
    post(503, ACK, "/consumers/lending/ack", {"id": "1"}),
    post(503, RESET, "/consumers/lending/reset", {"to": "1"}),
    read(503, "/readyz", "/readyz"),
]


def ask(relay, asked):
    return request(relay.endpoint, asked.method, asked.target, asked.body, list(asked.headers.items()))


def check_all(relay, list_of_asked):
    interface = Interface.of(relay.endpoint)
    for asked in list_of_asked:
        response = ask(relay, asked)
        try:
            assert response.status == asked.status, f"{response.status}: {response.body}"
            interface.check(asked.path, asked.method, response)
        except Exception as wrong:
            raise AssertionError(f"the answer to {asked}") from wrong


def consume(relay, name, count):
    """Makes a consumer that reads from the beginning."""
    with Stream(relay.endpoint, f"/events?consumer={name}&from=earliest") as stream:
        return stream.events(count)


@pytest.fixture
def filled(relay):
    for number in (1, 2):
        published(relay.endpoint, {"n": number}, key="first" if number == 1 else None, event_type="created")
    published(relay.endpoint, b"plain", content_type="text/plain")
    for name in ("lending", "leaving"):
        consume(relay, name, 3)
    return relay


def test_is_a_valid_openapi_document(relay):
    node = shutil.which("node")
    assert node, "Node.js is not installed"
    assert (FOLDER / "node_modules" / "@apidevtools").is_dir(), "npm ci has not run in tests/e2e"
    done = subprocess.run([node, "clients/validate_openapi.js"], cwd=FOLDER, input=get(relay.endpoint, "/openapi.json").body,
                          capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout == b"3.1.0\n"


def test_examples_are_what_they_are_examples_of(relay):
    interface = Interface.of(relay.endpoint)
    examples = list(interface.examples())
    assert len(examples) > 30
    for where, value, schema in examples:
        try:
            interface.check_value(value, schema)
        except Exception as wrong:
            raise AssertionError(f"the example at {where}") from wrong


def test_is_served_as_everything_is(make_relay, binary):
    relay = make_relay({"http.cors_origins": "https://app.example"})
    origin = [("Origin", "https://app.example")]
    response = get(relay.endpoint, "/openapi.json", origin)
    assert response.headers.get("Content-Type") == "application/json"
    assert response.headers.get("Access-Control-Allow-Origin") == "https://app.example"
    version = run_to_end(binary, ["--version"]).stdout.split()[-1]
    assert response.json()["info"]["version"] == version
    head = request(relay.endpoint, "HEAD", "/openapi.json")
    assert head.headers.get("Content-Length") == str(len(response.body))
    assert request(relay.endpoint, "OPTIONS", "/openapi.json", headers=origin).status == 204


def test_every_answer_is_asked_for_here(relay):
    lists = [*SOUND, *SMALL, *SLOW, *GONE, *CROWDED, *GUARDED, *WITHOUT_JOURNAL]
    asked = {(each.path, each.method, each.status) for each in lists}
    missing = Interface.of(relay.endpoint).answers() - asked
    assert not missing, sorted(missing)


def test_answers(filled):
    check_all(filled, SOUND)


def test_lines_are_events(filled):
    interface = Interface.of(filled.endpoint)
    for query, schema in (("", "Event"), ("&format=cloudevents", "CloudEvent")):
        response = get(filled.endpoint, f"/events?from=earliest&limit=3{query}", [("Accept", "application/x-ndjson")])
        interface.check("/events", "GET", response)
        lines = load_lines(response)
        assert len(lines) == 3
        for event in lines:
            interface.check_value(event, {"$ref": f"#/components/schemas/{schema}"})


def test_answers_to_what_is_too_large(make_relay):
    relay = make_relay({"publish.max_event_bytes": "500", "publish.max_request_bytes": "500",
                        "publish.max_request_events": "3"})
    check_all(relay, SMALL)


def test_answers_to_what_is_too_slow(make_relay):
    relay = make_relay({"http.body_timeout": "100ms"})
    check_all(relay, SLOW)


def test_answers_about_what_is_gone(make_relay, journal, tmp_path):
    relay = make_relay()
    publish_all([relay.endpoint], [1, 2, 3], 1)
    consume(relay, "lending", 3)
    journal.back_up(tmp_path / "backup.db")
    epoch = published(relay.endpoint, "lost")["id"].partition("-")[0]
    relay.stop()
    journal.restore(tmp_path / "backup.db")
    relay = make_relay({"retention.max_events": "1", "retention.overtake_consumers": "true",
                        "retention.interval": "50ms"})
    published(relay.endpoint, 4)
    eventually(lambda: get(relay.endpoint, "/events/1").status == 410, "retention")
    check_all(relay, [asked._replace(body=asked.body and asked.body.replace(b"EPOCH", epoch.encode())) for asked in GONE])


def test_answers_to_a_crowd(make_relay):
    relay = make_relay({"stream.max_streams_per_address": "1"})
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        check_all(relay, CROWDED)


def test_answers_to_strangers(make_relay):
    check_all(make_relay({"access.read_tokens": READER, "access.publish_tokens": PUBLISHER}), GUARDED)


def test_answers_without_the_journal(filled, journal):
    journal.remove()
    eventually(lambda: filled.readiness() == 503, "the relay to notice")
    check_all(filled, WITHOUT_JOURNAL)
