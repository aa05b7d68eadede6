"""CloudEvents 1.0 in and out, with the official JavaScript SDK on the other side."""

import json
import pathlib
import shutil
import subprocess

import pytest

from harness.http import get, request
from harness.publishing import published
from harness.sse import Stream
from harness.waiting import PATIENCE

FOLDER = pathlib.Path(__file__).resolve().parent
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
EVENTS = [
    {"specversion": "1.0", "id": "a-1", "source": "https://shop.example/orders", "type": "com.example.created",
     "subject": "book/7", "time": "2026-11-24T09:30:00.250Z", "datacontenttype": "application/json",
     "dataschema": "https://shop.example/schema", "priority": 5, "urgent": True, "region": "Zürich \"north\"",
     "data": {"book": "978-3-16-148410-0", "title": "Bücher\u2028und mehr"}},
    {"specversion": "1.0", "id": "a-2", "source": "urn:example:notes", "type": "com.example.noted",
     "time": "2026-11-24T09:30:01.000Z", "datacontenttype": "text/plain", "data": "first\nsecond"},
    {"specversion": "1.0", "id": "a-3", "source": "/orders", "type": "com.example.empty",
     "time": "2026-11-24T09:30:02.000Z"},
]


def sdk(*arguments, documents):
    node = shutil.which("node")
    assert node, "Node.js is not installed"
    assert (FOLDER / "node_modules" / "cloudevents").is_dir(), "npm ci has not run in tests/e2e"
    done = subprocess.run([node, "clients/cloud_events.js", *arguments], cwd=FOLDER, input=json.dumps(documents),
                          capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def url_of(relay, topic="reservations"):
    return "http://{}:{}/{}".format(*relay.endpoint, topic)


def post(relay, body, content_type, headers=()):
    return request(relay.endpoint, "POST", "/reservations", body if isinstance(body, bytes) else json.dumps(body).encode(),
                   [("Content-Type", content_type), *headers])


def read_with_sdk(relay, count):
    with Stream(relay.endpoint, "/events?from=earliest&format=cloudevents") as stream:
        events = stream.events(count)
    read = sdk("read", documents=[event.json() for event in events])
    assert all(event.pop("valid") for event in read)
    return events, read


def as_text(event):
    """Headers have no other type."""
    return {name: str(value).lower() if name in ("priority", "urgent") else value for name, value in event.items()}


@pytest.mark.parametrize("mode", ["binary", "structured", "batch"])
def test_the_sdk_gets_back_what_it_sent(relay, mode):
    sent = EVENTS if mode != "binary" else [EVENTS[0] | {"region": "north"}, *EVENTS[1:]]  # it does not escape headers
    answers = sdk("publish", mode, url_of(relay), documents=sent)
    assert {answer["status"] for answer in answers} == {201}, [answer["body"].get("field") for answer in answers]
    events, read = read_with_sdk(relay, 3)
    assert [event.type for event in events] == [event["type"] for event in EVENTS]
    if mode == "binary":
        assert read[0].pop("datacontenttype").startswith("application/json")  # with a charset, and for no data as well
        assert read[2].pop("datacontenttype").startswith("application/json")
        sent = [as_text(event) for event in sent]
        del sent[0]["datacontenttype"]
    assert read == sent


def test_what_was_no_cloud_event_becomes_one(relay):
    receipt = published(relay.endpoint, {"n": 1}, event_type="made")
    published(relay.endpoint, b"plain", content_type="text/plain")
    _, (first, second) = read_with_sdk(relay, 2)
    assert first | {"time": 0} == {"specversion": "1.0", "type": "made", "id": receipt["id"], "source": "/reservations",
                                   "datacontenttype": "application/json", "time": 0, "data": {"n": 1}}
    assert (second["type"], second["datacontenttype"], second["data"]) == ("message", "text/plain", "plain")


def test_the_plain_stream_has_type_and_data(relay):
    assert post(relay, EVENTS[0], STRUCTURED).status == 201
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        event = stream.events(1)[0]
    assert (event.type, event.json()) == (EVENTS[0]["type"], EVENTS[0]["data"])
    stored = get(relay.endpoint, f"/events/{event.id}").json()
    assert (stored["attributes"]["source"], stored["attributes"]["priority"]) == (EVENTS[0]["source"], 5)


def test_source_and_id_are_the_idempotency_key(relay):
    first, again = post(relay, EVENTS[0], STRUCTURED), post(relay, {**EVENTS[0], "priority": 6}, STRUCTURED)
    assert (first.status, again.status) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    post(relay, {**EVENTS[0], "data": 1}, STRUCTURED).problem(422)
    assert post(relay, {**EVENTS[0], "source": "/elsewhere"}, STRUCTURED).status == 201
    long = {**EVENTS[0], "id": "x" * 5000}
    assert [post(relay, long, STRUCTURED).status for _ in range(2)] == [201, 200]


def test_a_batch_passes_over_what_is_known(relay):
    post(relay, EVENTS[1], STRUCTURED)
    answer = post(relay, EVENTS, BATCH)
    assert answer.status == 201
    body = answer.json()
    assert [int(each.split("-")[1]) for each in body["ids"]] == [2, 1, 3]
    assert (body["count"], body["duplicates"], body["duplicate"]) == (3, 1, False)
    assert post(relay, EVENTS, BATCH).status == 200


def test_a_batch_is_stored_whole_or_not_at_all(relay, database):
    wrong = [EVENTS[0], {**EVENTS[1], "id": ""}]
    assert post(relay, wrong, BATCH).problem(400) | {"title": 0, "detail": 0, "instance": 0} == {
        "type": "urn:event-relay:problem:bad_cloud_event", "title": 0, "status": 400, "detail": 0, "instance": 0, "field": "id",
        "index": 1}
    post(relay, EVENTS[1], STRUCTURED)
    post(relay, [EVENTS[0], {**EVENTS[1], "data": "other"}], BATCH).problem(422)
    post(relay, [EVENTS[0], EVENTS[0]], BATCH).problem(422)
    post(relay, [], BATCH).problem(400)
    post(relay, {}, BATCH).problem(400)
    assert database.query("SELECT count(*) FROM event_relay.journal") == ["1"]


def test_bytes_come_back_as_base64(relay):
    event = {"specversion": "1.0", "id": "b", "source": "/s", "type": "t", "datacontenttype": "image/png",
             "data_base64": "iVBORw0KGgo="}
    assert post(relay, event, STRUCTURED).status == 201
    with Stream(relay.endpoint, "/events?from=earliest&format=cloudevents") as stream:
        read = stream.events(1)[0].json()
    assert read["data_base64"] == event["data_base64"]
    assert "data" not in read
    post(relay, {**event, "id": "c", "data_base64": "not base64"}, STRUCTURED).problem(400)


def test_numbers_come_back_as_they_were_sent(relay):
    data = '{"n":1.0e+02,"big":12345678901234567890.5,"n":2}'
    body = '{"specversion":"1.0","id":"n","source":"/s","type":"t","data": %s }' % data
    assert post(relay, body.encode(), STRUCTURED).status == 201
    with Stream(relay.endpoint, "/events?from=earliest&format=cloudevents") as stream:
        assert f'"data":{data}' in stream.events(1)[0].data


@pytest.mark.parametrize("change, field", [
    ({"specversion": "0.3"}, "specversion"), ({"specversion": None}, "specversion"), ({"id": None}, "id"),
    ({"source": ""}, "source"), ({"type": None}, "type"), ({"time": "yesterday"}, "time"), ({"Upper": "x"}, "Upper"),
    ({"nested": {}}, "nested"), ({"fraction": 1.5}, "fraction"), ({"subject": ""}, "subject"),
    ({"data_base64": "eA=="}, "data_base64"), ({"type": "relay.reset"}, "type")])
def test_a_broken_rule_names_its_attribute(relay, change, field):
    assert post(relay, {**EVENTS[0], **change}, STRUCTURED).problem(400)["field"] == field


def test_a_broken_rule_names_its_header(relay):
    headers = [("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/s"), ("ce-type", "t")]
    for missing in range(4):
        some = headers[:missing] + headers[missing + 1:]
        assert post(relay, 1, "application/json", some).problem(400)["field"] == headers[missing][0]
    assert post(relay, 1, "application/json", [*headers, ("ce-time", "now")]).problem(400)["field"] == "ce-time"
    assert post(relay, 1, "application/json", [*headers, ("ce-x", "%zz")]).problem(400)["field"] == "ce-x"
    post(relay, b"{", "application/json", headers).problem(400)
    assert post(relay, 1, "application/json", [*headers, ("CE-X", "%C3%A9%20\"")]).status == 201
