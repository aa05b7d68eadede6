"""Who may do what, seen from outside."""

import pytest
from harness.http import get, request
from harness.sse import Stream

READER = "reader-0123456789abcdef"
PUBLISHER = "publisher-0123456789abcdef"


@pytest.fixture
def guarded(make_relay):
    return make_relay({"access.read_tokens": READER, "access.publish_tokens": PUBLISHER})


def bearer(token):
    return [("Authorization", f"Bearer {token}")]


def publish(relay, body, headers=()):
    return request(relay.endpoint, "POST", "/reservations", body, [("Content-Type", "application/json"), *headers])


def test_each_scope_needs_its_token(guarded):
    assert publish(guarded, b"{}").problem(401)["type"].endswith(":no_token")
    assert publish(guarded, b"{}", bearer(READER)).problem(403)
    assert publish(guarded, b"{}", bearer(PUBLISHER)).status == 201
    assert get(guarded.endpoint, "/events/1").problem(401)
    assert get(guarded.endpoint, "/events/1", bearer(PUBLISHER)).problem(403)
    assert get(guarded.endpoint, "/events/1", bearer(READER)).status == 200
    assert get(guarded.endpoint, "/metrics").problem(401)
    assert get(guarded.endpoint, "/readyz").status == 200


def test_an_event_source_brings_its_token_in_the_query(guarded):
    assert publish(guarded, b'{"n":1}', bearer(PUBLISHER)).status == 201
    with Stream(guarded.endpoint, f"/events?from=earliest&access_token={READER}") as stream:
        assert stream.next_event().json() == {"n": 1}


def test_no_token_is_written_to_the_log(guarded):
    for token in (READER, PUBLISHER):
        get(guarded.endpoint, f"/events/1?access_token={token}")
    guarded.stop()
    assert READER not in guarded.log_text() and PUBLISHER not in guarded.log_text()
