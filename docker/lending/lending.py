"""Every reservation becomes a loan, exactly once, whatever is killed: the relay, the database or this service.

The relay delivers each event at least once and in order. The transaction that stores a loan also stores the id of its event,
and the stream is resumed after the id that is stored: so nothing is left out, and nothing is done twice."""

import contextlib
import json
import os
import random
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.request import Request, urlopen

import psycopg2

DATABASE = os.environ["DATABASE_URL"]
RELAY = os.environ["RELAY_URL"]
RESERVATIONS = os.environ["RESERVATIONS_URL"]
ADDRESS, PORT = os.environ.get("LISTEN", "0.0.0.0:8080").rsplit(":", 1)

SILENCE = 50  # seconds: three heartbeats of the relay
SHORTEST_PAUSE, LONGEST_PAUSE = 0.25, 10.0

TABLES = """CREATE TABLE IF NOT EXISTS loan (
              number      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              reservation bigint NOT NULL UNIQUE,
              book        text   NOT NULL,
              reader      bigint NOT NULL,
              event       text   NOT NULL);
            CREATE TABLE IF NOT EXISTS progress (one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row), last_event text);
            INSERT INTO progress DEFAULT VALUES ON CONFLICT DO NOTHING"""


def say(text):
    print(text, file=sys.stderr, flush=True)


def connected():
    return contextlib.closing(psycopg2.connect(DATABASE, connect_timeout=5))


def lend(cursor, wish, event_id):
    cursor.execute("INSERT INTO loan (reservation, book, reader, event) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                   (wish["reservation"], wish["book"], wish["user"], event_id))
    if cursor.rowcount == 0:
        say(f"{event_id}: reservation {wish['reservation']} has its loan already")


def begin_afresh(cursor, event):
    """Events are gone that this service has not seen, or it has seen some that were taken back (retention, a restored
    backup). Which reservations there are, their own service knows; events that follow may be of some of them."""
    say(f"events are missing, comparing all reservations: {event['data']}")
    with urlopen(f"{RESERVATIONS}/reservations", timeout=SILENCE) as answer:
        wishes = json.load(answer)
    cursor.execute("SELECT reservation FROM loan")
    lent = {row[0] for row in cursor}
    cursor.execute("DELETE FROM loan WHERE reservation <> ALL (%s::bigint[])", ([wish["reservation"] for wish in wishes],))
    for wish in wishes:
        if wish["reservation"] not in lent:
            lend(cursor, wish, event["id"])


def handle(database, event, before):
    with database, database.cursor() as cursor:  # one transaction
        if event["type"] == "relay.reset":
            begin_afresh(cursor, event)
        elif event["type"] == "created":
            lend(cursor, event["data"], event["id"])
        cursor.execute("UPDATE progress SET last_event = %s WHERE last_event IS NOT DISTINCT FROM %s", (event["id"], before))
        if cursor.rowcount != 1:  # rolls back: the other one has done this event
            raise RuntimeError("another lending service works on the same tables")
    return event["id"]


def follow():
    """Works on events for as long as the stream lasts."""
    with connected() as database:
        with database, database.cursor() as cursor:
            cursor.execute(TABLES)
            cursor.execute("SELECT last_event FROM progress")
            last = cursor.fetchone()[0]
        request = Request(f"{RELAY}/events?topic=reservations&from=earliest", headers={"Accept": "application/x-ndjson"})
        if last:
            request.add_header("Last-Event-ID", last)  # counts before `from`
        with urlopen(request, timeout=SILENCE) as stream:
            say(f"following the relay after {last or 'the beginning'}")
            for line in stream:
                if line.strip():  # an empty line is a heartbeat; one that was cut off is no JSON, and comes again
                    last = handle(database, json.loads(line), last)


def follow_for_ever():
    pause = SHORTEST_PAUSE
    while True:
        begin = time.monotonic()
        try:
            follow()
            say("the stream has ended")
        except Exception as why:  # whatever it is: the transaction was rolled back, and the event comes again
            say(f"cut off: {why!r}")
        pause = SHORTEST_PAUSE if time.monotonic() - begin > LONGEST_PAUSE else min(2 * pause, LONGEST_PAUSE)
        time.sleep(pause * random.uniform(0.8, 1.2))


class Requests(BaseHTTPRequestHandler):
    timeout = 30

    def do_GET(self):
        status, body = 404, {"error": "there is only /loans"}
        if self.path == "/loans":
            try:
                status, body = 200, self.loans()
            except psycopg2.Error as why:
                say(f"{self.requestline}: {why}")
                status, body = 503, {"error": "the database is away, try again"}
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode() + b"\n")

    @staticmethod
    def loans():
        with connected() as database, database.cursor() as cursor:
            cursor.execute("SELECT reservation, book, reader, event FROM loan ORDER BY number")
            return [dict(zip(("reservation", "book", "user", "event"), row)) for row in cursor]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # a container's first process is not ended by it otherwise
    threading.Thread(target=follow_for_ever, daemon=True).start()
    ThreadingHTTPServer((ADDRESS, int(PORT)), Requests).serve_forever()
