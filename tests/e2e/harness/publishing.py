"""Publishers: one request, one kept connection, and many of them at once."""

import json
import threading

from harness.http import Connection, head_of
from harness.waiting import PATIENCE


class Publisher:
    """Publishes over one connection that it keeps."""

    def __init__(self, endpoint, topic="reservations"):
        self._endpoint = endpoint
        self._topic = topic
        self._connection = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self._connection:
            self._connection.close()
            self._connection = None

    def send(self, data, *, event_type=None, key=None, content_type="application/json"):
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        fields = [("Content-Type", content_type), ("Event-Type", event_type), ("Idempotency-Key", key),
                  ("Content-Length", len(body))]
        head = head_of("POST", f"/{self._topic}", [pair for pair in fields if pair[1] is not None])
        if self._connection is None:
            self._connection = Connection(self._endpoint)
        self._connection.send(head + body)

    def receive(self, timeout=PATIENCE):
        response = self._connection.read_response("POST", timeout)
        if "close" in response.headers.tokens("Connection"):
            self.close()
        return response

    def publish(self, data, timeout=PATIENCE, **options):
        self.send(data, **options)
        return self.receive(timeout)


def publish(endpoint, data, topic="reservations", **options):
    with Publisher(endpoint, topic) as publisher:
        return publisher.publish(data, **options)


def published(endpoint, data, topic="reservations", **options):
    """Publishes and answers what the relay says of the new event."""
    response = publish(endpoint, data, topic, **options)
    assert response.status == 201, f"{response.status}: {response.body!r}"
    return response.json()


def publish_lines(endpoint, numbers, topic="reservations"):
    """Publishes {"n": number} of each in one request."""
    lines = "".join(f'{{"n":{number}}}\n' for number in numbers).encode()
    response = publish(endpoint, lines, topic, content_type="application/x-ndjson")
    assert response.status == 201, f"{response.status}: {response.body!r}"


def publish_all(endpoints, bodies, connections=8):
    """Publishes all bodies over so many connections to all the endpoints in turn; answers the position of each."""
    bodies = list(bodies)
    positions = [None] * len(bodies)

    def work(number):
        with Publisher(endpoints[number % len(endpoints)]) as publisher:
            for index in range(number, len(bodies), connections):
                response = publisher.publish(bodies[index])
                assert response.status == 201, f"{response.status}: {response.body!r}"
                positions[index] = response.json()["position"]

    run_together(connections, work)
    return positions


def run_together(count, work):
    """Calls work(number) in so many threads at once and raises what the first of them raised."""
    failures = []

    def guarded(number):
        try:
            work(number)
        except BaseException as failure:  # raised again below, where the test sees it
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
