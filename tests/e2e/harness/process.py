"""Children that do not outlive the test program, even when that is killed for taking too long."""

import os
import select
import subprocess

from harness.waiting import Deadline


def spawn(arguments, *, death_signal="KILL", user=None, **options):
    """Starts a child that gets the signal when the thread that started it ends: start long-lived ones from the main
    thread. The pid is the program's own, since setpriv replaces itself."""
    wrapper = ["setpriv", "--pdeathsig", death_signal]
    if user:
        wrapper += ["--reuid", user, "--regid", user, "--init-groups"]
    return subprocess.Popen([*wrapper, "--", *arguments], stdin=subprocess.DEVNULL, **options)


def children_of(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit() and _parent_of(int(entry)) == pid:
            found.append(int(entry))
    return found


def _parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return int(stat.read().rpartition(")")[2].split()[1])  # the name in brackets may hold anything
    except (OSError, IndexError, ValueError):
        return None


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    raise AssertionError(f"no VmRSS for process {pid}")


def wait_until_gone(pids, what):
    """Blocks until processes that are not our children (any more) have ended."""
    deadline = Deadline()
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            poller = select.poll()
            poller.register(handle, select.POLLIN)
            while not poller.poll(deadline.remaining(what) * 1000):
                pass
        finally:
            os.close(handle)
