import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

from harness.fixtures import binary, cluster, database, loopback, make_relay, relay, shared_relay  # noqa: E402,F401
