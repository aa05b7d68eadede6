import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))  # for the harness

from containers.engine import Engine, Unavailable  # noqa: E402
from containers.images import Images  # noqa: E402

NOT_TESTED = 77  # ctest's SKIP_RETURN_CODE; scripts/test shows the reason


def _give_up(why):
    pytest.exit(f"NOT TESTED: {why}", returncode=NOT_TESTED)


@pytest.fixture(scope="session")
def engine():
    try:
        made = Engine()
    except Unavailable as why:
        _give_up(why)
    yield made
    made.close()


@pytest.fixture(scope="session")
def images(engine):
    try:
        return Images(engine)
    except Unavailable as why:
        _give_up(why)


@pytest.fixture(scope="session")
def relay_image(images):
    return images.relay()
