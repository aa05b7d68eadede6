"""The console in Chromium: what it shows of events and of the relay."""

from harness.http import get
from harness.publishing import publish_lines, published
from harness.sse import Stream
from harness.waiting import eventually

JOURNALS = ["sqlite"]


def test_shows_events_as_they_come(relay, console):
    assert "No events yet" in console.text("#nothing")
    published(relay.endpoint, {"book": 1}, event_type="created")
    published(relay.endpoint, {"book": 2}, "loans")
    assert console.wait_newest(2) == [
        {"position": 2, "topic": "loans", "type": "", "data": '{"book": 2}'},
        {"position": 1, "topic": "reservations", "type": "created", "data": '{"book": 1}'}]
    assert "2 events received" in console.text("#tally")


def test_shows_an_event_as_it_was_published(relay, console):
    data = b'{"n":1.0, "n":12345678901234567890, "e":1E+2, "none":{}, "list":[1,"a\\"b"]}'
    published(relay.endpoint, data, event_type="created")
    event = {"specversion": "1.0", "id": "17", "source": "/shop", "type": "sold", "subject": "a book", "data": {"n": 1}}
    published(relay.endpoint, event, content_type="application/cloudevents+json")
    published(relay.endpoint, b"two\nlines", content_type="text/plain")
    console.wait_newest(3)
    shown = console.show_event(1)
    assert '{\n  "n": 1.0,\n  "n": 12345678901234567890,\n  "e": 1E+2,\n  "none": {},\n  "list": [\n    1,\n    "a\\"b"\n  ]\n}' in shown
    stored = get(relay.endpoint, "/events/1").json()
    for text in (stored["id"], stored["time"], "created", "reservations"):
        assert text in shown
    shown = console.show_event(2)
    for text in ("source\n/shop", "subject\na book", "type\nsold"):
        assert text in shown
    assert "two\nlines" in console.show_event(3)


def test_filters_by_text_topic_and_type(relay, console):
    for number, (topic, kind) in enumerate([("reservations", "created"), ("loans", "created"), ("loans", "ended")], 1):
        published(relay.endpoint, {"book": f"Buch {number}"}, topic, event_type=kind)
    console.wait_newest(3)
    console.fill("#filter-text", "BUCH 2")
    assert [row["position"] for row in console.wait_count(1)] == [2]
    assert console.text("#events mark") == "Buch 2"
    assert "2 hidden by the filter" in console.text("#tally")
    console.press("Escape")
    console.wait_count(3)
    console.choose("#filter-topic", "loans")
    assert [row["position"] for row in console.wait_count(2)] == [3, 2]
    console.fill("#filter-type", "ended")
    assert [row["position"] for row in console.wait_count(1)] == [3]
    published(relay.endpoint, {"book": "Buch 4"}, "reservations", event_type="ended")
    published(relay.endpoint, {"book": "Buch 5"}, "loans", event_type="ended")
    assert [row["position"] for row in console.wait_newest(5)] == [5, 3]
    console.fill("#filter-type", "")
    console.choose("#filter-topic", "")
    assert [row["position"] for row in console.wait_count(5)] == [5, 4, 3, 2, 1]


def test_keeps_what_the_filter_shows_among_many_others(relay, console):
    published(relay.endpoint, {"book": "rare"}, "loans")
    console.wait_newest(1)
    console.choose("#filter-topic", "loans")
    publish_lines(relay.endpoint, range(1500))
    console.wait_text("#tally", "1\u202f501 events received, the newest 1 shown, 500 hidden")
    assert console.positions() == [1]


def test_what_one_reads_stays_where_it_is(relay, console):
    publish_lines(relay.endpoint, range(100))  # more than there is room for, so that there is something to scroll
    console.wait_newest(100)
    console.show_event(100)
    place = "document.querySelector('#events [aria-expanded=\"true\"]').getBoundingClientRect().top"
    before = console.page.evaluate(place)
    publish_lines(relay.endpoint, range(50))
    console.wait_text("#newer", "50 newer")
    assert abs(console.page.evaluate(place) - before) < 2
    console.click("#newer")
    assert console.page.evaluate("document.getElementById('events').scrollTop") == 0


def test_shows_the_journal_and_the_consumers(relay, console):
    published(relay.endpoint, {})
    with Stream(relay.endpoint, "/events?consumer=lending&from=earliest") as stream:
        stream.events(1)
        assert "connected" in console.wait_text("#consumers", "lending")
    console.wait_text("#consumers", "not here")
    console.wait_text("#journal", "head\n1\n")
    status = get(relay.endpoint, "/status").json()
    journal = console.text("#journal")
    assert f"epoch\n{status['journal']['epoch']}\n" in journal
    assert "kind\nSQLite file\n" in journal
    assert "state\nready, writable, readable" in journal
    assert console.text("#version").startswith(status["version"])
    console.wait_text("#figures", "streams")
    console.page.wait_for("document.querySelector('#figures .line').getAttribute('d').length > 30")


def test_asks_for_no_figures_while_nobody_looks(relay, console):
    asked = "performance.getEntriesByType('resource').filter(({name}) => name.endsWith('/status')).length"
    console.page.wait_for(f"{asked} > 2")
    console.page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    before = console.page.evaluate(asked)
    seconds = lambda: get(relay.endpoint, "/status").json()["uptime_seconds"]
    until = seconds() + 4
    eventually(lambda: seconds() > until, "four seconds of the relay's life")
    assert console.page.evaluate(asked) <= before + 1  # one may have been on its way
    console.page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    console.page.wait_for(f"{asked} > {before + 2}")
