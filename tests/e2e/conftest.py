from harness.console import console  # noqa: F401
from harness.fixtures import (binary, cluster, database, journal, loopback, make_pair, make_relay,  # noqa: F401
                              pytest_generate_tests, relay, shared_relay)
