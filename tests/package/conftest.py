import os
import pathlib
import subprocess
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))  # the harness


def pack(folder, *options):
    """The package of the build under test."""
    subprocess.run(["cpack", "-G", "DEB", "--config", os.environ["EVENT_RELAY_CPACK"], "-B", folder, *options],
                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True)
    return next(folder.glob("event-relay_*.deb"))


@pytest.fixture(scope="session")
def package(tmp_path_factory):
    return pack(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="session")
def older_package(tmp_path_factory):
    """The same program, as a version before it."""
    return pack(tmp_path_factory.mktemp("older_package"), "-D", "CPACK_PACKAGE_VERSION=0.0.9")


@pytest.fixture(scope="session")
def unpacked(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
    return folder
