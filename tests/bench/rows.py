"""What is measured: a row is one kind of work, the servers that do it, and what their ratio should be."""

import dataclasses
import typing


@dataclasses.dataclass
class Row:
    name: str
    mode: str                 # of the load generator
    arguments: list
    figures: dict             # name -> path in the load generator's JSON
    servers: tuple
    checks: list
    relay_options: dict = dataclasses.field(default_factory=dict)
    stored: int = 0           # events in the journal before it starts


def at_least(figure, factor, *others):
    """The relay's figure is at least `factor` times the best of the others'."""
    def check(medians: dict) -> typing.Tuple[float, str, bool]:
        ratio = medians["relay"][figure] / max(medians[name][figure] for name in others)
        return ratio, f"{figure}, relay / {' or '.join(others)}, at least {factor}", ratio >= factor
    return check


def at_most(figure, factor, *others):
    def check(medians):
        ratio = medians["relay"][figure] / min(medians[name][figure] for name in others)
        return ratio, f"{figure}, relay / {' or '.join(others)}, at most {factor}", ratio <= factor
    return check


def at_most_plus_commit(figure, *others):
    """The relay's figure is at most the best of the others' and one commit more: theirs is in memory only."""
    def check(medians):
        most = min(medians[name][figure] for name in others) + medians["relay"]["ack p99 us"]
        ratio = medians["relay"][figure] / most
        return ratio, f"{figure}, relay / ({' or '.join(others)} + the relay's ack p99), at most 1", ratio <= 1
    return check


def below(figure, limit):
    def check(medians):
        return medians["relay"][figure], f"{figure} of the relay, at most {limit}", medians["relay"][figure] <= limit
    return check


RATE = {"deliveries/s": "rates.deliveries_per_s", "us/delivery": "cpu.server.cpu_ms_per_1000",
        "lost": "integrity.lost"}
LATENCY = {"p50 us": "latency_us.p50", "p99 us": "latency_us.p99", "ack p99 us": "ack_us.p99",
           "us/delivery": "cpu.server.cpu_ms_per_1000",
           "lost": "integrity.lost"}
ACKS = {"acks/s": "rates.publish_acks_per_s", "us/ack": "cpu.server.cpu_ms_per_1000"}
REPLAY = {"events/s": "rates.events_per_s"}


def fanout(subscribers, publishers, servers, checks):
    # Publishing does not wait for subscribers, so as many events as can be delivered before the load generator gives up.
    events = 200_000 if subscribers < 10_000 else 10_000
    return Row(f"fanout {subscribers} subscribers, {publishers} publishers", "fanout",
               ["-n", subscribers, "--publishers", publishers, "--duration", 6, "--events", events, "--drain-s", 60],
               RATE, servers, [*checks, below("lost", 0)])


def latency(subscribers, rate, servers, checks):
    return Row(f"latency {subscribers} subscribers, {rate} events/s", "fanout",
               ["-n", subscribers, "--rate", rate, "--duration", 8], LATENCY, servers, [*checks, below("lost", 0)])


def publish(publishers, factor):
    return Row(f"publish {publishers} publishers", "publish", ["--publishers", publishers, "--duration", 4], ACKS,
               ("relay", "pgbench"), [at_least("acks/s", factor, "pgbench")])


def tail_replay(clients):
    return Row(f"replay from the tail, {clients} clients", "replay",
               ["--preload", 10000, "--events", 10000, "--clients", clients, "--rounds", 100, "--duration", 4], REPLAY,
               ("relay", "nchan"), [at_least("events/s", 20, "nchan")])


def journal_replay(clients):
    """From the first of a million events, with a tail that holds the last thousand of them."""
    return Row(f"replay from the journal, {clients} clients", "replay",
               ["--last-event-id", 0, "--events", 1_000_000, "--clients", clients, "--rounds", 1, "--duration", 60],
               REPLAY, ("relay", "copy"), [at_least("events/s", 0.7, "copy")], {"stream.tail_bytes": "1KiB"}, 1_000_000)


ROWS = [
    Row("idle 10000 connections", "idle", ["-n", 10000, "--duration", 4],
        {"bytes/connection": "memory.server.anon_per_connection"}, ("relay", "limit", "nchan"),
        [below("bytes/connection", 2560), at_most("bytes/connection", 0.25, "nchan")]),
    Row("idle 10000 connections, heartbeats of 15 s", "idle", ["-n", 10000, "--duration", 45],
        {"cores": "cpu.server.cores", "heartbeats": "traffic.heartbeats"}, ("relay", "nchan-heartbeat"),
        [at_most("cores", 1.0, "nchan-heartbeat")]),
    fanout(1000, 64, ("relay", "limit-coalesce", "nchan"),
           [at_least("deliveries/s", 10, "nchan"), at_least("deliveries/s", 0.3, "limit-coalesce")]),
    fanout(100, 16, ("relay", "nchan"), [at_least("deliveries/s", 5, "nchan")]),
    fanout(10000, 4, ("relay", "nchan", "nchan-2"), [at_least("deliveries/s", 1.5, "nchan", "nchan-2")]),
    fanout(10000, 64, ("relay", "nchan", "nchan-2"), [at_least("deliveries/s", 5, "nchan", "nchan-2")]),
    latency(1000, 20, ("relay", "limit", "nchan", "nchan-2"),
            [at_most_plus_commit("p99 us", "nchan", "nchan-2"), below("us/delivery", 11)]),
    latency(10000, 5, ("relay", "nchan", "nchan-2"), [at_most("p99 us", 1.0, "nchan", "nchan-2")]),
    publish(1, 0.45),
    publish(16, 1.3),
    publish(64, 4),
    tail_replay(1),
    tail_replay(10),
    journal_replay(1),
    journal_replay(10),
    Row("connect storm", "churn", ["--concurrency", 16, "--duration", 4],
        {"connections/s": "rates.connections_per_s"}, ("relay", "limit", "nchan"),
        [at_least("connections/s", 0.7, "nchan")]),
]
