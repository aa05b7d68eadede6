"""GET /events?topic=…&type=…: who wants what."""

import pytest

from harness.publishing import publish_all, published
from harness.sse import Stream


@pytest.mark.parametrize("query, wanted", [
    ("topic=loans", [2, 4]),
    ("topic=reservations", [1, 3, 5]),
    ("topic=loans&topic=reservations", [1, 2, 3, 4, 5]),
    ("topic=loans,reservations", [1, 2, 3, 4, 5]),
    ("type=created", [1, 2]),
    ("type=created,changed", [1, 2, 3]),
    ("type=created&type=changed", [1, 2, 3]),
    ("type=message", [4, 5]),
    ("topic=loans&type=created", [2]),
    ("topic=lo%61ns", [2, 4]),
    ("_=1234&topic=loans&unheard=of", [2, 4]),
])
def test_filters(relay, query, wanted):
    """The same live and from the journal; the mark at the end shows that nothing else came."""
    with Stream(relay.endpoint, f"/events?{query}") as live:
        for topic, event_type in [("reservations", "created"), ("loans", "created"), ("reservations", "changed"),
                                  ("loans", None), ("reservations", None)]:
            published(relay.endpoint, {}, topic, event_type=event_type)
        for topic in ("reservations", "loans"):
            for event_type in ("created", None):
                published(relay.endpoint, "mark", topic, event_type=event_type)
        with Stream(relay.endpoint, f"/events?{query}&from=earliest") as replayed:
            for stream in (live, replayed):
                events = stream.events(len(wanted) + 1)
                assert [event.position for event in events[:-1]] == wanted
                assert events[-1].json() == "mark"


def test_cursor_passes_over_what_is_not_wanted(relay):
    """The wanted event lies far behind many others, on another page and out of the last write."""
    publish_all([relay.endpoint], range(3000))
    wanted = published(relay.endpoint, "wanted", "loans")
    with Stream(relay.endpoint, "/events?topic=loans", last_event_id="0") as stream:
        assert stream.next_event().id == wanted["id"]


def test_type_with_a_comma_in_one_parameter_is_a_list_also_percent_encoded(relay):
    with Stream(relay.endpoint, "/events?type=created%2Cchanged") as stream:
        published(relay.endpoint, {}, event_type="other")
        published(relay.endpoint, {}, event_type="changed")
        assert stream.next_event().position == 2
