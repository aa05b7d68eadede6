import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

from harness.fixtures import (binary, cluster, database, journal, loopback, make_relay, relay,  # noqa: E402,F401
                              shared_relay)
