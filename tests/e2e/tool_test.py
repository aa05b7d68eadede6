"""The program as a tool: publish, tail, check and healthcheck against a relay, and against what may stand before it."""

import contextlib
import json
import signal
import subprocess
import threading

import pytest

from harness import proxy
from harness.http import get
from harness.lines import Lines
from harness.process import spawn
from harness.publishing import publish_lines, published
from harness.relay import environment_for, run_to_end
from harness.waiting import PATIENCE

JOURNALS = ["sqlite"]

TOKENS = {"access.read_tokens": "token-for-reading", "access.publish_tokens": "token-for-publishing"}


def url_of(relay):
    return f"http://{relay.endpoint[0]}:{relay.endpoint[1]}"


@pytest.fixture
def tool(binary):
    """Runs a command to its end."""
    def run(*arguments, given=None, environment=None):
        return subprocess.run([binary, *arguments], env=environment_for(environment), input=given, text=True,
                              stdin=subprocess.DEVNULL if given is None else None, capture_output=True,
                              timeout=PATIENCE, check=False)
    return run


class Tail:
    def __init__(self, binary, arguments, environment):
        self.process = spawn([binary, "tail", *arguments], env=environment_for(environment), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
        self.said = Lines(self.process.stderr)

    def lines(self, count):
        return [self.process.stdout.readline().decode() for _ in range(count)]

    def numbers(self, count):
        return [json.loads(line)["data"]["n"] for line in self.lines(count)]

    def expect(self, part):
        self.said.wait_for(lambda line: part in line, f"a notice with {part!r}")

    def end(self, code=0):
        assert self.process.wait(PATIENCE) == code, self.said.text()


@pytest.fixture
def tail(binary):
    with contextlib.ExitStack() as stack:
        def start(*arguments, environment=None):
            made = Tail(binary, arguments, environment)
            stack.callback(made.process.wait, PATIENCE)
            stack.callback(made.process.kill)
            return made
        yield start


# healthcheck


def test_healthcheck_asks_the_relay_of_the_same_options(tool, relay, tmp_path):
    address, port = relay.endpoint
    file = tmp_path / "relay.ini"
    file.write_text(f"[http]\naddress = {address}\nport = {port}\n")
    for arguments, environment in [
            ([f"--http.address={address}", f"--http.port={port}"], {}),
            ([f"--config={file}"], {}),
            ([], {"EVENT_RELAY_HTTP_ADDRESS": address, "EVENT_RELAY_HTTP_PORT": str(port)}),
            ([url_of(relay)], {"EVENT_RELAY_HTTP_PORT": "1"}),
    ]:
        done = tool("healthcheck", *arguments, environment=environment)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"ready: {url_of(relay)}\n", "")
        assert tool("healthcheck", "--live", *arguments, environment=environment).stdout.startswith("alive: ")


def test_healthcheck_says_why_not(tool, make_relay):
    relay = make_relay({"shutdown.drain_delay": "60s", "shutdown.deadline": "60s"})
    relay.signal_stop()
    done = tool("healthcheck", url_of(relay))
    while done.returncode == 0:
        done = tool("healthcheck", url_of(relay))
    assert (done.returncode, done.stdout) == (1, f"not ready: {url_of(relay)} answers 503: not ready\n")
    assert tool("healthcheck", "--live", url_of(relay)).returncode == 0
    relay.kill()
    done = tool("healthcheck", url_of(relay))
    assert (done.returncode, done.stdout) == (1, f"not reached: {url_of(relay)}: Connection refused\n")


def test_commands_are_listed_and_unknown_ones_refused(tool, relay):
    assert "\n  healthcheck  " in tool("--help").stdout
    assert tool("serve", "--version").stdout == tool("--version").stdout
    done = tool("publsh")
    assert done.returncode == 2
    assert done.stderr.startswith("event-relay: there is no command publsh; there are\n  serve ")
    assert "geheim" not in tool("postgresql://relay:geheim@host/relay").stderr


# publish


def page(relay):
    return get(relay.endpoint, "/events?limit=10000", [("Accept", "application/json")]).json()["events"]


def test_publish_prints_the_answer(tool, relay, tmp_path):
    url = {"EVENT_RELAY_URL": url_of(relay)}
    file = tmp_path / "event"
    file.write_text("text of\na file\n")
    for arguments, given in [(["--type=made", "--data", '{"n": 1}'], None), ([], '{"n": 2}\n'), (["-"], '{"n": 3}'),
                             (["--file", str(file), "--content-type=text/plain"], None)]:
        done = tool("publish", "loans", *arguments, given=given, environment=url)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["topic"] == "loans"
    events = page(relay)
    assert [event.get("data", event.get("text")) for event in events] == [{"n": 1}, {"n": 2}, {"n": 3}, "text of\na file"]
    assert [event["type"] for event in events] == ["made", None, None, None]


