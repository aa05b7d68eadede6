"""Behind proxies as Debian has them, with the samples of config/proxies: nothing is held back, nobody is lost."""

import contextlib
import json
import subprocess
import threading

import pytest

from harness.clients import subscribe
from harness.cutter import Cutter
from harness.http import get, request
from harness.process import spawn
from harness.proxies import Proxy
from harness.publishing import publish, published
from harness.sse import Stream
from harness.waiting import PATIENCE, eventually

JOURNALS = ["sqlite"]
SAMPLES = ["nginx", "HAProxy", "Caddy"]
LINES = [("Accept", "application/x-ndjson")]


@pytest.fixture(params=["bare nginx", *SAMPLES])
def name(request):
    return request.param


@pytest.fixture
def proxy(relay, name):
    with Proxy(name, relay) as made:
        yield made


def open_streams(relay):
    return get(relay.endpoint, "/status").json()["streams"]["open"]


def url_of(proxy, target="/events"):
    return "https://{}:{}{}".format(*proxy.secure_endpoint, target)


@contextlib.contextmanager
def curl(url, *arguments):
    """curl with HTTP/2, as long as it is needed."""
    process = spawn(["curl", "-sSkN", "--http2", *arguments, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_each_event_is_there_before_the_next_one_is_published(relay, proxy):
    with Stream(proxy.endpoint) as stream, Stream(proxy.endpoint, headers=LINES) as lines:
        assert stream.response.status == lines.response.status == 200
        stream.read_preamble()  # before there is any event
        for number in range(5):
            event = published(proxy.endpoint, number)
            assert stream.next_event().id == event["id"]
            while (line := lines.read_line()) == b"\n":
                pass
            assert json.loads(line)["id"] == event["id"]


def test_a_proxy_that_buffers_would_be_noticed(relay):
    held = [("location / {", "location / { proxy_ignore_headers X-Accel-Buffering;")]
    with Proxy("bare nginx", relay, held) as proxy, Stream(relay.endpoint) as direct:
        late = []
        waiting = threading.Thread(daemon=True, target=lambda: late.append(Stream(proxy.endpoint).next_event()))
        waiting.start()
        eventually(lambda: open_streams(relay) == 2, "a stream through the proxy")
        event = published(relay.endpoint, {})
        assert direct.next_event().id == event["id"]
        assert late == []
        relay.stop()  # which ends the stream, and only then it comes
        waiting.join()
        assert late[0].id == event["id"]


def test_nginx_by_itself_speaks_http_1_0_to_the_relay(relay):
    with Cutter(relay.endpoint) as between, Proxy("bare nginx", between) as proxy, Stream(proxy.endpoint) as stream:
        stream.read_preamble()
        assert between.requests[0].startswith(b"GET /events HTTP/1.0\r\n")


@pytest.mark.parametrize("expect", [[], ["-H", "Expect: 100-continue"]], ids=["", "100-continue"])
def test_large_events_are_published(proxy, tmp_path, expect):
    text = "ä" * 500_000
    (tmp_path / "body").write_text(text, encoding="utf-8")
    urls = ["http://{}:{}".format(*proxy.endpoint)] + [url_of(proxy, "")] * (proxy.name == "Caddy")
    for number, url in enumerate(urls):
        done = subprocess.run(["curl", "-sSk", *expect, "-H", "Content-Type: text/plain", "--data-binary",
                               f"@{tmp_path}/body", "-w", "\n%{http_code}", f"{url}/reservations"],
                              capture_output=True, text=True, timeout=PATIENCE, check=True)
        assert done.stdout.endswith("\n201"), done.stdout
        assert get(proxy.endpoint, f"/events/{number + 1}").json()["text"] == text


def test_large_batches_need_a_word_to_nginx(proxy):
    batch = b'"' + b"x" * 300_000 + b'"\n'
    response = publish(proxy.endpoint, batch * 8, content_type="application/x-ndjson")
    assert response.status == (413 if proxy.name == "bare nginx" else 201)


def test_refusals_come_through(make_relay, name):
    relay = make_relay({"http.max_header_bytes": "4KiB", "http.max_target_bytes": "2KiB",
                        "publish.max_event_bytes": "1KiB"})
    with Proxy(name, relay) as proxy:
        for _ in range(3):  # the proxy may use its connections again
            request(proxy.endpoint, "GET", "/events", headers=[("X-Large", "x" * 6000)]).problem(431)
            request(proxy.endpoint, "POST", "/reservations", b"x" * 2000).problem(413)
            assert get(proxy.endpoint, "/healthz").status == 200
        # Larger than nginx and HAProxy take.
        assert request(proxy.endpoint, "GET", "/events", headers=[("X-Large", "x" * 40_000)]).status in (400, 431)
        assert published(proxy.endpoint, {})["position"] == 1


def test_a_clean_stop_is_a_clean_end(relay, proxy):
    with contextlib.ExitStack() as streams:
        raw = streams.enter_context(Stream(proxy.endpoint, "/events?from=earliest"))
        browsers = [streams.enter_context(curl(url_of(proxy, "/events?from=earliest")))] * (proxy.name == "Caddy")
        for number in range(200):
            published(relay.endpoint, ["x" * 2000, number])
        eventually(lambda: open_streams(relay) == 1 + len(browsers), "streams through the proxy")
        relay.stop()
        assert [event.position for event in raw.read_to_end()] == list(range(1, 201))
        assert raw.ending == "final chunk"
        assert raw.on_frame_boundary
        for browser in browsers:
            output, complaints = browser.communicate(timeout=PATIENCE)
            assert browser.returncode == 0, complaints
            assert output.count(b"\n\n") == 200


def test_what_clients_see_of_a_relay_that_was_killed(relay, proxy):
    """Two take a stream that broke for one that ended, so a client must forget an event that is not complete."""
    with Stream(proxy.endpoint) as stream:
        stream.read_preamble()
        relay.kill()
        assert stream.read_to_end() == []
        assert (stream.ending == "final chunk") == (proxy.name in ("bare nginx", "Caddy"))
    relay.start()


@pytest.mark.parametrize("how", ["close", "reset"])
def test_the_relay_learns_that_a_client_left(make_relay, name, how):
    # HAProxy notices when it writes, and the first heartbeat it may still get rid of; the others at once.
    relay = make_relay({"stream.heartbeat": "100ms" if name == "HAProxy" else "40s"})
    with Proxy(name, relay) as proxy:
        stream = Stream(proxy.endpoint)
        stream.read_preamble()
        assert open_streams(relay) == 1
        getattr(stream, how)()
        eventually(lambda: open_streams(relay) == 0, "the stream is gone", 30)
        if name == "Caddy":
            with curl(url_of(proxy)):
                eventually(lambda: open_streams(relay) == 1, "a stream over HTTP/2")
            eventually(lambda: open_streams(relay) == 0, "it is gone", 30)


@contextlib.contextmanager
def resuming(endpoint, last_event_id, found):
    """As an EventSource does it: again after a stream that ended, and never after anything but 200."""
    headers = [("Accept", "text/event-stream"), ("Connection", "close")]

    def work():
        while not found:
            with Stream(endpoint, headers=headers, last_event_id=last_event_id) as stream:
                found.append(stream.next_event() if stream.response.status == 200 else stream.response)
                if found == [None]:
                    found.clear()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(PATIENCE)


@pytest.mark.parametrize("name", SAMPLES)
def test_everybody_comes_back_after_a_restart(make_relay, name):
    relay = make_relay({"stream.retry": "200ms"})
    sooner = [("retry: 3000", "retry: 200")] if name == "nginx" else []
    with Proxy(name, relay, sooner) as proxy, contextlib.ExitStack() as stack:
        page = stack.enter_context(subscribe("Chromium", *(
            [proxy.secure_endpoint, "", "https"] if name == "Caddy" else [proxy.endpoint])))
        program = stack.enter_context(subscribe("eventsource 3", proxy.endpoint))
        for client in (page, program):
            client.wait_open()
        for turn, end in enumerate((relay.stop, relay.kill)):
            event = published(proxy.endpoint, {})
            errors = len(page.records("error"))
            for client in (page, program):
                client.wait_events(2 * turn + 1)
            end()
            eventually(lambda: len(page.records("error")) > errors, "the page has lost its stream")
            # By the page's own clock, so that it asks while nobody is there.
            page.page.evaluate("new Promise((resolve) => setTimeout(resolve, 1000))")
            found = []
            with resuming(proxy.endpoint, event["id"], found):
                relay.start()
                event = published(relay.endpoint, {})
            assert found[0].id == event["id"]
            for client in (page, program):
                assert [event["id"].partition("-")[2] for event in client.wait_events(2 * turn + 2)] == [
                    str(number + 1) for number in range(2 * turn + 2)]
        for client in (page, program):
            assert not any(error["closed"] for error in client.records("error"))


def test_nginx_by_itself_sends_browsers_away_for_good(make_relay):
    relay = make_relay({"stream.retry": "200ms"})
    with Proxy("bare nginx", relay) as proxy, subscribe("Chromium", proxy.endpoint) as page:
        page.wait_open()
        relay.stop()
        page.wait_closed()


_many = """(() => {
  window.opened = window.received = 0;
  window.sources = Array.from({length: 12}, (_, number) => {
    const source = new EventSource(`/events?${number}`);
    source.onopen = () => ++opened;
    source.onmessage = () => ++received;
    return source;
  });
})()"""


def test_a_page_holds_more_than_six_streams_over_http_2(relay):
    with Proxy("Caddy", relay) as proxy, subscribe("Chromium", proxy.secure_endpoint, scheme="https") as client:
        client.wait_open()
        client.page.evaluate(_many)
        client.page.wait_for("opened === 12")
        published(proxy.endpoint, {})
        client.page.wait_for("received === 12")


def test_a_page_holds_six_streams_over_http_1(relay):
    with Proxy("HAProxy", relay) as proxy, subscribe("Chromium", proxy.endpoint) as client:
        client.wait_open()
        client.page.evaluate(_many)
        client.page.wait_for("opened === 5")
        published(relay.endpoint, {})
        client.page.wait_for("received === 5")
        assert client.page.evaluate("opened") == 5
        assert open_streams(relay) == 6
