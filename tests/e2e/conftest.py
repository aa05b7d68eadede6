from harness.fixtures import binary, cluster, database, loopback, make_relay, relay, shared_relay  # noqa: F401
