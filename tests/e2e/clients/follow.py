"""Follows an event stream with one of Python's HTTP libraries, comes back where it was after a lost connection, and
prints a line of JSON for each event:

    follow.py requests|httpx URL
"""

import contextlib
import importlib
import json
import sys
import time

library, url = sys.argv[1:]
http = importlib.import_module(library)


@contextlib.contextmanager
def opened(headers):
    """Status and body as it comes. A relay that is silent for three heartbeats is gone."""
    if library == "requests":
        with http.get(url, headers=headers, stream=True, timeout=(5, 45)) as answer:
            yield answer.status_code, answer.iter_content(None)  # with a number it may wait for so many bytes
    else:
        with http.stream("GET", url, headers=headers, timeout=http.Timeout(5, read=45)) as answer:
            yield answer.status_code, answer.iter_bytes()


class Follower:
    lost = http.RequestException if library == "requests" else http.TransportError

    def __init__(self):
        self.last_event_id = ""
        self.retry = 3.0

    def events(self, body):
        """Lines end at LF and nowhere else. str.splitlines(), and with it the iter_lines() of libraries, ends them at
        U+2028 as well, which may stand in any text."""
        rest, event_type, event_id, data = b"", "message", self.last_event_id, []
        for piece in body:
            *lines, rest = (rest + piece).split(b"\n")
            for line in map(bytes.decode, lines):
                name, _, value = line.partition(":")
                value = value.removeprefix(" ")
                if name == "event":
                    event_type = value
                elif name == "data":
                    data.append(value)
                elif name == "id":
                    event_id = value
                elif name == "retry":
                    self.retry = int(value) / 1000
                elif not line:
                    if data:
                        yield event_type, event_id, "\n".join(data)
                    self.last_event_id = event_id  # only now: what is cut off has not been seen
                    event_type, data = "message", []

    def follow(self):
        """Until the relay says that there is no more to come."""
        while True:
            try:
                with opened({"Last-Event-ID": self.last_event_id} if self.last_event_id else {}) as (status, body):
                    if status == 204:
                        return
                    if status == 200:
                        tell("open")
                        for event_type, event_id, data in self.events(body):
                            tell("event", type=event_type, id=event_id, data=data)
                    elif status < 500 and status != 429:
                        raise SystemExit(f"the relay answers {status}")
            except self.lost as error:
                print(error, file=sys.stderr)
            tell("error", closed=False)
            time.sleep(self.retry)


def tell(kind, **more):
    print(json.dumps({"kind": kind, **more}), flush=True)


Follower().follow()
tell("error", closed=True)
