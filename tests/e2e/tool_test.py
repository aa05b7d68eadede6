"""The program as a tool."""

import subprocess

import pytest

from harness.relay import environment_for
from harness.waiting import PATIENCE

JOURNALS = ["sqlite"]


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
