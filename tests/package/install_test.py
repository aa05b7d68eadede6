"""The package in a clean Debian without a service manager: what it puts there, and what it takes away."""

import json
import shlex
import stat
import subprocess

import pytest
from debian_root import DebianRoot
from harness.http import get
from harness.lines import Lines
from harness.notify_socket import NotifySocket
from harness.process import children_of
from harness.publishing import published
from harness.waiting import PATIENCE, eventually

CONFIG = "/etc/event-relay/event-relay.ini"
STATE = "/var/lib/event-relay"


@pytest.fixture(scope="module")
def root(tmp_path_factory, package):
    made = DebianRoot(tmp_path_factory.mktemp("debian"))
    try:
        made.install(package)
        yield made
    finally:
        made.remove()


def owner_and_mode(root, path):
    return root.run("stat", "-c", "%U:%G %a", path).strip()


def unit_value(root, name):
    unit = root.path("/usr/lib/systemd/system/event-relay.service").read_text(encoding="utf-8")
    return next(line.split("=", 1)[1] for line in unit.splitlines() if line.startswith(f"{name}="))


def test_files_and_their_modes(root):
    assert owner_and_mode(root, "/usr/bin/event-relay") == "root:root 755"
    assert owner_and_mode(root, CONFIG) == "root:event-relay 640"
    assert owner_and_mode(root, STATE) == "event-relay:event-relay 700"
    assert owner_and_mode(root, "/usr/lib/systemd/system/event-relay.service") == "root:root 644"
    assert root.path("/usr/share/man/man1/event-relay.1.gz").exists()
    assert root.run("dpkg-query", "-W", "-f", "${Conffiles}", "event-relay").split()[0] == CONFIG
    assert root.run("dpkg", "--verify", "event-relay") == ""


def test_user_is_a_system_user_that_cannot_log_in(root):
    entry = root.run("getent", "passwd", "event-relay").strip().split(":")
    assert int(entry[2]) < 1000
    assert entry[5:] == [STATE, "/usr/sbin/nologin"]


def test_unit_is_enabled(root):
    wanted = root.path("/etc/systemd/system/multi-user.target.wants/event-relay.service")
    assert stat.S_ISLNK(wanted.lstat().st_mode)


def test_it_serves_as_its_own_user(root):
    folder = root.path("/run/manager")
    folder.mkdir()
    manager = NotifySocket(folder)
    manager.open_to_everybody()
    user = unit_value(root, "User")
    process = root.spawn("setpriv", "--reuid", user, "--regid", unit_value(root, "Group"), "--init-groups", "--",
                         *shlex.split(unit_value(root, "ExecStart")), stderr=subprocess.PIPE,
                         env={"NOTIFY_SOCKET": "/run/manager/notify", "EVENT_RELAY_HTTP_PORT": "0",
                              "EVENT_RELAY_LOG_FORMAT": "json", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    try:
        log = Lines(process.stderr)
        manager.wait_for("READY", "1")
        endpoint = ("127.0.0.1", log.wait_for(_listening_port, "the port"))
        eventually(lambda: get(endpoint, "/readyz").status == 200, "readiness")
        event = published(endpoint, {"book": 7})
        assert get(endpoint, f"/events/{event['id']}").status == 200
        assert owner_and_mode(root, f"{STATE}/journal.db") == "event-relay:event-relay 600"
        relay, = children_of(process.pid)
        subprocess.run(["kill", "-TERM", str(relay)], check=True)
        manager.wait_for("STOPPING", "1")
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        manager.close()


def _listening_port(line):
    record = json.loads(line)
    return record["message"] == "listening" and record["port"]


def test_installed_again_it_leaves_what_the_administrator_made(root, package):
    root.run("chmod", "0600", CONFIG)
    root.install(package, options=["--reinstall"])
    assert owner_and_mode(root, CONFIG) == "root:event-relay 600"


def test_removed_and_purged(root):
    """Events and options go when everything is to go, and not before."""
    journal = root.path(f"{STATE}/journal.db")
    journal.touch()
    root.run("apt-get", "-q", "remove", "-y", "event-relay")
    assert not root.path("/usr/bin/event-relay").exists()
    assert root.path(CONFIG).exists() and journal.exists()
    root.run("apt-get", "-q", "purge", "-y", "event-relay")
    assert not root.path("/etc/event-relay").exists()
    assert not root.path(STATE).exists()
    assert not root.path("/etc/systemd/system/multi-user.target.wants/event-relay.service").is_symlink()
    assert root.run("getent", "passwd", "event-relay")
