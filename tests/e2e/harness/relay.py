"""The program under test: started on a port of the kernel's choice, ended in every way, its log kept and judged."""

import json
import os
import signal
import subprocess

from harness import http
from harness.lines import Lines
from harness.process import resident_bytes, spawn
from harness.waiting import PATIENCE, eventually

_sanitizer_marks = ("AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "UndefinedBehaviorSanitizer",
                    ": runtime error: ")
# A quarantine of its usual 256 MB would drown every statement about memory; all else is as the caller has set it.
_address_sanitizer = "quarantine_size_mb=8"


def environment_for(extra=None):
    """The caller's environment without options of the relay: its own names would be refused as unknown, or obeyed. And
    without the caller's service manager."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("EVENT_RELAY_", "NOTIFY_SOCKET", "WATCHDOG_"))}
    kept["ASAN_OPTIONS"] = ":".join(filter(None, [kept.get("ASAN_OPTIONS"), _address_sanitizer]))
    return {**kept, **(extra or {})}


def as_arguments(options):
    return [f"--{name}={value}" for name, value in options.items()]


class Relay:
    def __init__(self, binary, journal_url, address, options, environment=None):
        self._binary = binary
        self._environment = environment
        self._options = {"http.address": address, "log.format": "json", "journal.url": journal_url,
                         "topics": "reservations,loans", "journal.reconnect_max": "200ms",
                         "shutdown.drain_period": "200ms", **options}
        self._address = address
        self._port = 0
        self._process = None
        self._logs = []

    @property
    def endpoint(self):
        return (self._address, self._port)

    @property
    def pid(self):
        return self._process.pid

    @property
    def running(self):
        return self._process is not None

    def start(self, ready=True):
        """Started again it listens on the same port: clients come back to the address they know."""
        assert not self.running
        self._process = spawn([self._binary, *as_arguments({**self._options, "http.port": self._port})],
                              env=environment_for(self._environment), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._logs.append(Lines(self._process.stderr))
        self._port = self._logs[-1].wait_for(_listening_port, "the relay's line that it listens")
        if ready:
            self.wait_ready()
        return self

    def wait_ready(self):
        eventually(lambda: self.readiness() == 200, "readiness of the relay")

    def readiness(self):
        return http.get(self.endpoint, "/readyz").status

    def signal_stop(self):
        self._process.send_signal(signal.SIGTERM)

    def wait_exit(self, timeout=PATIENCE, expected=0):
        try:
            code = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            # Where its threads hang shows in the core that this leaves, and the fixture must not hang as well.
            self._process.send_signal(signal.SIGABRT)
            self._process.wait(PATIENCE)
            self._process = None
            raise AssertionError(f"the relay did not end within {timeout} s of SIGTERM") from None
        self._process = None
        self._logs[-1].wait_for_end()
        assert code == expected, f"the relay ended with {code} (negative: killed by that signal)"

    def stop(self):
        self.signal_stop()
        self.wait_exit()

    def kill(self):
        self._process.kill()
        self._process.wait(PATIENCE)
        self._process = None

    def resident_bytes(self):
        return resident_bytes(self._process.pid)

    def log_text(self):
        return "\n--- next start ---\n".join(log.text() for log in self._logs)

    def judge_log(self):
        """A report of a sanitizer or a critical line fails the test that caused it, whatever the test itself saw."""
        for line in self.log_text().splitlines():
            assert not any(mark in line for mark in _sanitizer_marks), f"the relay's log has: {line}"
            assert _record(line).get("level") != "critical", f"the relay's log has: {line}"


def _record(line):
    try:
        record = json.loads(line)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def _listening_port(line):
    record = _record(line)
    return record.get("message") == "listening" and record.get("port")


def run_to_end(binary, arguments, environment=None):
    """For starts that are to fail, or only print."""
    return subprocess.run([binary, *arguments], env=environment_for(environment), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENCE, check=False)


def run_journal(binary, url, *arguments, given=b""):
    """`event-relay journal ...`, with bytes in and bytes out."""
    return subprocess.run([binary, "journal", *arguments], env=environment_for({"EVENT_RELAY_JOURNAL_URL": url}),
                          input=given, capture_output=True, timeout=PATIENCE, check=False)
