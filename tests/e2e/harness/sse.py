"""A reader of event streams that keeps every byte: the chunks, the lines, the fields of a frame in their order."""

import json
from dataclasses import dataclass, field

from harness.http import Connection, head_of
from harness.waiting import PATIENCE, Deadline

PREAMBLE_LINES = 2
HEARTBEAT = b":heartbeat\n"


@dataclass
class Event:
    raw: bytes = b""
    fields: list = field(default_factory=list)  # (name, value) as they came, comments and retry left out

    def _last(self, name, default):
        return next((value for key, value in reversed(self.fields) if key == name), default)

    @property
    def type(self):
        return self._last("event", "") or "message"

    @property
    def id(self):
        return self._last("id", "")

    @property
    def data(self):
        return "\n".join(value for name, value in self.fields if name == "data")

    @property
    def position(self):
        return int(self.id.rpartition("-")[2])

    def json(self):
        return json.loads(self.data)


def frame(event_id, data, event_type=None):
    """The bytes that an event without line breaks has on the wire."""
    head = f"event: {event_type}\n" if event_type else ""
    return f"{head}data: {data}\nid: {event_id}\n\n".encode()


class Stream:
    """GET /events. Reads nothing beyond the response's head until asked to."""

    def __init__(self, endpoint, target="/events", headers=(), *, version="1.1", last_event_id=None,
                 receive_buffer=None, timeout=PATIENCE):
        self._connection = Connection(endpoint, receive_buffer, timeout)
        if last_event_id is not None:
            headers = [*headers, ("Last-Event-ID", last_event_id)]
        self._body = bytearray()
        self._searched = 0
        self._block = Event()
        self.comments = []
        self.retries = []
        self.ending = None  # "final chunk", "closed" or "reset"
        try:
            self._connection.send(head_of("GET", target, headers, version))
            self.response = self._connection.read_head(timeout)
            self._chunked = "chunked" in self.response.headers.tokens("Transfer-Encoding")
            if self.response.status != 200:
                self.response.body = self._rest_of_refusal()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def fileno(self):
        return self._connection.fileno()

    def close(self):
        self._connection.close()

    def reset(self):
        self._connection.reset()

    @property
    def connection(self):
        return self._connection

    @property
    def on_frame_boundary(self):
        return not self._body and not self._block.fields

    @property
    def has_line(self):
        """Whether a line can be had without waiting."""
        return self._body.find(b"\n", self._searched) >= 0

    def _rest_of_refusal(self):
        length = self.response.headers.get("Content-Length")
        return self._connection.read_exactly(int(length), Deadline()) if length else self._connection.read_to_end()

    def _fill(self, deadline):
        """More of the body; False once it has ended."""
        if self.ending:
            return False
        if not self._chunked:
            more = bool(self._connection.buffer) or self._connection.fill(deadline)
            self._body += self._connection.take(len(self._connection.buffer))
            self.ending = None if more else self._connection.ended
            return more
        try:
            size = int(self._connection.read_until(b"\r\n", deadline), 16)
            chunk = self._connection.read_exactly(size + 2, deadline)
        except ConnectionError:
            self.ending = self._connection.ended
            return False
        assert chunk.endswith(b"\r\n")
        self._body += chunk[:-2]
        if size == 0:
            self.ending = "final chunk"
        return size > 0

    def read_line(self, timeout=PATIENCE):
        """The next line with its LF; None at the end of the stream."""
        deadline = Deadline(timeout)
        while (end := self._body.find(b"\n", self._searched)) < 0:
            self._searched = len(self._body)
            if not self._fill(deadline):
                return None
        self._searched = 0
        line = bytes(self._body[:end + 1])
        del self._body[:end + 1]
        assert b"\r" not in line, f"CR in the line {line!r}"
        return line

    def read_preamble(self):
        lines = [self.read_line() for _ in range(PREAMBLE_LINES)]
        assert None not in lines, f"{self.ending} before the preamble was complete"
        return b"".join(lines)

    def next_event(self, timeout=PATIENCE):
        """The next event that EventSource would dispatch, plus those blocks that it would not; None at the end."""
        deadline = Deadline(timeout)
        while (line := self.read_line(deadline.remaining("an event"))) is not None:
            if line.startswith(b":"):
                self.comments.append(line)
            elif line.startswith(b"retry:"):
                self.retries.append(line)
            elif line == b"\n":
                event, self._block = self._block, Event()
                event.raw += line
                return event
            else:
                name, _, value = line[:-1].decode("utf-8").partition(":")
                self._block.raw += line
                self._block.fields.append((name, value.removeprefix(" ")))
        return None

    def events(self, count, timeout=PATIENCE):
        deadline = Deadline(timeout)
        found = []
        while len(found) < count:
            event = self.next_event(deadline.remaining(f"event {len(found) + 1} of {count}"))
            assert event is not None, f"{self.ending} after {len(found)} of {count} events"
            found.append(event)
        return found

    def positions(self, count, timeout=PATIENCE):
        return [event.position for event in self.events(count, timeout)]

    def read_heartbeat(self, timeout=PATIENCE):
        line = self.read_line(timeout)
        assert line == HEARTBEAT, line

    def read_to_end(self, timeout=PATIENCE):
        """What is left of the stream; how it ended is then in `ending`."""
        deadline = Deadline(timeout)
        found = []
        while (event := self.next_event(deadline.remaining("the end of the stream"))) is not None:
            found.append(event)
        return found