def test_publish_under_a_key_of_its_own(tool, relay):
    arguments = ["publish", "loans", "--key=order-17", "--data=17", "--url", url_of(relay)]
    first, second = json.loads(tool(*arguments).stdout), json.loads(tool(*arguments).stdout)
    assert (first["id"], first["duplicate"], second["duplicate"]) == (second["id"], False, True)
    assert len(page(relay)) == 1


def test_publish_of_a_refused_event(tool, relay):
    url = ["--url", url_of(relay)]
    for arguments, said in [(["nowhere", "--data=1"], "404 unknown_topic: this relay has no such topic"),
                            (["loans", "--data=hello"], "for a text say --content-type=text/plain"),
                            (["loans", "--data=1", "--type=relay.x"], "400 reserved_event_type")]:
        done = tool("publish", *arguments, *url)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr


def test_publish_batches(tool, relay):
    lines = "".join(f'{{"n":{number}}}\n' for number in range(10_001))
    done = tool("publish", "loans", "--batch", "--key=nightly", "--url", url_of(relay), given=lines)
    assert [json.loads(line)["count"] for line in done.stdout.splitlines()] == [10_000, 1]
    again = tool("publish", "loans", "--batch", "--key=nightly", "--url", url_of(relay), given=lines)
    assert [json.loads(line)["duplicate"] for line in again.stdout.splitlines()] == [True, True]
    done = tool("publish", "loans", "--batch", "--url", url_of(relay), given='{"n":1}\n{"n":\n')
    assert (done.returncode, done.stdout) == (1, "")
    assert "line 2" in done.stderr


def test_publish_to_what_is_no_relay(tool, relay):
    with proxy.OwnErrorPages(relay.endpoint) as pages:
        done = tool("publish", "loans", "--data=1", "--url", f"{pages.url}/below")
    assert done.returncode == 1
    assert "404: from pages/1, not from a relay; is this the URL of a relay?" in done.stderr
    relay.stop()
    done = tool("publish", "loans", "--data=1", "--url", url_of(relay), "--timeout=1s")
    assert done.returncode == 1
    assert "Connection refused; given up after 1s. It may be stored: --key=" in done.stderr


@pytest.mark.parametrize("fault, said", [(proxy.LosesOneAnswer, "the connection was lost; trying again"),
                                         (proxy.IsBusyOnce, "503; trying again")])
def test_publish_is_tried_again_and_stored_once(tool, relay, fault, said):
    with fault(relay.endpoint) as broken:
        done = tool("publish", "loans", "--data=1", "--url", broken.url)
    assert done.returncode == 0, done.stderr
    assert said in done.stderr
    assert json.loads(done.stdout)["duplicate"] == (fault is proxy.LosesOneAnswer)
    assert len(page(relay)) == 1


def test_publish_while_the_relay_is_killed(tool, relay):
    outcomes = []
    some = threading.Event()

    def work():
        for number in range(30):
            outcomes.append(tool("publish", "loans", f"--data={number}", "--url", url_of(relay)))
            if number == 5:
                some.set()

    publisher = threading.Thread(target=work)
    publisher.start()
    for _ in range(3):
        assert some.wait(PATIENCE)
        relay.kill()
        relay.start()
    publisher.join()
    assert [done.returncode for done in outcomes] == [0] * 30
    assert [event["data"] for event in page(relay)] == list(range(30))


# tail


