"""Readers reserve books. A reservation and its event are committed by one transaction: there is never one without the other."""

import contextlib
import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2

DATABASE = os.environ["DATABASE_URL"]
ADDRESS, PORT = os.environ.get("LISTEN", "0.0.0.0:8080").rsplit(":", 1)
LARGEST_BODY = 1000

TABLE = """CREATE TABLE IF NOT EXISTS reservation (
             id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
             book   text   NOT NULL,
             reader bigint NOT NULL,
             UNIQUE (book, reader))"""
INSERT = "INSERT INTO reservation (book, reader) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING id"
PUBLISH = """SELECT event_relay.publish('reservations', 'created',
               jsonb_build_object('reservation', %s::bigint, 'book', %s::text, 'user', %s::bigint))"""
FIND = "SELECT id FROM reservation WHERE book = %s AND reader = %s"


@contextlib.contextmanager
def transaction():
    with contextlib.closing(psycopg2.connect(DATABASE, connect_timeout=5)) as database:
        with database, database.cursor() as cursor:
            yield cursor


def reserve(book, user):
    """The reservation's number, and whether it is new: a request that is repeated, as no answer came, changes nothing."""
    with transaction() as cursor:
        cursor.execute(INSERT, (book, user))
        if row := cursor.fetchone():
            cursor.execute(PUBLISH, (row[0], book, user))
            return row[0], True
        cursor.execute(FIND, (book, user))
        return cursor.fetchone()[0], False


def reservations():
    with transaction() as cursor:
        cursor.execute("SELECT id, book, reader FROM reservation ORDER BY id")
        return [{"reservation": number, "book": book, "user": user} for number, book, user in cursor]


def wish(text):
    """The book and the user of a request's body; ValueError if they are not there."""
    match json.loads(text):
        case {"book": str(book), "user": int(user)} if book and book.isprintable() and 0 <= user < 2**63:
            return book, int(user)
    raise ValueError("not a wish")


class Requests(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def answer(self, status, body):
        text = json.dumps(body).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def guarded(self, work):
        """Without its database the service says so, and the client comes back later."""
        try:
            self.answer(*work())
        except psycopg2.Error as why:
            print(f"{self.requestline}: {why}", file=sys.stderr)
            self.answer(503, {"error": "the database is away, try again"})

    def do_GET(self):
        if self.path != "/reservations":
            return self.answer(404, {"error": "there is only /reservations"})
        return self.guarded(lambda: (200, reservations()))

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if self.path != "/reservations" or not length.isdecimal() or int(length) > LARGEST_BODY:
            self.close_connection = True  # the body stays unread
            return self.answer(400, {"error": f"POST /reservations takes up to {LARGEST_BODY} bytes with a Content-Length"})
        try:
            book, user = wish(self.rfile.read(int(length)))
        except ValueError:
            return self.answer(400, {"error": 'expected JSON like {"book": "978-3-16-148410-0", "user": 7}'})

        def work():
            number, is_new = reserve(book, user)
            return (201 if is_new else 200), {"reservation": number, "book": book, "user": user}
        return self.guarded(work)


def make_table():
    while True:
        try:
            with transaction() as cursor:
                return cursor.execute(TABLE)
        except psycopg2.OperationalError as why:  # after a restart of the machine the database may come up last
            print(f"waiting for the database: {why}", file=sys.stderr)
            time.sleep(1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # a container's first process is not ended by it otherwise
    make_table()
    ThreadingHTTPServer((ADDRESS, int(PORT)), Requests).serve_forever()
