"""What the relay tells a service manager (sd_notify): that it listens, how it is, that it does not hang, that it ends."""

import pytest

from harness.hanging import hanging, threads_of
from harness.http import get
from harness.notify_socket import NotifySocket
from harness.relay import run_to_end
from harness.sse import Stream


@pytest.fixture
def manager(tmp_path):
    made = NotifySocket(tmp_path)
    yield made
    made.close()


def test_from_the_start_to_the_end(make_relay, manager):
    relay = make_relay({"shutdown.drain_delay": "500ms", "shutdown.deadline": "7s"},
                       environment=manager.environment(watchdog_seconds=20))
    manager.wait_for("READY", "1")
    for _ in range(3):
        assert manager.wait_for("WATCHDOG") == {"WATCHDOG": "1"}
    manager.wait_for_status("serving 0 streams")
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        manager.wait_for_status("serving 1 stream")
        relay.signal_stop()
        ending = manager.wait_for("STOPPING", "1")
        assert ending["STATUS"] == "closing its streams"
        # What the options allow, and something for the rest.
        assert 7_500_000 < int(ending["EXTEND_TIMEOUT_USEC"]) < 60_000_000
        stream.read_to_end()
    relay.wait_exit()


@pytest.mark.parametrize("part", ["event-relay", "caf.multiplexer"], ids=["I/O thread", "actors"])
def test_a_part_that_hangs_stops_the_pings(make_relay, manager, part):
    relay = make_relay(environment=manager.environment(watchdog_seconds=0.4))
    manager.wait_for("WATCHDOG", "1")
    threads = threads_of(relay.pid, part)
    assert threads
    with hanging(threads):
        manager.pending()
        pings = [message for message in manager.for_a_while(2) if "WATCHDOG" in message]
        assert len(pings) <= 1  # which was on its way
    manager.wait_for("WATCHDOG", "1")  # it goes on, and so do they


def test_ready_without_its_database_which_the_status_tells(make_relay, manager, cluster):
    cluster.stop("fast")
    relay = make_relay(ready=False, environment=manager.environment(watchdog_seconds=2))
    assert manager.wait_for("READY", "1")["STATUS"] == "journal not reached yet"
    for _ in range(3):
        manager.wait_for("WATCHDOG", "1")  # an outage of the database is no reason to be killed
    assert get(relay.endpoint, "/readyz").status == 503
    cluster.start()
    manager.wait_for_status("serving 0 streams")
    cluster.stop("immediate")
    manager.wait_for_status("journal away")
    manager.wait_for("WATCHDOG", "1")
    cluster.start()
    manager.wait_for_status("serving 0 streams")


def test_without_a_watchdog_there_are_no_pings(make_relay, manager):
    make_relay(environment=manager.environment())
    manager.wait_for("READY", "1")
    manager.wait_for_status("serving 0 streams")
    assert not any("WATCHDOG" in message for message in manager.messages)


def test_a_watchdog_of_another_process_is_not_its_own(make_relay, manager):
    make_relay(environment={**manager.environment(watchdog_seconds=1), "WATCHDOG_PID": "1"})
    manager.wait_for_status("serving 0 streams")
    assert not any("WATCHDOG" in message for message in manager.messages)


def test_a_manager_that_is_gone_changes_nothing(make_relay, manager):
    environment = manager.environment(watchdog_seconds=1)
    manager.close()
    relay = make_relay(environment=environment)
    assert get(relay.endpoint, "/readyz").status == 200
    relay.stop()
    assert "the service manager cannot be told" in relay.log_text()


def test_a_start_that_fails_is_not_announced(binary, manager, tmp_path):
    done = run_to_end(binary, [f"--journal=sqlite:{tmp_path}/journal.db", "--http.address=192.0.2.1"],
                      manager.environment())
    assert done.returncode == 1
    assert manager.pending() == []
