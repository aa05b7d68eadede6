"""The console's stream: it misses nothing and shows nothing twice, whatever happens to the relay or is pressed."""

from harness.console import console_at
from harness.publishing import publish_all, publish_lines, published

JOURNALS = ["sqlite"]


def test_pausing_loses_nothing(relay, console):
    published(relay.endpoint, {})
    console.wait_newest(1)
    console.press("p")
    publish_all([relay.endpoint], [{"n": number} for number in range(20)], 1)
    console.wait_text("#pause", "20 waiting")
    assert console.positions() == [1]
    console.press("p")
    console.wait_newest(21)
    assert console.positions() == list(range(21, 0, -1))
    assert console.text("#pause") == "Pause"


def test_a_pause_of_more_than_the_list_holds_keeps_the_stream_waiting(relay, console):
    console.click("#pause")
    for begin in range(0, 40_000, 8_000):
        publish_lines(relay.endpoint, range(begin, begin + 8_000))
    console.wait_text("#pause", "40\u202f000 waiting")
    console.click("#pause")
    rows = console.wait_newest(40_000)
    assert [row["position"] for row in rows] == list(range(40_000, 39_500, -1))
    console.wait_text("#tally", "40\u202f000 events received, the newest 500 shown")


def test_replays_from_the_earliest_and_goes_on_live(make_relay):
    relay = make_relay()
    publish_lines(relay.endpoint, range(1, 3001))
    with console_at(relay) as console:
        console.open().replay("earliest")
        console.wait_text("#events .note", "3\u202f000 events. Live from here.")
        assert console.positions() == list(range(3000, 2501, -1))  # and the note is one of 500
        assert console.page.evaluate("document.querySelectorAll('.event.replayed').length") == 499
        assert console.page.evaluate("document.getElementById('replay').hidden")
        published(relay.endpoint, {})
        console.wait_newest(3001)
        assert "replayed" not in console.page.evaluate("document.querySelector('#events .event').className")
        assert console.complaints() == []


def test_shows_how_far_a_replay_has_come(relay, console):
    publish_lines(relay.endpoint, range(1, 8001))
    publish_lines(relay.endpoint, range(8001, 16001))
    console.wait_newest(16000)
    console.click("#replay-button")
    console.choose("#replay-kind", "id")
    console.fill("#replay-id", "4000")
    # At once, so that it is held up before it is over.
    console.page.evaluate("document.getElementById('replay-form').requestSubmit(), document.getElementById('pause').click()")
    assert console.wait_text("#replay-text", " of 12\u202f000").startswith("Replaying after 4000: ")
    done = console.page.evaluate("document.getElementById('replay-progress').value")
    assert 0 < done < 1
    console.click("#replay-end")
    console.wait_state("live")
    assert console.page.evaluate("document.getElementById('replay').hidden")
    published(relay.endpoint, {})
    assert [row["position"] for row in console.wait_newest(16001)] == [16001]


def test_replays_after_an_id_and_since_a_time(relay, console):
    ids = [published(relay.endpoint, {"n": number})["id"] for number in range(5)]
    console.wait_newest(5)
    console.replay("id", "#replay-id", ids[2])
    console.wait_text("#events .note", f"Replay after {ids[2]}: 2 events. Live from here.")
    assert console.positions() == [5, 4]
    console.replay("since", "#replay-since", "2020-01-01T00:00")
    console.wait_text("#events .note", "5 events. Live from here.")
    assert console.positions() == [5, 4, 3, 2, 1]
    console.show_event(3)
    console.click("text=Replay what followed")
    console.wait_text("#events .note", f"Replay after {ids[2]}: 2 events. Live from here.")


def test_tells_of_a_gap(relay, console):
    publish_lines(relay.endpoint, range(600))  # more than the list holds: the list's own line is gone at once
    console.wait_newest(600)
    console.replay("id", "#replay-id", "77777-3")
    console.wait_text("#reset", "could not go on after 77777-3: the id is of an epoch that the journal does not know")
    console.wait_text("#events .note", "Live from here.")
    assert console.positions()[0] == 600
    console.click("#reset-seen")
    assert console.page.evaluate("document.getElementById('reset').hidden")


def test_says_why_a_replay_is_refused(relay):
    with console_at(relay) as console:
        console.open().replay("id", "#replay-id", "no id")
        console.wait_state("refused")
        assert "a query parameter has a value that is not allowed (from)" in console.wait_text("#trouble", "400")
        console.replay("earliest")
        console.wait_state("live")
        assert console.page.evaluate("document.getElementById('trouble').hidden")


def test_misses_nothing_and_shows_nothing_twice_over_crashes(make_relay):
    relay = make_relay()
    with console_at(relay) as console:
        console.open()
        published(relay.endpoint, {})
        for turn in range(1, 4):
            publish_all([relay.endpoint], [{"n": turn}] * 99, 4)
            relay.kill()  # in the middle of what the page may not have read yet
            console.wait_state("waiting")
            relay.start()
            published(relay.endpoint, {})
            console.wait_newest(turn * 100 + 1)
            console.wait_state("live")
        assert console.positions() == list(range(301, 0, -1))
        assert "nothing was missed" in console.text("#events .note")
        assert console.page.errors() == []


def test_the_fresh_page_of_a_quiet_relay_misses_nothing_either(make_relay):
    """It has seen no event whose id it could go on from."""
    relay = make_relay()
    with console_at(relay) as console:
        console.open()
        relay.stop()
        relay.start()
        published(relay.endpoint, {})
        assert [row["position"] for row in console.wait_newest(1)] == [1]


def test_says_that_the_relay_does_not_answer(make_relay):
    relay = make_relay()
    with console_at(relay) as console:
        console.open()
        relay.kill()
        console.wait_text("#journal", "the relay does not answer")
        console.wait_text("#consumers-title + #consumers + #no-consumers", "the relay does not answer")
        console.click("#publish [type=submit]")
        console.wait_text("#publish-answer", "The relay did not answer.")
