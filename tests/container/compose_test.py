"""docker/compose.yaml for real: the relay between two services, while one after the other is killed."""

import re
import time

import pytest

from containers.bookshop import Bookshop, Reader, ask
from containers.composition import FILE, PASSWORDS, SERVICES, Composition


@pytest.fixture(scope="module")
def composition(engine, images, relay_image, tmp_path_factory):
    postgres = images.postgres()
    made = Composition(engine, {"event-relay": relay_image, "postgres:15": postgres,
                                "event-relay-reservation": images.service("reservation"),
                                "event-relay-lending": images.service("lending")}, tmp_path_factory.mktemp("compose"))
    begin = time.monotonic()
    try:
        made.up()
        shop = Bookshop(made.ports)
        shop.reserve("the first book")
        shop.wait_loans()
        print(f"first loan {time.monotonic() - begin:.1f} s after `up`")
        yield made
    finally:
        print(made.logs())
        made.run("down", "--volumes", "--timeout=20")


@pytest.fixture
def shop(composition):
    return Bookshop(composition.ports)


def judge(composition, shop):
    """Every reservation has exactly one loan, and they are in order. Events that came twice would show in the log."""
    loans = shop.wait_loans()
    reservations = shop.reservations()
    assert [{name: loan[name] for name in ("reservation", "book", "user")} for loan in loans] == reservations
    positions = [int(loan["event"].rpartition("-")[2]) for loan in loans]
    assert positions == sorted(set(positions))
    assert "has its loan already" not in composition.logs("lending")
    return reservations


def test_the_file_is_valid_as_it_is_and_asks_for_passwords(composition):
    composition.run("config", "--quiet", file=FILE)
    example = (FILE.parent / ".env.example").read_text()
    assert set(PASSWORDS) == set(re.findall(r"^(\w+_PASSWORD)=$", example, re.MULTILINE))
    refused = composition.run("config", "--quiet", file=FILE, passwords={name: "" for name in PASSWORDS}, check=False)
    assert refused.returncode != 0
    assert ".env" in refused.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_no_right_that_it_does_not_need(composition, service):
    host = composition.inspect(service)["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]


def test_a_wrong_reservation_is_refused_and_a_repeated_one_is_the_same(composition, shop):
    port = composition.ports["reservation"]
    for wrong in ({}, [], {"book": "a"}, {"book": "", "user": 1}, {"book": "a", "user": "b"}, {"book": "a", "user": 1 << 63},
                  {"book": "a\0", "user": 1}, {"book": "\ud800", "user": 1}, {"book": "a" * 1000, "user": 1}):
        assert ask(port, "/reservations", wrong)[0] == 400, wrong
    wish = {"book": "twice", "user": 1}
    first, second = ask(port, "/reservations", wish), ask(port, "/reservations", wish)
    assert (first[0], second[0]) == (201, 200)
    assert first[1] == second[1]
    judge(composition, shop)


def test_every_reservation_has_one_loan_whatever_is_killed(composition, shop):
    reader = Reader(shop)
    reader.start()
    for service in SERVICES:
        reader.wait_more(5)
        composition.kill(service)
    for service in SERVICES:
        reader.wait_more(5)
        composition.run("restart", "--timeout=20", service)
    reader.wait_more(5)
    reader.stop()
    numbers = [each["reservation"] for each in judge(composition, shop)]
    assert set(reader.numbers) <= set(numbers)
    assert reader.numbers == sorted(set(reader.numbers))


def test_all_of_it_can_be_removed_and_made_again_upon_its_data(composition, shop):
    before = shop.reservations()
    composition.run("down", "--timeout=20")
    composition.up()
    shop.reserve("after all was gone")
    assert judge(composition, shop)[:-1] == before


def test_a_lost_history_is_compared_with_the_reservations(composition, shop):
    composition.run("stop", "--timeout=20", "lending")
    composition.sql("lending", """DELETE FROM lending.loan WHERE number = (SELECT max(number) FROM lending.loan);
                                  INSERT INTO lending.loan (reservation, book, reader, event) VALUES (1000000, 'never', 1, '1-1');
                                  UPDATE lending.progress SET last_event = '77777-5'""")
    composition.run("start", "lending")
    shop.reserve("after the loss")
    wanted = {each["reservation"] for each in shop.reservations()}
    loans = shop.wait_loans()
    assert {loan["reservation"] for loan in loans} == wanted
    assert len(loans) == len(wanted)
    assert "unknown_epoch" in composition.logs("lending")
