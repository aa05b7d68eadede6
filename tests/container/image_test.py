"""The relay's image, built from its Dockerfile and run as it should be: without any right that it can do without."""

import json
import pathlib

import pytest

from containers.images import ROOT
from containers.relay import RelayContainer
from harness.publishing import published
from harness.sse import Stream

LARGEST = 150_000_000  # bytes


@pytest.fixture
def start(engine, relay_image):
    def run(volume="journal", **options):
        return RelayContainer(engine, relay_image, volume, options)
    return run


@pytest.fixture(scope="module")
def built(engine, relay_image):
    return json.loads(engine.output("image", "inspect", relay_image))[0]


def printed(engine, image, *arguments):
    return engine.run("run", "--rm", "--network=host", image, *arguments, check=False)


def test_it_is_small_and_says_what_it_is(engine, relay_image, built):
    print(f"{built['Size'] / 1e6:.1f} MB")
    assert built["Size"] < LARGEST
    labels = {name.removeprefix("org.opencontainers.image."): text for name, text in built["Config"]["Labels"].items()}
    assert labels["title"] == "event-relay"
    assert labels["licenses"] in (ROOT / "LICENSE").read_text()
    assert labels["version"] in printed(engine, relay_image, "--version").stdout.split()


def test_what_it_may_do(built):
    assert built["Config"]["User"] == "10001:10001"
    assert list(built["Config"]["Volumes"]) == ["/var/lib/event-relay"]
    assert built["Config"]["StopSignal"] == "SIGTERM"


def test_it_becomes_healthy_without_rights_and_its_journal_outlives_the_container(start):
    with start() as relay:
        relay.wait_healthy()
        last = [published(relay.endpoint, number)["position"] for number in range(3)][-1]
    with start() as relay:
        relay.wait_healthy()
        with Stream(relay.endpoint, "/events?from=earliest") as stream:
            assert [event.json() for event in stream.events(3)] == [0, 1, 2]
        assert published(relay.endpoint, 3)["position"] == last + 1


def test_it_is_not_healthy_while_it_cannot_publish(start):
    with start(JOURNAL_URL="postgresql://relay@127.0.0.1:1/nobody-listens-here") as relay:
        relay.wait_listening()
        assert relay.healthcheck() == 1


def test_sigterm_to_the_first_process_ends_streams_cleanly(start):
    with start("other", SHUTDOWN_DRAIN_PERIOD="200ms") as relay:
        relay.wait_healthy()
        status = pathlib.Path(f"/proc/{relay.state('Pid')}/status").read_text()
        assert next(line for line in status.splitlines() if line.startswith("NSpid:")).split()[-1] == "1"
        with Stream(relay.endpoint) as stream:
            stream.read_preamble()
            published(relay.endpoint, "last")
            assert relay.stop() == 0
            assert [event.json() for event in stream.read_to_end()] == ["last"]
            assert stream.ending == "final chunk"


@pytest.mark.parametrize("arguments, named", [(["--http.prot=1"], "http.prot"), (["--stream.heartbeat=2x"], "stream.heartbeat")])
def test_a_wrong_option_is_named(engine, relay_image, arguments, named):
    refused = printed(engine, relay_image, *arguments)
    assert refused.returncode == 2
    assert named in refused.stderr


def test_the_configuration_that_is_shipped_is_readable(engine, relay_image):
    listed = engine.run("run", "--rm", "--network=host", "--entrypoint=cat", relay_image,
                        "/usr/local/share/doc/event-relay/event-relay.ini")
    assert listed.stdout == (ROOT / "config" / "event-relay.ini").read_text()
