"""The service manager's end of sd_notify(3): what a relay says of itself."""

import os
import socket

from harness.waiting import Deadline


class NotifySocket:
    def __init__(self, folder):
        self.path = os.path.join(folder, "notify")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        self.messages = []  # all that came, each as {name: value}

    def open_to_everybody(self):
        os.chmod(self.path, 0o777)

    def close(self):
        self._socket.close()

    def environment(self, watchdog_seconds=0):
        usec = {"WATCHDOG_USEC": str(int(watchdog_seconds * 1_000_000))} if watchdog_seconds else {}
        return {"NOTIFY_SOCKET": self.path, **usec}

    def wait_for(self, name, value=None):
        """Reads until a message has this name, and this value if one is given, and returns it."""
        deadline = Deadline()
        while True:
            message = self._receive(deadline, f"{name}={value or ''} from the relay")
            if message.get(name) is not None and value in (None, message[name]):
                return message

    def _receive(self, deadline, what="a message"):
        self._socket.settimeout(deadline.remaining(what))
        self.messages.append(dict(line.split("=", 1) for line in self._socket.recv(65536).decode().splitlines()))
        return self.messages[-1]

    def wait_for_status(self, text):
        """That it is so now, which may have been said before."""
        said = [message["STATUS"] for message in self.messages if "STATUS" in message]
        if said[-1:] != [text]:
            self.wait_for("STATUS", text)

    def for_a_while(self, seconds):
        """What comes within this time."""
        deadline = Deadline(seconds)
        found = []
        while not deadline.over:
            try:
                found.append(self._receive(deadline))
            except TimeoutError:
                break
        return found

    def pending(self):
        """What has come and was not read."""
        self._socket.setblocking(False)
        found = []
        try:
            while True:
                found.append(self._socket.recv(65536))
        except BlockingIOError:
            return found
