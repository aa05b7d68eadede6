"""The package under a systemd that was booted for it: the service manager's own view of the relay."""

import json

import pytest
from booted_root import BootedRoot
from debian_root import DebianRoot
from harness.waiting import eventually

CONFIG = "/etc/event-relay/event-relay.ini"
STATE = "/var/lib/event-relay"
RELAY = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def debian(tmp_path_factory, older_package, package):
    made = DebianRoot(tmp_path_factory.mktemp("debian"))
    try:
        made.install("systemd")
        made.path("/usr/sbin/policy-rc.d").unlink(missing_ok=True)  # services may start here
        made.install(older_package, options=["--download-only"])  # booted it has no network
        made.older = made.installation(older_package)
        made.newer = made.installation(package)
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="module")
def booted(debian):
    made = BootedRoot(debian)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def service(debian, booted):
    """The package installed, and the service as the unit alone makes it."""
    if not debian.path("/usr/bin/event-relay").exists():
        booted.run(*debian.newer)
    booted.run("rm", "-rf", "/etc/systemd/system/event-relay.service.d")
    booted.run("systemctl", "daemon-reload")
    booted.run("systemctl", "restart", "event-relay")
    wait_ready(booted)
    yield Service(booted)
    print(booted.run("journalctl", "-u", "event-relay", "--no-pager", "--lines=40", check=False))


class Service:
    def __init__(self, booted):
        self._booted = booted

    def show(self, name):
        return self._booted.run("systemctl", "show", "event-relay", "--value", "-p", name).strip()

    def set(self, *lines):
        """Like `systemctl edit`, and a restart."""
        folder = "/etc/systemd/system/event-relay.service.d"
        text = "\\n".join(["[Service]", *lines])
        self._booted.run("sh", "-ec", f"mkdir -p {folder}; printf '{text}\\n' >{folder}/test.conf")
        self._booted.run("systemctl", "daemon-reload")
        self._booted.run("systemctl", "restart", "event-relay")


def status_code(booted, path, relay=RELAY):
    return booted.curl("-o", "/dev/null", "-w", "%{http_code}", f"{relay}{path}", check=False)[-3:]


def wait_ready(booted, relay=RELAY):
    eventually(lambda: status_code(booted, "/readyz", relay) == "200", "readiness")


def published(booted):
    return json.loads(booted.curl(f"{RELAY}/reservations", "--json", '{"book":7}'))["id"]


def test_unit_is_accepted(booted, service):
    assert booted.run("systemd-analyze", "verify", "--man=no", "event-relay.service").strip() == ""


def test_installed_it_runs(booted, service):
    assert service.show("ActiveState") == "active"
    assert service.show("UnitFileState") == "enabled"
    eventually(lambda: service.show("StatusText") == "serving 0 streams", "the status")
    assert published(booted)
    pid = service.show("MainPID")
    assert booted.run("stat", "-c", "%U", f"/proc/{pid}").strip() == "event-relay"
    assert booted.run("sed", "-n", r"s/^\(CapBnd\|NoNewPrivs\|Seccomp\):\t//p",
                      f"/proc/{pid}/status").split() == ["0000000000000000", "1", "2"]
    assert service.show("LimitNOFILE") == "1048576"


def test_a_hung_process_is_killed_and_started_again(booted, service):
    service.set("WatchdogSec=2s", "TimeoutAbortSec=2s", "RestartSec=100ms")
    wait_ready(booted)
    event = published(booted)
    pid = service.show("MainPID")
    restarts = int(service.show("NRestarts"))
    booted.run("systemctl", "kill", "--kill-whom=main", "--signal=STOP", "event-relay")
    eventually(lambda: int(service.show("NRestarts")) > restarts, "a restart")
    wait_ready(booted)
    assert service.show("MainPID") != pid
    assert status_code(booted, f"/events/{event}") == "200"
    assert "Watchdog timeout" in booted.run("journalctl", "-u", "event-relay", "--no-pager")


def test_it_starts_without_its_database(booted, service):
    service.set("TimeoutStartSec=2s", "WatchdogSec=1s",
                "Environment=EVENT_RELAY_JOURNAL_URL=postgresql://relay@127.0.0.1:1/relay")
    assert service.show("ActiveState") == "active"
    assert service.show("StatusText") == "journal not reached yet"
    pid = service.show("MainPID")
    assert status_code(booted, "/readyz") == "503"
    later = int(service.show("ActiveEnterTimestampMonotonic")) + 3_000_000
    eventually(lambda: int(service.show("WatchdogTimestampMonotonic")) > later, "pings beyond both of these times")
    assert service.show("MainPID") == pid


def test_a_port_and_a_folder_as_the_unit_explains(booted, service):
    relay = "http://127.0.0.1:80"
    booted.run("install", "-d", "-o", "event-relay", "/srv/events")
    service.set("AmbientCapabilities=CAP_NET_BIND_SERVICE", "CapabilityBoundingSet=CAP_NET_BIND_SERVICE",
                "PrivateUsers=no", "ReadWritePaths=/srv/events",
                "Environment=EVENT_RELAY_HTTP_PORT=80 EVENT_RELAY_JOURNAL_URL=sqlite:/srv/events/journal.db")
    wait_ready(booted, relay)
    assert booted.run("stat", "-c", "%U", "/srv/events/journal.db").strip() == "event-relay"


def test_a_long_shutdown_is_waited_for(booted, service):
    """Neither the watchdog nor TimeoutStopSec ends what shutdown.* allows."""
    service.set("WatchdogSec=1s", "TimeoutStopSec=1s", "Environment=EVENT_RELAY_SHUTDOWN_DRAIN_DELAY=4s")
    booted.run("systemctl", "stop", "event-relay")
    assert (service.show("Result"), service.show("ExecMainStatus")) == ("success", "0")


def test_wrong_options_are_not_tried_again(booted, service):
    booted.run("systemctl", "stop", "event-relay")
    booted.run("sh", "-ec", "echo EVENT_RELAY_HTTP_PROT=1 >/etc/default/event-relay")
    try:
        booted.run("systemctl", "start", "event-relay", check=False)
        assert service.show("ActiveState") == "failed"
        assert "EVENT_RELAY_HTTP_PROT" in booted.run("journalctl", "-u", "event-relay", "--no-pager")
    finally:
        booted.run("rm", "/etc/default/event-relay")


def test_upgrade_keeps_options_and_events(debian, booted, service):
    booted.run("apt-get", "-q", "purge", "-y", "event-relay")
    booted.run(*debian.older)
    wait_ready(booted)
    event = published(booted)
    booted.run("sed", "-i", "s/^topics = .*/topics = reservations, loans/", CONFIG)
    pid = service.show("MainPID")
    booted.run(*debian.newer)
    wait_ready(booted)
    assert service.show("MainPID") != pid
    assert booted.run("dpkg-query", "-W", "-f", "${Version}", "event-relay") != "0.0.9-1"
    assert "topics = reservations, loans" in debian.path(CONFIG).read_text(encoding="utf-8")
    assert status_code(booted, f"/events/{event}") == "200"


def test_removed_and_purged(debian, booted, service):
    pid = service.show("MainPID")
    booted.run("apt-get", "-q", "remove", "-y", "event-relay")
    assert not debian.path(f"/proc/{pid}").exists()
    assert service.show("ActiveState") == "inactive"
    assert debian.path(CONFIG).exists() and debian.path(f"{STATE}/journal.db").exists()
    booted.run("apt-get", "-q", "purge", "-y", "event-relay")
    assert not debian.path(CONFIG).exists()
    assert not debian.path(STATE).exists()
