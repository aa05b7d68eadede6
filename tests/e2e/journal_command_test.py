"""`event-relay journal`: migrate, verify, new-epoch, export, import."""

import json

import pytest

from harness.http import get
from harness.publishing import publish, publish_all, published
from harness.relay import run_journal, run_to_end
from harness.sse import Stream

STRANGE = ['', ' ', 'two\nlines\r\n', 'quote " \\ and \x01\x1f\x7f', 'Bücher \u2028 \U0001f4da', '{"json": [1, 2.50]}']


@pytest.fixture
def journal_command(binary, database):
    return lambda *arguments, given=b"": run_journal(binary, database.url, *arguments, given=given)


@pytest.fixture
def elsewhere(binary, cluster):
    """The same for another database without a journal."""
    made = cluster.create_database()
    yield lambda *arguments, given=b"": run_journal(binary, made.url, *arguments, given=given)
    made.drop()


def verified(journal_command, code=0):
    done = journal_command("verify", "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def fill(relay):
    """Events of two topics, with data of every kind. Answers how many."""
    for number, text in enumerate(STRANGE):
        assert publish(relay.endpoint, text.encode(), "loans", content_type="text/plain",
                       event_type="made" if number % 2 else None).status == 201
    publish_all([relay.endpoint], range(1500))
    published(relay.endpoint, "x" * 300_000)
    return len(STRANGE) + 1501


def refusal(done, *parts, code=1):
    text = done.stderr.decode()
    assert done.returncode == code, text
    for part in parts:
        assert part in text, text
    assert "Traceback" not in text and "terminate" not in text


def test_help_of_each_command(binary):
    whole = run_to_end(binary, ["journal", "--help"])
    assert whole.returncode == 0
    for command, option in {"migrate": "--journal.url", "verify": "--json", "new-epoch": "--reason TEXT",
                            "export": "--until-position POSITION", "import": "--journal.url"}.items():
        assert f"event-relay journal {command}\n" in whole.stdout
        shown = run_to_end(binary, ["journal", command, "--help"])
        assert (shown.returncode, shown.stderr) == (0, "")
        assert shown.stdout.startswith(f"Usage: event-relay journal {command}")
        assert option in shown.stdout
    assert "\n  journal " in run_to_end(binary, ["--help"]).stdout


@pytest.mark.parametrize("arguments, said", [
    ([], "Usage: event-relay journal COMMAND"),
    (["verfy"], "journal: there is no command verfy"),
    (["postgresql://relay:geheim@db/relay"], "journal: there is no command postgresql"),
    (["verify"], "journal.url (not given): must be set"),
    (["verify", "--after=1"], "after (command line): there is no such option"),
    (["verify", "--json=yes"], "json (command line): takes no value"),
    (["export", "--after=x"], "after (command line): must be the position of an event, e.g. 4711, is x"),
    (["export", "--until-position"], "until-position (command line): has no value"),
    (["new-epoch", "--reason="], "reason (command line): must not be empty"),
])
def test_wrong_command_lines(binary, arguments, said):
    done = run_to_end(binary, ["journal", *arguments])
    assert done.returncode == 2
    assert said in done.stderr
    assert "geheim" not in done.stderr


def test_commands_without_a_journal_or_a_database(binary, database):
    for command in ("verify", "new-epoch", "export"):
        refusal(run_journal(binary, database.url, command), "event-relay: the database has no journal")
        refusal(run_journal(binary, f"{database.url}_not_there", command), "cannot connect to the journal")
    refusal(run_journal(binary, database.url, "import", "--journal.migrate=false", given=b"{}"), "has no journal")


def test_migrate_makes_a_journal_that_a_relay_and_verify_take(journal_command, make_relay):
    assert journal_command("migrate").returncode == 0
    assert journal_command("migrate").returncode == 0
    report = verified(journal_command)
    assert (report["sound"], report["events"], report["epochs"]) == (True, 0, [])
    relay = make_relay({"journal.migrate": "false"})
    published(relay.endpoint, {})
    assert verified(journal_command)["events"] == 1


def test_verify_reports(journal_command, make_relay):
    count = fill(make_relay({"retention.partition_events": "1000"}))
    report = verified(journal_command)
    assert (report["floor"], report["head"], report["events"]) == (0, count, count)
    assert report["topics"] == {"loans": len(STRANGE), "reservations": count - len(STRANGE)}
    assert [epoch["first_position"] for epoch in report["epochs"]] == [1]
    assert report["older_than_predecessor"] == 0
    text = journal_command("verify").stdout.decode()
    assert f"events      {count}, from 1 to {count}\n" in text
    assert f"checksum    {report['checksum']}\n" in text
    assert text.endswith("the journal is sound\n")


@pytest.mark.parametrize("damage, said", [
    ("DELETE FROM event_relay.journal WHERE position IN (7, 9)",
     "2 events are missing between 1 and 1507, the first is 7"),
    ("UPDATE event_relay.journal SET topic_id = 99 WHERE position = 3",
     "1 events between 1 and 1507 have a topic that does not exist"),
    ("UPDATE event_relay.epoch SET first_position = 5", "events 1 to 4 without an epoch"),
    ("INSERT INTO event_relay.epoch SELECT epoch + 1, 9999, 1, 1, '' FROM event_relay.epoch",
     "begins at 9999, and the newest event is 1507"),
    ("DELETE FROM event_relay.batch WHERE head > 1000", "lies beyond the newest batch"),
    ("DO $$ BEGIN EXECUTE (SELECT 'ALTER TABLE event_relay.journal DETACH PARTITION ' || inhrelid::regclass"
     " FROM pg_inherits WHERE inhparent = 'event_relay.journal'::regclass ORDER BY inhrelid LIMIT 1); END $$",
     "the partition from 1 to 1000 is not attached"),
])
def test_verify_finds_damage(journal_command, make_relay, database, damage, said):
    relay = make_relay({"retention.partition_events": "1000"})
    fill(relay)
    relay.stop()
    before = verified(journal_command)["checksum"]
    database.query(damage)
    report = verified(journal_command, code=1)
    assert not report["sound"]
    assert any(said in fault for fault in report["faults"]), report["faults"]
    done = journal_command("verify")
    assert (done.returncode, said in done.stdout.decode()) == (1, True)
    assert "the journal is NOT sound" in done.stdout.decode()
    if "DELETE FROM event_relay.journal" in damage:
        assert report["checksum"] != before


@pytest.mark.parametrize("change", ["data = data || ' '", "type = 'other'", "topic_id = 3 - topic_id"])
def test_checksum_changes_with_what_readers_get(journal_command, relay, database, change):
    fill(relay)
    before = verified(journal_command)["checksum"]
    database.query("UPDATE event_relay.journal SET created_at = created_at - interval '1h' WHERE position = 8")
    report = verified(journal_command)
    assert (report["checksum"], report["older_than_predecessor"]) == (before, 1)
    database.query(f"UPDATE event_relay.journal SET {change} WHERE position = 8")
    assert verified(journal_command)["checksum"] != before


def test_new_epoch_tells_clients_of_a_backup_restored_in_place(journal_command, relay, database):
    ids = [published(relay.endpoint, number)["id"] for number in range(6)]
    relay.stop()
    database.query("DELETE FROM event_relay.journal WHERE position > 4", "DELETE FROM event_relay.batch WHERE head > 4")
    epoch = int(ids[0].partition("-")[0])
    done = journal_command("new-epoch", "--reason", "backup of Tuesday")
    assert done.stdout.decode() == f"epoch {epoch + 1} begins at position 5\n"
    assert verified(journal_command)["epochs"][1]["reason"] == "backup of Tuesday"
    relay.start()
    after = published(relay.endpoint, "after")
    assert after["id"] == f"{epoch + 1}-5"
    for lost in ids[4:]:
        with Stream(relay.endpoint, last_event_id=lost) as stream:
            assert stream.next_event().json()["reason"] == "history_lost"
            assert stream.next_event().id == after["id"]
    with Stream(relay.endpoint, last_event_id=ids[3]) as stream:
        assert stream.next_event().id == after["id"]


def test_new_epoch_under_a_running_relay(journal_command, relay):
    first = published(relay.endpoint, "before")
    with Stream(relay.endpoint) as stream:
        stream.read_preamble()
        assert journal_command("new-epoch").returncode == 0
        after = published(relay.endpoint, "after")
        assert after["id"] == f"{int(first['id'].partition('-')[0]) + 1}-2"
        assert stream.next_event().id == after["id"], "and not as of the old epoch"


def exported(journal_command, *arguments):
    done = journal_command("export", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_export_has_every_byte(journal_command, relay):
    count = fill(relay)
    header, *lines = exported(journal_command).split(b"\n")[:-1]
    header = json.loads(header)
    events = [json.loads(line) for line in lines]
    assert (header["floor"], header["head"], header["after"], header["until"]) == (0, count, 0, count)
    epoch = header["epochs"][0]["epoch"]
    assert [event["id"] for event in events] == [f"{epoch}-{number}" for number in range(1, count + 1)]
    assert [event["data"] for event in events[:len(STRANGE)]] == STRANGE
    assert [event["type"] for event in events[:2]] == [None, "made"]
    assert events[0]["time"] == get(relay.endpoint, f"/events/{events[0]['id']}").json()["time"]
    assert events[-1]["data"] == json.dumps("x" * 300_000)


def test_export_of_a_part(journal_command, relay):
    publish_all([relay.endpoint], range(20))
    header, *lines = exported(journal_command, "--after=5", "--until-position", "8").split(b"\n")[:-1]
    assert (json.loads(header)["after"], json.loads(header)["until"]) == (5, 8)
    assert [json.loads(line)["id"].partition("-")[2] for line in lines] == ["6", "7", "8"]
    refusal(journal_command("export", "--after=21"),
            "after: there is no event 21; the journal has those after 0 up to 20")
    refusal(journal_command("export", "--until-position=21"), "until-position: there is no event 21")
    refusal(journal_command("export", "--after=9", "--until-position=8"), "until-position: must not be less than after")


def test_export_to_a_full_disk(binary, database, relay):
    fill(relay)
    command = f"EVENT_RELAY_JOURNAL_URL='{database.url}' '{binary}' journal export > /dev/full"
    done = run_to_end("/bin/sh", ["-c", command])
    assert (done.returncode, "cannot be written" in done.stderr) == (1, True)


def test_import_keeps_ids_and_checksum(journal_command, elsewhere, relay, make_relay, binary, cluster):
    count = fill(relay)
    assert journal_command("new-epoch").returncode == 0
    last = published(relay.endpoint, "of the second epoch")
    file = exported(journal_command)
    done = elsewhere("import", given=file)
    assert done.returncode == 0, done.stderr
    here, there = verified(journal_command), verified(elsewhere)
    assert there["checksum"] == here["checksum"]
    assert there["topics"] == here["topics"]
    assert there["epochs"][:-1] == here["epochs"]
    assert there["epochs"][-1]["first_position"] == count + 2
    assert file.split(b"\n")[1:] == exported(elsewhere).split(b"\n")[1:]
    refusal(elsewhere("import", given=file), "the journal is not empty")


def test_subscribers_go_on_at_an_imported_journal(journal_command, relay, make_relay, binary, cluster):
    ids = [published(relay.endpoint, number)["id"] for number in range(5)]
    other = cluster.create_database()
    file = exported(journal_command, "--after=2")
    beyond = published(relay.endpoint, "not exported")["id"]
    assert run_journal(binary, other.url, "import", "--retention.partition_events=1000", given=file).returncode == 0
    moved = make_relay({"journal.url": other.url})
    with Stream(moved.endpoint, last_event_id=ids[2]) as stream:
        assert [event.id for event in stream.events(2)] == ids[3:]
        new = published(moved.endpoint, "new")
        assert new["position"] == 6
        assert stream.next_event().id == new["id"]
    assert get(moved.endpoint, f"/events/{ids[4]}").json()["data"] == 4
    get(moved.endpoint, f"/events/{ids[1]}").problem(410)
    for lost, reason in ((beyond, "history_lost"), (ids[0], "expired")):
        with Stream(moved.endpoint, last_event_id=lost) as stream:
            assert stream.next_event().json()["reason"] == reason
    moved.stop()
    other.drop()


def changed(file, number, change):
    lines = file.split(b"\n")
    record = json.loads(lines[number - 1])
    change(record)
    lines[number - 1] = json.dumps(record).encode()
    return b"\n".join(lines)


@pytest.mark.parametrize("damage, said", [
    (lambda file: b"", "line 1: the file is empty"),
    (lambda file: b"hello\n", "line 1: is not a JSON object"),
    (lambda file: b"{}\n", "line 1: is not the first line of an export"),
    (lambda file: changed(file, 1, lambda header: header.update(event_relay_journal=2)), "line 1: is of format 2"),
    (lambda file: changed(file, 1, lambda header: header.update(epochs=[])), 'line 1: "epochs" must be a list'),
    (lambda file: file[:len(file) // 2].rpartition(b"\n")[0], "is missing: the file ends with event"),
    (lambda file: file[:-20], "line 1508: is not a JSON object"),
    (lambda file: file + file.split(b"\n")[-2], "line 1509: is one too many"),
    (lambda file: file.replace(file.split(b"\n")[5] + b"\n", b""), "line 6: is event 6, expected was 5"),
    (lambda file: changed(file, 3, lambda event: event.update(id="1-2")), "line 3: is of epoch 1, by the first line"),
    (lambda file: changed(file, 3, lambda event: event.update(topic="a b")), 'line 3: "topic": a topic is 1 to 128'),
    (lambda file: changed(file, 3, lambda event: event.update(time="today")), 'line 3: "time" must be a time as'),
    (lambda file: changed(file, 3, lambda event: event.update(time="2024-02-31T00:00:00Z")), "out of range"),
    (lambda file: changed(file, 3, lambda event: event.update(data={})), 'line 3: "data" must be a text'),
    (lambda file: changed(file, 3, lambda event: event.update(data="\0")), 'line 3: "data": the event data contains'),
    (lambda file: changed(file, 3, lambda event: event.update(more=1)), "line 3: has a field that is not known: more"),
    (lambda file: changed(file, 3, lambda event: event.pop("type")), 'line 3: has no "type"'),
])
def test_import_of_what_is_no_export_stores_nothing(journal_command, elsewhere, relay, damage, said):
    assert fill(relay) == 1507
    file = exported(journal_command)
    refusal(elsewhere("import", given=damage(file)), "import: line ", said, "nothing was imported")
    assert verified(elsewhere)["events"] == 0
    assert elsewhere("import", given=file).returncode == 0
