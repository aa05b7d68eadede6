"""A way to the relay that breaks where a test wants it to: in the middle of an event, by closing or by a reset."""

import contextlib
import socket
import struct
import threading

from harness.waiting import PATIENCE


class Cutter:
    """Passes bytes both ways on a port of its own, and keeps what clients have asked for."""

    def __init__(self, endpoint):
        self._target = endpoint
        self._listener = socket.create_server((endpoint[0], 0))
        self.endpoint = self._listener.getsockname()
        self.requests = []  # the heads, in the order of their connections
        self._cut = None  # (mark, whether by a reset)
        self._happened = threading.Event()
        self._sockets = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for opened in (self._listener, *self._sockets):
            with contextlib.suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)  # which also wakes whoever waits for it
            opened.close()

    def cut_at(self, mark, reset):
        """The connection that is about to bring these bytes to a client breaks in front of them."""
        self._happened.clear()
        self._cut = (mark, reset)

    def wait_cut(self):
        assert self._happened.wait(PATIENCE), "nothing was cut off"

    def last_event_ids(self):
        """What each request for a stream had as Last-Event-ID."""
        return [_last_event_id(head.decode("latin-1")) for head in self.requests if head.startswith(b"GET /events")]

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                relay = socket.create_connection(self._target)
                self._sockets += [client, relay]
                for work in (self._pass_request, self._pass_answer):
                    threading.Thread(target=work, args=(client, relay), daemon=True).start()

    def _pass_request(self, client, relay):
        head = b""
        with contextlib.suppress(OSError):
            while data := client.recv(1 << 16):
                head += data
                relay.sendall(data)
                if b"\r\n\r\n" in head:
                    self.requests.append(head)
                    head = b""
            relay.shutdown(socket.SHUT_WR)

    def _pass_answer(self, client, relay):
        passed = b""
        with contextlib.suppress(OSError):
            while data := relay.recv(1 << 16):
                mark, reset = self._cut or (None, False)
                place = (passed + data).find(mark) if mark else -1
                if place >= 0:
                    self._cut = None
                    client.sendall(data[:max(0, place - len(passed))])
                    self._break(client, relay, reset)
                    return
                client.sendall(data)
                passed = (passed + data)[-64:]  # a mark may lie across two reads
            client.shutdown(socket.SHUT_WR)

    def _break(self, client, relay, reset):
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for one, how in ((client, socket.SHUT_RD if reset else socket.SHUT_RDWR), (relay, socket.SHUT_RDWR)):
            with contextlib.suppress(OSError):
                one.shutdown(how)  # wakes the other thread, which would keep the socket open
        client.close()
        self._happened.set()


def _last_event_id(head):
    fields = (line.partition(":") for line in head.split("\r\n"))
    return next((value.strip() for name, _, value in fields if name.lower() == "last-event-id"), None)
