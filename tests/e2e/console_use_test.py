"""The console is for everybody: without a mouse, on a small screen, and with events of people who mean harm."""

import json

from harness.console import console_at
from harness.publishing import publish_all, published
from harness.sse import Stream

JOURNALS = ["sqlite"]


def test_can_be_used_without_a_mouse(relay, console):
    publish_all([relay.endpoint], [{"n": number} for number in range(3)], 1)
    console.wait_newest(3)
    console.press("?")
    console.page.wait_for("document.getElementById('help').open")
    assert "pause" in console.text("#help")
    console.press("Escape")
    console.page.wait_for("!document.getElementById('help').open")  # it is closed behind the key, and keys are its own until then
    console.press("/")
    assert console.focus() == "filter-text"
    console.type("p/?")  # are text here
    assert console.page.evaluate("document.getElementById('filter-text').value") == "p/?"
    console.press("Escape", "Shift+Tab")
    console.press("j")
    assert console.focus() == "row"
    console.press("ArrowDown", "j", "k", "Enter")
    assert json.loads(console.text("#events .detail .data")) == {"n": 1}
    console.press("Enter", "Home")
    assert console.page.evaluate("document.activeElement.querySelector('.position').textContent") == "3"
    console.press("p")
    console.wait_text("#pause", "0 waiting")
    console.press("p", "r")
    assert console.focus() == "replay-kind"
    console.press("Tab", "Enter")
    console.wait_text("#events .note", "3 events. Live from here.")
    assert console.focus() == "replay-button"
    console.press("n")
    assert console.focus() == "publish-data"
    console.press("Control+a")
    console.type('{"by": "keys"}')
    console.press("Control+Enter")
    assert console.wait_newest(4)[0]["data"] == '{"by": "keys"}'


def test_everything_can_be_reached_by_tab_and_the_focus_is_seen(relay, console):
    publish_all([relay.endpoint], [{"n": number} for number in range(3)], 1)
    console.wait_newest(3)
    console.show_event(3)
    console.click("#replay-button")
    console.page.evaluate("document.activeElement.blur()")
    wanted = console.page.evaluate("""[...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")]
      .filter((node) => node.checkVisibility() && node.tabIndex >= 0 && !node.closest("dialog"))
      .map((node, number) => node.dataset.number = String(number))""")
    reached = set()
    for _ in range(len(wanted) + 1):
        console.press("Tab")
        number, outline = console.page.evaluate("""[document.activeElement.dataset.number,
          getComputedStyle(document.activeElement).outlineStyle]""")
        if number is not None:
            reached.add(number)
            assert outline != "none", f"number {number} of {wanted}"
    assert reached == set(wanted)
    rows = console.page.evaluate("document.querySelectorAll('#events .row[tabindex=\"0\"]').length")
    assert rows == 1  # the others are reached from there by arrows


def test_fits_a_small_screen(make_relay):
    long_name = "x" * 128
    relay = make_relay({"topics": f"reservations,{long_name}"})
    with console_at(relay) as console:
        console.page.call("setViewportSize", {"width": 360, "height": 740})
        console.open()
        with Stream(relay.endpoint, f"/events?consumer={long_name}") as stream:
            stream.read_preamble()
            published(relay.endpoint, {long_name * 4: long_name * 4}, long_name, event_type=long_name)
            console.wait_newest(1)
            console.show_event(1)
            console.click("#replay-button")
            console.choose("#replay-kind", "since")
            console.wait_text("#consumers", long_name)
            wide = "document.querySelector('{0}').scrollWidth > document.querySelector('{0}').clientWidth"
            for scrolling in ("html", "body", "#events", "aside", ".detail .data"):
                assert not console.page.evaluate(wide.format(scrolling)), scrolling
            wider = console.page.evaluate("""[...document.querySelectorAll("body *")]
              .filter((node) => node.checkVisibility() && !node.closest("pre, .unseen, .skip") &&
                                node.getBoundingClientRect().right > 360.5)
              .map((node) => node.id || node.outerHTML)""")
            assert wider == []
        assert console.complaints() == []


PAYLOADS = ["<img src=x onerror=document.title='run'>", "<script>document.title='run'</script>",
            "\"><svg onload=document.title='run'>", "</button></li><iframe srcdoc='<script>parent.document.title=1</script>'>",
            "javascript:document.title='run'"]


def test_runs_nothing_of_what_events_say(make_relay):
    relay = make_relay({"topics": "reservations,__proto__,constructor"})
    with console_at(relay) as console:
        console.open()
        title = console.page.evaluate("document.title")
        for payload in PAYLOADS:
            published(relay.endpoint, {payload: payload}, "__proto__", event_type=payload)
            published(relay.endpoint, payload.encode(), "constructor", content_type="text/html")
            event = {"specversion": "1.0", "id": payload, "source": "/a", "type": payload, "subject": payload, "data": payload}
            published(relay.endpoint, event, content_type="application/cloudevents+json")
        count = 3 * len(PAYLOADS)
        console.wait_newest(count)
        for position in range(1, count + 1):
            assert PAYLOADS[(position - 1) // 3] in console.show_event(position)
        console.fill("#filter-text", "<img")
        console.wait_text("#tally", "hidden")
        console.fill("#filter-text", "")
        console.replay("id", "#replay-id", "7-7")
        console.wait_text("#reset", "7-7")
        console.choose("#publish-topic", "constructor")
        console.fill("#publish-type", PAYLOADS[0])
        console.click("#publish [type=submit]")
        console.wait_newest(count + 1)
        made = "document.querySelectorAll('#events :is(img, script, svg, iframe), body > :is(script, iframe), [onerror], [onload]').length"
        assert console.page.evaluate(made) == 0
        assert console.page.evaluate("document.title") == title
        assert console.complaints() == []
