"""Readers of the bookshop: they reserve by HTTP and do not give up."""

import contextlib
import json
import threading
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from harness.waiting import Deadline, eventually

_cut_off = (OSError, ValueError)  # a refused or cut connection, half an answer


def ask(port, path, body=None):
    """Status and JSON of the answer."""
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(f"http://127.0.0.1:{port}{path}", data), timeout=10) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


class Bookshop:
    def __init__(self, ports):
        self._ports = ports

    def reserve(self, book, user=7):
        """Repeated until there is an answer; the reservation's number."""
        def attempt():
            with contextlib.suppress(*_cut_off):
                status, answer = ask(self._ports["reservation"], "/reservations", {"book": book, "user": user})
                assert status in (200, 201, 503), answer
                return answer.get("reservation")
        return eventually(attempt, f"the reservation of {book}", 120)

    def _list(self, service, path):
        def attempt():
            with contextlib.suppress(*_cut_off):
                status, answer = ask(self._ports[service], path)
                return [answer] if status == 200 else None
        return eventually(attempt, path, 120)[0]

    def reservations(self):
        return self._list("reservation", "/reservations")

    def loans(self):
        return self._list("lending", "/loans")

    def wait_loans(self):
        """Until each reservation has one; answers them in their order."""
        reservations = self.reservations()

        def all_lent():
            loans = self.loans()
            return loans if len(loans) >= len(reservations) else None
        return eventually(all_lent, f"{len(reservations)} loans", 120)


class Reader(threading.Thread):
    """Reserves one book after the other until it is told to stop."""

    def __init__(self, shop):
        super().__init__(daemon=True)
        self._shop = shop
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self.numbers = []  # of the reservations that it was answered

    def run(self):
        while not self._stopped.is_set():
            number = self._shop.reserve(f"book {len(self.numbers)}")
            with self._changed:
                self.numbers.append(number)
                self._changed.notify_all()

    def wait_more(self, count):
        """Until so many more were reserved."""
        deadline = Deadline(120)
        with self._changed:
            wanted = len(self.numbers) + count
            while len(self.numbers) < wanted:
                self._changed.wait(deadline.remaining(f"reservation {wanted}"))

    def stop(self):
        self._stopped.set()
        self.join(120)
