"""Fixtures for every conftest.py: one cluster a file, one database and as many relays as it likes for each test."""

import contextlib
import os
import random

import pytest

from harness.postgres import Cluster
from harness.relay import Relay
from harness.replication import Pair
from harness.sqlite import File


@pytest.fixture(scope="session")
def binary():
    path = os.environ.get("EVENT_RELAY_BINARY")
    assert path, "EVENT_RELAY_BINARY must name the program under test"
    return os.path.abspath(path)


@pytest.fixture(scope="session")
def loopback():
    """An address of this run alone: a relay that is started again finds its port free, which on 127.0.0.1 the
    kernel may have lent to any outgoing connection meanwhile."""
    chooser = random.SystemRandom()
    return ".".join(["127", *(str(chooser.randint(1, 254)) for _ in range(3))])


@pytest.fixture(scope="session")
def cluster():
    made = Cluster()
    try:
        made.start()
        yield made
    finally:
        made.remove()


@contextlib.contextmanager
def relays(binary, loopback):
    """Makes relays; in the end all must stop cleanly and have a clean log, which is printed for a test that failed."""
    made = []

    def make(journal, options=None, ready=True, environment=None):
        made.append(Relay(binary, journal.url, loopback, options or {}, environment))
        return made[-1].start(ready)

    try:
        yield make
    finally:
        failures = []
        for relay in made:
            try:
                if relay.running:
                    relay.stop()
                relay.judge_log()
            except AssertionError as failure:
                failures.append(failure)
            print(f"=== relay at {relay.endpoint} ===\n{relay.log_text()[-20000:]}")
        if failures:
            raise failures[0]


@pytest.fixture
def make_pair():
    """Primaries with a standby each."""
    made = []

    def make(synchronous):
        made.append(Pair(synchronous))
        return made[-1], made[-1].start()

    yield make
    for pair in made:
        pair.remove()


@pytest.fixture
def database(cluster):
    cluster.ensure_running()
    made = cluster.create_database()
    yield made
    print(f"=== PostgreSQL ===\n{cluster.log_text()[-5000:]}")
    if cluster.running:
        made.drop()  # they would add up to half a gigabyte a file


def pytest_generate_tests(metafunc):
    """A file of tests may name its JOURNALS; each of its tests runs on every one of them, but those that look into the
    database themselves."""
    names = getattr(metafunc.module, "JOURNALS", None)
    if names and "journal" in metafunc.fixturenames and not {"cluster", "database"} & set(metafunc.fixturenames):
        metafunc.parametrize("journal", names, indirect=True)


@pytest.fixture
def journal(request, tmp_path):
    """Where make_relay's relays keep their events: a database unless the file of tests says otherwise."""
    if getattr(request, "param", "postgres") == "sqlite":
        return File(tmp_path)
    return request.getfixturevalue("database")


@pytest.fixture
def make_relay(binary, loopback, journal):
    with relays(binary, loopback) as make:
        yield lambda options=None, **more: make(journal, options, **more)


@pytest.fixture
def relay(make_relay):
    return make_relay()


@pytest.fixture(scope="module")
def shared_relay(binary, loopback, cluster):
    """For tests that change nothing a neighbour could see."""
    cluster.ensure_running()
    with relays(binary, loopback) as make:
        yield make(cluster.create_database())
