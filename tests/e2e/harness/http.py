"""HTTP by hand over a plain socket: what a library would repair on the way out must reach the relay as it is."""

import json
import socket
import struct

from harness.waiting import PATIENCE, Deadline


class Headers:
    def __init__(self, pairs):
        self.pairs = pairs

    def all(self, name):
        return [value for key, value in self.pairs if key.lower() == name.lower()]

    def get(self, name, default=None):
        return next(iter(self.all(name)), default)

    def tokens(self, name):
        return {token.strip() for value in self.all(name) for token in value.split(",")}


class Response:
    def __init__(self, version, status, headers):
        self.version = version
        self.status = status
        self.headers = headers
        self.body = b""

    def json(self):
        return json.loads(self.body)

    def problem(self, status):
        """Asserts a refusal as RFC 9457 wants it and returns it."""
        assert self.status == status, f"{self.status} instead of {status}: {self.body[:500]!r}"
        assert self.headers.get("Content-Type") == "application/problem+json"
        problem = self.json()
        assert problem["status"] == status
        assert problem["title"]
        assert "type" in problem
        if status < 500:  # what went wrong inside is for the log alone
            assert problem["detail"]
        return problem


class Connection:
    def __init__(self, endpoint, receive_buffer=None, timeout=PATIENCE):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(timeout)
        self.buffer = bytearray()
        self.ended = None  # "closed" or "reset" when the relay has ended it
        try:
            self._socket.connect(endpoint)
        except OSError:
            self._socket.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def fileno(self):
        return self._socket.fileno()

    def send(self, data):
        """Sends all of it, or as much as is taken: an answer may come, and the end, before a large body has left."""
        self._socket.settimeout(PATIENCE)
        try:
            self._socket.sendall(data)
        except (ConnectionResetError, BrokenPipeError):
            pass  # the next read finds the answer, or that there is none

    def send_some(self, data, timeout):
        """Bytes that the relay's side has taken within the time, None once it has ended the connection."""
        self._socket.settimeout(timeout)
        try:
            return self._socket.send(data)
        except TimeoutError:
            return 0
        except (ConnectionResetError, BrokenPipeError):
            return None

    def end_sending(self):
        self._socket.shutdown(socket.SHUT_WR)

    def close(self):
        self._socket.close()

    def reset(self):
        """Closes with RST in place of FIN, as a client does that is killed with data unread."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def fill(self, deadline):
        """Reads once more into the buffer; False at the end of the connection."""
        if self.ended:
            return False
        self._socket.settimeout(deadline.remaining("the next byte of the relay"))
        try:
            received = self._socket.recv(1 << 18)
        except ConnectionResetError:
            self.ended = "reset"
            return False
        if not received:
            self.ended = "closed"
            return False
        self.buffer += received
        return True

    def take(self, count):
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def read_exactly(self, count, deadline):
        while len(self.buffer) < count:
            if not self.fill(deadline):
                raise ConnectionError(f"{self.ended} after {bytes(self.buffer[:500])!r}")
        return self.take(count)

    def read_until(self, mark, deadline):
        while (found := self.buffer.find(mark)) < 0:
            if not self.fill(deadline):
                raise ConnectionError(f"{self.ended} after {bytes(self.buffer[:500])!r}")
        return self.take(found + len(mark))

    def read_to_end(self, timeout=PATIENCE):
        """All that comes until the relay ends the connection."""
        deadline = Deadline(timeout)
        while self.fill(deadline):
            pass
        return self.take(len(self.buffer))

    def read_head(self, timeout=PATIENCE):
        lines = self.read_until(b"\r\n\r\n", Deadline(timeout)).decode("latin-1").split("\r\n")[:-2]
        version, status, *_ = lines[0].split(" ", 2)
        assert version in ("HTTP/1.1", "HTTP/1.0"), lines[0]
        pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        return Response(version, int(status), Headers(pairs))

    def read_response(self, method="GET", timeout=PATIENCE):
        deadline = Deadline(timeout)
        response = self.read_head(timeout)
        if method == "HEAD" or response.status in (204, 304) or response.status < 200:
            return response
        if "chunked" in response.headers.tokens("Transfer-Encoding"):
            response.body = self._read_chunks(deadline)
        elif (length := response.headers.get("Content-Length")) is not None:
            response.body = self.read_exactly(int(length), deadline)
        else:
            response.body = self.read_to_end(timeout)
        return response

    def _read_chunks(self, deadline):
        body = b""
        while size := int(self.read_until(b"\r\n", deadline), 16):
            body += self.read_exactly(size, deadline)
            assert self.read_exactly(2, deadline) == b"\r\n"
        assert self.read_exactly(2, deadline) == b"\r\n"
        return body


def head_of(method, target, headers=(), version="1.1"):
    lines = [f"{method} {target} HTTP/{version}", "Host: relay.test", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def request(endpoint, method, target, body=None, headers=(), timeout=PATIENCE):
    """One request on a connection of its own."""
    length = [] if body is None else [("Content-Length", len(body))]
    with Connection(endpoint, timeout=timeout) as connection:
        connection.send(head_of(method, target, [*headers, *length, ("Connection", "close")]) + (body or b""))
        return connection.read_response(method, timeout)


def get(endpoint, target, headers=()):
    return request(endpoint, "GET", target, headers=headers)
