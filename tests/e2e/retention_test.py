"""What the journal forgets, and what readers are told of it."""

from harness.http import get
from harness.publishing import publish, publish_all, published
from harness.sse import Stream
from harness.waiting import eventually

OPTIONS = {"retention.partition_events": "100", "retention.max_events": "200", "retention.interval": "100ms",
           "stream.tail_bytes": "1KiB"}


def oldest(relay):
    for line in get(relay.endpoint, "/metrics").body.decode().splitlines():
        if line.startswith("event_relay_oldest_position "):
            return int(float(line.split()[-1]))
    raise AssertionError("no metric")


def test_old_events_go_while_publishing_goes_on(make_relay, database):
    relay = make_relay(OPTIONS)
    first = published(relay.endpoint, {})
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        publish_all([relay.endpoint], range(1500), connections=8)
        assert [event.position for event in stream.events(1500)] == list(range(2, 1502))
    eventually(lambda: oldest(relay) >= 1201, "retention")
    begin = oldest(relay)
    assert begin <= 1301
    assert int(database.query("SELECT min(position) FROM event_relay.journal")[0]) == begin
    assert get(relay.endpoint, f"/events/{first['id']}").status == 410

    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        stream.read_preamble()
        assert stream.next_event().position == begin
    with Stream(relay.endpoint, last_event_id=first["id"]) as stream:
        stream.read_preamble()
        reset = stream.next_event()
        assert reset.type == "relay.reset"
        assert reset.json()["reason"] == "expired"
        assert stream.next_event().position == begin
    assert publish(relay.endpoint, {}).json()["position"] == 1502


def test_without_limits_nothing_goes(make_relay):
    relay = make_relay({**OPTIONS, "retention.max_events": "0"})
    publish_all([relay.endpoint], range(500), connections=4)
    with Stream(relay.endpoint, "/events?from=earliest") as stream:
        stream.read_preamble()
        assert stream.next_event().position == 1
