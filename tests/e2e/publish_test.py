"""POST /{topic} and GET /events/{id}."""

import json
import re

import pytest

from harness import http
from harness.publishing import Publisher, publish, publish_all, published, run_together
from harness.sse import Stream

JOURNALS = ["postgres", "sqlite"]


def test_answers_where_the_event_is(relay):
    response = publish(relay.endpoint, {"seat": 1}, event_type="created")
    assert response.status == 201
    body = response.json()
    assert re.fullmatch(r"[1-9]\d*-1", body["id"])
    assert body == {"id": body["id"], "position": 1, "topic": "reservations", "type": "created", "duplicate": False}
    assert response.headers.get("Location") == f"/events/{body['id']}"
    assert response.headers.get("Content-Type").startswith("application/json")


def test_positions_count_over_all_topics(relay):
    found = [published(relay.endpoint, index, topic) for index, topic in enumerate(["reservations", "loans"] * 3)]
    assert [event["position"] for event in found] == [1, 2, 3, 4, 5, 6]
    assert [event["topic"] for event in found] == ["reservations", "loans"] * 3
    assert len({event["id"].partition("-")[0] for event in found}) == 1


@pytest.mark.parametrize("target, headers, expected", [
    ("/reservations", [], None),
    ("/reservations?type=created", [], "created"),
    ("/reservations", [("Event-Type", "created")], "created"),
    ("/reservations?type=a%2Eb", [], "a.b"),
])
def test_type_comes_by_query_or_header(relay, target, headers, expected):
    response = http.request(relay.endpoint, "POST", target, b"{}", headers)
    assert response.status == 201
    assert response.json()["type"] == expected
    assert http.get(relay.endpoint, response.headers.get("Location")).json()["type"] == expected


def test_same_key_and_event_is_the_same_publish(relay):
    first = published(relay.endpoint, {"seat": 1}, event_type="created", key="k1")
    again = publish(relay.endpoint, {"seat": 1}, event_type="created", key="k1")
    assert again.status == 200
    assert again.json() == {**first, "duplicate": True}
    assert again.headers.get("Location") == f"/events/{first['id']}"
    assert published(relay.endpoint, {"seat": 1}, event_type="created", key="k2")["position"] == 2


@pytest.mark.parametrize("data, event_type", [({"seat": 2}, "created"), ({"seat": 1}, "changed"), ({"seat": 1}, None)])
def test_same_key_with_another_event_is_refused(relay, data, event_type):
    published(relay.endpoint, {"seat": 1}, event_type="created", key="k1")
    publish(relay.endpoint, data, event_type=event_type, key="k1").problem(422)
    assert published(relay.endpoint, {"seat": 3})["position"] == 2


def test_keys_of_two_topics_are_two_keys(relay):
    assert published(relay.endpoint, {}, "reservations", key="k1")["position"] == 1
    assert published(relay.endpoint, {}, "loans", key="k1")["position"] == 2


def test_one_key_from_many_at_once_is_one_event(relay):
    answers = []
    run_together(16, lambda _: answers.append(publish(relay.endpoint, {"seat": 1}, key="once")))
    assert sorted(answer.status for answer in answers) == [200] * 15 + [201]
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert published(relay.endpoint, {})["position"] == 2


def test_one_key_with_two_bodies_at_once_is_one_event_and_refusals(relay):
    answers = []
    run_together(16, lambda number: answers.append(publish(relay.endpoint, {"seat": number % 2}, key="once")))
    statuses = [answer.status for answer in answers]
    assert statuses.count(201) == 1
    assert statuses.count(200) == 7
    assert statuses.count(422) == 8


def test_key_outlives_the_relay(relay):
    first = published(relay.endpoint, {"seat": 1}, key="k1")
    relay.stop()
    relay.start()
    assert publish(relay.endpoint, {"seat": 1}, key="k1").json() == {**first, "duplicate": True}


def test_event_is_read_back_by_id_and_by_position(relay):
    event = published(relay.endpoint, {"seat": 1}, event_type="created")
    for target in (f"/events/{event['id']}", "/events/1"):
        response = http.get(relay.endpoint, target)
        assert response.status == 200
        body = response.json()
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", body.pop("time"))
        assert body == {"id": event["id"], "position": 1, "topic": "reservations", "type": "created",
                        "data": {"seat": 1}}


def test_data_is_kept_as_it_was_sent(relay):
    data = '{"b":1, "a":2, "a":3, "n":1.0e+02, "s":"\\u00e4ä\\u0000"}'
    event = published(relay.endpoint, data.encode())
    assert data.encode() in http.get(relay.endpoint, f"/events/{event['id']}").body


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "application/ld+json",
                                        "Application/JSON"])
def test_json_goes_by_many_names(relay, media_type):
    assert publish(relay.endpoint, {}, content_type=media_type).status == 201


def test_no_media_type_means_json(relay):
    assert publish(relay.endpoint, b"[1]", content_type=None).status == 201
    publish(relay.endpoint, b"not json", content_type=None).problem(400)


@pytest.mark.parametrize("text", ["plain words", "", "two\nlines", "42x", '"'])
def test_text_is_not_json(relay, text):
    event = published(relay.endpoint, text.encode(), content_type="text/plain")
    body = http.get(relay.endpoint, f"/events/{event['id']}").json()
    assert body["text"] == text
    assert "data" not in body


@pytest.mark.parametrize("name", ["999", "{epoch}-999", "{other}-1"])
def test_event_that_is_not_there(relay, name):
    epoch = int(published(relay.endpoint, {})["id"].partition("-")[0])
    http.get(relay.endpoint, "/events/" + name.format(epoch=epoch, other=epoch + 10_000)).problem(404)


def test_publishers_at_once_get_every_position_once(relay):
    count = 2000
    bodies = [{"number": number} for number in range(count)]
    positions = publish_all([relay.endpoint], bodies, connections=16)
    assert sorted(positions) == list(range(1, count + 1))
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        delivered = {event.position: event.json()["number"] for event in stream.events(count)}
    assert delivered == {position: number for number, position in enumerate(positions)}


def test_one_publisher_is_served_in_its_order(relay):
    with Publisher(relay.endpoint) as publisher:
        positions = [publisher.publish(number).json()["position"] for number in range(200)]
    assert positions == list(range(1, 201))


def test_answer_comes_after_the_commit(relay, database):
    """With the journal locked nothing can be committed, so no answer may come either."""
    with Publisher(relay.endpoint) as publisher:
        with database.locked("event_relay.journal", "SHARE"):
            publisher.send({"seat": 1})
            with pytest.raises(TimeoutError):
                publisher.receive(timeout=0.5)
        assert publisher.receive().status == 201
    assert json.loads(http.get(relay.endpoint, "/events/1").body)["data"] == {"seat": 1}
