"""A cursor that cannot be continued: the stream says so and where it goes on, and never guesses."""

import json

import pytest

from harness.http import get, request
from harness.publishing import publish_all, published
from harness.sse import Stream

HEAD = 6


@pytest.fixture
def epoch(relay):
    publish_all([relay.endpoint], range(HEAD - 1), connections=1)
    return int(published(relay.endpoint, "newest")["id"].partition("-")[0])


def lost_ids(epoch):
    return {"malformed": ["garbage", "12-", "-12", "1-2-3", "0x1", f"{epoch}-1x", "99999999999999999999999",
                          f"{epoch}-99999999999999999999999"],
            "unknown_epoch": [f"{epoch + 10_000}-1", f"{epoch + 10_000}-0"],
            "future": [f"{epoch}-{HEAD + 1}", f"{epoch}-{HEAD + 100_000}", f"{epoch}-9223372036854775807",
                       str(HEAD + 1)]}


def expect_reset(stream, reason, your_id, resume):
    """The reset is the first event, exact to the byte but for the spaces of its JSON."""
    assert stream.response.status == 200
    event = stream.next_event()
    assert event.fields[0] == ("event", "relay.reset")
    assert [name for name, _ in event.fields] == ["event", "data", "id"]
    assert event.id == resume
    told = event.json()
    assert (told["reason"], told["your_id"], told["resume"]) == (reason, your_id, resume)


@pytest.mark.parametrize("reason", ["malformed", "unknown_epoch", "future"])
def test_default_goes_on_with_the_oldest(relay, epoch, reason):
    for lost in lost_ids(epoch)[reason]:
        with Stream(relay.endpoint, last_event_id=lost) as stream:
            expect_reset(stream, reason, lost, f"{epoch}-0")
            assert stream.positions(HEAD) == list(range(1, HEAD + 1))


def test_query_is_told_as_well(relay, epoch):
    with Stream(relay.endpoint, "/events?lastEventId=%C3%A4%22%5C%0A") as stream:
        expect_reset(stream, "malformed", 'ä"\\\n', f"{epoch}-0")
        assert stream.next_event().position == 1


@pytest.mark.parametrize("reason", ["malformed", "unknown_epoch", "future"])
def test_live_goes_on_with_the_next(relay, epoch, reason):
    lost = lost_ids(epoch)[reason][0]
    with Stream(relay.endpoint, "/events?on_gap=live", last_event_id=lost) as stream:
        expect_reset(stream, reason, lost, f"{epoch}-{HEAD}")
        published(relay.endpoint, {})
        assert stream.next_event().position == HEAD + 1


@pytest.mark.parametrize("reason", ["malformed", "unknown_epoch", "future"])
def test_fail_answers_410(relay, epoch, reason):
    lost = lost_ids(epoch)[reason][0]
    request(relay.endpoint, "GET", "/events?on_gap=fail", headers=[("Last-Event-ID", lost)]).problem(410)
    with Stream(relay.endpoint, "/events?on_gap=fail", last_event_id=f"{epoch}-3") as stream:
        assert stream.next_event().position == 4


def test_policy_of_the_relay(make_relay):
    relay = make_relay({"stream.on_gap": "fail"})
    published(relay.endpoint, {})
    request(relay.endpoint, "GET", "/events", headers=[("Last-Event-ID", "garbage")]).problem(410)
    with Stream(relay.endpoint, "/events?on_gap=earliest", last_event_id="garbage") as stream:
        assert stream.events(2)[1].position == 1


def test_explicit_earliest(relay, epoch):
    with Stream(relay.endpoint, "/events?on_gap=earliest", last_event_id="garbage") as stream:
        expect_reset(stream, "malformed", "garbage", f"{epoch}-0")
        assert stream.next_event().position == 1


def test_resume_after_a_reset_has_no_further_gap(relay, epoch):
    with Stream(relay.endpoint, last_event_id="garbage") as stream:
        resume = stream.next_event().id
    with Stream(relay.endpoint, last_event_id=resume) as stream:
        assert stream.positions(HEAD) == list(range(1, HEAD + 1))


@pytest.fixture
def shortened(relay, epoch, database):
    """A relay whose retention has removed the first three events."""
    relay.stop()
    database.query("UPDATE event_relay.retention SET floor = 3",
                   "DELETE FROM event_relay.journal WHERE position <= 3")
    return relay.start()


@pytest.mark.parametrize("position", [0, 1, 2])
def test_expired(shortened, epoch, position):
    for lost in (f"{epoch}-{position}", str(position)):
        with Stream(shortened.endpoint, last_event_id=lost) as stream:
            expect_reset(stream, "expired", lost, f"{epoch}-3")
            assert stream.positions(3) == [4, 5, 6]
        with Stream(shortened.endpoint, "/events?on_gap=live", last_event_id=lost) as stream:
            expect_reset(stream, "expired", lost, f"{epoch}-{HEAD}")
        request(shortened.endpoint, "GET", f"/events?on_gap=fail&lastEventId={lost}").problem(410)


def test_removed_event_without_loss_is_no_gap(shortened, epoch):
    """Event 3 itself is gone, but all that follows it is there."""
    with Stream(shortened.endpoint, "/events?on_gap=fail", last_event_id=f"{epoch}-3") as stream:
        assert stream.positions(3) == [4, 5, 6]


def test_earliest_is_the_oldest_that_is_left(shortened):
    with Stream(shortened.endpoint, "/events?from=earliest") as stream:
        assert stream.positions(3) == [4, 5, 6]


def test_expired_event_by_id(shortened, epoch):
    get(shortened.endpoint, f"/events/{epoch}-2").problem(410)
    assert json.loads(get(shortened.endpoint, f"/events/{epoch}-4").body)["position"] == 4


def test_before_the_first_there_was_never_an_event(relay):
    get(relay.endpoint, "/events/0").problem(404)


def test_journal_that_is_all_expired_goes_on_counting(relay, epoch, database):
    relay.stop()
    database.query(f"UPDATE event_relay.retention SET floor = {HEAD}", "DELETE FROM event_relay.journal")
    relay.start()
    with Stream(relay.endpoint, last_event_id=f"{epoch}-{HEAD}") as stream:
        assert published(relay.endpoint, {})["position"] == HEAD + 1
        assert stream.next_event().position == HEAD + 1


def test_history_that_was_set_back(relay, epoch, database):
    """A restored backup: the newest events are gone and their positions will be given out again in a new epoch."""
    relay.stop()
    database.query("DELETE FROM event_relay.journal WHERE position > 4",
                   "DELETE FROM event_relay.batch WHERE head > 4",
                   "INSERT INTO event_relay.epoch (epoch, first_position, system_identifier, timeline, reason)"
                   " SELECT epoch + 1, 5, system_identifier, timeline, 'restored' FROM event_relay.epoch")
    relay.start()
    with Stream(relay.endpoint, last_event_id=f"{epoch}-6") as stream:
        assert stream.response.status == 200
        # It goes on behind the last event that both histories have: what came before, the client has seen.
        expect_reset(stream, "history_lost", f"{epoch}-6", f"{epoch + 1}-4")
        new = published(relay.endpoint, "new")
        assert new["id"] == f"{epoch + 1}-5"
        assert stream.next_event().id == new["id"]
    for still_good in (f"{epoch}-4", f"{epoch + 1}-4"):
        with Stream(relay.endpoint, last_event_id=still_good) as stream:
            assert stream.next_event().id == new["id"]
