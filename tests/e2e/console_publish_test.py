"""Publishing from the console, and who may do what there."""

from harness.console import console_at
from harness.http import get

JOURNALS = ["sqlite"]


def test_publishes(relay, console):
    console.choose("#publish-topic", "loans")
    console.fill("#publish-type", "created")
    console.fill("#publish-key", "order-17")
    console.fill("#publish-data", '{"book": 1.0}')
    assert console.text("#publish-check") == "Valid JSON."
    console.click("#publish [type=submit]")
    answer = console.wait_text("#publish-answer", "Stored as")
    stored = get(relay.endpoint, "/events/1").json()
    assert answer == f"Stored as {stored['id']}."
    assert console.wait_newest(1) == [{"position": 1, "topic": "loans", "type": "created", "data": '{"book": 1.0}'}]
    assert get(relay.endpoint, "/events/1").body.endswith(b'"data":{"book": 1.0}}')
    console.click("#publish [type=submit]")
    console.wait_text("#publish-answer", f"Was stored before with this key, as {stored['id']}.")
    console.fill("#publish-key", "")
    console.fill("#publish-data", "no JSON")
    console.page.call("check", "#publish-as-text")
    console.click("#publish [type=submit]")
    console.wait_newest(2)
    assert get(relay.endpoint, "/events/2").json()["text"] == "no JSON"


def test_does_not_send_what_is_no_json(relay, console):
    console.fill("#publish-data", '{"book": ')
    assert console.text("#publish-check").startswith("Not JSON yet: ")
    console.click("#publish [type=submit]")
    assert console.wait_text("#publish-answer", "Not sent") == "Not sent: the data is not JSON."
    assert console.focus() == "publish-data"
    assert get(relay.endpoint, "/status").json()["journal"]["head"] == 0


def test_tells_a_refusal_in_words(relay):
    with console_at(relay) as console:
        console.open()
        console.fill("#publish-type", "relay.reset")
        console.click("#publish [type=submit]")
        console.wait_text("#publish-answer", "Refused with 400: the event types open, error and relay.* are reserved (type")
        assert console.page.errors() == []


READER, PUBLISHER = "reader-0123456789abcdef", "publisher-0123456789abcdef"


def enter_token(console, token):
    console.fill("#token-text", token)
    console.press("Enter")


def test_asks_for_access_tokens_and_keeps_them_for_the_tab(make_relay):
    relay = make_relay({"access.read_tokens": READER, "access.publish_tokens": PUBLISHER})
    with console_at(relay) as console:
        console.open(state="locked")
        console.wait_text("#token[open]", "It takes an access token to read here.")
        enter_token(console, "nobody-0123456789abcdef")
        console.wait_text("#token[open]", "The token that the relay was shown does not allow to read here.")
        enter_token(console, READER)
        console.wait_state("live")
        console.click("#publish [type=submit]")
        console.wait_text("#token[open]", "The token that the relay was shown does not allow to publish here.")
        assert "Nothing was stored" in console.text("#publish-answer")
        enter_token(console, PUBLISHER)
        console.click("#publish [type=submit]")
        assert console.wait_newest(1)[0]["data"] == "{}"
        console.page.call("reload")
        console.wait_state("live")  # with the token of before
        assert console.page.evaluate("location.search + location.hash + document.cookie") == ""
        assert console.page.evaluate("localStorage.length") == 0
        urls = console.page.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")
        assert not any(READER in url or PUBLISHER in url for url in urls)
        console.click("#token-button")
        console.click("#token-forget")
        console.wait_state("locked")
        assert console.page.evaluate("sessionStorage.length") == 0
        assert console.page.errors() == []
