"""The relay and who it is compared with, each started for one run on a port of its own and ended after it."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from harness.process import spawn
from harness.relay import Relay
from harness.waiting import eventually

HOST = "127.0.0.1"
INSERT = "INSERT INTO plain (topic_id, data) VALUES (1, '" + "x" * 200 + "');"


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def accepts(port):
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
        return True
    return False


def fill(database, count):
    """Events as the load generator knows them, 200 bytes each, stored the way the relay stores them, but faster."""
    database.query(
        "DO $$ DECLARE epoch int := (SELECT max(e.epoch) FROM event_relay.epoch e);"
        " topic int := (SELECT id FROM event_relay.register_topics(ARRAY['reservations']));"
        " none text[] := array_fill(NULL::text, ARRAY[1000]);"
        f" BEGIN FOR batch IN 0..{count // 1000 - 1} LOOP"
        "  PERFORM event_relay.ensure_partitions(2, 1000);"
        "  PERFORM event_relay.append(epoch, gen_random_uuid(), array_fill(topic, ARRAY[1000]), none, none,"
        """   (SELECT array_agg(rpad(format('{"bench":[%s,1],"pad":"', batch * 1000 + i), 198, 'x') || '"}' ORDER BY i)"""
        "      FROM generate_series(1, 1000) i));"
        " END LOOP; END $$")


class Peers:
    def __init__(self, cluster, programs, harness, relay):
        self._cluster = cluster
        self._programs = programs
        self._harness = harness
        self._relay = relay

    def run(self, name, row):
        if name == "pgbench":
            return self._pgbench(row.arguments[row.arguments.index("--publishers") + 1])
        if name == "copy":
            return self._copy(row.stored)
        with self.server(name, row.mode, row.relay_options, row.stored) as (url, pids):
            taken = self.load(row.mode, url, pids, *row.arguments)
        figures = {figure: _at(taken, path) for figure, path in row.figures.items()}
        return {**figures, "noisy": float(taken["host"]["noisy"])}

    def load(self, mode, url, pids, *arguments):
        """One run of the load generator; what it measured, as its JSON has it."""
        with tempfile.NamedTemporaryFile() as out:
            command = [f"{self._programs}/sse_load", mode, "--subscribe-url", url[0], "--publish-url", url[1],
                       "--server-pid", pids, "--json", out.name, *map(str, arguments)]
            if mode == "publish":
                del command[2:4]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if not os.path.getsize(out.name):
                raise SystemExit(done.stdout + done.stderr)
            return json.loads(out.read().splitlines()[-1])

    @contextlib.contextmanager
    def server(self, name, mode, relay_options=None, stored=0):
        """Yields the URLs to subscribe and publish at, and the processes to account for; `stored`: events of the relay."""
        if name == "relay":
            with self.relay(relay_options or {}, lambda database: fill(database, stored)) as (relay, pids, _):
                yield relay, pids
            return
        port = free_port()
        kind, _, variant = name.partition("-")
        if kind == "nchan":
            command = ["bash", f"{self._nchan(variant)}/run_peer.sh", str(port), variant if variant == "2" else "1"]
            url = (f"http://{HOST}:{port}/sub/a", f"http://{HOST}:{port}/pub/a")
        else:
            command = [f"{self._programs}/limit_server", "--port", str(port)]
            command += {"": [], "coalesce": ["--coalesce"]}[variant]
            command += ["--history"] if mode == "replay" else []
            url = (f"http://{HOST}:{port}/s", f"http://{HOST}:{port}/p")
        process = spawn(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            eventually(lambda: accepts(port), f"{name} to listen")
            yield url, f"{process.pid}+"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    def _nchan(self, variant):
        """The peer's folder; for heartbeats a copy whose configuration asks for them."""
        folder = self._harness / "peers" / "nchan"
        if variant != "heartbeat":
            return folder
        copy = self._programs / "nchan-heartbeat"
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        configuration = (folder / "nginx.conf.in").read_text()
        (copy / "nginx.conf.in").write_text(configuration.replace(
            "nchan_subscriber eventsource;", "nchan_subscriber eventsource; nchan_eventsource_ping_interval 15;"))
        return copy

    @contextlib.contextmanager
    def relay(self, options, prepare=None):
        """Yields the URLs, the process, and the endpoint; `prepare` gets the database when the journal is there."""
        database = self._cluster.create_database()
        relay = Relay(self._relay, database.url, HOST, options).start()
        try:
            if prepare:  # and begin behind it, or the tailer would still be following when the measurement begins
                prepare(database)
                relay.stop()
                relay = Relay(self._relay, database.url, HOST, options).start()
            url = f"http://{HOST}:{relay.endpoint[1]}"
            yield (f"{url}/events", f"{url}/reservations"), str(relay.pid), relay.endpoint
        finally:
            relay.stop()
            database.drop()

    def _pgbench(self, clients):
        database = self._cluster.create_database()
        database.query("CREATE TABLE plain (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                       " topic_id int, data text)")
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(INSERT)
            script.flush()
            command = [f"{self._cluster._bin}/pgbench", "-n", "-M", "prepared", "-f", script.name, "-c", str(clients),
                       "-j", str(min(clients, 2)), "-T", "4", "-h", self._cluster._folder, "-U", "event_relay",
                       database._name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        database.drop()
        return {"acks/s": float(re.search(r"tps = ([0-9.]+)", done.stdout).group(1)), "us/ack": 0.0, "noisy": 0.0}

    def _copy(self, events):
        database = self._cluster.create_database()
        database.query("CREATE TABLE plain (position bigint PRIMARY KEY, type text, data text)",
                       f"INSERT INTO plain SELECT i, NULL, repeat('x', 200) FROM generate_series(1, {events}) i")
        begin = time.monotonic()
        subprocess.run([*self._cluster.psql(database._name), "-c",
                        "COPY (SELECT position, type, data FROM plain ORDER BY position) TO STDOUT"],
                       stdout=subprocess.DEVNULL, check=True)
        took = time.monotonic() - begin
        database.drop()
        return {"events/s": events / took, "noisy": 0.0}


def _at(taken, path):
    for key in path.split("."):
        taken = taken[key]
    return float(taken)
