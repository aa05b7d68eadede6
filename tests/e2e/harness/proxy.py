"""A proxy with one fault, as they stand in front of relays: one request a connection, each in a thread."""

import contextlib
import select
import socket
import threading

from harness.waiting import PATIENCE


class Proxy:
    """Passes everything on. A fault is a subclass that changes one step."""

    def __init__(self, upstream):
        self._upstream = upstream
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self):
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve_one, args=(client,), daemon=True).start()

    def _serve_one(self, client):
        with client, contextlib.suppress(OSError):
            client.settimeout(PATIENCE)
            head, body = _read_request(client)
            with socket.create_connection(self._upstream, PATIENCE) as server:
                self.serve(client, server, head, body)

    def serve(self, client, server, head, body):
        server.sendall(_as_head(self.change_request(head)) + body)
        while (ready := select.select([client, server], [], [], self.longest_silence())[0]):
            if client in ready and not client.recv(1 << 16):
                return
            if server in ready:
                data = server.recv(1 << 16)
                if not data:
                    return
                self.pass_on(client, data, head)

    def change_request(self, head):
        return head

    def longest_silence(self):
        return PATIENCE

    def pass_on(self, client, data, head):
        client.sendall(data)


class LosesHeaders(Proxy):
    def __init__(self, upstream, *names):
        super().__init__(upstream)
        self._names = {name.lower() for name in names}

    def change_request(self, head):
        return [line for line in head if line.partition(":")[0].lower() not in self._names]


class HoldsBack(Proxy):
    """Of a stream all but its beginning."""

    def pass_on(self, client, data, head):
        if "GET /events?" not in head[0]:
            client.sendall(data)
        elif b":ok" in data:
            client.sendall(data)


class CutsIdleStreams(Proxy):
    def longest_silence(self):
        return 1.0


class OwnErrorPages(Proxy):
    def pass_on(self, client, data, head):
        if data.startswith(b"HTTP/1.1 404"):
            page = b"<html>Not here</html>"
            data = (b"HTTP/1.1 404 Not Found\r\nServer: pages/1\r\nContent-Type: text/html\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(page)) + page
        client.sendall(data)


class Once(Proxy):
    """Does it to the first request of the method."""

    def __init__(self, upstream, method="POST"):
        super().__init__(upstream)
        self._method = method
        self.done = threading.Event()

    def serve(self, client, server, head, body):
        if head[0].startswith(self._method) and not self.done.is_set():
            self.done.set()
            self.spoil(client, server, head, body)
        else:
            super().serve(client, server, head, body)


class LosesOneAnswer(Once):
    def spoil(self, client, server, head, body):
        server.sendall(_as_head(head) + body)
        server.recv(1)


class IsBusyOnce(Once):
    def spoil(self, client, server, head, body):
        client.sendall(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")


class HasNothingLeftOnce(Once):
    def spoil(self, client, server, head, body):
        client.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


class FallsSilentOnce(Once):
    """The stream is open and nothing comes, as when a firewall has forgotten it."""

    def spoil(self, client, server, head, body):
        server.sendall(_as_head(head) + body)
        client.sendall(server.recv(1 << 16))
        client.recv(1)


def _read_request(client):
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(1 << 16)
        if not more:
            raise OSError("no request")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    length = next((int(line.partition(":")[2]) for line in lines if line.lower().startswith("content-length:")), 0)
    while len(body) < length:
        body += client.recv(1 << 16)
    return [*lines, "Connection: close"], body


def _as_head(lines):
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