def test_tail_in_every_format(tool, relay):
    published(relay.endpoint, {"n": 1}, event_type="made")
    published(relay.endpoint, {"n": 2})

    def printed(*arguments):
        done = tool("tail", "--from=earliest", "--limit=2", "--url", url_of(relay), *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    events = page(relay)
    ids = [event["id"] for event in events]
    assert [json.loads(line) for line in printed().splitlines()] == events
    assert printed("--format=data") == '{"n": 1}\n{"n": 2}\n'
    assert printed("--format=sse") == (f'event: made\ndata: {{"n": 1}}\nid: {ids[0]}\n\n'
                                       f'data: {{"n": 2}}\nid: {ids[1]}\n\n')
    assert [json.loads(line)["type"] for line in printed("--format=cloudevents").splitlines()] == ["made", "message"]


def test_tail_filters_and_begins_where_it_is_told(tool, relay):
    ids = [published(relay.endpoint, {"n": number}, topic, event_type=kind)["id"] for number, (topic, kind) in
           enumerate([("loans", "even"), ("reservations", "odd")] * 2)]
    url = ["--url", url_of(relay)]

    def numbers(*arguments):
        return [json.loads(line)["data"]["n"] for line in tool("tail", *arguments, *url).stdout.splitlines()]

    assert numbers("--from=earliest", "--topic=loans", "--limit=2") == [0, 2]
    assert numbers("--from=earliest", "--type=even", "--limit=2") == [0, 2]
    assert numbers("--from", ids[1], "--limit=2") == [2, 3]
    assert numbers("--since=2020-01-01T00:00:00Z", "--limit=3", "--topic=loans,reservations") == [0, 1, 2]


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_tail_goes_on_when_the_relay_does(tail, relay, how):
    printed = tail("--from=earliest", "--url", url_of(relay))
    number = 0
    for _ in range(3):
        publish_lines(relay.endpoint, range(number, number + 50))
        assert printed.numbers(20) == list(range(number, number + 20))
        getattr(relay, how)()
        relay.start()
        publish_lines(relay.endpoint, range(number + 50, number + 60))
        assert printed.numbers(40) == list(range(number + 20, number + 60))
        number += 60
    printed.expect("connecting again after ")
    printed.expect("connected again after ")


def test_tail_misses_nothing_before_its_first_event(tail, relay):
    published(relay.endpoint, {"n": 0})
    with proxy.FallsSilentOnce(relay.endpoint, "GET") as broken:
        printed = tail("--patience=1s", "--url", broken.url)
        assert broken.done.wait(PATIENCE)
        printed.expect("silent for 1s; connecting again after ")
        published(relay.endpoint, {"n": 1})
        assert printed.numbers(1) == [1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_tail_ends_when_told(tail, relay, number):
    published(relay.endpoint, {"n": 1})
    printed = tail("--from=earliest", "--url", url_of(relay))
    assert printed.numbers(1) == [1]
    printed.process.send_signal(number)
    printed.end(0)
    assert printed.process.stdout.read() == b""


def test_tail_ends_when_told_while_its_reader_sleeps(tail, relay):
    for number in range(20):
        published(relay.endpoint, {"n": number, "filler": "x" * 100_000})
    printed = tail("--from=earliest", "--url", url_of(relay))
    assert printed.numbers(1) == [0]
    printed.process.send_signal(signal.SIGTERM)  # and nobody has read the rest, which no pipe holds
    printed.end(0)


def test_tail_ends_when_nobody_reads_any_more(tail, relay):
    published(relay.endpoint, {"n": 1})
    printed = tail("--from=earliest", "--url", url_of(relay))
    assert printed.numbers(1) == [1]
    printed.process.stdout.close()
    printed.end(0)
    assert "Traceback" not in printed.said.text()


def test_tail_into_a_full_disk(binary, relay):
    published(relay.endpoint, {"n": 1})
    done = run_to_end("/bin/sh", ["-c", f"'{binary}' tail --from=earliest --url {url_of(relay)} > /dev/full"])
    assert (done.returncode, "standard output: No space left on device" in done.stderr) == (1, True)


def test_tail_tells_of_missing_events(tail, relay):
    published(relay.endpoint, {"n": 1})
    printed = tail("--from=1-99", "--url", url_of(relay))
    printed.expect("relay.reset: events are missing here (unknown_epoch)")
    assert printed.numbers(1) == [1]


def test_tail_of_a_consumer_acknowledges_what_it_printed(tool, tail, relay):
    publish_lines(relay.endpoint, range(5))
    arguments = ["--consumer=lending", "--from=earliest", "--url", url_of(relay)]
    done = tool("tail", "--limit=3", *arguments)
    assert len(done.stdout.splitlines()) == 3
    assert get(relay.endpoint, "/consumers/lending").json()["position"] == 3
    printed = tail(*arguments)
    assert printed.numbers(2) == [3, 4]
    relay.kill()
    relay.start()
    publish_lines(relay.endpoint, range(5, 8))
    assert printed.numbers(3) == [5, 6, 7]
    other = tail(*arguments)
    printed.end(1)
    printed.expect("the consumer lending has another reader now")
    other.process.send_signal(signal.SIGTERM)
    other.end(0)
    assert get(relay.endpoint, "/consumers/lending").json()["position"] == 8


def test_tail_of_what_is_not_there(tool, relay):
    for url, said in [("http://127.0.0.1:1", "Connection refused"),
                      (f"{url_of(relay)}/below", "404 no_such_path"),
                      (f"{url_of(relay)}/healthz?x=1", "url must be as http://127.0.0.1:8080")]:
        done = tool("tail", "--url", url)
        assert done.returncode in (1, 2)
        assert said in done.stderr


def test_tail_waits_for_a_relay_that_is_busy(tool, relay):
    published(relay.endpoint, {"n": 1})
    with proxy.IsBusyOnce(relay.endpoint, "GET") as broken:
        done = tool("tail", "--from=earliest", "--limit=1", "--format=data", "--url", broken.url)
    assert (done.returncode, done.stdout) == (0, '{"n": 1}\n')
    assert "503; connecting again" in done.stderr


def test_tail_ends_where_nothing_is_left(tool, relay):
    with proxy.HasNothingLeftOnce(relay.endpoint, "GET") as finished:
        done = tool("tail", "--url", finished.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# Tokens


def test_tokens(tool, make_relay):
    relay = make_relay(TOKENS)
    url = {"EVENT_RELAY_URL": url_of(relay)}
    done = tool("publish", "loans", "--data=1", environment=url)
    assert "401 no_token" in done.stderr
    assert "a token is given by EVENT_RELAY_TOKEN or --token" in done.stderr
    assert tool("publish", "loans", "--data=1", environment={**url, "EVENT_RELAY_TOKEN": "token-for-publishing"}).returncode == 0
    assert "401 no_token" in tool("tail", "--limit=1", environment=url).stderr
    done = tool("tail", "--limit=1", "--from=earliest", "--token=token-for-reading", environment=url)
    assert json.loads(done.stdout)["data"] == 1


def test_a_relay_does_not_mind_the_variables_of_its_clients(tool):
    done = tool("serve", environment={"EVENT_RELAY_URL": "http://here", "EVENT_RELAY_TOKEN": "x"})
    assert "EVENT_RELAY_URL" not in done.stderr
    assert "journal.url (not given): must be set" in done.stderr


# check


def judged(done):
    """The verdict on each thing that was looked at."""
    lines = [line for line in done.stdout.splitlines() if line[:4] in ("PASS", "FAIL", "WARN", "SKIP")]
    return {line[6:].partition(":")[0]: line[:4] for line in lines}


def test_check_of_a_relay(tool, make_relay):
    relay = make_relay({"stream.heartbeat": "1s", "http.cors_origins": "https://app.example"})
    done = tool("check", url_of(relay), "--idle=3s", "--origin=https://app.example")
    assert set(judged(done).values()) <= {"PASS", "WARN"}, done.stdout  # WARN: slow, which a busy machine may be
    assert len(judged(done)) == 10
    assert done.returncode == 0
    assert "5 small events of type check were published to reservations" in done.stdout
    assert len(page(relay)) == 5


def test_check_with_tokens(tool, make_relay):
    relay = make_relay(TOKENS)
    done = tool("check", "--quick", environment={"EVENT_RELAY_URL": url_of(relay), "EVENT_RELAY_TOKEN": "token-for-reading",
                                                 "EVENT_RELAY_PUBLISH_TOKEN": "token-for-publishing"})
    assert done.returncode == 0, done.stdout
    assert judged(done)["Authorization"] == "PASS"
    done = tool("check", url_of(relay), "--quick", environment={"EVENT_RELAY_TOKEN": "token-for-reading"})
    assert judged(done)["publishing"] == "FAIL"
    assert "EVENT_RELAY_PUBLISH_TOKEN" in done.stdout
    with proxy.LosesHeaders(relay.endpoint, "Authorization") as broken:
        done = tool("check", broken.url, "--quick", "--token=token-for-reading")
    assert judged(done)["Authorization"] == "FAIL"
    assert "takes the header Authorization away" in " ".join(done.stdout.split())


@pytest.mark.parametrize("fault, arguments, failed, said", [
    (proxy.HoldsBack, ["--quick"], {"events arrive at once"}, "proxy_buffering off"),
    (lambda upstream: proxy.LosesHeaders(upstream, "Last-Event-ID"), ["--quick"], {"Last-Event-ID"},
     "clients can send it as ?lastEventId= instead"),
    (lambda upstream: proxy.LosesHeaders(upstream, "Idempotency-Key"), ["--quick"], {"Idempotency-Key"},
     "stored twice"),
    (proxy.CutsIdleStreams, ["--idle=10s"], {"idle stream"}, "proxy_read_timeout"),
    (proxy.OwnErrorPages, ["--quick"], {"refusals"}, "proxy_intercept_errors off"),
    (proxy.Proxy, ["--idle=1s"], set(), "0 failed"),
], ids=["holds back", "Last-Event-ID", "Idempotency-Key", "cuts", "error pages", "none"])
def test_check_finds_what_a_proxy_does(tool, relay, fault, arguments, failed, said):
    with fault(relay.endpoint) as broken:
        done = tool("check", broken.url, *arguments)
    assert {name for name, verdict in judged(done).items() if verdict == "FAIL"} == failed, done.stdout
    assert said in " ".join(done.stdout.split())
    assert done.returncode == (1 if failed else 0)


def test_check_of_what_is_not_there(tool, relay):
    done = tool("check", "http://127.0.0.1:1")
    assert (done.returncode, judged(done)) == (1, {"reachable": "FAIL"})
    assert "nothing was published" in done.stdout
    done = tool("check", f"{url_of(relay)}/below")
    assert (done.returncode, judged(done)) == (1, {"reachable": "FAIL"})
